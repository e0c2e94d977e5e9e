/** The observation of one call, from its beginning to its end. */

import { asRunarError } from "../errors/errors.js";
import { monotonicNow } from "../platform/clock.js";
import type { CallCounter } from "./call-counts.js";
import type { TelemetrySpan } from "./telemetry.js";

/** The name of a failure that is no error of the SDK: a reason of the caller's own. */
const ABORTED = "aborted";

export class Observation {
  #counter: CallCounter | undefined;
  #span: TelemetrySpan | undefined;
  #began: number;
  #ended = false;

  constructor(counter: CallCounter | undefined, span: TelemetrySpan | undefined) {
    this.#counter = counter;
    this.#span = span;
    counter?.begin();
    this.#began = monotonicNow();
  }

  /** The trace context of the call's own span. */
  get traceparent(): string | undefined {
    return this.#span?.traceparent;
  }

  run<T>(body: () => T): T {
    return this.#span === undefined ? body() : this.#span.run(body);
  }

  /** The call was answered. What comes after the end is not counted. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const ms = monotonicNow() - this.#began;
    this.#counter?.end(ms, undefined);
    this.#span?.end(ms);
  }

  /** The call failed, or was given up. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    const ms = monotonicNow() - this.#began;
    const name = asRunarError(error)?.code ?? ABORTED;
    this.#counter?.end(ms, name);
    this.#span?.end(ms, { name, error });
  }
}
