import { ArcValue } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

const tries = {
  i32: [7, -(2 ** 31), 2 ** 31, 0.5, "7", 7n],
  u32: [2 ** 32 - 1, -1, 2 ** 32],
  i64: [2 ** 53 - 1, 2n ** 63n - 1n, 2n ** 63n, 2 ** 63],
  u64: [2n ** 64n - 1n, -1],
  f32: [0.5, 7, "7"],
  f64: [0.1, Number.NaN, 2n ** 53n],
  bool: [true, 1],
  string: ["text", 1],
  bytes: [new Uint8Array([1]), "text", [1]],
  json: [{ a: [1, null] }, new Uint8Array(1), [Number.NaN]],
  map: [{ a: new Uint8Array([1]) }, [1]],
  list: [[1, "a"], { a: 1 }],
};
const made = (value, as) => {
  const arc = ArcValue.from(value, { as });
  return `${arc.category} ${arc.typeName}`;
};
for (const [as, values] of Object.entries(tries)) {
  for (const value of values) {
    let what;
    try {
      what = made(value, as);
    } catch (error) {
      what = describe(error);
    }
    say(value, "as", as, what);
  }
}
for (const as of ["struct", "u8", 5]) say(thrown(() => ArcValue.from(1, { as })));
say(thrown(() => ArcValue.from(1, { type: "u32" })));
say(thrown(() => ArcValue.from({ when: new Date(0) })));
// The values are not closed, and may not have been collected yet.
end({ values: 18 });

// trace
// 7 as i32 primitive i32
// -2147483648 as i32 primitive i32
// 2147483648 as i32 ValueError ERR_RUNAR_VALUE: value: does not fit into i32
// 0.5 as i32 ValueError ERR_RUNAR_VALUE: value: does not fit into i32
// 7 as i32 ValueError ERR_RUNAR_VALUE: value: does not fit into i32
// 7n as i32 primitive i32
// 4294967295 as u32 primitive u32
// -1 as u32 ValueError ERR_RUNAR_VALUE: value: does not fit into u32
// 4294967296 as u32 ValueError ERR_RUNAR_VALUE: value: does not fit into u32
// 9007199254740991 as i64 primitive i64
// 9223372036854775807n as i64 primitive i64
// 9223372036854775808n as i64 ValueError ERR_RUNAR_VALUE: value: does not fit into i64
// 9223372036854776000 as i64 ValueError ERR_RUNAR_VALUE: value: does not fit into i64
// 18446744073709551615n as u64 primitive u64
// -1 as u64 ValueError ERR_RUNAR_VALUE: value: does not fit into u64
// 0.5 as f32 primitive f32
// 7 as f32 primitive f32
// 7 as f32 ValueError ERR_RUNAR_VALUE: value: does not fit into f32
// 0.1 as f64 primitive f64
// NaN as f64 primitive f64
// 9007199254740992n as f64 primitive f64
// true as bool primitive bool
// 1 as bool ValueError ERR_RUNAR_VALUE: value: does not fit into bool
// text as string primitive alloc::string::String
// 1 as string ValueError ERR_RUNAR_VALUE: value: does not fit into string
// bytes[1] as bytes bytes alloc::vec::Vec<u8>
// text as bytes ValueError ERR_RUNAR_VALUE: value: does not fit into bytes
// [1] as bytes ValueError ERR_RUNAR_VALUE: value: does not fit into bytes
// {a: [1, null]} as json json serde_json::value::Value
// bytes[0] as json ValueError ERR_RUNAR_VALUE: value: json has no bytes; send Array.from(it) for a Vec<u8>, or base64 text
// [NaN] as json ValueError ERR_RUNAR_VALUE: value[0]: json has no NaN; send null, or leave json out
// {a: bytes[1]} as map map std::collections::hash::map::HashMap<alloc::string::String, runar_serializer::arc_value::ArcValue>
// [1] as map ValueError ERR_RUNAR_VALUE: value: does not fit into map
// [1, "a"] as list list alloc::vec::Vec<runar_serializer::arc_value::ArcValue>
// {a: 1} as list ValueError ERR_RUNAR_VALUE: value: does not fit into list
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.as: a Rust struct is made from json; expected one of i32, u32, i64, u64, f32, f64, bool, string, bytes, json, map, list, got "struct"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.as: expected one of i32, u32, i64, u64, f32, f64, bool, string, bytes, json, map, list, got "u8"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.as: expected one of i32, u32, i64, u64, f32, f64, bool, string, bytes, json, map, list, got 5
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.type: unknown key, known are as
// ValueError ERR_RUNAR_VALUE: value.when: a Date cannot cross; send toISOString()
// end
// exit 0
