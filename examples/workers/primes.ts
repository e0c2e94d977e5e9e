import { defineService } from "runar-ts";

function isPrime(number: number): boolean {
  if (number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}

/** Work that would hold up everything else on its thread. Each worker has one, at its own path. */
export const makePrimes = (path: string) =>
  defineService({
    name: "primes",
    path,
    actions: {
      count(from: number, to: number): number {
        let count = 0;
        for (let number = from; number < to; number++) if (isPrime(number)) count++;
        return count;
      },
    },
  });

export type Primes = ReturnType<typeof makePrimes>;
