import { gateway } from "runar-ts/services";
import { end, say } from "../../kit.mjs";
import { LaneNode } from "../../lane.mjs";

const node = new LaneNode({}, { logger: () => {} });
const web = gateway({ path: "web", listen: 0, safe: ["math/pi"] });
node.addService(web);
node.addService({
  name: "math",
  path: "math",
  actions: {
    add: async (a, b) => a + b,
    pi: () => 3.14,
    fail: () => {
      throw new Error("out of paper");
    },
  },
});
await node.start();
const { url } = web;

async function ask(path, payload) {
  const body = JSON.stringify(payload);
  const post = { method: "POST", headers: { "content-type": "application/json" }, body };
  const response = await fetch(`${url}/${path}`, body === undefined ? {} : post);
  return `${response.status} ${await response.text()}`;
}

say(await ask("math/pi"));
say(await ask("math/fail", null));
const sums = await Promise.all(Array.from({ length: 100 }, (_, i) => ask("math/add", [i, 1])));
say(String(sums.every((sum, i) => sum === `200 ${i + 1}`)));
await node.stop();
say(
  await fetch(`${url}/math/pi`).then(
    () => "open",
    () => "closed",
  ),
);
end();

// trace
// 200 3.14
// 500 Service request error: math/fail: out of paper (ERR_RUNAR_ACTION)
// true
// closed
// end
// exit 0
