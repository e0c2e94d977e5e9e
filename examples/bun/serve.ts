import { Node } from "runar-ts";
import { greeter } from "./greeter.js";
import { serve } from "./server.js";

const node = new Node({ node_id: "bun" });
node.addService(greeter);
await node.start();
const server = serve(node, Number(Bun.env.PORT ?? 3000));
console.log(`listening at ${server.url}; Ctrl-C ends it`);

async function stop(): Promise<void> {
  await server.stop(); // lets requests that are under way end
  await node.stop();
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
