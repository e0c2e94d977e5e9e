import { deferred, end, say } from "../../kit.mjs";
import { pair, until } from "./_members.mjs";

const { here, there } = await pair();
const last = deferred();
const heard = { here: [], there: [] };
here.on("orders/*", (event) => heard.here.push([event.topic, event.value]));
there.on("orders/*", (event) => heard.there.push([event.topic, event.value]));
there.on("done", () => last.resolve());
await until(here, (peer) => peer.subscriptions.includes("done"));
for (let n = 1; n <= 3; n++) await here.publish("orders/placed", { n });
await here.publish("nobody/listens", 1);
await here.publish("done");
await last.promise;
say("here", heard.here);
say("there", heard.there);
await Promise.all([here.stop(), there.stop()]);
end();

// trace
// here [["orders/placed", {n: 1}], ["orders/placed", {n: 2}], ["orders/placed", {n: 3}]]
// there [["orders/placed", {n: 1}], ["orders/placed", {n: 2}], ["orders/placed", {n: 3}]]
// end
// exit 0
