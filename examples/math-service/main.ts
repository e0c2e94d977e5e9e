import { Node, RunarError } from "runar-ts";
import { mathService } from "./math.js";

const node = new Node({ node_id: "demo" }, { logLevel: "debug" });
node.addService(mathService);
await node.start();

console.log("by its path:  math/add [2, 3] =", await node.request("math/add", [2, 3]));

const math = node.client<typeof mathService>("math");
const sum: number = await math.add(20, 22);
console.log("typed client: math.add(20, 22) =", sum);

try {
  await math.divide(1, 0);
} catch (error) {
  if (!(error instanceof RunarError)) throw error;
  console.log(`an error:     ${error.name} ${error.code}: ${error.message}`);
}

await node.stop();
console.log("stopped; nothing is left to do, so the process ends by itself");
