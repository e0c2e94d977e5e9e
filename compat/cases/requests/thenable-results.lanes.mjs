import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

// A thenable as libraries make them: a class with a then method.
class Thenable {
  constructor(settle) {
    this.settle = settle;
  }

  // biome-ignore lint/suspicious/noThenProperty: a thenable is what this case is about.
  then(resolve, reject) {
    this.settle(resolve, reject);
  }
}

const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    good: () => new Thenable((resolve) => resolve("thenable")),
    bad: () => new Thenable((_, reject) => reject(new Error("thrown by a thenable"))),
  },
});
await node.start();
say(await node.request("a/good"));
say(await rejection(node.request("a/bad")));
await node.stop();
end();

// trace
// thenable
// ActionError ERR_RUNAR_ACTION: a/bad: thrown by a thenable
// end
// exit 0
