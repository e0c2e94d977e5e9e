/** The messages from Rust to this thread, and their way to calls and nodes. */

import { AsyncResource } from "node:async_hooks";
import { abortError, createError } from "../errors/errors.js";
import { readRecord } from "../errors/record.js";
import { CallerFlag, ToJavaScript } from "../generated/protocol.js";
import type { LogPipeline } from "../logging/pipeline.js";
import { Reader } from "../values/buffers.js";
import { decode } from "../values/decode.js";
import type { HandleTable } from "../values/handle-table.js";
import { StreamRef } from "../values/stream-ref.js";
import { readMetadata } from "./call-metadata.js";
import { Handle } from "./handles.js";
import type { Outbox } from "./outbox.js";
import type { Abortable, CallPort, NodePort, ReplyPort } from "./ports.js";
import { RemoteCaller } from "./remote-caller.js";

/**
 * The async context of messages that no call of this thread has caused. An exchange carries the
 * messages of many calls, and runs in the context of the first.
 */
const rootScope = new AsyncResource("Runar");

/** What the messages of Rust reach. */
export interface InboxTargets {
  readonly calls: Map<number, CallPort>;
  readonly invocations: Map<number, Abortable>;
  readonly outbox: Outbox;
  /** The node of a number, unless it is gone. */
  node(handle: number): NodePort | undefined;
  /** Where the log records of a node go; 0 stands for no node. */
  pipeline(handle: number): LogPipeline;
}

export class Inbox {
  readonly #reader: Reader;
  readonly #targets: InboxTargets;

  constructor(handles: HandleTable, targets: InboxTargets) {
    this.#reader = new Reader(handles);
    this.#targets = targets;
  }

  /** The buffer that an exchange writes to. */
  get bytes(): Uint8Array {
    return this.#reader.bytes;
  }

  /** Makes the buffer larger: the messages of Rust did not fit. */
  grow(size: number): void {
    this.#reader.grow(size);
  }

  /** Receives the messages of an exchange; says whether Rust has more. */
  receive(length: number): boolean {
    const reader = this.#reader;
    let more = false;
    reader.at = 0;
    while (reader.at < length) {
      const end = reader.u32() + reader.at;
      more = this.#receive(reader.u8(), reader) || more;
      reader.at = end;
    }
    if (!more) reader.shrink();
    return more;
  }

  #receive(kind: number, reader: Reader): boolean {
    const targets = this.#targets;
    switch (kind) {
      case ToJavaScript.invoke:
        this.#invoke(reader);
        return false;
      case ToJavaScript.result: {
        const call = this.#takeCall(reader.u32());
        const value = decode(reader);
        // The call has ended, so no caller would close the value.
        if (call === undefined && value instanceof Handle) value.close();
        else if (value instanceof StreamRef) call?.resolveStream(value);
        else call?.resolve(value);
        return false;
      }
      case ToJavaScript.error: {
        const call = this.#takeCall(reader.u32());
        call?.reject(readRecord(reader.string()));
        return false;
      }
      case ToJavaScript.failure: {
        const call = this.#takeCall(reader.u32());
        const failure = targets.outbox.takeFailure(reader.u32());
        call?.reject(failure);
        return false;
      }
      case ToJavaScript.forget:
        targets.outbox.takeFailure(reader.u32());
        return false;
      case ToJavaScript.abort: {
        const invocation = reader.u32();
        const work = targets.invocations.get(invocation);
        targets.invocations.delete(invocation);
        work?.abort(abortError("The caller no longer waits"));
        return false;
      }
      case ToJavaScript.logs:
        targets.pipeline(reader.u32()).request();
        return false;
      case ToJavaScript.logsEnd: {
        const pipeline = targets.pipeline(reader.u32());
        pipeline.ended = true;
        pipeline.request();
        return false;
      }
      case ToJavaScript.event: {
        const node = targets.node(reader.u32());
        const channel = reader.u32();
        const topic = reader.string();
        const value = decode(reader);
        rootScope.runInAsyncScope(() => node?.deliverEvent(channel, topic, value));
        return false;
      }
      case ToJavaScript.peer: {
        const node = targets.node(reader.u32());
        const change: unknown = JSON.parse(reader.string());
        rootScope.runInAsyncScope(() => node?.peerChanged(change));
        return false;
      }
      case ToJavaScript.more:
        return true;
      default:
        throw createError("ERR_RUNAR_VALUE", `Rust sent a message of the unknown kind ${kind}`);
    }
  }

  #takeCall(number: number): CallPort | undefined {
    const { calls } = this.#targets;
    const call = calls.get(number);
    calls.delete(number);
    return call;
  }

  #invoke(reader: Reader): void {
    const { calls, invocations, outbox, node: nodeOf } = this.#targets;
    const invocation = reader.u32();
    const node = nodeOf(reader.u32());
    const action = reader.u32();
    const callNumber = reader.u32();
    const topic = reader.string();
    const remote = readRemoteCaller(reader);
    const payload = decode(reader);
    const callerIsHere = callNumber !== 0;
    if (node === undefined) {
      const error = createError("ERR_RUNAR_STOPPED", "The node of the handler is gone");
      outbox.fail(invocation, error, callerIsHere, true);
      return;
    }
    const reply: ReplyPort = {
      succeed: (value) => {
        invocations.delete(invocation);
        outbox.reply(invocation, value, callerIsHere);
      },
      fail: (error) => {
        invocations.delete(invocation);
        outbox.fail(invocation, error, callerIsHere);
      },
      refuse: (error) => outbox.fail(invocation, error, callerIsHere, true),
      defer: (work) => invocations.set(invocation, work),
      succeedWithStream: (stream, source) => {
        invocations.set(invocation, source);
        outbox.reply(invocation, stream, callerIsHere);
      },
      forget: () => invocations.delete(invocation),
    };
    const caller = calls.get(callNumber);
    const scope = caller?.scope ?? rootScope;
    scope.runInAsyncScope(node.invoke, node, action, topic, payload, caller ?? remote, reply);
  }
}

/** The peer that calls; `undefined` for calls from within the node. */
function readRemoteCaller(reader: Reader): RemoteCaller | undefined {
  const flags = reader.u8();
  if ((flags & CallerFlag.peer) === 0) return undefined;
  const id = reader.string();
  const authenticated = (flags & CallerFlag.authenticated) !== 0;
  return new RemoteCaller(Object.freeze({ id, authenticated }), readMetadata(reader));
}
