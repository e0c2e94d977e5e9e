import { deferred, end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const [entered, gate] = [deferred(), deferred()];
const { here, there } = await pair((_, b) =>
  b.addService({
    name: "s",
    path: "s",
    actions: {
      work: async () => {
        entered.resolve();
        return gate.promise;
      },
    },
  }),
);
const running = here.request("s/work");
await entered.promise;
const stopping = there.stop({ drainMs: 20_000 });
gate.resolve("answered");
say(await running);
await stopping;
say((await rejection(here.request("s/work"))).code);
await here.stop();
end();

// trace
// answered
// ERR_RUNAR_NOT_FOUND
// end
// exit 0
