import { deferred, end, say } from "../../kit.mjs";
import { pair, until } from "./_members.mjs";

const { here, there } = await pair();
const last = deferred();
here.on("orders/*", (event) => say("here", event.topic, event.value));
there.on("orders/*", (event) => say("there", event.topic, event.value));
there.on("done", () => last.resolve());
await until(here, (peer) => peer.subscriptions.includes("done"));
for (let n = 1; n <= 3; n++) await here.publish("orders/placed", { n });
await here.publish("nobody/listens", 1);
await here.publish("done");
await last.promise;
await Promise.all([here.stop(), there.stop()]);
end();
