import { startPool } from "./pool.js";

const LIMIT = 1_000_000;
const pool = await startPool(2);

let turns = 0;
const clock = setInterval(() => turns++, 5);
const step = LIMIT / pool.primes.length;
const counts = await Promise.all(
  pool.primes.map((primes, index) => primes.count(index * step, (index + 1) * step)),
);
clearInterval(clock);

for (const [index, count] of counts.entries()) {
  console.log(`primes from ${index * step} to ${(index + 1) * step}: ${count}`);
}
console.log("this thread went on meanwhile:", turns > 0);
await pool.stop();
console.log("the workers have ended");
