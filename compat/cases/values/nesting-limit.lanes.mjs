import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { checkValues: "check" });
node.addService({ name: "a", path: "a", actions: { echo: (value) => value } });
await node.start();
const nested = (levels, wrap) => {
  let value = "bottom";
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
};
const wraps = { objects: (a) => ({ a }), lists: (a) => [a] };
for (const [name, wrap] of Object.entries(wraps)) {
  const value = nested(128, wrap);
  // A single-item array would be read as the list of arguments.
  const back = await node.request("a/echo", name === "lists" ? { list: value[0] } : value);
  say(name, JSON.stringify(back).length);
  for (const levels of [129, 100_000]) {
    const { code, message } = await rejection(node.request("a/echo", nested(levels, wrap)));
    say(levels, code, message.slice(message.lastIndexOf(": ")));
  }
}
await node.stop();
end();

// trace
// objects 776
// 129 ERR_RUNAR_VALUE : nested deeper than 128 levels
// 100000 ERR_RUNAR_VALUE : nested deeper than 128 levels
// lists 271
// 129 ERR_RUNAR_VALUE : nested deeper than 128 levels
// 100000 ERR_RUNAR_VALUE : nested deeper than 128 levels
// end
// exit 0
