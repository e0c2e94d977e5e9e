/**
 * This JavaScript thread's side of the crossing: what is under way, and the loop that exchanges
 * batches with Rust.
 */

import { AsyncResource } from "node:async_hooks";
import { ArcValue } from "../api/arc-value.js";
import { RemoteCaller } from "../api/caller.js";
import { createError, noLongerWanted, type RunarError } from "../errors/errors.js";
import { readRecord, writeRecord } from "../errors/record.js";
import { Delivery } from "../logging/delivery.js";
import type { Outlet } from "../logging/outlet.js";
import { callNative, fromNative, native } from "../native/binding.js";
import { afterTurn } from "../platform/event-loop.js";
import type { Answer, Host } from "../runtime/host.js";
import type { PeerChange } from "../runtime/peers.js";
import type { PendingCall } from "../runtime/pending-call.js";
import { decode } from "../values/decode.js";
import { encode, type ReadBy } from "../values/encode.js";
import { StreamRef } from "../values/stream-ref.js";
import { Deadlines } from "./deadlines.js";
import { Held } from "./handles.js";
import { Keepalive } from "./keepalive.js";
import {
  CallerFlag,
  FailFlag,
  Inbound,
  MAX_UINT32,
  Outbound,
  Reader,
  RequestFlag,
  Writer,
} from "./wire.js";

/** How many times one exchange may ask Rust again before the event loop gets its turn. */
const MAX_ROUNDS = 64;
/** How many exchanges a loop of awaited calls may make before the event loop gets its turn. */
const MAX_EXCHANGES_A_TURN = 1024;

/**
 * The async context of what nobody in this isolate asked for. An exchange carries the messages of
 * many, and runs in the context of whoever was first.
 */
const nobody = new AsyncResource("Runar");

/** A call of whatever has a path: in Rust, or on another node. */
export interface PathRequest {
  readonly path: string;
  /** Whom to ask; empty for whoever has it. */
  readonly peer: string;
  /** Whether the result stays in Rust. */
  readonly held: boolean;
  readonly positional: boolean;
  readonly timeoutMs: number;
  /** Empty for none, as is `traceparent`. */
  readonly requestId: string;
  readonly traceparent: string;
}

export class Isolate {
  readonly id: number;
  readonly deadlines = new Deadlines();
  readonly keepalive: Keepalive;
  readonly delivery: Delivery;
  /** Weak, so that a local node which nobody uses any more can end. */
  readonly hosts = new Map<number, WeakRef<Host>>();
  readonly calls = new Map<number, PendingCall>();
  readonly invocations = new Map<number, { abort(reason: unknown): void }>();
  /** Errors of handlers on their way through Rust to a caller in this isolate. */
  #failures = new Map<number, RunarError>();
  /** Hosts that must stay, with how many reasons each has. */
  readonly #open = new Map<Host, number>();
  #lastCall = 0;
  readonly held: Held;
  #writer: Writer;
  #reader: Reader;
  #scheduled = false;
  /** The turn of the event loop in which the latest exchanges were scheduled, and how many they were. */
  #turn = 0;
  #exchangesInTurn = 0;
  #exchanging = false;
  #writing = false;
  #abandoned = new FinalizationRegistry<number>((host) => this.#forget(host));

  constructor() {
    this.id = callNative(() => native.isolateOpen(() => this.exchange()));
    this.held = new Held(this.id, (handle) => this.#release(handle));
    this.#writer = new Writer(this.held);
    this.#reader = new Reader(this.held);
    this.keepalive = new Keepalive({
      nextDeadline: () => this.deadlines.next(),
      tick: () => this.tick(),
    });
    this.delivery = new Delivery(this.id, () => this.#outlets());
  }

  /** Ends what is over by now. */
  tick(): void {
    // Answers that are already here come before the deadlines that they met.
    this.exchange();
    this.deadlines.expire();
  }

  *#outlets(): Iterable<Outlet> {
    for (const host of this.hosts.values()) {
      const outlet = host.deref()?.logs.outlet;
      if (outlet !== undefined) yield outlet;
    }
  }

  /** Waits until somebody calls back, at most so long; the process stays alive meanwhile. */
  async waitAtMost(milliseconds: number, tell: (told: () => void) => void): Promise<void> {
    const { deadlines, keepalive } = this;
    keepalive.hold();
    await new Promise<void>((resolve) => {
      const timeout = { deadline: 0, expire: resolve };
      deadlines.add(timeout, milliseconds);
      tell(() => {
        deadlines.delete(timeout, milliseconds);
        resolve();
      });
    });
    keepalive.release();
  }

  addHost(host: Host): void {
    this.hosts.set(host.handle, new WeakRef(host));
    this.#abandoned.register(host, host.handle);
  }

  /** A running node with an open port stays, and keeps the process alive, until it is closed. */
  holdOpen(host: Host): void {
    this.#open.set(host, (this.#open.get(host) ?? 0) + 1);
    this.keepalive.hold();
  }

  releaseOpen(host: Host): void {
    const reasons = this.#open.get(host) ?? 0;
    if (reasons === 0) return;
    if (reasons === 1) this.#open.delete(host);
    else this.#open.set(host, reasons - 1);
    this.keepalive.release();
  }

  #forget(host: number): void {
    this.hosts.delete(host);
    callNative(() => native.nodeDrop(host));
  }

