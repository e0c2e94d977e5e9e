// A node that is called by soak-load.mjs, which tells it who it is. It writes down the number of each
// call before it answers, so that what has run is known however it ends.
import { openSync, writeSync } from "node:fs";
import { Identity, Node } from "runar-ts";
import { settledMemory } from "./soak-memory.mjs";

const commands = {
  async start({ keys, bind, file }) {
    const log = openSync(file, "a");
    const record = new Uint32Array(1);
    node = new Node(
      { network_config: { transport_options: { bind_address: bind } } },
      { identity: Identity.restore(keys) },
    );
    node.addService({
      name: "counted",
      path: "counted",
      actions: {
        run: (number) => {
          record[0] = number;
          writeSync(log, record);
          return number;
        },
      },
    });
    await node.start();
    return node.addresses[0];
  },
  memory: () => settledMemory(),
  async stop() {
    await node.stop();
    process.disconnect();
  },
};

let node;
process.on("message", async ({ command, ...rest }) => {
  const told = await commands[command](rest);
  if (process.connected) process.send(told);
});
