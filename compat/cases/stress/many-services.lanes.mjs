import { end, rejection, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode();
for (let s = 0; s < 100; s++) {
  const actions = {};
  for (let a = 0; a < 50; a++) actions[`action-${a}`] = (n) => [s, a, n];
  node.addService({ name: `service ${s}`, path: `s${s}`, actions });
}
await node.start();
const answers = await Promise.all(
  Array.from({ length: 5_000 }, (_, n) =>
    node.request(`s${n % 100}/action-${Math.floor(n / 100)}`, [n]),
  ),
);
const right = ([s, a, n], index) => n === index && s === n % 100 && a === Math.floor(n / 100);
say("right", answers.filter(right).length);
for (let s = 0; s < 100; s += 2) await node.removeService(`s${s}`);
say((await rejection(node.request("s0/action-0"))).code, await node.request("s1/action-0", [1]));
await node.stop();
end();

// trace
// right 5000
// ERR_RUNAR_NOT_FOUND [1, 0, 1]
// end
// exit 0
