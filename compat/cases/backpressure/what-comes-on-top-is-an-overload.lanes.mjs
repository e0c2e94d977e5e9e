import { Node, OverloadError } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
let gate = deferred();
let ran = 0;
const handler = async () => {
  ran++;
  await gate.promise;
  return "done";
};
node.addService({
  name: "s",
  path: "s",
  actions: {
    print: { concurrency: 2, queue: 3, handler },
    only: { concurrency: 1, queue: 0, handler },
  },
});
await node.start();
for (const [action, places] of [
  ["print", 5],
  ["only", 1],
]) {
  gate = deferred();
  ran = 0;
  const taken = Array.from({ length: places }, () => node.request(`s/${action}`));
  const errors = await Promise.all([1, 2].map(() => rejection(node.request(`s/${action}`))));
  for (const error of errors) say(error, error instanceof OverloadError, error.details);
  say("running", ran);
  gate.resolve();
  say("those that were taken", ...(await Promise.all(taken)));
  say("ran", ran, "and a retry:", await node.request(`s/${action}`));
}
await node.stop();
end();

// trace
// OverloadError ERR_RUNAR_OVERLOAD: s/print: 2 calls are running and 3 are waiting (a retry can help) true {concurrency: 2, path: "s/print", queue: 3}
// OverloadError ERR_RUNAR_OVERLOAD: s/print: 2 calls are running and 3 are waiting (a retry can help) true {concurrency: 2, path: "s/print", queue: 3}
// running 2
// those that were taken done done done done done
// ran 5 and a retry: done
// OverloadError ERR_RUNAR_OVERLOAD: s/only: 1 calls are running and 0 are waiting (a retry can help) true {concurrency: 1, path: "s/only", queue: 0}
// OverloadError ERR_RUNAR_OVERLOAD: s/only: 1 calls are running and 0 are waiting (a retry can help) true {concurrency: 1, path: "s/only", queue: 0}
// running 1
// those that were taken done
// ran 1 and a retry: done
// end
// exit 0
