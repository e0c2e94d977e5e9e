import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({
  name: "a",
  path: "a",
  actions: {
    echo: (value) => value,
    kind: (value) => [value instanceof Uint8Array, value.length, value[0] ?? null],
  },
});
await node.start();
const memory = new ArrayBuffer(16);
new Uint8Array(memory).set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
const shared = new Uint8Array(new SharedArrayBuffer(4));
shared.fill(9);
const values = {
  "a part of a buffer": new Uint8Array(memory, 3, 4),
  "its end": new Uint8Array(memory, 15),
  "none of it": new Uint8Array(memory, 16),
  "a Buffer": Buffer.from("ü"),
  "of a pool": Buffer.from("pooled").subarray(2, 4),
  "shared memory": shared,
};
for (const [name, value] of Object.entries(values)) {
  say(name, await node.request("a/kind", value), await node.request("a/echo", { in: [value] }));
}
const gone = new Uint8Array([1, 2, 3]);
const { port1, port2 } = new MessageChannel();
port1.postMessage(gone, [gone.buffer]);
port1.close();
port2.close();
say("transferred away", await rejection(node.request("a/echo", { gone })));
await node.stop();
end();

// trace
// a part of a buffer [true, 4, 3] {in: [bytes[3 4 5 6]]}
// its end [true, 1, 15] {in: [bytes[15]]}
// none of it [true, 0, null] {in: [bytes[]]}
// a Buffer [true, 2, 195] {in: [bytes[195 188]]}
// of a pool [true, 2, 111] {in: [bytes[111 108]]}
// shared memory [true, 4, 9] {in: [bytes[9 9 9 9]]}
// transferred away ValueError ERR_RUNAR_VALUE: payload.gone: a Uint8Array whose buffer was transferred away cannot cross; send a copy
// end
// exit 0
