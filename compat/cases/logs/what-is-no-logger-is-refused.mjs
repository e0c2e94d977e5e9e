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
