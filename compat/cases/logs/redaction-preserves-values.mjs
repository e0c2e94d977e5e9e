import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

process.on("unhandledRejection", (error) => say("unhandled", error));
const seen = [];
const logger = ({ message, fields }) => seen.push([message, fields]);
const node = new Node({}, { redact: ["*.token", "deep.*.token"], logger });
const when = new Date(0);
const bytes = new Uint8Array([1, 2]);
const map = new Map([["token", "secret"]]);
const other = new Map([["a", { token: 1 }]]);
const plain = { a: 1 };
node.logger.info("others", { when, bytes, map, other, plain, list: [1, { token: 1 }] });
node.logger.info("a getter that throws", {
  in: {
    get other() {
      throw new Error("not now");
    },
    token: "secret",
  },
});
const { proxy, revoke } = Proxy.revocable({ token: "secret" }, {});
revoke();
node.logger.info("a revoked proxy", { in: proxy });
const circle = { token: "secret" };
circle.circle = circle;
node.logger.info("a circle", { deep: circle });
node.logger.info("and the last");
await node.closeLogs();
const [, fields] = seen[0];
say("a date is a date", fields.when === when, "bytes are bytes", fields.bytes === bytes);
say(
  "a map is a map",
  fields.map instanceof Map,
  fields.map.get("token"),
  "one without such a key is the same",
  fields.other === other,
  "what has no such key is the same",
  fields.plain === plain,
);
say(fields.list);
for (const [message, { in: inner, deep } = {}] of seen) {
  const shown = inner ?? deep;
  const token =
    shown === undefined ? "none" : Object.getOwnPropertyDescriptor(shown, "token")?.value;
  say(message, "token:", token ?? "none");
}
say(node.logStats().total);
end();

// trace
// a date is a date true bytes are bytes true
// a map is a map true [Redacted] one without such a key is the same true what has no such key is the same true
// [1, {token: 1}]
// others token: none
// a getter that throws token: none
// a revoked proxy token: none
// a circle token: [Redacted]
// and the last token: none
// {accepted: 5, delivered: 5, dropped: 0, pending: 0}
// end
// exit 0
