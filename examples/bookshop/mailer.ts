import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Context, defineService } from "runar-ts";
import { order } from "./orders.js";

const PRINTING_MS = 5;

export interface Letter {
  to: string;
  kind: "confirmation" | "apology";
}

const letters: Letter[] = [];
const outbox = new EventEmitter();

export const mailer = defineService({
  name: "mailer",
  path: "mailer",
  actions: {
    /** Answers with all letters, once there are so many. */
    async letters(count: number, ctx: Context) {
      // The signal ends the wait when the caller has given up: a stop need not wait for it then.
      while (letters.length < count) await once(outbox, "letter", { signal: ctx.signal });
      return letters;
    },
  },
  events: {
    async "orders/*"(event) {
      const { customer } = order.parse(event.value);
      await delay(PRINTING_MS);
      const kind = event.topic === "orders/placed" ? "confirmation" : "apology";
      letters.push({ to: customer, kind });
      outbox.emit("letter");
    },
  },
});
