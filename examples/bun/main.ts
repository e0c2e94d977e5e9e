import { Node } from "runar-ts";
import { greeter } from "./greeter.js";
import { serve } from "./server.js";

const node = new Node({ node_id: "bun" });
node.addService(greeter);
await node.start();
const server = serve(node, 0);

const response = await fetch(`${server.url}hello/Ada`);
console.log(response.status, await response.text());

await server.stop(); // lets requests that are under way end
await node.stop();
console.log("stopped");
