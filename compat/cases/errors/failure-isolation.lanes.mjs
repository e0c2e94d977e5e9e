import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
node.addService({
  name: "s",
  path: "s",
  actions: {
    odd: (n) => {
      if (n % 2 === 1) throw new Error(`odd ${n}`);
      return n;
    },
    later: async (n) => {
      await null;
      if (n % 3 === 0) throw new Error(`third ${n}`);
      return n;
    },
  },
});
await node.start();
for (const action of ["odd", "later"]) {
  const calls = Array.from({ length: 12 }, (_, n) => node.request(`s/${action}`, [n]));
  const settled = await Promise.allSettled(calls);
  say(action, ...settled.map(({ value, reason }) => value ?? reason.cause.message));
}
await node.stop();
end();

// trace
// odd 0 odd 1 2 odd 3 4 odd 5 6 odd 7 8 odd 9 10 odd 11
// later third 0 1 2 third 3 4 5 third 6 7 8 third 9 10 11
// end
// exit 0
