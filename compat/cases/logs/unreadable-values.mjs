import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const heard = [];
const node = new Node({}, { logger: (record) => heard.push(record) });
const { logger } = node;
const unreadable = {
  get message() {
    throw new Error("no");
  },
};
const broken = new Error("broken");
Object.defineProperty(broken, "stack", {
  get() {
    throw new Error("no stack");
  },
});
logger.error(new TypeError("an error as the text", { cause: new Error("why") }));
logger.error("as a field", { err: new RangeError("by err"), n: 1 });
logger.error("two of them", { error: new RangeError("by error"), err: new TypeError("by err") });
logger.error("no error", { error: "just text", err: null });
logger.error("broken", { error: broken });
for (const message of [undefined, null, 5, 2n, Symbol("s"), {}, { a: 1 }, unreadable, () => 1]) {
  logger.info(message);
}
logger.info("fields that throw", {
  fine: 1,
  get bad() {
    throw new Error("cannot be read");
  },
});
logger.child({ a: 1 }).child({ a: 2, b: 3 }).info("children", { b: 4 });
let depth = new Error("innermost");
for (let n = 0; n < 20; n++) depth = new Error(`level ${n}`, { cause: depth });
logger.error("many causes", { error: depth });
await node.closeLogs();
for (const { message, fields, error } of heard) {
  const causes = [];
  for (let one = error; one; one = one.cause) causes.push(`${one.name}: ${one.message}`);
  say(message, fields ?? "", causes.length > 3 ? `and ${causes.length} errors` : causes);
}
end();

// trace
// an error as the text  ["TypeError: an error as the text", "Error: why"]
// as a field {n: 1} ["RangeError: by err"]
// two of them  ["TypeError: by err"]
// no error {err: null, error: "just text"} []
// broken  ["Error: an error that cannot be read: no stack"]
// undefined  []
// null  []
// 5  []
// 2  []
// Symbol(s)  []
// {}  []
// {"a":1}  []
// an object that cannot be read  []
// () => 1  []
// fields that throw {bad: "[cannot be read: cannot be read]", fine: 1} []
// children {a: 2, b: 4} []
// many causes  and 9 errors
// end
// exit 0
