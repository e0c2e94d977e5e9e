/**
 * The one timer of the SDK. It keeps the process alive while somebody waits for something, ends
 * calls whose deadline passes, and drains the crossing on runtimes that lose wake-ups. Nothing is
 * armed for a call that is answered before the event loop turns.
 */

import { clearTimeout, now, setTimeout } from "../platform/clock.js";
import { afterTurn, losesWakeUps } from "../platform/event-loop.js";

/** How often the crossing is drained while something is under way, where wake-ups get lost. */
const DRAIN_EVERY_MS = 10;
/** The longest delay that timers take. */
const LONGEST_MS = 0x7fffffff;

interface Duties {
  /** The next deadline, in the time of the clock; Infinity for none. */
  nextDeadline(): number;
  /** Called when the timer fires. */
  tick(): void;
}

export class Keepalive {
  #duties: Duties;
  #holders = 0;
  #checking = false;
  /** Counts the turns of the event loop that began while somebody waited. */
  turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerDue = Infinity;

  constructor(duties: Duties) {
    this.#duties = duties;
  }

  /** Somebody waits: the process must not end. */
  hold(): void {
    this.#holders++;
    this.check();
  }

  release(): void {
    this.#holders--;
    this.check();
  }

  /** Looks at the timer again before the event loop turns. */
  check(): void {
    if (this.#checking) return;
    this.#checking = true;
    afterTurn(() => {
      this.#checking = false;
      this.turn++;
      this.#arm();
    });
  }

  #arm(): void {
    if (this.#holders === 0) {
      this.#disarm();
      return;
    }
    const due = this.#due();
    if (this.#timer !== undefined && due >= this.#timerDue && this.#timerDue > now()) {
      return;
    }
    this.#disarm();
    const delay = Math.min(Math.max(Math.ceil(due - now()), 1), LONGEST_MS);
    this.#timerDue = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#duties.tick();
      this.check();
    }, delay);
  }

  #due(): number {
    const deadline = this.#duties.nextDeadline();
    return losesWakeUps ? Math.min(deadline, now() + DRAIN_EVERY_MS) : deadline;
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }
}
