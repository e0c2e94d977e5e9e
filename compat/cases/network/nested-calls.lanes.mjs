// not remote: the case has two nodes in every lane
import { end, rejection, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((a, b) => {
  const down = (to) => async (left, ctx) => {
    if (left < 0) throw new RangeError("below the ground");
    if (left === 0) return [ctx.path];
    return [ctx.path, ...(await ctx.request(to, [left > 100 ? left - 200 : left - 1]))];
  };
  a.addService({ name: "a", path: "a", actions: { down: down("b/down") } });
  b.addService({ name: "b", path: "b", actions: { down: down("a/down") } });
});
say(await here.request("b/down", [3]));
say("fifty deep", (await here.request("b/down", [50])).length);
say("the other way", (await there.request("a/down", [2])).length);
const error = await rejection(here.request("b/down", [199]));
say(error, "because of", error.cause);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// ["b/down", "a/down", "b/down", "a/down"]
// fifty deep 51
// the other way 3
// ActionError ERR_RUNAR_ACTION: a/down: below the ground because of RangeError: below the ground
// end
// exit 0
