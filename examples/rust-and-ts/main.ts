import { startNetwork } from "./network.js";

const program = process.env.RUNAR_TEST_PEER;
if (program === undefined)
  throw new Error("RUNAR_TEST_PEER: expected the program of the Rust peer");
const { node, rust, news, stop } = await startNetwork(program);

// From TypeScript to Rust: named parameters, and the result as the Rust side has it.
console.log("TypeScript → Rust:", await node.request("calculator/greet", { name: "Ada" }));
console.log("TypeScript → Rust:", await node.request("calculator/add", { a: 2, b: 0.5 }));

// From Rust to TypeScript.
console.log("Rust → TypeScript:", await rust.call("greeter/hello", { name: "Ada" }));

// Events, both ways.
rust.publish("news/weather", "sun, says Rust");
console.log("TypeScript has heard:", (await news.next()).value?.value);
await rust.next({ event: "heard" }); // it hears what it says itself
await node.publish("news/weather", "rain, says TypeScript");
console.log("Rust has heard:", (await rust.next({ event: "heard" })).value);

await stop();
console.log("both have ended");
