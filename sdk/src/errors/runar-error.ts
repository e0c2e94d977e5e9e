/** The base class of the errors of the SDK. */

import { ERRORS, type ErrorCode, HELP_PAGE } from "../generated/error-table.js";

/** What an error can be given beside its message. */
export interface RunarErrorOptions {
  /** What the error is about, for programs: paths, names, limits. Plain data. */
  details?: unknown;
  /** What led to the error. */
  cause?: unknown;
}

/** Marks the errors of every copy of the SDK in a program; its value is the name of the class. */
const BRAND = Symbol.for("runar-ts.error");

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

  /**
   * Whether something is an error of the SDK. A program may hold more than one copy of the package, in a
   * bundle beside `node_modules` or in two versions; this, and `instanceof`, know the errors of all.
   *
   * @example
   * if (RunarError.is(error) && error.code === "ERR_RUNAR_TIMEOUT") retry();
   */
  static is(error: unknown): error is RunarError {
    return typeof error === "object" && error !== null && BRAND in error;
  }

  /**
   * @throws TypeError for a code that the SDK does not have. Give errors of your own a class of your own:
   * a handler may throw any error, which arrives as the `cause` of an ActionError with its properties.
   */
  constructor(code: ErrorCode, message: string, options: RunarErrorOptions = {}) {
    if (!Object.hasOwn(ERRORS, code)) {
      throw new TypeError(
        `${String(code)} is no error code of runar-ts; make a class for errors of your own`,
      );
    }
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

const isOwnInstance = Function.prototype[Symbol.hasInstance];

/** Makes `instanceof` know the errors of other copies of the SDK. Classes of users know their own only. */
function hasInstance(this: { prototype: object }, value: unknown): boolean {
  if (isOwnInstance.call(this, value)) return true;
  const { prototype } = this;
  if (!RunarError.is(value) || !Object.hasOwn(prototype, BRAND)) return false;
  return (
    prototype === RunarError.prototype ||
    Reflect.get(value, BRAND) === Reflect.get(prototype, BRAND)
  );
}
Object.defineProperty(RunarError, Symbol.hasInstance, { value: hasInstance });

/** Gives the instances of a class their `name`: on the prototype, so that it is not printed as a property. */
export function nameClass(errorClass: { prototype: object }, name: string): void {
  const property = { value: name, configurable: true, writable: true };
  Object.defineProperty(errorClass.prototype, "name", property);
  Object.defineProperty(errorClass.prototype, BRAND, { value: name });
}
