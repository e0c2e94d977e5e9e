// not remote: the case has two nodes in every lane
import { end, say } from "../../kit.mjs";
import { pair } from "./_members.mjs";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const { here, there } = await pair((a, b) => {
  const tell = (ctx) => [ctx.requestId, ctx.traceparent];
  a.addService({ name: "a", path: "a", actions: { tell } });
  b.addService({
    name: "b",
    path: "b",
    actions: { tell, back: (ctx) => ctx.request("a/tell"), id: (ctx) => ctx.requestId },
  });
});
const options = { requestId: "order-7", traceparent };
say("there", await here.request("b/tell", [], options));
say("and back", await here.request("b/back", [], options));
const [one, two] = [await here.request("b/id"), await here.request("b/id")];
say("by default", typeof one, one !== two);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// there ["order-7", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
// and back ["order-7", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
// by default string true
// end
// exit 0
