// Two members of which one calls the other, and publishes to it.

export const TOPIC = "numbers";

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

  /** A failure of the core arrives as an answer: what is measured must be what was asked for. */
  async check(path, payload, expected) {
    const answer = await this.#from.ask({ command: "call", path, payload });
    if (answer !== expected) throw new Error(`${this.name}: ${path} answers ${answer}`);
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
