import { Node } from "runar-ts";
import { deferred, end, rejection, say, thrown } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const options = { logger: () => undefined };
const refusing = {
  "~standard": {
    version: 1,
    vendor: "case",
    validate: () => ({ issues: [{ message: "never right", path: ["a", 0] }] }),
  },
};
const entered = deferred();
const service = {
  name: "s",
  path: "s",
  actions: {
    ok: () => "ok",
    two: (a, b) => a + b,
    fails: () => {
      throw new Error("no");
    },
    never: () => new Promise(() => undefined),
    busy: {
      concurrency: 1,
      queue: 0,
      handler: () => {
        entered.resolve();
        return new Promise(() => undefined);
      },
    },
    checked: { input: refusing, handler: (value) => value },
    wrong: { output: refusing, handler: () => 1 },
  },
};
const tell = (error) => say(error, error.details);
tell(thrown(() => new Node({ request_timeout: 5 })));
tell(thrown(() => new Node({ network_config: { discovery: [] } })));
tell(thrown(() => new Node({}, { requestTimeout: 5 })));
tell(thrown(() => new Node({}, { localCalls: "fast" })));
tell(thrown(() => new Node({}, { logger: 5 })));
const node = new LaneNode({}, options);
tell(thrown(() => node.addService({ ...service, path: "a/b" })));
tell(thrown(() => node.addService({ ...service, actions: { a: 1 } })));
node.addService(service);
tell(thrown(() => node.addService(service)));
tell(await rejection(node.request("s/ok")));
tell(await rejection(node.publish("s/happened", 1)));
await node.start();
tell(await rejection(node.request("s/nothing")));
tell(await rejection(node.request("s/two", [1, 2, 3, 4])));
tell(await rejection(node.request("s/fails")));
tell(await rejection(node.request("s/never", [], { timeoutMs: 20 })));
tell(await rejection(node.request("s/never", [], { timeoutMs: -1 })));
const busy = rejection(node.request("s/busy", [], { timeoutMs: 1_000 }));
await entered.promise;
tell(await rejection(node.request("s/busy")));
tell(await busy);
const input = await rejection(node.request("s/checked", [1]));
say(input, input.details.issues);
const output = await rejection(node.request("s/wrong"));
say(output, output.details.issues);
tell(await rejection(node.removeService("t")));
tell(await rejection(node.publish("a/*")));
tell(thrown(() => node.on("a//b", () => undefined)));
await node.stop();
tell(await rejection(node.request("s/ok")));
tell(await rejection(node.publish("s/happened", 1)));
for (const hook of ["init", "start", "stop"]) {
  const other = new LaneNode({}, options);
  const broken = () => {
    throw new Error(`no ${hook}`);
  };
  other.addService({ name: "b", path: "b", actions: {}, [hook]: broken });
  const error = await rejection(other.start().then(() => other.stop()));
  say(error, error.cause.message, error.details);
}
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout: unknown key, did you mean request_timeout_ms? {path: "config.request_timeout"}
// ConfigError ERR_RUNAR_CONFIG: config.network_config.discovery: unknown key, did you mean discovery_options? {path: "config.network_config.discovery"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.requestTimeout: unknown key, did you mean requestTimeoutMs? {path: "options.requestTimeout"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.localCalls: expected "direct" or "native", got "fast" {path: "options.localCalls"}
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got number {path: "options.logger"}
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a/b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or . {path: "service.path"}
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.actions.a: expected a function, or an object with a handler, got a number {path: "service.actions.a"}
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: service.path: the node already has a service with the path "s" {path: "s"}
// LifecycleError ERR_RUNAR_NOT_STARTED: s/ok: the node has not been started (a retry can help) {path: "s/ok"}
// LifecycleError ERR_RUNAR_NOT_STARTED: s/happened: the node has not been started (a retry can help) {path: "s/happened"}
// NotFoundError ERR_RUNAR_NOT_FOUND: s/nothing: no service has this action {path: "s/nothing"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: s/two: the handler takes at most 2 arguments; the payload has 4 {path: "s/two"}
// ActionError ERR_RUNAR_ACTION: s/fails: no {path: "s/fails"}
// TimeoutError ERR_RUNAR_TIMEOUT: s/never: no answer within 20 ms (a retry can help) {path: "s/never", timeoutMs: 20}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.timeoutMs: expected a number of milliseconds above 0, got -1 {path: "options.timeoutMs"}
// OverloadError ERR_RUNAR_OVERLOAD: s/busy: 1 calls are running and 0 are waiting (a retry can help) {concurrency: 1, path: "s/busy", queue: 0}
// TimeoutError ERR_RUNAR_TIMEOUT: s/busy: no answer within 1000 ms (a retry can help) {path: "s/busy", timeoutMs: 1000}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: s/checked: payload.a[0]: never right [{message: "never right", path: "payload.a[0]"}]
// ActionError ERR_RUNAR_INVALID_RESULT: s/wrong: result.a[0]: never right [{message: "never right", path: "result.a[0]"}]
// NotFoundError ERR_RUNAR_NOT_FOUND: The node has no service with the path t {path: "t"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/*": a pattern cannot be published to {topic: "a/*"}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part {topic: "a//b"}
// LifecycleError ERR_RUNAR_STOPPED: s/ok: the node is stopped {path: "s/ok"}
// LifecycleError ERR_RUNAR_STOPPED: s/happened: the node is stopped {path: "s/happened"}
// LifecycleError ERR_RUNAR_INIT_FAILED: b: the init hook failed: no init no init {hook: "init", service: "b"}
// LifecycleError ERR_RUNAR_START_FAILED: b: the start hook failed: no start no start {hook: "start", service: "b"}
// LifecycleError ERR_RUNAR_STOP_FAILED: b: the stop hook failed: no stop no stop {hook: "stop", service: "b"}
// end
// exit 0
