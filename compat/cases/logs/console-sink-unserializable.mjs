import { consoleSink, Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

let text = "";
const stream = { write: (chunk) => (text += chunk) };
const node = new Node({}, { logger: consoleSink({ format: "json", stream }) });
const circle = { name: "circle" };
circle.self = circle;
const fields = {
  big: { n: 2n ** 70n },
  circle: { circle },
  nothing: { gone: undefined, none: null, nan: Number.NaN },
  "not an error": { error: "just text" },
};
for (const [message, given] of Object.entries(fields)) {
  node.logger.info(message, given);
  await new Promise(setImmediate);
}
node.logger.info(5);
node.logger.info(undefined);
await new Promise(setImmediate);
const lines = text.trim().split("\n");
for (const line of lines) {
  const record = JSON.parse(line);
  say(typeof record === "string" ? record : [record.message, record.fields ?? "no fields"]);
}
end();

// trace
// ["big", {n: "1180591620717411303424n"}]
// ["circle", {circle: {name: "circle", self: "[seen before]"}}]
// ["nothing", {nan: null, none: null}]
// ["not an error", {error: "just text"}]
// ["5", "no fields"]
// ["undefined", "no fields"]
// end
// exit 0
