// Handlers and schemas may return lazy thenables, functions with `then`, and promises of other realms.
import { runInNewContext } from "node:vm";
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error.message));

/** A query builder: it runs when it is awaited, and its `then` returns nothing. */
const lazy = (value) => ({
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this case is about.
  then(resolve) {
    resolve(value);
  },
});
const number = {
  "~standard": {
    version: 1,
    vendor: "compat",
    validate: (value) =>
      lazy(typeof value === "number" ? { value } : { issues: [{ message: "expected a number" }] }),
  },
};
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    lazy: () => lazy("a lazy thenable"),
    function: () => Object.assign(() => undefined, lazy("a function with then")),
    realm: () => runInNewContext("Promise.resolve('of another realm')"),
    fails: () => runInNewContext("Promise.reject(new Error('of another realm'))"),
    output: { output: number, handler: () => lazy(7) },
    wrong: { output: number, handler: () => lazy("seven") },
    input: { input: number, handler: (value) => lazy(value + 1) },
  },
});
await node.start();
for (const name of ["lazy", "function", "realm", "output"])
  say(name, await node.request(`a/${name}`));
say("input", await node.request("a/input", 7));
for (const name of ["fails", "wrong"]) say(name, await rejection(node.request(`a/${name}`)));
say("input", await rejection(node.request("a/input", "seven")));
await node.stop();
end();

// trace
// lazy a lazy thenable
// function a function with then
// realm of another realm
// output 7
// input 8
// fails ActionError ERR_RUNAR_ACTION: a/fails: of another realm
// wrong ActionError ERR_RUNAR_INVALID_RESULT: a/wrong: result: expected a number
// input InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/input: payload: expected a number
// end
// exit 0
