// Prints the milliseconds from the import of runar-ts to the first answer.
const began = performance.now();
const { Node } = await import("runar-ts");
const node = new Node({});
node.addService({ name: "a", path: "a", actions: { ping: () => "pong" } });
await node.start();
if ((await node.request("a/ping")) !== "pong") throw new Error("no pong");
console.log(performance.now() - began);
await node.stop();
