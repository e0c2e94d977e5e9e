import { Node } from "runar-ts";

const node = new Node({}, { localCalls: "native" });
node.addService({ name: "a", path: "a", actions: { greet: (name) => `hello, ${name}` } });
await node.start();
console.log(await node.request("a/greet", [process.argv.at(-1)]));
