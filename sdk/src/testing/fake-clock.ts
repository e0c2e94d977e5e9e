/** A clock that a test moves by hand. */

import { isolate } from "../bridge/isolate.js";
import { createError } from "../errors/errors.js";
import { now, stopClock } from "../platform/clock.js";
import { dispose } from "../platform/dispose.js";
import { afterTurn } from "../platform/event-loop.js";
import { checkMilliseconds } from "../validation/validator.js";

let installed: FakeClock | undefined;

/** Lets what can go on without time go on. */
const turn = () => new Promise<void>((resolve) => afterTurn(resolve));

/**
 * The clock that `fakeClock()` stops. It goes again after `restore()`, or at the end of its `using`.
 *
 * @example
 * const clock = fakeClock();
 * t.after(() => clock.restore());
 */
export class FakeClock {
  /** Use `fakeClock()`. */
  constructor() {
    if (installed !== undefined) {
      throw createError(
        "ERR_RUNAR_INVALID_ARGUMENT",
        "fakeClock: the clock of this thread is stopped already; restore it first",
      );
    }
    installed = this;
    // Whole numbers add up without rounding.
    stopClock(Math.ceil(now()));
  }

  /**
   * Moves the clock on, and ends what is over on the way, one deadline after the other: the event loop
   * turns before and after each, so what one brings about, such as the next attempt of a loop, has its
   * own deadline in the same move. Await it.
   *
   * What goes on in Rust or on the network takes its own time, and is not waited for.
   *
   * @param milliseconds above 0
   * @throws InvalidArgumentError for no number above 0, or when the clock has been restored.
   * @example
   * const call = node.request("work/forever", [], { timeoutMs: 5_000 });
   * const refused = assert.rejects(call, { code: "ERR_RUNAR_TIMEOUT" });
   * await clock.advance(5_000);
   * await refused;
   */
  async advance(milliseconds: number): Promise<void> {
    checkMilliseconds(milliseconds, "milliseconds");
    this.#checkInstalled();
    const here = isolate();
    const until = now() + milliseconds;
    for (;;) {
      await turn();
      this.#checkInstalled();
      const next = here.deadlines.next();
      if (next > until) break;
      stopClock(Math.max(next, now()));
      here.tick();
    }
    // Another move may have gone further meanwhile.
    stopClock(Math.max(until, now()));
  }

  /**
   * Lets time go again. Calls that still wait have as long as they had left. Does nothing the second
   * time.
   *
   * @example
   * afterEach(() => clock.restore());
   */
  restore(): void {
    if (installed !== this) return;
    installed = undefined;
    const stoppedAt = now();
    stopClock(undefined);
    const { deadlines, keepalive } = isolate();
    deadlines.shift(now() - stoppedAt);
    keepalive.check();
  }

  /** The same as `restore()`. */
  [dispose](): void {
    this.restore();
  }

  #checkInstalled(): void {
    if (installed === this) return;
    throw createError("ERR_RUNAR_INVALID_ARGUMENT", "advance: the clock has been restored");
  }
}

/**
 * Stops the clock by which the deadlines of this thread go, until it is moved with `advance()` or
 * restored: the timeouts of calls, hooks and waits, `ctx.deadline`, the `drainMs` of a stop, and how
 * long events are retained. A timeout of 30 seconds is then tested in a millisecond, and a slow machine
 * brings none about.
 *
 * Timers that handlers set themselves are not its business: the fake timers of the test runner are for
 * those, and the two go together. The times of log records stay those of the system.
 *
 * @throws InvalidArgumentError when the clock of this thread is stopped already.
 * @example
 * using clock = fakeClock();
 * const call = node.request("work/forever", [], { timeoutMs: 5_000 });
 * const refused = assert.rejects(call, { code: "ERR_RUNAR_TIMEOUT" });
 * await clock.advance(5_000);
 * await refused;
 */
export function fakeClock(): FakeClock {
  return new FakeClock();
}
