import { Node } from "runar-ts";
import { end, lane, say } from "../../kit.mjs";

const node = new Node({}, { localCalls: lane });
await node.start();
let heard = 0;
let wrong = 0;
for (let s = 0; s < 100; s++) {
  let last = -1;
  node.on(s % 2 === 0 ? "n/even" : "n/*", (event) => {
    heard++;
    if (event.value <= last) wrong++;
    last = event.value;
  });
}
const publishes = [];
for (let n = 0; n < 2_000; n++) publishes.push(node.publish(n % 2 === 0 ? "n/even" : "n/odd", n));
await Promise.all(publishes);
say("heard", heard, "out of order", wrong);
await node.stop();
end();
