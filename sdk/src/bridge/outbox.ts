/** The messages of this thread to Rust, until an exchange sends them. */

import { createError, type RunarError } from "../errors/errors.js";
import { writeRecord } from "../errors/record.js";
import { FailFlag, RequestFlag, ToRust } from "../generated/protocol.js";
import { Writer } from "../values/buffers.js";
import { encode, type ReadBy } from "../values/encode.js";
import type { HandleTable } from "../values/handle-table.js";
import { type CallMetadata, writeMetadata } from "./call-metadata.js";

/** A call by path: of a service in Rust, or of a peer. */
export interface PathRequest {
  readonly path: string;
  /** The id of the peer to call; empty for any node that has the path. */
  readonly peer: string;
  /** Whether the result stays in Rust. */
  readonly held: boolean;
  readonly metadata: CallMetadata;
}

export class Outbox {
  readonly #writer: Writer;
  /** Errors of handlers on their way through Rust to a caller of this thread. */
  readonly #failures = new Map<number, RunarError>();
  readonly #schedule: () => void;
  #writing = false;

  /** `schedule` asks for an exchange. */
  constructor(handles: HandleTable, schedule: () => void) {
    this.#writer = new Writer(handles);
    this.#schedule = schedule;
  }

  get isEmpty(): boolean {
    return this.#writer.length === 0;
  }

  /** The messages that wait, which an exchange sends; the buffer is empty from then on. */
  take(): { readonly bytes: Uint8Array; readonly length: number } {
    const { bytes, length } = this.#writer;
    this.#writer.clear();
    return { bytes, length };
  }

  /** Requests an action of this thread. Throws when the payload cannot cross. */
  requestAction(call: number, node: number, path: string, payload: unknown): void {
    this.#send(ToRust.requestAction, call, payload, "payload", "typescript", (writer) => {
      writer.u32(node);
      writer.string(path);
    });
  }

  /** Requests a path. Throws when the payload cannot cross. */
  requestPath(call: number, node: number, request: PathRequest, payload: unknown): void {
    const { path, peer, held, metadata } = request;
    this.#send(ToRust.requestPath, call, payload, "payload", "rust", (writer) => {
      writer.u32(node);
      writer.u8(held ? RequestFlag.held : 0);
      writeMetadata(writer, metadata);
      writer.string(path);
      writer.string(peer);
    });
  }

  /** Publishes an event through Rust. Throws when the value cannot cross. */
  publish(call: number, node: number, topic: string, value: unknown, retainMs: number): void {
    this.#send(ToRust.publish, call, value, "value", "rust", (writer) => {
      writer.u32(node);
      writer.u32(retainMs);
      writer.string(topic);
    });
  }

  cancel(call: number): void {
    this.#sendEmpty(ToRust.cancel, call);
  }

  /** Releases a handle, after all messages that were written before. */
  release(handle: number): void {
    this.#sendEmpty(ToRust.release, handle);
  }

  /** Answers an invocation; a value that cannot cross fails it. */
  reply(invocation: number, value: unknown, callerIsHere: boolean): void {
    try {
      this.#send(ToRust.reply, invocation, value, "result", "typescript");
    } catch (error) {
      this.fail(invocation, error as RunarError, callerIsHere);
    }
  }

  /** Fails an invocation. Rust carries the record, and the object stays here for a caller here. */
  fail(invocation: number, error: RunarError, callerIsHere: boolean, refused = false): void {
    if (callerIsHere) this.#failures.set(invocation, error);
    const writer = this.#writer;
    const start = writer.begin(ToRust.fail, invocation);
    writer.u8((callerIsHere ? FailFlag.kept : 0) | (refused ? FailFlag.refused : 0));
    writer.string(writeRecord(error));
    writer.end(start);
    this.#schedule();
  }

  /** The error object of a failed invocation, which is kept no longer. */
  takeFailure(invocation: number): RunarError | undefined {
    const error = this.#failures.get(invocation);
    this.#failures.delete(invocation);
    return error;
  }

  #sendEmpty(kind: number, number: number): void {
    this.#writer.end(this.#writer.begin(kind, number));
    this.#schedule();
  }

  /** Writes a message whole or, when its value cannot cross, not at all. */
  #send(
    kind: number,
    number: number,
    value: unknown,
    root: string,
    readBy: ReadBy,
    head?: (writer: Writer) => void,
  ): void {
    const writer = this.#writer;
    if (this.#writing) {
      throw createError("ERR_RUNAR_VALUE", "A getter in a value may not make calls of its own");
    }
    this.#writing = true;
    const start = writer.begin(kind, number);
    try {
      head?.(writer);
      encode(writer, value, root, readBy);
    } catch (error) {
      writer.length = start;
      throw error;
    } finally {
      this.#writing = false;
    }
    writer.end(start);
    this.#schedule();
  }
}
