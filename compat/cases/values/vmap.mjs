import { ArcValue, VMap } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const bytes = new Uint8Array([1]);
const map = VMap.from({ size: 12, theme: "dark", nested: { a: [1] }, bytes, gone: undefined });
say(map.size, map.has("theme"), map.has("none"), map.get("theme"), map.get("none"));
say([...map.keys()], [...map.values()]);
say([...map]);
const seen = [];
map.forEach(
  function each(value, key, itself) {
    seen.push([key, typeof value, itself === map, this.self]);
  },
  { self: true },
);
say(seen);
say(Object.prototype.toString.call(map), JSON.stringify(map));
say("as a Map", new Map(map).get("size"), Object.fromEntries(map).theme);
say(map.toJS());
say("of a Map", [
  ...VMap.from(
    new Map([
      ["b", 1],
      ["a", 2],
    ]),
  ),
]);
say("of a value", [...ArcValue.from({ a: 1 }).asMap()]);
say(map.set, map.delete, map.clear);
say(thrown(() => ArcValue.from([1]).asMap()));
say(thrown(() => VMap.from({ when: new Date(0) })));
map.close();
say(
  map.arc.closed,
  thrown(() => map.get("a")),
);
// The values are not closed, and may not have been collected yet.
end({ values: 3 });

// trace
// 4 true false dark undefined
// ["bytes", "nested", "size", "theme"] [bytes[1], {a: [1]}, 12, "dark"]
// [["bytes", bytes[1]], ["nested", {a: [1]}], ["size", 12], ["theme", "dark"]]
// [["bytes", "object", true, true], ["nested", "object", true, true], ["size", "number", true, true], ["theme", "string", true, true]]
// [object VMap] {"bytes":"AQ==","nested":{"a":[1]},"size":12,"theme":"dark"}
// as a Map 12 dark
// {bytes: bytes[1], nested: {a: [1]}, size: 12, theme: "dark"}
// of a Map [["a", 2], ["b", 1]]
// of a value [["a", 1]]
// undefined undefined undefined
// ValueError ERR_RUNAR_VALUE: A value of category json is no map
// ValueError ERR_RUNAR_VALUE: value.when: a Date cannot cross; send toISOString()
// true LifecycleError ERR_RUNAR_CLOSED: The ArcValue has been closed
// end
// exit 0
