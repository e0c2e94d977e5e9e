import * as runar from "runar-ts";
import { end, say } from "../../kit.mjs";

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
    say(error, isOne, error instanceof classes[name]);
    if (String(error) !== `${name}: why`) say("as text", String(error));
    if (Object.keys(error).sort().join() !== "code,details,retryable") say("keys", error);
  }
}
const error = new runar.TimeoutError("ERR_RUNAR_TIMEOUT", "late", { cause: new Error("why") });
say("as JSON", JSON.stringify(error), "its cause", error.cause, "details", error.details);
say("no cause", "cause" in new runar.ValueError("ERR_RUNAR_VALUE", "m"));
end();

// trace
// ConfigError ERR_RUNAR_CONFIG: why true true
// ServiceDefinitionError ERR_RUNAR_SERVICE_DEFINITION: why true true
// ServiceDefinitionError ERR_RUNAR_DUPLICATE_SERVICE: why true true
// LifecycleError ERR_RUNAR_NOT_STARTED: why (a retry can help) true true
// LifecycleError ERR_RUNAR_STOPPED: why true true
// LifecycleError ERR_RUNAR_SERVICE_NOT_RUNNING: why (a retry can help) true true
// LifecycleError ERR_RUNAR_INIT_FAILED: why true true
// LifecycleError ERR_RUNAR_START_FAILED: why true true
// LifecycleError ERR_RUNAR_STOP_FAILED: why true true
// NotFoundError ERR_RUNAR_NOT_FOUND: why true true
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: why true true
// ValueError ERR_RUNAR_VALUE: why true true
// ActionError ERR_RUNAR_ACTION: why true true
// ActionError ERR_RUNAR_INVALID_RESULT: why true true
// OverloadError ERR_RUNAR_OVERLOAD: why (a retry can help) true true
// OverloadError ERR_RUNAR_TOO_MANY_TOPICS: why true true
// TimeoutError ERR_RUNAR_TIMEOUT: why (a retry can help) true true
// PanicError ERR_RUNAR_PANIC: why true true
// LogSinkError ERR_RUNAR_LOG_SINK: why true true
// LoadError ERR_RUNAR_LOAD: why true true
// as JSON {"name":"TimeoutError","code":"ERR_RUNAR_TIMEOUT","message":"late","retryable":true} its cause Error: why details undefined
// no cause false
// end
// exit 0
