// not remote: calls from a peer start in no fixed order
import { deferred, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const gate = deferred();
let ran = 0;
node.addService({
  name: "a",
  path: "a",
  actions: {
    work: {
      concurrency: 2,
      queue: 3,
      handler: async () => {
        ran++;
        await gate.promise;
        return "done";
      },
    },
  },
});
await node.start();
const calls = Array.from({ length: 7 }, () => rejection(node.request("a/work")));
const refused = await Promise.all(calls.slice(5));
for (const error of refused) say(error);
say(refused[0].details);
gate.resolve();
for (const answer of await Promise.all(calls.slice(0, 5))) say(answer.message);
say("ran", ran);
await node.stop();
end();

// trace
// OverloadError ERR_RUNAR_OVERLOAD: a/work: 2 calls are running and 3 are waiting (a retry can help)
// OverloadError ERR_RUNAR_OVERLOAD: a/work: 2 calls are running and 3 are waiting (a retry can help)
// {concurrency: 2, path: "a/work", queue: 3}
// it resolved with "done"
// it resolved with "done"
// it resolved with "done"
// it resolved with "done"
// it resolved with "done"
// ran 5
// end
// exit 0
