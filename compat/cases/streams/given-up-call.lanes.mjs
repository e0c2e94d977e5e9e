// A stream that comes after its call was given up ends at once.
import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

let open = 0;
let ended;
function stream() {
  open++;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => ({ done: false, value: "item" }),
    return: async () => {
      open--;
      ended();
      return { done: true, value: undefined };
    },
  };
}

let answer;
const node = new LaneNode();
node.addService({
  name: "a",
  path: "a",
  actions: {
    late: async (ctx) => {
      await new Promise((resolve) => {
        answer = resolve;
        if (ctx.signal.aborted) resolve();
        ctx.signal.addEventListener("abort", resolve);
      });
      return stream();
    },
    now: stream,
  },
});
await node.start();

const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

const first = new AbortController();
const call = rejection(node.request("a/late", [], { signal: first.signal }));
while (answer === undefined) await turn();
let done = new Promise((resolve) => {
  ended = resolve;
});
first.abort(new Error("enough"));
say(await call);
await done;
say("open", open);

const second = new AbortController();
const items = await node.request("a/now", [], { signal: second.signal });
say((await items.next()).value);
done = new Promise((resolve) => {
  ended = resolve;
});
second.abort(new Error("enough now"));
await done;
say("open", open);
say(await rejection(items.next()));
say(await items.next());
await node.stop();
end();

// trace
// Error: enough
// open 0
// item
// open 0
// Error: enough now
// {done: true, value: undefined}
// end
// exit 0
