import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

async function recordsOf(node_id, logging_config) {
  const records = [];
  const node = new Node({ node_id, logging_config }, { logger: (record) => records.push(record) });
  node.addService({ name: "a", path: "a", actions: { ping: () => 1 } });
  await node.start();
  await node.request("a/ping");
  await node.stop();
  await new Promise(setImmediate);
  return records.filter(({ target }) => target !== "runar-ts");
}
say("silent unless asked", (await recordsOf("quiet", {})).length);
const records = await recordsOf("a]b [c#1", { default_level: "debug" });
say("many", records.length > 20);
say("labels", [...new Set(records.map(({ label }) => label))]);
say(
  "components",
  records.every(
    ({ component }) => component === undefined || /^\w+$/.test(component.split(".")[0]),
  ),
);
say(
  "no prefix is left in the text",
  records.every(({ message }) => !message.startsWith("[a]b")),
);
const types = ({ time, level, message, target, seq }) =>
  [time, level, message, target, seq].map((one) => typeof one);
say(types(records[0]));
const keys = await recordsOf("keys", { default_level: "off", component_levels: { Keys: "info" } });
say("one component alone", [...new Set(keys.map(({ component }) => component))]);
const [one, two] = await Promise.all(
  ["one", "two"].map((id) => recordsOf(id, { default_level: "info" })),
);
say(
  "each to its own node",
  one.every(({ label }) => label === "one"),
  two.every(({ label }) => label === "two"),
);
end();

// trace
// silent unless asked 0
// many true
// labels ["a]b [c#1"]
// components true
// no prefix is left in the text true
// ["number", "string", "string", "string", "number"]
// one component alone ["Keys"]
// each to its own node true true
// end
// exit 0
