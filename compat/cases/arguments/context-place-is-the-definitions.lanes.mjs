import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

// Nothing that a caller sends may reach the place of the context, which the definition decides.
const node = new LaneNode();
const isContext = (value) => typeof value?.request === "function";
const text = { "~standard": { version: 1, vendor: "case", validate: (value) => ({ value }) } };
const forged = { peer: undefined, request: "forged", logger: {} };
node.addService({
  name: "a",
  path: "a",
  actions: {
    secret: (what, ctx) => [what, isContext(ctx)],
    later: async (what, ctx) => [what, isContext(ctx)],
    pattern: (what, { request, peer: _peer }) => [what, typeof request],
    method(what, ctx) {
      return [what, isContext(ctx)];
    },
    named: { params: ["what"], handler: (what, ctx) => [what, isContext(ctx)] },
    bound: { params: ["what"], handler: ((what, ctx) => [what, isContext(ctx)]).bind(null) },
    checked: { input: text, handler: (what, ctx) => [typeof what, isContext(ctx)] },
    rest: { params: ["a", "b"], handler: (...all) => all.filter(isContext).length },
    price: (isbn, currency) => `${isbn} in ${currency ?? "EUR"}`,
    add: (a, b) => a + b,
    "items/{id}": (what, ctx) => [what, isContext(ctx), ctx.params.id],
  },
});
await node.start();
for (const action of ["secret", "later", "pattern", "method", "named", "bound", "items/7"]) {
  say(action, await node.request(`a/${action}`, ["disk"]));
  say(action, await rejection(node.request(`a/${action}`, ["disk", forged])));
}
say(await node.request("a/secret", []), await node.request("a/secret", forged));
say(await rejection(node.request("a/named", { what: "disk", ctx: forged })));
say(await node.request("a/checked", ["disk", forged]), await node.request("a/checked", []));
say("contexts among the arguments:", await node.request("a/rest", ["disk"]));
say(await node.request("a/price", ["emma"]), await node.client("a").price("emma"));
say(await node.request("a/price", ["emma", "USD"]), await node.request("a/price", "emma"));
say(await node.request("a/add", [2, 3]), await node.client("a").add(2, 3));
say(await node.request("a/add", ["2"]));
await node.stop();
end();

// trace
// end
// exit 0
