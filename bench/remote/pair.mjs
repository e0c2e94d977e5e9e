// Two members of which one calls the other, and publishes to it.
import { MemberProcess } from "./member-process.mjs";

export const TOPIC = "numbers";

export const ADD = { path: "calculator/add", payload: { a: 2, b: 3 }, answer: 5 };

/** A call with a text that comes back. */
export function greet(bytes) {
  const name = "x".repeat(bytes);
  return { path: "calculator/greet", payload: { name }, answer: `Hello, ${name}!` };
}

export class Pair {
  name;
  #from;
  #to;
  /** How many events were published since the start. */
  #published = 0;

  constructor(name, from, to) {
    this.name = name;
    this.#from = from;
    this.#to = to;
  }

  /** Starts two of a kind; `address` is where they meet, if not at the one that is called. */
  static async ofKind(name, kind, address) {
    const serving = { services: true, count: [TOPIC], address };
    const to = MemberProcess.ofKind(`${name}, called`, kind, serving);
    const started = await to.told({ event: "started" });
    const calling = { services: false, address: address ?? started.address };
    const from = MemberProcess.ofKind(`${name}, calls`, kind, calling);
    await from.told({ event: "started" });
    return new Pair(name, from, to);
  }

  /** A failure may arrive as an answer: what is measured must be what was asked for. */
  async check({ path, payload, answer }) {
    const answered = await this.#from.ask({ command: "call", path, payload });
    if (answered !== answer) {
      throw new Error(`${this.name}: ${path} answers ${JSON.stringify(answered).slice(0, 120)}`);
    }
  }

  /** Calls many times; returns how many were answered a second, and the milliseconds of each. */
  async call({ path, payload }, count, inFlight) {
    const command = { command: "repeat", path, payload, count, in_flight: inFlight };
    const { seconds, milliseconds } = await this.#from.ask(command);
    return { rate: milliseconds.length / seconds, milliseconds };
  }

  /** How many events are heard a second, from the first that is published to the last. */
  async eventRate(count) {
    this.#published += count;
    const began = performance.now();
    await Promise.all([
      this.#to.ask({ command: "counted", total: this.#published }),
      this.#from.ask({ command: "publish_many", topic: TOPIC, count }),
    ]);
    return (count * 1000) / (performance.now() - began);
  }

  async stop() {
    await this.#from.stop();
    await this.#to.stop();
  }
}
