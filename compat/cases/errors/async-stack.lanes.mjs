// The stack names the caller if the engine has async stack traces, which is tested first.
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

function deepInTheHandler() {
  throw new Error("here");
}
const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async rejects() {
      await null;
      throw new RangeError("out");
    },
    throws: () => deepInTheHandler(),
    never: () => new Promise(() => undefined),
  },
});
await node.start();

async function plainFailure() {
  await null;
  await null;
  throw new Error("plain");
}
async function theEngineNamesMe() {
  await plainFailure();
}
async function theCallerOfRejects() {
  await node.request("s/rejects");
}
async function theCallerOfNever() {
  await node.request("s/never", [], { timeoutMs: 10 });
}
const engineNames = /theEngineNamesMe/.test((await rejection(theEngineNamesMe())).stack);
for (const caller of [theCallerOfRejects, theCallerOfNever]) {
  const error = await rejection(caller());
  say(error);
  say("  as far as the engine can", error.stack.includes(caller.name) === engineNames);
  say("  begins with the error", error.stack.startsWith(`${error.name}: ${error.message}\n`));
}
const { cause } = await rejection(theCallerOfRejects());
say("the cause names its file", cause.stack.includes("async-stack"));
const thrown = await rejection(node.request("s/throws"));
say("the cause names the handler", thrown.cause.stack.includes("deepInTheHandler"));
say(
  "the stack names the error",
  thrown.stack.includes("ActionError") || thrown.stack.includes("s/throws: here"),
);
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: s/rejects: out
//   as far as the engine can true
//   begins with the error true
// TimeoutError ERR_RUNAR_TIMEOUT: s/never: no answer within 10 ms (a retry can help)
//   as far as the engine can true
//   begins with the error true
// the cause names its file true
// the cause names the handler true
// the stack names the error true
// end
// exit 0
