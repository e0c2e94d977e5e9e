import { ArcValue, json, VMap } from "runar-ts";
import { end, say } from "../../kit.mjs";

const values = [
  null,
  undefined,
  true,
  "text",
  7,
  -0,
  0.5,
  Number.NaN,
  2n ** 63n,
  new Uint8Array([1, 2]),
  [],
  [1, 2],
  [0.5, Number.NaN],
  [new Uint8Array([1]), "a"],
  { a: 1, b: [2] },
];
function describe(name, value) {
  const arc = ArcValue.from(value);
  const { category, typeName, size, hasKeys } = arc;
  say(name, "is", category, typeName ?? "–", size ?? "–", hasKeys, "and comes back", arc.toJS());
  arc.close();
}
for (const value of values) describe(value, value);
describe("a json", json({ a: 1 }));
describe("a VMap", VMap.from({ a: 1 }));
// The values are not closed, and may not have been collected yet.
end({ values: 1 });

// trace
// null is json serde_json::value::Value – false and comes back null
// undefined is null – – false and comes back undefined
// true is primitive bool – false and comes back true
// text is primitive alloc::string::String – false and comes back text
// 7 is json serde_json::value::Value – false and comes back 7
// -0 is json serde_json::value::Value – false and comes back -0
// 0.5 is json serde_json::value::Value – false and comes back 0.5
// NaN is primitive f64 – false and comes back NaN
// 9223372036854775808n is json serde_json::value::Value – false and comes back 9223372036854775808n
// bytes[1 2] is bytes alloc::vec::Vec<u8> 2 false and comes back bytes[1 2]
// [] is json serde_json::value::Value 0 false and comes back []
// [1, 2] is json serde_json::value::Value 2 false and comes back [1, 2]
// [0.5, NaN] is list alloc::vec::Vec<f64> 2 false and comes back [0.5, NaN]
// [bytes[1], "a"] is list alloc::vec::Vec<runar_serializer::arc_value::ArcValue> 2 false and comes back [bytes[1], "a"]
// {a: 1, b: [2]} is map std::collections::hash::map::HashMap<alloc::string::String, runar_serializer::arc_value::ArcValue> 2 true and comes back {a: 1, b: [2]}
// a json is json serde_json::value::Value 1 true and comes back {a: 1}
// a VMap is map std::collections::hash::map::HashMap<alloc::string::String, runar_serializer::arc_value::ArcValue> 1 true and comes back {a: 1}
// end
// exit 0
