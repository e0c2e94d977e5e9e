import * as runar from "runar-ts";
import { end, rejection, say } from "../../kit.mjs";

const classes = { ...runar };
const codes = {
  ConfigError: ["CONFIG"],
  ServiceDefinitionError: ["SERVICE_DEFINITION", "DUPLICATE_SERVICE"],
  LifecycleError: [
    "NOT_STARTED",
    "STOPPED",
    "SERVICE_NOT_RUNNING",
    "INIT_FAILED",
    "START_FAILED",
    "STOP_FAILED",
  ],
  NotFoundError: ["NOT_FOUND"],
  InvalidArgumentError: ["INVALID_ARGUMENT"],
  ValueError: ["VALUE"],
  ActionError: ["ACTION", "INVALID_RESULT"],
  OverloadError: ["OVERLOAD", "TOO_MANY_TOPICS"],
  TimeoutError: ["TIMEOUT"],
  PanicError: ["PANIC"],
  LogSinkError: ["LOG_SINK"],
  LoadError: ["LOAD"],
};
for (const [name, ends] of Object.entries(codes)) {
  for (const ending of ends) {
    const error = new classes[name](`ERR_RUNAR_${ending}`, "why", { details: { at: 1 } });
    const isOne = error instanceof runar.RunarError && error instanceof Error;
    const { prototype } = classes[name];
    const isFamily = prototype instanceof runar.RunarError && classes[name].name === name;
    say(error, isOne, error instanceof classes[name], isFamily);
    if (String(error) !== `${name}: why`) say("as text", String(error));
    if (Object.keys(error).sort().join() !== "code,details,retryable") say("keys", error);
  }
}
const error = new runar.TimeoutError("ERR_RUNAR_TIMEOUT", "late", { cause: new Error("why") });
say("as JSON", JSON.stringify(error), "its cause", error.cause, "details", error.details);
say("no cause", "cause" in new runar.ValueError("ERR_RUNAR_VALUE", "m"));
const rejected = await rejection(new runar.Node({}).request("a/b"));
say("of a call", Object.keys(rejected), Object.prototype.toString.call(rejected));
say(String(rejected), rejected instanceof Error, rejected instanceof runar.RunarError);
say("as JSON", Object.keys(rejected.toJSON()), JSON.stringify(rejected));
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: why true true true
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: why true true true
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: why true true true
// LifecycleError ERR_RUNAR_NOT_STARTED: why (a retry can help) true true true
// LifecycleError ERR_RUNAR_STOPPED: why true true true
// LifecycleError ERR_RUNAR_SERVICE_NOT_RUNNING: why (a retry can help) true true true
// LifecycleError ERR_RUNAR_INIT_FAILED: why true true true
// LifecycleError ERR_RUNAR_START_FAILED: why true true true
// LifecycleError ERR_RUNAR_STOP_FAILED: why true true true
// NotFoundError ERR_RUNAR_NOT_FOUND: why true true true
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: why true true true
// ValueError ERR_RUNAR_VALUE: why true true true
// ActionError ERR_RUNAR_ACTION: why true true true
// ActionError ERR_RUNAR_INVALID_RESULT: why true true true
// OverloadError ERR_RUNAR_OVERLOAD: why (a retry can help) true true true
// OverloadError ERR_RUNAR_TOO_MANY_TOPICS: why true true true
// TimeoutError ERR_RUNAR_TIMEOUT: why (a retry can help) true true true
// PanicError ERR_RUNAR_PANIC: why true true true
// LogSinkError ERR_RUNAR_LOG_SINK: why true true true
// LoadError ERR_RUNAR_LOAD: why true true true
// as JSON {"name":"TimeoutError","code":"ERR_RUNAR_TIMEOUT","message":"late","retryable":true} its cause Error: why details undefined
// no cause false
// of a call ["code", "retryable", "details"] [object Error]
// LifecycleError: a/b: the node has not been started true true
// as JSON ["name", "code", "message", "retryable", "details"] {"name":"LifecycleError","code":"ERR_RUNAR_NOT_STARTED","message":"a/b: the node has not been started","retryable":true,"details":{"path":"a/b"}}
// end
// exit 0
