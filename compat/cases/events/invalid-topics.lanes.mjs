// not remote: the case makes no calls; the group network covers events between peers
import { describe, end, rejection, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
for (const topic of ["", "a//b", "a b", "a/{id}", "a/>/b", "a*", 5, "x".repeat(2000)]) {
  const text = describe(thrown(() => node.on(topic, () => undefined)));
  say(text.slice(0, 120));
}
for (const topic of ["orders/*", "orders/>", "$registry/x", ""]) {
  say(await rejection(node.publish(topic, 1)));
}
say(describe(thrown(() => node.on("a", "no function"))));
await node.stop();
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a b": has spaces or one of : { }
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/{id}": has spaces or one of : { }
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/>/b": * must be a part of its own, and > the last part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a*": * must be a part of its own, and > the last part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic 5: expected a string, got a number
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "orders/*": a pattern cannot be published to
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "orders/>": a pattern cannot be published to
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "$registry/x": topics that begin with $ are the core's own
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "": has an empty part
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a": the subscriber must be a function, got a string
// end
// exit 0
