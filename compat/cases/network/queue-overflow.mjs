import { deferred, end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const gate = deferred();
let ran = 0;
const { here, there } = await pair((_, b) =>
  b.addService({
    name: "s",
    path: "s",
    actions: {
      work: {
        concurrency: 2,
        queue: 3,
        handler: async () => {
          ran++;
          return gate.promise;
        },
      },
    },
  }),
);
const refused = [];
const twoRefused = deferred();
const calls = Array.from({ length: 7 }, () =>
  here.request("s/work").catch((error) => {
    if (refused.push(error) === 2) twoRefused.resolve();
    return "refused";
  }),
);
await twoRefused.promise;
for (const error of refused) say(error, error.details);
gate.resolve("done");
say((await Promise.all(calls)).sort(), "ran", ran);
say("there is room again", await here.request("s/work"));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// OverloadError ERR_RUNAR_OVERLOAD: s/work: 2 calls are running and 3 are waiting (a retry can help) {concurrency: 2, path: "s/work", queue: 3}
// OverloadError ERR_RUNAR_OVERLOAD: s/work: 2 calls are running and 3 are waiting (a retry can help) {concurrency: 2, path: "s/work", queue: 3}
// ["done", "done", "done", "done", "done", "refused", "refused"] ran 5
// there is room again done
// end
// exit 0
