import { Node } from "runar-ts";
import { deferred, end, lane, rejection, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const nested = deferred();
const late = deferred();
node.addService({
  name: "s",
  path: "s",
  actions: {
    async outer(ctx) {
      nested.resolve(await rejection(ctx.request("s/never", [], { timeoutMs: 60_000 })));
      late.resolve(await rejection(ctx.request("s/count")));
    },
    never: () => new Promise(() => undefined),
    count: () => say("count ran, though nobody waits"),
    told: async (ctx) => [ctx.deadline, await ctx.request("s/inner", [], { timeoutMs: 60_000 })],
    inner: (ctx) => ctx.deadline,
  },
});
await node.start();
const error = await rejection(node.request("s/outer", undefined, { timeoutMs: 30 }));
say("the caller", error);
say("the nested call", (await nested.promise).code);
say("a call after that", (await late.promise) === error);
const from = Date.now();
const [outer, inner] = await node.request("s/told", undefined, { timeoutMs: 5_000 });
for (const deadline of [outer, inner]) {
  say("told", deadline > from + 4_000 && deadline < Date.now() + 5_001);
}
await node.stop();
end();

// trace
// the caller TimeoutError ERR_RUNAR_TIMEOUT: s/outer: no answer within 30 ms (a retry can help)
// the nested call ERR_RUNAR_TIMEOUT
// a call after that true
// told true
// told true
// end
// exit 0
