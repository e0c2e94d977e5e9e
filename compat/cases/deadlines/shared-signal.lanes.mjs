import { deferred, end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const warnings = [];
process.on("warning", ({ name }) => warnings.push(name));
const gate = deferred();
const node = new LaneNode();
node.addService({
  name: "gate",
  path: "gate",
  actions: { pass: () => true, wait: () => gate.promise },
});
await node.start();
const own = new AbortController();
const call = (path) => node.request(path, [], { signal: own.signal, timeoutMs: 20_000 });
const passed = await Promise.all(Array.from({ length: 100 }, () => call("gate/pass")));
say("passed", passed.filter(Boolean).length);
const waiting = Array.from({ length: 100 }, () => call("gate/wait").catch((error) => error));
own.abort(new Error("enough"));
const ended = await Promise.all(waiting);
say("ended", ended.filter(({ message }) => message === "enough").length);
gate.resolve();
await new Promise((resolve) => setTimeout(resolve, 10));
say("warnings", warnings);
await node.stop();
end();

// trace
// passed 100
// ended 100
// warnings []
// end
// exit 0
