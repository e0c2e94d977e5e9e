import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

class Counter {
  name = "counter";
  path;
  #count = 0;
  actions = {
    increment: (by) => {
      this.#count += by;
      return this.#count;
    },
    read: () => this.#count,
  };
  constructor(path) {
    this.path = path;
  }
  start() {
    this.#count = 100;
  }
  stop() {
    say(this.path, "ends at", this.#count);
  }
}
const node = new LaneNode();
node.addService(new Counter("one"));
node.addService(new Counter("two"));
await node.start();
say(await node.request("one/increment", [5]));
say(await node.request("two/increment", [7]));
say(await node.client("one").read());
await node.stop();
end();

// trace
// 105
// 107
// 105
// two ends at 107
// one ends at 105
// end
// exit 0
