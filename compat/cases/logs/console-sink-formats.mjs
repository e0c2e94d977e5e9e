import { consoleSink, Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const withoutTime = (line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3} /, "(time) ");
for (const format of ["json", "pretty"]) {
  let text = "";
  const stream = {
    write(chunk) {
      text += chunk;
    },
  };
  const node = new Node({ node_id: "shop" }, { logger: consoleSink({ format, stream }) });
  node.addService({
    name: "till",
    path: "till",
    actions: {
      open: (ctx) => ctx.logger.warn("low on change", { coins: { cents: 2 }, big: 2n }),
    },
  });
  await node.start();
  await node.request("till/open", [], { requestId: "till-1" });
  node.logger.error("closed", { error: new RangeError("no power") });
  await node.stop();
  const lines = text.trim().split("\n");
  if (format === "pretty") {
    // The error's stack follows its line.
    for (const line of lines.slice(0, 3)) say(withoutTime(line));
    continue;
  }
  for (const line of lines) {
    const { time, seq, nodeId, ...record } = JSON.parse(line);
    if (record.error) record.error.stack = typeof record.error.stack;
    say(typeof time, typeof seq, nodeId === node.id, record);
  }
}
say("on a terminal lines are for people");
let shown = "";
const terminal = {
  isTTY: true,
  write: (chunk) => {
    shown += chunk;
  },
};
const node = new Node({}, { logger: consoleSink({ stream: terminal }) });
node.logger.info("hello");
await new Promise(setImmediate);
say(withoutTime(shown.trim()));
end();

// trace
// number number true {action: "open", component: "Service", fields: {big: "2n", coins: {cents: 2}}, label: "shop", level: "warn", message: "low on change", requestId: "till-1", service: "till", target: "runar-ts"}
// number number true {component: "Node", error: {message: "no power", name: "RangeError", stack: "string"}, label: "shop", level: "error", message: "closed", target: "runar-ts"}
// (time) WARN  till/open low on change coins={"cents":2} big="2n"
// (time) ERROR Node closed
// RangeError: no power
// on a terminal lines are for people
// (time) INFO  Node hello
// end
// exit 0
