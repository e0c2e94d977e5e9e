/**
 * The deadlines of pending calls, without a timer for each. Calls with the same timeout expire in the
 * order in which they began, so each timeout has a list, and only the heads of the lists are compared.
 */

import { now } from "../platform/clock.js";

export interface Expiring {
  /** In the time of the clock. */
  deadline: number;
  expire(): void;
}

export class Deadlines {
  #lists = new Map<number, Set<Expiring>>();

  /** Adds a call that ends `timeoutMs` from now, unless it is deleted before. */
  add(expiring: Expiring, timeoutMs: number): void {
    expiring.deadline = now() + timeoutMs;
    let list = this.#lists.get(timeoutMs);
    if (list === undefined) {
      list = new Set();
      this.#lists.set(timeoutMs, list);
    }
    list.add(expiring);
  }

  delete(expiring: Expiring, timeoutMs: number): void {
    const list = this.#lists.get(timeoutMs);
    if (list?.delete(expiring) && list.size === 0) this.#lists.delete(timeoutMs);
  }

  /** The earliest deadline; Infinity for none. */
  next(): number {
    let next = Infinity;
    for (const list of this.#lists.values()) {
      const [head] = list;
      if (head !== undefined && head.deadline < next) next = head.deadline;
    }
    return next;
  }

  /** Leaves to all what they have left, when the clock is set by so much. */
  shift(milliseconds: number): void {
    for (const list of this.#lists.values()) {
      for (const expiring of list) expiring.deadline += milliseconds;
    }
  }

  /** Ends every call whose deadline has passed. */
  expire(): void {
    const time = now();
    for (const [timeoutMs, list] of this.#lists) {
      for (const expiring of list) {
        if (expiring.deadline > time) break;
        list.delete(expiring);
        expiring.expire();
      }
      // An expired call may have made another with the same timeout, and with it a new list.
      if (list.size === 0 && this.#lists.get(timeoutMs) === list) this.#lists.delete(timeoutMs);
    }
  }
}
