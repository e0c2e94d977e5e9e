// not remote: the case has two nodes in every lane
import { deferred, end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

let entered;
let aborted;
const { here, there } = await pair((_, b) =>
  b.addService({
    name: "s",
    path: "s",
    actions: {
      async wait(ctx) {
        ctx.signal.addEventListener("abort", () => aborted.resolve(ctx.signal.reason));
        entered.resolve();
        return new Promise(() => undefined);
      },
      nested: (ctx) => ctx.request("s/wait"),
    },
  }),
);
for (const action of ["wait", "nested"]) {
  [entered, aborted] = [deferred(), deferred()];
  const controller = new AbortController();
  const call = rejection(here.request(`s/${action}`, [], { signal: controller.signal }));
  await entered.promise;
  controller.abort(new Error("enough"));
  say(action, "the caller", await call);
  const { name } = await aborted.promise;
  say(action, "the handler", name);
}
[entered, aborted] = [deferred(), deferred()];
say("at a deadline", (await rejection(here.request("s/wait", [], { timeoutMs: 50 }))).name);
await aborted.promise;
say("the handler has heard of it");
[entered, aborted] = [deferred(), deferred()];
const lost = rejection(here.request("s/wait"));
await entered.promise;
await here.stop({ drainMs: 0 });
say("when the caller stops", (await lost).code);
await aborted.promise;
say("the handler has heard of it");
await there.stop();
end();

// trace
// wait the caller Error: enough
// wait the handler AbortError
// nested the caller Error: enough
// nested the handler AbortError
// at a deadline TimeoutError
// the handler has heard of it
// when the caller stops ERR_RUNAR_STOPPED
// the handler has heard of it
// end
// exit 0
