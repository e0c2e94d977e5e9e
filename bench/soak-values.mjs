// ArcValues that are made and dropped, some closed and some left to the garbage collector, in a process
// of its own; writes the memory curve as JSON. Arguments: how many, and how many bytes each is to lose.
import { ArcValue } from "runar-ts";
import { isolate } from "../sdk/dist/bridge/isolate.js";
import { native } from "../sdk/dist/native/binding.js";
import { memoryCurve } from "./soak-memory.mjs";

const [count, leak] = process.argv.slice(2);
const leakedBytes = Number(leak);

const make = [
  () => ArcValue.from({ a: 1, b: ["x", new Uint8Array(20_000)] }).close(),
  () => ArcValue.from([1, 2, 3]).at(1)?.toJS(),
  () => ArcValue.from("text", { as: "json" }).toJS(),
];
const held = () => JSON.parse(native.liveCounts(isolate().id)).values;

let left = 0;
const samples = await memoryCurve(Number(count), async (repetitions) => {
  for (let done = 0; done < repetitions; done++) {
    make[done % make.length]();
    if (leakedBytes > 0) native.fixtureLeak(leakedBytes);
    // Finalizers run when the event loop turns.
    if (done % 1000 === 0) await new Promise(setImmediate);
  }
  left = repetitions;
});
if (held() > left) throw new Error(`${held()} values are still held`);
console.log(JSON.stringify(samples));
