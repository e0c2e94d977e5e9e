import { Context, Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
const records = [];
node.addService({
  name: "a",
  path: "a",
  actions: {
    async tell(ctx) {
      say("a Context", ctx instanceof Context);
      say("path", ctx.path, "params", ctx.params);
      say("node", ctx.node === node);
      const { signal } = ctx;
      say("signal", signal instanceof AbortSignal, signal.aborted, signal === ctx.signal);
      const left = ctx.deadline - Date.now();
      say("deadline within 30 s", left > 20_000 && left <= 30_001);
      say(["logger", "request", "client", "publish", "topics"].map((name) => typeof ctx[name]));
      records.push(ctx);
    },
  },
});
await node.start();
await node.request("a/tell");
await node.request("a/tell", [], { timeoutMs: 29_000 });
say("each its own", records[0] !== records[1]);
await node.stop();
end();

// trace
// a Context true
// path a/tell params {}
// node true
// signal true false true
// deadline within 30 s true
// ["object", "function", "function", "function", "function"]
// a Context true
// path a/tell params {}
// node true
// signal true false true
// deadline within 30 s true
// ["object", "function", "function", "function", "function"]
// each its own true
// end
// exit 0
