import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "shop",
  path: "shop",
  actions: {
    "items/{id}": (ctx) => `item ${ctx.params.id}`,
    "items/first": () => "the first",
    "items/{id}/parts/{part}": (ctx) => [ctx.params, ctx.path],
    "items/{id}/price": (count, ctx) => `${count} of ${ctx.params.id}`,
    "books/{isbn}": (ctx) => [ctx.path, ctx.params],
    "books/{isbn}/pages/{page}": (text, ctx) => [text, ctx.params],
    plain: (ctx) => ctx.params,
  },
});
await node.start();
const ask = async (path, payload) => say(path, await node.request(path, payload));
await ask("shop/items/42");
await ask("shop/items/ü x");
await ask("shop/items/{id}");
await ask("shop/items/first");
await ask("shop/items/7/parts/9");
await ask("shop/items/7/price", [3]);
await ask("shop/books/moby-dick");
await ask("shop/books/42/pages/7", "hello");
await ask("shop/plain");
for (const path of ["shop/items", "shop/items/", "shop/items/7/parts", "shop/items/7/8/9"]) {
  say(path, (await rejection(node.request(path))).code);
}
say(await rejection(node.request("shop/books")));
say(await rejection(node.request("shop/books/a/b/c/d")));
await node.stop();
end();

// trace
// shop/items/42 item 42
// shop/items/ü x item ü x
// shop/items/{id} item {id}
// shop/items/first the first
// shop/items/7/parts/9 [{id: "7", part: "9"}, "shop/items/7/parts/9"]
// shop/items/7/price 3 of 7
// shop/books/moby-dick ["shop/books/moby-dick", {isbn: "moby-dick"}]
// shop/books/42/pages/7 ["hello", {isbn: "42", page: "7"}]
// shop/plain {}
// shop/items ERR_RUNAR_NOT_FOUND
// shop/items/ ERR_RUNAR_INVALID_ARGUMENT
// shop/items/7/parts ERR_RUNAR_NOT_FOUND
// shop/items/7/8/9 ERR_RUNAR_NOT_FOUND
// NotFoundError ERR_RUNAR_NOT_FOUND: shop/books: no service has this action
// NotFoundError ERR_RUNAR_NOT_FOUND: shop/books/a/b/c/d: no service has this action
// end
// exit 0
