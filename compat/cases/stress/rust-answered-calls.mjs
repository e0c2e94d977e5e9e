import { Node } from "runar-ts";
import { end, say } from "../../kit.mjs";

// A path without a service in this isolate goes to the Runar thread. Each answer is a wake-up,
// which some runtimes lose occasionally.
const node = new Node({});
await node.start();
let answered = 0;
async function caller() {
  for (let i = 0; i < 500; i++) {
    await node.request("nobody/home").catch(({ code }) => {
      if (code === "ERR_RUNAR_NOT_FOUND") answered++;
    });
  }
}
await Promise.all(Array.from({ length: 64 }, caller));
say("answered", answered);
await node.stop();
end();

// trace
// answered 32000
// end
// exit 0
