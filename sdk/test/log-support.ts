/** What the tests of log records share. */

import type { LogRecord, LogStats, Node } from "runar-ts";
import { expect } from "vitest";
import { fixtures, handleOf } from "../../ci/fixtures.mjs";
import { deferred } from "./support.js";

/** Lets the event loop turn once. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Writes a record as the core does. */
export function writeInRust(node: Node, level: string, text: string) {
  fixtures.fixtureLog(handleOf(node), level, text, false);
}

/** Each record is accounted for, whatever the moment. */
export function expectAccounts(stats: LogStats) {
  for (const [level, { accepted, delivered, dropped, pending }] of Object.entries(stats)) {
    expect({ level, accepted }).toEqual({ level, accepted: delivered + dropped + pending });
  }
}

/** A sink that takes a batch when it is told to. */
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
    /** Lets go of the batch that it has. */
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
