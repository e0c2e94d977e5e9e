import { Node } from "runar-ts";
import { consoleSink, tee } from "runar-ts/logging";
import { end, say, thrown } from "../../kit.mjs";

process.stderr.write = (text) => {
  say("reported:", String(text).trim());
  return true;
};
const heard = { all: [], warnings: [], nothing: [], methods: [] };
let lines = "";
const method = (message) => heard.methods.push(message);
const logger = tee(
  ({ message }) => heard.all.push(message),
  {
    sink: { write: (records) => heard.warnings.push(...records.map((r) => r.message)) },
    level: "warn",
  },
  { sink: (record) => heard.nothing.push(record), level: "off" },
  { debug: method, info: method, warn: method, error: method },
  {
    sink: consoleSink({ format: "json", stream: { write: (text) => (lines += text) } }),
    level: "error",
  },
  () => {
    throw new Error("the broken one");
  },
);
const node = new Node({}, { logger, logLevel: "debug" });
for (const level of ["trace", "debug", "info", "warn", "error"]) node.logger[level](level);
await node.closeLogs();
say(heard);
say(
  "lines",
  lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).message),
);
say("what some have taken is delivered", node.logStats().total);
const none = new Node(
  {},
  {
    logger: tee(
      () => {
        throw new Error("one");
      },
      async () => {
        throw new Error("two");
      },
    ),
  },
);
none.logger.info("lost");
say("what none has taken is dropped", (await none.closeLogs()).info);
say(thrown(() => tee()));
say(thrown(() => tee(() => undefined, 5)));
say(thrown(() => tee({ sink: "stderr" })));
say(thrown(() => tee({ sink: () => undefined, level: "loud" })));
say(thrown(() => tee({ sink: () => undefined, levels: "warn" })));
end();

// trace
// reported: runar-ts: a log sink failed; its records are lost: the broken one
// {all: ["debug", "info", "warn", "error"], methods: ["debug", "info", "warn", "error"], nothing: [], warnings: ["warn", "error"]}
// lines ["error"]
// what some have taken is delivered {accepted: 4, delivered: 4, dropped: 0, pending: 0}
// reported: runar-ts: a log sink failed; its records are lost: one
// what none has taken is dropped {accepted: 1, delivered: 0, dropped: 1, pending: 0}
// LogSinkError ERR_RUNAR_LOG_SINK: tee: expected at least one sink, got none
// LogSinkError ERR_RUNAR_LOG_SINK: tee[1]: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got number
// LogSinkError ERR_RUNAR_LOG_SINK: tee[0].sink: expected a function, an object with write(records), one with debug, info, warn and error, or a logger of pino or winston; got string
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: tee[0].level: expected trace, debug, info, warn, error or off, got "loud"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: tee[0].levels: unknown key, did you mean level?
// end
// exit 0
