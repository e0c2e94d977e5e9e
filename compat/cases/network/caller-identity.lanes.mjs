// not remote: the case has two nodes in every lane
import { end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const { here, there } = await pair((a, b) => {
  const look = (ctx) => ctx.peer;
  a.addService({ name: "a", path: "a", actions: { look } });
  b.addService({
    name: "b",
    path: "b",
    actions: { look, nested: (ctx) => ctx.request("b/look"), back: (ctx) => ctx.request("a/look") },
  });
});
const { id, authenticated } = await here.request("b/look");
say("it is who it says", id === here.id, "and has proven it", authenticated);
say("within the node", await there.request("b/look"));
say("what its handler calls there", await here.request("b/nested"));
say("what its handler calls here", (await here.request("b/back")).id === there.id);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// it is who it says true and has proven it true
// within the node undefined
// what its handler calls there undefined
// what its handler calls here true
// end
// exit 0
