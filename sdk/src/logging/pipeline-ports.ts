/** What a log pipeline is given: its options, and the port of its thread's delivery. */

import type { LogSink } from "./record.js";
import type { Redactor } from "./redact.js";

/** What a pipeline is for. */
export interface LogPipelineOptions {
  /** The number by which Rust knows the node; 0 for records that name none. */
  handle: number;
  sink: LogSink;
  label?: string | undefined;
  redact?: Redactor | undefined;
}

/** The delivery of a thread. `Pipeline` stands for the type of its pipelines. */
export interface DeliveryPort<Pipeline> {
  /** The number by which Rust knows the thread. */
  readonly isolate: number;
  /** The last `seq` that was given. */
  lastSeq: number;
  /** The last position in the order of JavaScript's records that was given. */
  lastOrder: number;
  /** Whether a sink is writing records at this moment. */
  writing: boolean;
  /** The time of a record. */
  now(): number;
  /** Delivers the records of all pipelines that have asked for a round. */
  deliver(): void;
  /** Schedules a round. */
  schedule(pipeline: Pipeline): void;
  /** Asks the pipeline for another round soon, without keeping the process alive. */
  pollLater(pipeline: Pipeline): void;
  /** Frees the pipeline of a node that has ended. */
  forget(handle: number): void;
}
