import { Node } from "runar-ts";
import { gateway } from "runar-ts/services";
import { greeter } from "./greeter.js";

const { HOST = "127.0.0.1", PORT = "8080" } = process.env;

const node = new Node({ node_id: "{{name}}" });
// Makes the services reachable over HTTP. With `token` or `authenticate` it asks clients who they are.
const web = gateway({ path: "web", listen: `${HOST}:${PORT}` });
node.addService(greeter);
node.addService(web);
await node.start();
console.log(`listening at ${web.url}; Ctrl-C ends it`);

// Calls that are under way are answered first.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => node.stop());
