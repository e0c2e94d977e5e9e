import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const unreadable = new Proxy(
  {},
  {
    get() {
      throw new Error("no");
    },
    getPrototypeOf() {
      throw new Error("no");
    },
  },
);
const things = {
  text: "text",
  number: 5,
  none: null,
  nothing: undefined,
  object: { a: 1 },
  unreadable,
};
const actions = {};
for (const [name, thing] of Object.entries(things)) {
  actions[name] = () => {
    throw thing;
  };
  actions[`${name}Later`] = () => Promise.reject(thing);
}
node.addService({ name: "a", path: "a", actions });
await node.start();
for (const name of Object.keys(things)) {
  say(await rejection(node.request(`a/${name}`)));
  say(await rejection(node.request(`a/${name}Later`)));
}
await node.stop();
end();

// trace
// ActionError ERR_RUNAR_ACTION: a/text: text
// ActionError ERR_RUNAR_ACTION: a/textLater: text
// ActionError ERR_RUNAR_ACTION: a/number: 5
// ActionError ERR_RUNAR_ACTION: a/numberLater: 5
// ActionError ERR_RUNAR_ACTION: a/none: null
// ActionError ERR_RUNAR_ACTION: a/noneLater: null
// ActionError ERR_RUNAR_ACTION: a/nothing: undefined
// ActionError ERR_RUNAR_ACTION: a/nothingLater: undefined
// ActionError ERR_RUNAR_ACTION: a/object: {"a":1}
// ActionError ERR_RUNAR_ACTION: a/objectLater: {"a":1}
// ActionError ERR_RUNAR_ACTION: a/unreadable: an object that cannot be read
// ActionError ERR_RUNAR_ACTION: a/unreadableLater: an object that cannot be read
// end
// exit 0
