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
say(thrown(() => new Node({ request_timeout: 5 })));
say(thrown(() => new Node({}, { localCalls: "fast" })));
say(thrown(() => new Node({}, { logger: 5 })));
const node = new LaneNode({}, options);
say(thrown(() => node.addService({ ...service, path: "a/b" })));
node.addService(service);
say(thrown(() => node.addService(service)));
say(await rejection(node.request("s/ok")));
await node.start();
say(await rejection(node.request("s/nothing")));
say(await rejection(node.request("s/two", [1, 2, 3, 4])));
say(await rejection(node.request("s/fails")));
say(await rejection(node.request("s/never", [], { timeoutMs: 20 })));
const busy = rejection(node.request("s/busy", [], { timeoutMs: 1_000 }));
await entered.promise;
say(await rejection(node.request("s/busy")));
say(await busy);
const input = await rejection(node.request("s/checked", [1]));
say(input, input.details.issues);
const output = await rejection(node.request("s/wrong"));
say(output, output.details.issues);
say(await rejection(node.publish("a/*")));
say(thrown(() => node.on("a//b", () => undefined)));
await node.stop();
say(await rejection(node.request("s/ok")));
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
// ConfigError ERR_RUNAR_CONFIG: config.request_timeout: unknown key, did you mean request_timeout_ms?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.localCalls: expected "direct" or "native", got "fast"
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got number
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: service.path: "a/b" is no path of a service: it needs letters, digits, _, - and . and may not begin with - or .
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: service.path: the node already has a service with the path "s"
// LifecycleError ERR_RUNAR_NOT_STARTED: s/ok: the node has not been started (a retry can help)
// NotFoundError ERR_RUNAR_NOT_FOUND: s/nothing: no service has this action
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: s/two: the handler takes at most 2 arguments; the payload has 4
// ActionError ERR_RUNAR_ACTION: s/fails: no
// TimeoutError ERR_RUNAR_TIMEOUT: s/never: no answer within 20 ms (a retry can help)
// OverloadError ERR_RUNAR_OVERLOAD: s/busy: 1 calls are running and 0 are waiting (a retry can help)
// TimeoutError ERR_RUNAR_TIMEOUT: s/busy: no answer within 1000 ms (a retry can help)
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: s/checked: payload.a[0]: never right [{message: "never right", path: "payload.a[0]"}]
// ActionError ERR_RUNAR_INVALID_RESULT: s/wrong: result.a[0]: never right [{message: "never right", path: "result.a[0]"}]
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a/*": a pattern cannot be published to
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: topic "a//b": has an empty part
// LifecycleError ERR_RUNAR_STOPPED: s/ok: the node is stopped
// LifecycleError ERR_RUNAR_INIT_FAILED: b: the init hook failed: no init no init {hook: "init", service: "b"}
// LifecycleError ERR_RUNAR_START_FAILED: b: the start hook failed: no start no start {hook: "start", service: "b"}
// LifecycleError ERR_RUNAR_STOP_FAILED: b: the stop hook failed: no stop no stop {hook: "stop", service: "b"}
// end
// exit 0
