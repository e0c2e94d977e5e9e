import { LogSinkError, Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const some = { debug() {}, info() {}, warn() {} };
for (const logger of [null, "stderr", 5, {}, { log() {} }, { write: true }, some]) {
  const error = thrown(() => new Node({}, { logger }));
  say(error, error instanceof LogSinkError);
}
new Node({}, { logger: { ...some, error() {} } });
new Node({}, { logger: console });
new Node({}, { logger: undefined });
say("these are fine");
end();

// trace
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got null true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got string true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got number true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got object true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got object true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got object true
// LogSinkError ERR_RUNAR_LOG_SINK: options.logger: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got object true
// these are fine
// end
// exit 0
