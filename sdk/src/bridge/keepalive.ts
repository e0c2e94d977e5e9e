/**
 * The one timer of the SDK. It keeps the process alive while a caller waits, ends calls whose deadlines
 * pass, and exchanges messages on runtimes that lose wakeups. A call that is answered before the event
 * loop turns arms no timer.
 */

import { clearTimeout, now, setTimeout } from "../platform/clock.js";
import { afterTurn, losesWakeups } from "../platform/event-loop.js";

/** The interval of exchanges while a call is pending, on runtimes that lose wakeups. */
const POLL_INTERVAL_MS = 10;
/** The longest delay that timers accept. */
const MAX_DELAY_MS = 0x7fffffff;

interface TimerTasks {
  /** The next deadline, in the time of the clock; Infinity for none. */
  nextDeadline(): number;
  /** Called when the timer fires. */
  tick(): void;
}

export class Keepalive {
  #tasks: TimerTasks;
  #holders = 0;
  #checking = false;
  /** Counts the turns of the event loop that began while a caller waited. */
  turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerDue = Infinity;

  constructor(tasks: TimerTasks) {
    this.#tasks = tasks;
  }

  /** Keeps the process alive until the matching `release`. */
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
    const delay = Math.min(Math.max(Math.ceil(due - now()), 1), MAX_DELAY_MS);
    this.#timerDue = due;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tasks.tick();
      this.check();
    }, delay);
  }

  #due(): number {
    const deadline = this.#tasks.nextDeadline();
    return losesWakeups ? Math.min(deadline, now() + POLL_INTERVAL_MS) : deadline;
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }
}
