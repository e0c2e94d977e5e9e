// not remote: a test node has no network
import { createTestNode } from "runar-ts/testing";
import { end, lane, rejection, say, thrown } from "../../kit.mjs";

const sell = (title, ctx) => ctx.logger.info(`sold: ${title}`, { title });
const node = await createTestNode({
  services: [{ name: "shop", path: "shop", actions: { sell } }],
  localCalls: lane,
});
const logs = node.recorded;
const waiting = logs.waitFor({ service: "shop", message: /Emma$/ });
await node.request("shop/sell", ["Emma"]);
await node.request("shop/sell", ["Dracula"]);
say("waited for", (await waiting).message);
say("waited for", (await logs.waitFor({ fields: { title: "Dracula" } })).message);
say(logs.filter({ action: "sell", level: "info" }).map(({ message }) => message));
say(logs.find(({ level }) => level === "error"));
logs.clear();
say(await rejection(logs.waitFor({ level: "warn", message: /^sold out/ }, { timeoutMs: 5 })));
say(thrown(() => logs.find({ servce: "shop" })));
await node.stop();
end();

// trace
// waited for sold: Emma
// waited for sold: Dracula
// ["sold: Emma", "sold: Dracula"]
// undefined
// TimeoutError ERR_RUNAR_TIMEOUT: no log record {"level":"warn","message":"/^sold out/"} within 5 ms; none has come (a retry can help)
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: match.servce: unknown key, did you mean service?
// end
// exit 0
