// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((_, b) =>
  b.addService({
    name: "bad",
    path: "bad",
    actions: {
      throws: () => {
        throw new Error("no such book");
      },
      rejects: async () => {
        throw new TypeError("not today");
      },
      text: () => {
        throw "just a text";
      },
      looksLikeOne: () => ({ error: true, message: "only data" }),
      circular: () => {
        const circle = {};
        circle.circle = circle;
        return circle;
      },
    },
  }),
);
for (const action of ["throws", "rejects", "text", "circular", "missing"]) {
  say(action, await rejection(here.request(`bad/${action}`)));
}
say("looksLikeOne", await here.request("bad/looksLikeOne"));
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// throws ActionError ERR_RUNAR_ACTION: bad/throws: no such book
// rejects ActionError ERR_RUNAR_ACTION: bad/rejects: not today
// text ActionError ERR_RUNAR_ACTION: bad/text: just a text
// circular ValueError ERR_RUNAR_VALUE: result.circle: leads back to result; a cycle cannot cross
// missing NotFoundError ERR_RUNAR_NOT_FOUND: bad/missing: no service has this action
// looksLikeOne {error: true, message: "only data"}
// end
// exit 0
