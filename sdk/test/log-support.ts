/** Shared helpers of the log tests. */

import type { LogRecord, LogStats, Node } from "runar-ts";
import { expect } from "vitest";
import { fixtures, handleOf } from "../../ci/fixtures.mjs";
import { deferred } from "./support.js";

/** Waits for one turn of the event loop. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Writes a record as the core does. */
export function writeInRust(node: Node, level: string, text: string) {
  fixtures.fixtureLog(handleOf(node), level, text, false);
}

/** Checks that every record is counted exactly once. */
export function expectAccounts(stats: LogStats) {
  for (const [level, { accepted, delivered, dropped, pending }] of Object.entries(stats)) {
    expect({ level, accepted }).toEqual({ level, accepted: delivered + dropped + pending });
  }
}

/** A sink that completes a batch on demand. */
export function gatedSink() {
  const batches: string[][] = [];
  const gates: { resolve(value: undefined): void }[] = [];
  let opened = false;
  return {
    batches,
    write(records: readonly LogRecord[]): void | Promise<void> {
      batches.push(records.map(({ message }) => message));
      if (opened) return;
      const gate = deferred<undefined>();
      gates.push(gate);
      return gate.promise;
    },
    /** Completes the current batch. */
    async next() {
      gates.shift()?.resolve(undefined);
      await turn();
    },
    async open() {
      opened = true;
      await this.next();
    },
  };
}
