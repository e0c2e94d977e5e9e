/** The counts of calls of one kind. */

import { DurationCounts, type Durations } from "./durations.js";

/**
 * Why a call failed: an error code, `ERR_RUNAR_*`, or `aborted` when the caller gave up with a reason
 * of its own.
 */
export type FailureName = string;

/**
 * What became of calls: of one action and one side. Plain data; only `inFlight` ever goes down.
 *
 * @example
 * const share = ({ failed, ended }: CallCounts) => (ended === 0 ? 0 : failed / ended);
 */
export interface CallCounts {
  /** Calls that have ended: answered, failed, or given up by the caller. */
  readonly ended: number;
  /** How many of them failed. */
  readonly failed: number;
  /**
   * The failures by their error code, `ERR_RUNAR_*`; `aborted` are those that the caller gave up
   * with a reason of its own. `ERR_RUNAR_TIMEOUT` are those whose time was over.
   */
  readonly failures: Readonly<Record<FailureName, number>>;
  /** Calls that have begun and have not ended, those that wait for their turn included. */
  readonly inFlight: number;
  /** How long those took that have ended, the failed ones included. */
  readonly durations: Durations;
}

/** Calls that are being counted. */
export class CallCounter {
  #inFlight = 0;
  #failed = 0;
  #failures = new Map<FailureName, number>();
  #durations = new DurationCounts();

  begin(): void {
    this.#inFlight++;
  }

  end(ms: number, failure: FailureName | undefined): void {
    this.#inFlight--;
    this.#durations.add(ms);
    if (failure === undefined) return;
    this.#failed++;
    this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
  }

  read(): CallCounts {
    const durations = this.#durations.read();
    return {
      ended: durations.count,
      failed: this.#failed,
      failures: Object.fromEntries(this.#failures),
      inFlight: this.#inFlight,
      durations,
    };
  }
}
