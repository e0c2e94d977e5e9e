// not remote: a test node has no network
import { createTestNode, mockService } from "runar-ts/testing";
import { end, lane, rejection, say, thrown } from "../../kit.mjs";

const stock = {
  name: "stock",
  path: "stock",
  start: () => say("the real one starts"),
  actions: {
    take: (isbn, count) => `${count} x ${isbn}`,
    price: { params: ["isbn", "currency"], handler: (isbn, currency = "EUR") => isbn + currency },
    "books/{isbn}": (ctx) => ctx.params.isbn,
    count: () => 0,
  },
};
const mock = mockService(stock, {
  take: (isbn, count, ctx) => [isbn, count, ctx.path],
  price: async (isbn, currency) => [isbn, currency],
  "books/{isbn}": (ctx) => ctx.params.isbn.toUpperCase(),
});
const node = await createTestNode({ services: [mock], localCalls: lane });
say(await node.request("stock/take", ["emma", 2]));
say(await node.client("stock").take("emma", 3));
say(await node.request("stock/price", { isbn: "emma" }));
say(await node.request("stock/books/emma"));
say(await rejection(node.request("stock/take", ["emma", 1, 2, 3])));
say(await rejection(node.request("stock/price", {})));
say(await rejection(node.request("stock/count")));
say(mock.callsOf("take"));
for (const { action, path, args } of mock.calls) say(action, path, args);
say(thrown(() => mockService(stock, { tke: () => 1 })));
await node.stop();
end();

// trace
// ["emma", 2, "stock/take"]
// ["emma", 3, "stock/take"]
// ["emma", undefined]
// EMMA
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: stock/take: the handler takes at most 2 arguments; the payload has 4
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: stock/price: expected { isbn, currency } or an array in that order; isbn is missing
// ActionError ERR_RUNAR_ACTION: stock/count: the mock of stock has no count: give mockService() one
// [["emma", 2], ["emma", 3]]
// take stock/take ["emma", 2]
// take stock/take ["emma", 3]
// price stock/price ["emma", undefined]
// books/{isbn} stock/books/emma []
// count stock/count []
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: implementations.tke: unknown key, did you mean take?
// end
// exit 0
