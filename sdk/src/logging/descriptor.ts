/** Lines to a file descriptor of the process: in order, and counted once the system has them. */

import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { describeThrown } from "../errors/errors.js";
import { setTimeout } from "../platform/clock.js";
import { Settlement } from "./settlement.js";

/** A pipe takes so much whole or not at all: no other writer's bytes come in between. */
const ATOMIC_BYTES = 4096;
const FILE_BYTES = 1 << 18;
/** How long until a full pipe is tried again: the first time, and at most. */
const FIRST_RETRY_MS = 1;
const MAX_RETRY_MS = 50;
/** The thread waits so long for the rest of a line: the runtime too writes to the descriptor. */
const REST_MS = 20;
const FIRST_PAUSE_MS = 0.05;
const MAX_PAUSE_MS = 2;
/** The thread waits so long for a reader that takes nothing, and no longer for one that is slow. */
const PRESS_MS = 250;
const MAX_CREDIT_MS = 1000;
/** What a reader has to take in a millisecond so that the thread goes on waiting for it. */
const CREDIT_BYTES = 2000;
/** At the end of the process: for a reader that takes nothing, and in all. */
const EXIT_STALL_MS = 2000;
const EXIT_MS = 5000;

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Stops the thread. The time counts by itself: a test may have replaced every clock. */
function pause(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}

/** Makes the failure of a write: how many of its lines were taken, and why no more. */
export type Failed = (taken: number, cause: DescriptorError) => unknown;

/** Why a descriptor takes no more. */
export class DescriptorError extends Error {
  constructor(
    readonly fd: number,
    why: unknown,
  ) {
    // The texts of the system's errors differ between runtimes.
    const { code } = Object(why) as { code?: unknown };
    super(`descriptor ${fd}: ${typeof code === "string" ? code : describeThrown(why)}`);
  }
}

/** The lines of one write, and how far they have come. */
interface Job {
  readonly lines: readonly string[];
  readonly failed: Failed;
  readonly settlement: Settlement;
  /** The first line that is not written. */
  next: number;
  /** Where the lines of `text` end. */
  end: number;
  /** Lines that are to be written at once; empty when there are none yet. */
  text: string;
  /** What is left of them after a part was taken. */
  rest: Uint8Array | undefined;
}

