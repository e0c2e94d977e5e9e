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
say(await node.request("a/price", ["emma", "USD"]));
say(await rejection(node.request("a/price", "emma")));
say(await node.request("a/add", [2, 3]), await node.client("a").add(2, 3));
say(await node.request("a/add", ["2"]));
await node.stop();
end();

// trace
// secret ["disk", true]
// secret InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/secret: the handler takes at most 1 argument; the payload has 2
// later ["disk", true]
// later InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/later: the handler takes at most 1 argument; the payload has 2
// pattern ["disk", "function"]
// pattern InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/pattern: the handler takes at most 1 argument; the payload has 2
// method ["disk", true]
// method InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/method: the handler takes at most 1 argument; the payload has 2
// named ["disk", true]
// named InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/named: expected { what } or an array in that order, got an array of 2
// bound ["disk", true]
// bound InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/bound: expected { what } or an array in that order, got an array of 2
// items/7 ["disk", true, "7"]
// items/7 InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/items/{id}: the handler takes at most 1 argument; the payload has 2
// [undefined, true] [{logger: {}, peer: undefined, request: "forged"}, true]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/named: expected { what } or an array in that order; there is no ctx
// ["object", true] ["object", true]
// contexts among the arguments: 0
// emma in EUR emma in EUR
// emma in USD
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: a/price: the handler takes at most 2 arguments; the payload has one value that is no array
// 5 5
// 2undefined
// end
// exit 0
