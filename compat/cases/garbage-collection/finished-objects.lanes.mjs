// Payloads, answers, errors, contexts and subscribers are collectable after use.
import { collectGarbage, end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
const kept = { payload: [], answer: [], error: [], context: [], subscriber: [], aborted: [] };
const watch = (kind, object) => {
  kept[kind].push(new WeakRef(object));
  return object;
};
node.addService({
  name: "a",
  path: "a",
  actions: {
    echo: async (value, ctx) => {
      watch("context", ctx);
      return { value };
    },
    fails: async () => {
      throw watch("error", new Error("no"));
    },
    never: (value) => {
      watch("aborted", value);
      return new Promise(() => undefined);
    },
  },
});
await node.start();
async function use() {
  watch("answer", await node.request("a/echo", watch("payload", { text: "x".repeat(1_000) })));
  await rejection(node.request("a/fails"));
  await rejection(node.request("a/never", { big: "y".repeat(1_000) }, { timeoutMs: 1 }));
  node
    .on(
      "t",
      watch("subscriber", () => undefined),
    )
    .unsubscribe();
  await node.publish("t", 1);
}
for (let round = 0; round < 50; round++) await use();
const left = (kind) => kept[kind].filter((one) => one.deref() !== undefined).length;
const kinds = Object.keys(kept);
// The engine decides which collection takes an object.
for (let round = 0; round < 100 && kinds.some((kind) => left(kind) > 5); round++) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  collectGarbage();
}
for (const kind of kinds) say(kind, "nothing piles up", left(kind) <= 5);
await node.stop({ drainMs: 0 });
end();

// trace
// payload nothing piles up true
// answer nothing piles up true
// error nothing piles up true
// context nothing piles up true
// subscriber nothing piles up true
// aborted nothing piles up true
// end
// exit 0
