// How often a second contestants do something: awaited, in rounds in which they take turns.
import { figure, interleaved } from "./rounds.mjs";

const ROUND_SECONDS = 0.5;

async function actInTurn(act, count) {
  for (let done = 0; done < count; done++) await act();
}

/** How often a second JavaScript does something, `inFlight` at a time. */
async function rateOf(act, count, inFlight) {
  const each = Math.ceil(count / inFlight);
  const began = performance.now();
  await Promise.all(Array.from({ length: inFlight }, () => actInTurn(act, each)));
  return (each * inFlight * 1000) / (performance.now() - began);
}

/** A contestant that JavaScript makes act. */
export function actor(name, act) {
  return { name, rate: (count, inFlight) => rateOf(act, count, inFlight) };
}

/** One that is called, and adds 2 and 3. */
export async function caller(name, call) {
  const answer = await call();
  if (answer !== 5) throw new Error(`${name}: 2 + 3 is ${answer}`);
  return actor(name, call);
}

/** How often it acts in a round; finding out is the warm-up too. */
export async function countInRound({ rate }, inFlight, first) {
  for (let count = first; ; count *= 4) {
    const rateNow = await rate(count, inFlight);
    if (count / rateNow > ROUND_SECONDS / 2) return Math.ceil(rateNow * ROUND_SECONDS);
  }
}

/** The rates of all contestants; what takes long is first done fewer times. */
export async function compare(contestants, inFlight, first = 1024) {
  const rounds = [];
  for (const contestant of contestants) {
    const count = await countInRound(contestant, inFlight, first);
    rounds.push({ measure: () => contestant.rate(count, inFlight) });
  }
  const rates = await interleaved(rounds);
  return contestants.map(({ name }, index) => figure(name, rates[index]));
}

/** A rate as the nanoseconds that one takes. */
export function nanoseconds({ name, rounds }) {
  return figure(
    name,
    rounds.map((rate) => 1e9 / rate),
  );
}
