import { ERRORS, type ErrorCode, HELP_PAGE } from "../generated/error-table.js";

/** What an error can be given beside its message. */
export interface RunarErrorOptions {
  /** What the error is about, for programs: paths, names, limits. Plain data. */
  details?: unknown;
  /** What led to the error. */
  cause?: unknown;
}

/**
 * The base of every error that the SDK throws. `code` is stable: programs should test it, or the
 * class, and never the message.
 *
 * @example
 * try {
 *   await node.request("math/add", [2, 3], { timeoutMs: 50 });
 * } catch (error) {
 *   if (error instanceof RunarError && error.retryable) retry();
 *   else throw error;
 * }
 */
export class RunarError extends Error {
  /** Names the failure for good: `ERR_RUNAR_*`. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without anything else being changed. */
  readonly retryable: boolean;
  /** What the error is about, for programs; `undefined` if there is nothing to add. */
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: RunarErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.retryable = ERRORS[code].retryable;
    this.details = options.details;
  }

  /**
   * Where the documentation says what to do about this failure: a page of it and the anchor there, such
   * as `troubleshooting#err_runar_timeout`. `npx runar-ts explain ERR_RUNAR_TIMEOUT` prints that section.
   */
  get help(): string {
    return `${HELP_PAGE}#${this.code.toLowerCase()}`;
  }

  /** The error as plain data, without its stack. */
  toJSON(): Pick<this, "name" | "code" | "message" | "retryable" | "details"> {
    const { name, code, message, retryable, details } = this;
    return { name, code, message, retryable, details };
  }
}

nameClass(RunarError, "RunarError");

/** Gives the instances of a class their `name`: on the prototype, so that it is not printed as a property. */
export function nameClass(errorClass: { prototype: object }, name: string): void {
  const property = { value: name, configurable: true, writable: true };
  Object.defineProperty(errorClass.prototype, "name", property);
}
