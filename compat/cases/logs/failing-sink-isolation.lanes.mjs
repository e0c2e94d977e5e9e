import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let told = 0;
const sinks = [
  () => {
    told++;
    throw new Error("no disk");
  },
  {
    write: async () => {
      told++;
      throw new Error("no network");
    },
  },
];
for (const logger of sinks) {
  const node = new LaneNode({}, { logger });
  node.addService({
    name: "a",
    path: "a",
    actions: {
      ping: (ctx) => {
        ctx.logger.info("into the void");
        return "pong";
      },
    },
  });
  await node.start();
  say(await node.request("a/ping"));
  await node.stop();
}
say("the sinks were told", told > 1);
end();

// trace
// pong
// pong
// the sinks were told true
// end
// exit 0
