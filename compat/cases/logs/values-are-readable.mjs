import { consoleSink, Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

class Amount {
  #currency = "EUR";
  constructor(cents) {
    this.cents = cents;
  }
  get currency() {
    return this.#currency;
  }
}
class Hidden {
  #value = 1;
  get value() {
    return this.#value;
  }
}
const thrower = () => {
  throw new Error("no");
};
const shared = { city: "Oslo" };
const circle = { name: "circle" };
circle.self = circle;
const failure = Object.assign(new TypeError("outer", { cause: new RangeError("inner") }), {
  status: 503,
});
const values = {
  "toJSON that throws": { toJSON: thrower },
  "used twice": [shared, { shared }],
  circle,
  map: new Map([["a", new Map([[1, "one"]])]]),
  set: new Set([1, "two", shared]),
  error: failure,
  errors: new AggregateError([new Error("one"), "two"], "many"),
  dates: [new Date(0), new Date(Number.NaN)],
  odd: [2n, Symbol("mark"), function named() {}],
  bytes: [new Uint8Array([1, 255]), new Float64Array([0.5])],
  instances: [new Amount(5), new Hidden(), /a+/g],
  getter: Object.defineProperty({ fine: 1 }, "bad", { enumerable: true, get: thrower }),
  proxy: new Proxy({}, { get: thrower }),
};
const withoutStacks = (value) =>
  JSON.parse(JSON.stringify(value, (key, inner) => (key === "stack" ? undefined : inner)));
for (const format of ["json", "pretty"]) {
  let text = "";
  const node = new Node(
    {},
    { logger: consoleSink({ format, stream: { write: (part) => (text += part) } }) },
  );
  for (const [message, value] of Object.entries(values)) {
    text = "";
    node.logger.info(message, { value, after: 1 });
    while (text === "") await new Promise(setImmediate);
    const shown =
      format === "json"
        ? JSON.parse(text).fields.value
        : JSON.parse(/ value=(.*) after=1\n$/s.exec(text)[1]);
    say(format, message, withoutStacks(shown));
  }
  await node.closeLogs();
}
end();

// trace
// json toJSON that throws [cannot be read: no]
// json used twice [{city: "Oslo"}, {shared: {city: "Oslo"}}]
// json circle {name: "circle", self: "[seen before]"}
// json map {a: [[1, "one"]]}
// json set [1, "two", {city: "Oslo"}]
// json error {cause: {message: "inner", name: "RangeError"}, message: "outer", name: "TypeError", status: 503}
// json errors {errors: [{message: "one", name: "Error"}, "two"], message: "many", name: "AggregateError"}
// json dates ["1970-01-01T00:00:00.000Z", "Invalid Date"]
// json odd ["2n", "Symbol(mark)", "[Function: named]"]
// json bytes ["Uint8Array(2) 01ff", [0.5]]
// json instances [{cents: 5}, "[Hidden]", "/a+/g"]
// json getter {bad: "[cannot be read: no]", fine: 1}
// json proxy [cannot be read: no]
// pretty toJSON that throws [cannot be read: no]
// pretty used twice [{city: "Oslo"}, {shared: {city: "Oslo"}}]
// pretty circle {name: "circle", self: "[seen before]"}
// pretty map {a: [[1, "one"]]}
// pretty set [1, "two", {city: "Oslo"}]
// pretty error {cause: {message: "inner", name: "RangeError"}, message: "outer", name: "TypeError", status: 503}
// pretty errors {errors: [{message: "one", name: "Error"}, "two"], message: "many", name: "AggregateError"}
// pretty dates ["1970-01-01T00:00:00.000Z", "Invalid Date"]
// pretty odd ["2n", "Symbol(mark)", "[Function: named]"]
// pretty bytes ["Uint8Array(2) 01ff", [0.5]]
// pretty instances [{cents: 5}, "[Hidden]", "/a+/g"]
// pretty getter {bad: "[cannot be read: no]", fine: 1}
// pretty proxy [cannot be read: no]
// end
// exit 0
