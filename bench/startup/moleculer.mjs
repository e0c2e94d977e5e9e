// The same with moleculer.
const began = performance.now();
const { default: moleculer } = await import("moleculer");
const broker = new moleculer.ServiceBroker({ logger: false });
broker.createService({ name: "a", actions: { ping: () => "pong" } });
await broker.start();
if ((await broker.call("a.ping")) !== "pong") throw new Error("no pong");
console.log(performance.now() - began);
await broker.stop();
