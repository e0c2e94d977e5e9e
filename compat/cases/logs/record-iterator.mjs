import { Node } from "runar-ts";
import { end, say, thrown } from "../../kit.mjs";

const node = new Node({}, { logger: () => undefined });
const all = node.logs();
const some = node.logs({ level: "warn" });
const few = node.logs({ limit: 2 });
const first = node.logs({ limit: 2, overflow: "drop-newest" });
const waiting = all.next();
for (const level of ["info", "warn", "error", "info", "warn"]) node.logger[level](level);
const { value } = await waiting;
say("who waits is given it", value.message, value.seq);
await node.start();
await node.stop();
const read = async (records) => {
  const messages = [];
  for await (const { message } of records) messages.push(message);
  return messages;
};
say("the rest", await read(all), all.dropped);
say("warnings", await read(some), some.dropped);
say("the latest two", await read(few), few.dropped);
say("the first two", await read(first), first.dropped);
const again = node.logs();
node.logger.info("one");
node.logger.info("two");
for await (const { message } of again) {
  say("in a loop", message);
  break;
}
say("after the break", await again.next());
const closing = node.logs();
const last = closing.next();
await node.closeLogs();
say("closed", await last);
for (const options of [{ level: "loud" }, { limit: 0 }, { overflow: "block" }, { levels: 1 }, 5]) {
  say(thrown(() => node.logs(options)));
}
end();

// trace
// who waits is given it info 1
// the rest ["warn", "error", "info", "warn"] 0
// warnings ["warn", "error", "warn"] 0
// the latest two ["info", "warn"] 3
// the first two ["info", "warn"] 3
// in a loop one
// after the break {done: true, value: undefined}
// closed {done: true, value: undefined}
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.level: expected trace, debug, info, warn, error or off, got "loud"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.limit: expected a whole number from 1 on, got 0
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.overflow: expected "drop-oldest" or "drop-newest", got "block"
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options.levels: unknown key, did you mean level?
// InvalidArgumentError ERR_RUNAR_INVALID_ARGUMENT: options: expected an object, got a number
// end
// exit 0
