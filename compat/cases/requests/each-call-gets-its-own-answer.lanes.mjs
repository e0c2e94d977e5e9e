import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
node.addService({
  name: "a",
  path: "a",
  actions: {
    now: (n) => n,
    later: async (n) => n,
    timer: (n) => new Promise((resolve) => setTimeout(resolve, n % 7, n)),
    odd: (n) => {
      if (n % 2 === 1) throw new Error(`odd: ${n}`);
      return n;
    },
  },
});
await node.start();
const actions = ["now", "later", "timer", "odd"];
const calls = Array.from({ length: 2_000 }, (_, n) => node.request(`a/${actions[n % 4]}`, [n]));
const outcomes = await Promise.allSettled(calls);
const right = outcomes.filter(({ status, value, reason }, n) =>
  status === "fulfilled" ? value === n : n % 4 === 3 && reason.message === `a/odd: odd: ${n}`,
);
say("right", right.length, "of", outcomes.length);
await node.stop();
end();

// trace
// right 2000 of 2000
// end
// exit 0
