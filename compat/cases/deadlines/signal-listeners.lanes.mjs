import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({ name: "a", path: "a", actions: { ping: async () => "pong" } });
await node.start();
const { signal } = new AbortController();
let listeners = 0;
for (const [name, change] of [
  ["addEventListener", 1],
  ["removeEventListener", -1],
]) {
  const original = signal[name];
  signal[name] = function (...args) {
    listeners += change;
    return original.apply(this, args);
  };
}
for (let i = 0; i < 100; i++) await node.request("a/ping", [], { signal });
say("listeners left", listeners);
await node.stop();
end();

// trace
// listeners left 0
// end
// exit 0
