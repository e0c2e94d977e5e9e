import { Node } from "runar-ts";
import { describe, end, say, thrown } from "../../kit.mjs";

for (const options of [
  { localCalls: "fast" },
  { logLevel: "loud" },
  { requestTimeoutMs: 0 },
  { requestTimeoutMs: "long" },
  { loger: console },
  { logger: 5 },
  { logger: {} },
]) {
  say(describe(thrown(() => new Node({}, options))));
}
end();

// trace
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.localCalls: expected "direct" or "native", got "fast"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.logLevel: expected trace, debug, info, warn, error or off, got "loud"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.requestTimeoutMs: expected a number of milliseconds above 0, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.requestTimeoutMs: expected a number of milliseconds above 0, got a string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.loger: unknown key, did you mean logger?
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got number
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got object
// end
// exit 0
