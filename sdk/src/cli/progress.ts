/** Waits that take long, shown to whoever sits at a terminal. */

import { createSpinner } from "nanospinner";
import type { Output } from "./output.js";

/** Waits for a promise. A terminal shows what is waited for, how long it took, and whether it came. */
export async function waiting<T>(output: Output, what: string, promise: Promise<T>): Promise<T> {
  const { isTTY, columns } = process.stderr;
  // The spinner never returns on a terminal that does not know how wide it is.
  if (output.json || isTTY !== true || !(columns > 0)) return promise;
  const began = Date.now();
  const spinner = createSpinner(what, { stream: process.stderr }).start();
  const took = () => `${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`;
  try {
    const value = await promise;
    spinner.success({ text: took() });
    return value;
  } catch (error) {
    spinner.error({ text: took() });
    throw error;
  }
}
