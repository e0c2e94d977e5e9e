import { Node } from "runar-ts";
import { end, live, say } from "../../kit.mjs";

const nodes = Array.from({ length: 50 }, (_, n) => {
  const node = new Node({}, { localCalls: n % 2 ? "native" : "direct" });
  node.addService({ name: "a", path: "a", actions: { which: () => n } });
  return node;
});
await Promise.all(nodes.map((node) => node.start()));
say("running", live().running);
const answers = await Promise.all(nodes.map((node) => node.request("a/which")));
say(
  "right",
  answers.every((answer, n) => answer === n),
);
await Promise.all(nodes.map((node) => node.stop()));
say("running", live().running);
end();

// trace
// running 50
// right true
// running 0
// end
// exit 0
