// No caller returns its call directly: JavaScriptCore removes the frame of a tail call.
import { Node } from "runar-ts";
import { end, rejection, say, thrown } from "../../kit.mjs";

const node = new Node({});
function badConfig() {
  void new Node({ nodeid: "x" });
}
function badDefinition() {
  node.addService({ name: "s", path: "s", action: {} });
}
function badLevel() {
  node.setLogLevel("loud");
}
async function callsTooEarly() {
  await node.request("s/ping");
}
async function badTopic() {
  await node.publish("a b");
}
for (const body of [badConfig, badDefinition, badLevel]) {
  const error = thrown(body);
  say(error, "names its caller", error.stack.includes(body.name));
}
for (const body of [callsTooEarly, badTopic]) {
  const error = await rejection(body());
  say(error, "names its caller", error.stack.includes(body.name));
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.nodeid: unknown key, did you mean node_id? names its caller true
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.action: unknown key, did you mean actions? names its caller true
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: level: expected trace, debug, info, warn, error or off, got "loud" names its caller true
// LifecycleError ERR_RUNAR_NOT_STARTED: s/ping: the node has not been started (a retry can help) names its caller true
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a b": has spaces or one of : { } names its caller true
// end
// exit 0