  nextCall(): number {
    this.#lastCall = (this.#lastCall + 1) >>> 0 || 1;
    return this.#lastCall;
  }

  /** Asks Rust to call an action of this isolate. Throws when the payload cannot cross. */
  requestAction(call: number, host: number, path: string, payload: unknown): void {
    this.#send(Inbound.requestAction, call, payload, "payload", "typescript", (writer) => {
      writer.u32(host);
      writer.string(path);
    });
  }

  /** Asks Rust to call whatever has a path. Throws when the payload cannot cross. */
  requestPath(number: number, host: number, request: PathRequest, payload: unknown): void {
    const { path, peer, held, positional, timeoutMs, requestId, traceparent } = request;
    this.#send(Inbound.requestPath, number, payload, "payload", "rust", (writer) => {
      writer.u32(host);
      writer.u8((held ? RequestFlag.held : 0) | (positional ? RequestFlag.positional : 0));
      writer.string(path);
      writer.string(peer);
      writer.u32(Math.min(timeoutMs, MAX_UINT32));
      writer.string(requestId);
      writer.string(traceparent);
    });
  }

  /** Asks Rust to tell whoever else listens of an event. Throws when the value cannot cross. */
  publish(call: number, host: number, topic: string, value: unknown, retainMs: number): void {
    this.#send(Inbound.publish, call, value, "value", "rust", (writer) => {
      writer.u32(host);
      writer.u32(retainMs);
      writer.string(topic);
    });
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

  cancel(call: number): void {
    this.calls.delete(call);
    this.#writer.end(this.#writer.begin(Inbound.cancel, call));
    this.#schedule();
  }

  /** Tells Rust, after all that was said before, that a value is not used here any more. */
  #release(handle: number): void {
    this.#writer.end(this.#writer.begin(Inbound.release, handle));
    this.#schedule();
  }

  #reply(invocation: number, value: unknown, callerIsHere: boolean): void {
    try {
      this.#send(Inbound.reply, invocation, value, "result", "typescript");
    } catch (error) {
      this.#fail(invocation, error as RunarError, callerIsHere);
    }
  }

  /** Rust carries the record, and says when the object that is kept here is wanted, or is not. */
  #fail(invocation: number, error: RunarError, callerIsHere: boolean, refused = false): void {
    if (callerIsHere) this.#failures.set(invocation, error);
    const writer = this.#writer;
    const start = writer.begin(Inbound.fail, invocation);
    writer.u8((callerIsHere ? FailFlag.kept : 0) | (refused ? FailFlag.refused : 0));
    writer.string(writeRecord(error));
    writer.end(start);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#exchanging) return;
    this.#scheduled = true;
    const run = () => {
      if (this.#scheduled) this.exchange();
    };
    if (this.#mayStayInTurn()) queueMicrotask(run);
    else afterTurn(run);
  }

  /** A program that only ever awaits calls must not keep its own timers and sockets waiting. */
  #mayStayInTurn(): boolean {
    const { turn } = this.keepalive;
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#exchangesInTurn = 0;
    }
    return ++this.#exchangesInTurn <= MAX_EXCHANGES_A_TURN;
  }

  /** Says what there is to say, and does what Rust answers, until neither has more. */
  exchange(): void {
    if (this.#exchanging) return;
    this.#exchanging = true;
    this.#scheduled = false;
    try {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const more = this.#exchangeOnce();
        if (!more && this.#writer.length === 0) return;
      }
      afterTurn(() => this.exchange());
    } catch (error) {
      this.#failAll(fromNative(error));
    } finally {
      this.#exchanging = false;
    }
  }

  /**
   * An exchange itself has failed, which only a defect of the SDK can bring about. What it carried
   * is lost, so nobody who waits may wait any longer.
   */
  #failAll(error: unknown): void {
    const calls = [...this.calls.values()];
    this.calls.clear();
    for (const call of calls) call.reject(error);
  }

  #exchangeOnce(): boolean {
    const writer = this.#writer;
    const reader = this.#reader;
    const { bytes, length } = writer;
    writer.clear();
    const written = native.exchange(this.id, bytes, length, reader.bytes);
    if (written < 0) {
      reader.grow(-written);
      return true;
    }
    let more = false;
    reader.at = 0;
    while (reader.at < written) {
      const end = reader.u32() + reader.at;
      more = this.#receive(reader.u8(), reader) || more;
      reader.at = end;
    }
    if (!more) reader.shrink();
    return more;
  }

  #receive(kind: number, reader: Reader): boolean {
    switch (kind) {
      case Outbound.invoke:
        this.#invoke(reader);
        return false;
      case Outbound.result: {
        const call = this.#takeCall(reader.u32());
        const value = decode(reader);
        // Nobody waits any more, so nobody would close it.
        if (call === undefined && value instanceof ArcValue) value.close();
        else if (value instanceof StreamRef) call?.read(value);
        else call?.resolve(value);
        return false;
      }
      case Outbound.error: {
        const call = this.#takeCall(reader.u32());
        call?.reject(readRecord(reader.string()));
        return false;
      }
      case Outbound.failure: {
        const call = this.#takeCall(reader.u32());
        const failure = this.#takeFailure(reader.u32());
        call?.reject(failure);
        return false;
      }
      case Outbound.forget:
        this.#failures.delete(reader.u32());
        return false;
      case Outbound.abort: {
        const invocation = reader.u32();
        const context = this.invocations.get(invocation);
        this.invocations.delete(invocation);
        context?.abort(noLongerWanted("The caller no longer waits"));
        return false;
      }
      case Outbound.logs:
        this.#outlet(reader.u32()).request();
        return false;
      case Outbound.logsEnd: {
        const outlet = this.#outlet(reader.u32());
        outlet.ended = true;
        outlet.request();
        return false;
      }
      case Outbound.event: {
        const host = this.hosts.get(reader.u32())?.deref();
        const channel = reader.u32();
        const topic = reader.string();
        const value = decode(reader);
        nobody.runInAsyncScope(() => host?.events.deliverFromRust(channel, topic, value));
        return false;
      }
      case Outbound.peer: {
        const host = this.hosts.get(reader.u32())?.deref();
        const told = JSON.parse(reader.string()) as PeerChange;
        nobody.runInAsyncScope(() => host?.peers.take(told));
        return false;
      }
      case Outbound.more:
        return true;
      default:
        throw createError("ERR_RUNAR_VALUE", `Rust sent a message of the unknown kind ${kind}`);
    }
  }

  #takeCall(number: number): PendingCall | undefined {
    const call = this.calls.get(number);
    this.calls.delete(number);
    return call;
  }

  #takeFailure(invocation: number): RunarError | undefined {
    const error = this.#failures.get(invocation);
    this.#failures.delete(invocation);
    return error;
  }

  #invoke(reader: Reader): void {
    const invocation = reader.u32();
    const host = this.hosts.get(reader.u32())?.deref();
    const action = reader.u32();
    const call = reader.u32();
    const topic = reader.string();
    const remote = remoteCaller(reader);
    const payload = decode(reader);
    const callerIsHere = call !== 0;
    if (host === undefined) {
      const error = createError("ERR_RUNAR_STOPPED", "The node of the handler is gone");
      this.#fail(invocation, error, callerIsHere, true);
      return;
    }
    const answer: Answer = {
      succeed: (value) => {
        this.invocations.delete(invocation);
        this.#reply(invocation, value, callerIsHere);
      },
      fail: (error) => {
        this.invocations.delete(invocation);
        this.#fail(invocation, error, callerIsHere);
      },
      refuse: (error) => this.#fail(invocation, error, callerIsHere, true),
      later: (context) => this.invocations.set(invocation, context),
    };
    const caller = this.calls.get(call);
    const scope = caller?.scope ?? nobody;
    scope.runInAsyncScope(host.invoke, host, action, topic, payload, caller ?? remote, answer);
  }

  #outlet(host: number): Outlet {
    if (host === 0) return this.delivery.nodeless;
    return this.hosts.get(host)?.deref()?.logs.outlet ?? this.delivery.orphan(host);
  }
}

/** Who calls from another node, and on which terms; `undefined` when nobody does. */
function remoteCaller(reader: Reader): RemoteCaller | undefined {
  const flags = reader.u8();
  if ((flags & CallerFlag.peer) === 0) return undefined;
  const id = reader.string();
  return new RemoteCaller(
    Object.freeze({ id, authenticated: (flags & CallerFlag.authenticated) !== 0 }),
    reader.u32(),
    (flags & CallerFlag.positional) !== 0,
    reader.string() || undefined,
    reader.string() || undefined,
  );
}

let opened: Isolate | undefined;

/** This thread's isolate; the first use opens it. */
export function isolate(): Isolate {
  opened ??= new Isolate();
  return opened;
}