class Descriptor {
  readonly #fd: number;
  /** Where to write: a description of its own that never blocks, where there can be one. */
  #target: number | undefined;
  #chunkBytes = ATOMIC_BYTES;
  #jobs: Job[] = [];
  #isRetrying = false;
  #retryMs = FIRST_RETRY_MS;
  /** For so long the thread may still wait for the reader. */
  #credit = MAX_CREDIT_MS;
  /** How long the end of the process may still wait. */
  #exitCredit = EXIT_MS;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Writes lines, each of which ends with a line feed, after all that were given before. */
  write(lines: readonly string[], failed: Failed): Settlement {
    const settlement = new Settlement();
    this.#jobs.push({ lines, failed, settlement, next: 0, end: 0, text: "", rest: undefined });
    if (this.#jobs.length === 1) this.#advance();
    if (this.#jobs.length > 0) this.#retryLater();
    return settlement;
  }

  /**
   * Waits until the reader has taken something, as long as it is worth while: the program writes
   * more within one turn than can wait. Returns whether anything was taken.
   */
  press(): boolean {
    const most = Math.min(this.#credit, PRESS_MS);
    let paused = 0;
    for (
      let next = FIRST_PAUSE_MS;
      this.#jobs.length > 0;
      next = Math.min(next * 2, MAX_PAUSE_MS)
    ) {
      if (this.#advance()) return true;
      if (paused >= most) {
        this.#credit = 0;
        return false;
      }
      pause(next);
      paused += next;
      this.#credit -= next;
    }
    return false;
  }

  /** Writes all that is left, or gives it up when the reader takes too long: the process ends. */
  finish(): void {
    let stalled = 0;
    let next = FIRST_PAUSE_MS;
    while (this.#jobs.length > 0) {
      if (this.#advance()) {
        stalled = 0;
        next = FIRST_PAUSE_MS;
        continue;
      }
      if (stalled >= EXIT_STALL_MS) this.#exitCredit = 0;
      if (this.#exitCredit <= 0) {
        this.#fail("its reader takes nothing, and the process ends");
        return;
      }
      pause(next);
      stalled += next;
      this.#exitCredit -= next;
      next = Math.min(next * 2, MAX_PAUSE_MS);
    }
  }

  /** Closes what was opened for it; a later write opens it again. */
  release(): void {
    if (this.#target === undefined) return;
    if (this.#target !== this.#fd) closeSync(this.#target);
    this.#target = undefined;
  }

  #retryLater(): void {
    if (this.#isRetrying) return;
    this.#isRetrying = true;
    // What is left when nothing else keeps the process alive is written at its end.
    setTimeout(() => {
      this.#isRetrying = false;
      this.#retryMs = this.#advance() ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, MAX_RETRY_MS);
      if (this.#jobs.length > 0) this.#retryLater();
    }, this.#retryMs).unref();
  }

  /** Writes until the system takes no more; returns whether it took anything. */
  #advance(): boolean {
    let hasTaken = false;
    try {
      for (;;) {
        const job = this.#jobs[0];
        if (job === undefined) return hasTaken;
        if (job.next === job.lines.length) {
          this.#jobs.shift();
          job.settlement.settle();
          continue;
        }
        const taken =
          this.#put(job) || (hasTaken && job.rest !== undefined ? this.#finishLine(job) : 0);
        if (taken === 0) return hasTaken;
        hasTaken = true;
        this.#credit = Math.min(this.#credit + taken / CREDIT_BYTES, MAX_CREDIT_MS);
      }
    } catch (error) {
      this.#fail(error);
      return true;
    }
  }

  /** Waits a little until more of a line that has just begun is taken; returns how many bytes. */
  #finishLine(job: Job): number {
    const most = Math.min(this.#credit, REST_MS);
    for (let paused = 0, next = FIRST_PAUSE_MS; paused < most; paused += next) {
      pause(next);
      this.#credit -= next;
      const taken = this.#put(job);
      if (taken > 0) return taken;
    }
    return 0;
  }

  /** Writes a part of a job; returns how many bytes the system took. */
  #put(job: Job): number {
    if (job.text === "") this.#gather(job);
    const { text, rest } = job;
    const size = rest?.length ?? Buffer.byteLength(text);
    let taken: number;
    try {
      const target = this.#open();
      taken = rest === undefined ? writeSync(target, text) : writeSync(target, rest);
    } catch (error) {
      if ((error as { code?: unknown }).code === "EAGAIN") return 0;
      throw error;
    }
    if (taken >= size) {
      job.next = job.end;
      job.text = "";
      job.rest = undefined;
    } else if (taken > 0) {
      job.rest = (rest ?? Buffer.from(text)).subarray(taken);
    }
    return taken;
  }

  #gather(job: Job): void {
    const { lines, next } = job;
    let text = lines[next] as string;
    let size = Buffer.byteLength(text);
    let end = next + 1;
    for (; end < lines.length; end++) {
      const line = lines[end] as string;
      size += Buffer.byteLength(line);
      if (size > this.#chunkBytes) break;
      text += line;
    }
    job.text = text;
    job.end = end;
  }

  /** Nothing of what waits can be written. */
  #fail(why: unknown): void {
    const cause = new DescriptorError(this.#fd, why);
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) {
      let { next } = job;
      if (job.rest !== undefined) {
        let taken = Buffer.byteLength(job.text) - job.rest.length;
        for (; next < job.end; next++) {
          taken -= Buffer.byteLength(job.lines[next] as string);
          if (taken < 0) break;
        }
      }
      job.settlement.settle({ failure: job.failed(next, cause) });
    }
  }

  #open(): number {
    if (this.#target === undefined) {
      this.#chunkBytes = this.#isFile() ? FILE_BYTES : ATOMIC_BYTES;
      this.#target =
        this.#chunkBytes === FILE_BYTES ? this.#fd : (this.#reopen() ?? this.#unblocked());
    }
    return this.#target;
  }

  #isFile(): boolean {
    return fstatSync(this.#fd).isFile();
  }

  /**
   * A pipe or a terminal opened once more, so that it does not block here, and goes on doing so for
   * other programs that have it. It may belong to another user, and a socket cannot be opened.
   */
  #reopen(): number | undefined {
    if (process.platform !== "linux") return undefined;
    const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
    try {
      return openSync(`/proc/self/fd/${this.#fd}`, flags);
    } catch {
      return undefined;
    }
  }

  /** The stream of the runtime makes pipes and sockets not block: Bun does so from 1.2 on. */
  #unblocked(): number {
    if (isMainThread) void (this.#fd === 1 ? process.stdout : process.stderr);
    return this.#fd;
  }
}

const descriptors = new Map<number, Descriptor>();

/** The one that all sinks of this thread share, so that no line comes to lie within another. */
export function descriptor(fd: number): Descriptor {
  let known = descriptors.get(fd);
  if (known === undefined) {
    known = new Descriptor(fd);
    descriptors.set(fd, known);
  }
  return known;
}

/** Closes what a thread that ends has opened; at the end of the process the system does. */
export function releaseDescriptors(): void {
  if (isMainThread) return;
  for (const one of descriptors.values()) one.release();
}
