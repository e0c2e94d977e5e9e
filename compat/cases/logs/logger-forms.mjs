import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const methods = {};
for (const level of ["debug", "info", "warn", "error"]) {
  methods[level] = (message, { fields }) => say("methods", level, message, fields ?? "none");
}
const forms = {
  function: ({ message }) => say("function", message),
  batches: {
    write: (records) =>
      say(
        "batch",
        records.map(({ message }) => message),
      ),
  },
  methods,
};
for (const [name, logger] of Object.entries(forms)) {
  const node = new Node({}, { logger });
  node.logger.info(`to ${name}`, { n: 1 });
  node.logger.warn("second");
  await node.start();
  await node.stop();
}
end();

// trace
// function to function
// function second
// batch ["to batches", "second"]
// methods info to methods {n: 1}
// methods warn second none
// end
// exit 0
