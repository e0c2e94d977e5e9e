// On the direct lane `checkValues` refuses with the same error as the native lane.
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
let ran = 0;
node.addService({ name: "a", path: "a", actions: { take: () => ++ran } });
await node.start();
class Point {
  x = 1;
}
class Thenable {
  // biome-ignore lint/suspicious/noThenProperty: that is what is tried
  then() {}
}
class Money {
  toJSON() {
    return "1 EUR";
  }
}
const values = [
  new Date(0),
  new Map(),
  new Set(),
  new WeakMap(),
  new WeakSet(),
  new WeakRef({}),
  /x/,
  new URL("http://localhost/"),
  new RangeError("out"),
  Promise.resolve(),
  new Thenable(),
  () => undefined,
  class {},
  Symbol("s"),
  Object(1),
  Object("text"),
  Object(true),
  Object(1n),
  Object(Symbol("boxed")),
  new Point(),
  new Money(),
  Object.create({ inherited: 1 }),
  new Uint16Array(1),
  new Int8Array(1),
  new Uint8ClampedArray(1),
  new Float64Array(1),
  new BigInt64Array(1),
  new ArrayBuffer(1),
  new SharedArrayBuffer(1),
  new DataView(new ArrayBuffer(1)),
  { [Symbol("key")]: 1 },
];
for (const value of values) {
  say(await rejection(node.request("a/take", { value })));
}
say("handlers that ran", ran);
await node.stop();
end();

// trace
// ValueError ERR_RUNAR_VALUE: payload.value: a Date cannot cross; send toISOString()
// ValueError ERR_RUNAR_VALUE: payload.value: a Map cannot cross; send Object.fromEntries(it), or [...it]
// ValueError ERR_RUNAR_VALUE: payload.value: a Set cannot cross; send [...it]
// ValueError ERR_RUNAR_VALUE: payload.value: a WeakMap cannot cross; leave it out
// ValueError ERR_RUNAR_VALUE: payload.value: a WeakSet cannot cross; leave it out
// ValueError ERR_RUNAR_VALUE: payload.value: a WeakRef cannot cross; leave it out
// ValueError ERR_RUNAR_VALUE: payload.value: a RegExp cannot cross; send its source and its flags
// ValueError ERR_RUNAR_VALUE: payload.value: a URL cannot cross; send its href
// ValueError ERR_RUNAR_VALUE: payload.value: an Error cannot cross; send { name, message }
// ValueError ERR_RUNAR_VALUE: payload.value: a Promise cannot cross; await it first
// ValueError ERR_RUNAR_VALUE: payload.value: a Thenable cannot cross; await it first
// ValueError ERR_RUNAR_VALUE: payload.value: a function cannot cross; leave it out
// ValueError ERR_RUNAR_VALUE: payload.value: a class cannot cross
// ValueError ERR_RUNAR_VALUE: payload.value: a symbol cannot cross; send a string
// ValueError ERR_RUNAR_VALUE: payload.value: a Number cannot cross; send valueOf()
// ValueError ERR_RUNAR_VALUE: payload.value: a String cannot cross; send valueOf()
// ValueError ERR_RUNAR_VALUE: payload.value: a Boolean cannot cross; send valueOf()
// ValueError ERR_RUNAR_VALUE: payload.value: a BigInt cannot cross; send valueOf()
// ValueError ERR_RUNAR_VALUE: payload.value: a Symbol cannot cross; send a string
// ValueError ERR_RUNAR_VALUE: payload.value: a Point cannot cross; send a plain object, such as { ...it }
// ValueError ERR_RUNAR_VALUE: payload.value: a Money cannot cross; send its toJSON()
// ValueError ERR_RUNAR_VALUE: payload.value: an object that inherits from another cannot cross; send a plain one
// ValueError ERR_RUNAR_VALUE: payload.value: a Uint16Array cannot cross; send Array.from(it), or its bytes as a Uint8Array
// ValueError ERR_RUNAR_VALUE: payload.value: an Int8Array cannot cross; send Array.from(it), or its bytes as a Uint8Array
// ValueError ERR_RUNAR_VALUE: payload.value: a Uint8ClampedArray cannot cross; send Array.from(it), or its bytes as a Uint8Array
// ValueError ERR_RUNAR_VALUE: payload.value: a Float64Array cannot cross; send Array.from(it), or its bytes as a Uint8Array
// ValueError ERR_RUNAR_VALUE: payload.value: a BigInt64Array cannot cross; send Array.from(it), or its bytes as a Uint8Array
// ValueError ERR_RUNAR_VALUE: payload.value: an ArrayBuffer cannot cross; send new Uint8Array(it)
// ValueError ERR_RUNAR_VALUE: payload.value: a SharedArrayBuffer cannot cross; send new Uint8Array(it)
// ValueError ERR_RUNAR_VALUE: payload.value: a DataView cannot cross; send new Uint8Array(it.buffer, it.byteOffset, it.byteLength)
// ValueError ERR_RUNAR_VALUE: payload.value: a symbol as a key (Symbol(key)) cannot cross; use a string
// handlers that ran 0
// end
// exit 0
