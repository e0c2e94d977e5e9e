// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { makeNetwork, quick } from "./_members.mjs";

const { member, addressOf } = makeNetwork();
const here = member();
const asked = [];
let ran = 0;
const there = member(
  {},
  {
    authorize: (caller, path) => {
      asked.push([caller.id === here.id, caller.authenticated, path]);
      return !path.endsWith("/secret");
    },
  },
);
const actions = { open: () => "open", secret: () => ++ran, fails: () => ++ran, maybe: () => ++ran };
there.addService({
  name: "s",
  path: "s",
  actions,
  authorize: async (_, path) => {
    if (path === "s/fails") throw new Error("no database");
    return path === "s/maybe" ? "yes" : true;
  },
});
await Promise.all([here.start(), there.start()]);
await here.connect(addressOf(there), quick);
say(await here.request("s/open"));
for (const action of ["secret", "fails", "maybe"]) {
  const error = await rejection(here.request(`s/${action}`));
  say(error.name, error.code, error.message.replace(here.id, "<here>"));
  say(
    "  because of",
    error.cause,
    "about",
    error.details.path,
    error.details.peer === here.id,
    error.retryable,
  );
}
say("handlers that ran", ran, "asked", asked);
say("the node itself need not ask", await there.request("s/secret"));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// open
// NetworkError ERR_RUNAR_NOT_AUTHORIZED s/secret: the peer <here> may not call it
//   because of undefined about s/secret true false
// NetworkError ERR_RUNAR_NOT_AUTHORIZED s/fails: the peer <here> may not call it
//   because of Error: no database about s/fails true false
// NetworkError ERR_RUNAR_NOT_AUTHORIZED s/maybe: the peer <here> may not call it
//   because of undefined about s/maybe true false
// handlers that ran 0 asked [[true, true, "s/open"], [true, true, "s/secret"], [true, true, "s/fails"], [true, true, "s/maybe"]]
// the node itself need not ask 1
// end
// exit 0
