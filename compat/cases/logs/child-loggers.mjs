import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

const records = [];
const node = new Node({}, { logger: (record) => records.push(record) });
const child = node.logger.child({ request: 7 }).child({ user: "u" });
child.info("with fields", { more: true });
const cause = Object.assign(new TypeError("the cause"), { code: "ERR_CAUSE" });
child.error("failed", { error: new Error("the error", { cause }) });
await node.start();
await node.stop();
for (const { message, fields, error } of records.filter(({ target }) => target === "runar-ts")) {
  say(message, fields);
  for (let one = error; one; one = one.cause)
    say(one.name, one.message, String(one.code), typeof one.stack);
}
end();

// trace
// with fields {more: true, request: 7, user: "u"}
// failed {request: 7, user: "u"}
// Error the error undefined string
// TypeError the cause ERR_CAUSE string
// end
// exit 0
