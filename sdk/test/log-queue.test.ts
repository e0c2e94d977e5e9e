import { describe, expect, it } from "vitest";
import { LogQueue, noneOfAnyLevel, sizeOf } from "../dist/logging/queue.js";
import { LOG_LEVELS, type LogLevel, type LogRecord, rank } from "../dist/logging/record.js";

const limits = { records: 5, bytes: 1 << 20, reservedRecords: 0, reservedBytes: 0 };

let order = 0;

function record(level: LogLevel, message: string): LogRecord {
  return { time: 0, level, message, target: "test", seq: ++order };
}

function push(queue: LogQueue, ...given: [LogLevel, string][]): void {
  for (const [level, message] of given) {
    const one = record(level, message);
    queue.push(one, rank(level), sizeOf(one));
  }
}

function take(queue: LogQueue, most = Infinity, upTo = Infinity): string[] {
  return queue.take(most, upTo, noneOfAnyLevel()).map(({ message }) => message);
}

describe("the queue of JavaScript records", () => {
  it("keeps the order of records across levels", () => {
    const queue = new LogQueue(limits);
    push(queue, ["error", "1"], ["debug", "2"], ["error", "3"]);
    expect(take(queue, 2)).toEqual(["1", "2"]);
    expect(take(queue)).toEqual(["3"]);
    expect(queue.length).toBe(0);
  });

  it("takes only records up to the given one", () => {
    const queue = new LogQueue(limits);
    push(queue, ["info", "1"], ["warn", "2"], ["info", "3"]);
    expect(take(queue, Infinity, order - 1)).toEqual(["1", "2"]);
  });

  it("drops and counts the oldest record of the lowest level", () => {
    const queue = new LogQueue({ ...limits, records: 2 });
    push(queue, ["debug", "d1"], ["error", "e1"], ["debug", "d2"], ["error", "e2"]);
    expect(queue.dropped).toEqual([0, 2, 0, 0, 0]);
    expect(take(queue)).toEqual(["e1", "e2"]);
  });

  it("reserves room for errors", () => {
    const queue = new LogQueue({ ...limits, reservedRecords: 2 });
    push(queue, ["warn", "1"], ["warn", "2"], ["warn", "3"], ["warn", "4"]);
    push(queue, ["error", "e1"], ["error", "e2"], ["error", "e3"]);
    expect(queue.dropped).toEqual([0, 0, 0, 2, 0]);
    expect(take(queue)).toEqual(["3", "4", "e1", "e2", "e3"]);
  });

  it("stays within its limit in bytes and refuses larger records", () => {
    const size = sizeOf(record("info", "x".repeat(1000)));
    const queue = new LogQueue({ ...limits, records: 100, bytes: 3 * size });
    for (let pushed = 0; pushed < 10; pushed++) push(queue, ["info", "x".repeat(1000)]);
    expect(queue.length).toBe(3);
    push(queue, ["error", "x".repeat(10_000)]);
    expect(queue.length).toBe(3);
    expect(queue.dropped).toEqual([0, 0, 7, 0, 1]);
  });

  it("counts every record at every moment", () => {
    const queue = new LogQueue({ ...limits, records: 7, reservedRecords: 2 });
    const accepted = noneOfAnyLevel();
    const taken = noneOfAnyLevel();
    for (let round = 0; round < 5000; round++) {
      const level = LOG_LEVELS[(round * 7 + (round >> 3)) % 5] as LogLevel;
      push(queue, [level, "x"]);
      (accepted[rank(level)] as number)++;
      if (round % 11 === 0) queue.take(round % 4, Infinity, taken);
      const pending = queue.counts();
      const accounted = pending.map(
        (count, index) => count + (taken[index] as number) + (queue.dropped[index] as number),
      );
      // One matcher per round would dominate the run time.
      if (queue.length > 7 || accounted.join() !== accepted.join()) {
        expect({ round, length: queue.length, accounted }).toEqual({ accepted });
      }
    }
  });
});
