// not remote: the case makes no calls; the group network covers events between peers
import { end, rejection, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
await node.start();
const long = "x".repeat(1025);
for (const topic of [
  "",
  "a//b",
  "a b",
  "a:b",
  "a/b*",
  ">/a",
  "a/*",
  "a/>",
  "$registry/x",
  5,
  undefined,
]) {
  say("publish", await rejection(node.publish(topic)));
}
say((await rejection(node.publish(long))).message.slice(-40));
const handler = () => undefined;
for (const topic of ["", "a//b", "a b", "a/{id}", "a/b*", "a*", "a/>/b", 5]) {
  say(
    "on",
    thrown(() => node.on(topic, handler)),
  );
}
say(thrown(() => node.on(long, handler)).message.slice(-40));
say(thrown(() => node.on("a/b", "no function")));
say(thrown(() => node.on("a/b", handler, { includePast: 1 })));
say(thrown(() => node.events("a/b", { overflow: "block" })));
say(thrown(() => node.events("a/b", { limit: 0 })));
say(await rejection(node.publish("a/b", 1, { retainMS: 1 })));
say(await rejection(node.publish("a/b", 1, { retainMs: -1 })));
await node.stop();
end();

// trace
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "": has an empty part
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a b": has spaces or one of : { }
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a:b": has spaces or one of : { }
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/b*": * must be a part of its own, and > the last part
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic ">/a": * must be a part of its own, and > the last part
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/*": a pattern cannot be published to
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/>": a pattern cannot be published to
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "$registry/x": topics that begin with $ are the core's own
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic 5: expected a string, got a number
// publish InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic undefined: expected a string, got undefined
// xxxxxxxxxx": longer than 1024 characters
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "": has an empty part
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a b": has spaces or one of : { }
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/{id}": has spaces or one of : { }
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/b*": * must be a part of its own, and > the last part
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a*": * must be a part of its own, and > the last part
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/>/b": * must be a part of its own, and > the last part
// on InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic 5: expected a string, got a number
// xxxxxxxxxx": longer than 1024 characters
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/b": the subscriber must be a function, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.includePast: unknown key, did you mean includePastMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.overflow: expected "drop-oldest" or "drop-newest", got "block"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.limit: expected a whole number from 1 on, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.retainMS: unknown key, did you mean retainMs?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.retainMs: expected a number of milliseconds above 0, got -1
// end
// exit 0
