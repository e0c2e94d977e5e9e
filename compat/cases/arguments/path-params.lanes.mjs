import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    "books/{isbn}": (ctx) => [ctx.path, ctx.params],
    "books/{isbn}/pages/{page}": (text, ctx) => [text, ctx.params],
    "books/newest": () => "the newest",
  },
});
await node.start();
say(await node.request("shop/books/moby-dick"));
say(await node.request("shop/books/42/pages/7", "hello"));
say(await node.request("shop/books/newest"));
say(await rejection(node.request("shop/books")));
say(await rejection(node.request("shop/books/a/b/c/d")));
await node.stop();
end();

// trace
// ["shop/books/moby-dick", {isbn: "moby-dick"}]
// ["hello", {isbn: "42", page: "7"}]
// the newest
// NotFoundError ERR_RUNAR_NOT_FOUND: shop/books: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: shop/books/a/b/c/d: no service has this action
// end
// exit 0
