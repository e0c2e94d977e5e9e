// not remote: the case has two nodes in every lane
import { end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((a, b) => {
  a.addService({ name: "a", path: "a", actions: { up: (x) => x + 1 } });
  b.addService({
    name: "b",
    path: "b",
    actions: { twice: async (x, ctx) => 2 * (await ctx.request("a/up", [x])) },
  });
});
say("one way", await here.request("b/twice", [4]));
say("the other", await there.request("a/up", [4]));
say("typed", await here.client("b").twice(20));
const many = await Promise.all(Array.from({ length: 100 }, (_, x) => here.request("b/twice", [x])));
say(
  "many at once",
  many.every((y, x) => y === 2 * (x + 1)),
);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// one way 10
// the other 5
// typed 42
// many at once true
// end
// exit 0
