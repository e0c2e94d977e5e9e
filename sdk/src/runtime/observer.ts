/** The observer of a node's calls, for metrics and telemetry. */

import { CallCounter } from "../metrics/call-counts.js";
import type {
  CallerKind,
  MadeCalls,
  NodeMetrics,
  ServedCalls,
  TargetKind,
} from "../metrics/metrics.js";
import { Observation } from "../metrics/observation.js";
import { type Target, Targets } from "../metrics/targets.js";
import type { Telemetry, TelemetrySpan } from "../metrics/telemetry.js";
import { isAsyncIterable } from "../platform/async-iterable.js";
import { systemNow } from "../platform/clock.js";
import { isPromiseLike } from "../platform/promise-like.js";
import { type Call, traceparentOf } from "./call.js";
import type { CallContext } from "./call-context.js";
import type { ObserverPort } from "./ports.js";
import type { Action } from "./service.js";

const CALLERS: readonly CallerKind[] = ["local", "rust", "peer"];

export class Observer {
  #host: ObserverPort;
  #counts: boolean;
  #telemetry: Telemetry | undefined;
  #sinceMs = systemNow();
  #targets: Targets;
  #made: Record<TargetKind, Map<string, CallCounter>> = {
    rust: new Map(),
    peer: new Map(),
    unknown: new Map(),
  };

  constructor(host: ObserverPort, counts: boolean, telemetry: Telemetry | undefined) {
    this.#host = host;
    this.#counts = counts;
    this.#telemetry = telemetry;
    this.#targets = new Targets(host);
  }

  /** Serves a call of an action of this node. */
  serve(
    action: Action,
    caller: CallerKind,
    call: Call,
    context: CallContext,
    run: () => unknown,
  ): unknown {
    const span = this.#span("served", action.path, caller, call);
    const observation = new Observation(this.#served(action, caller), span);
    context.observation = observation;
    try {
      const result = observation.run(run);
      if (isPromiseLike(result)) return followed(result, observation);
      // The observation of a stream ends with its iteration.
      if (!isAsyncIterable(result)) observation.end();
      return result;
    } catch (error) {
      observation.fail(error);
      throw error;
    }
  }

  /** Makes a call that leaves this node. The pending call ends the observation. */
  make<T>(call: Call, send: () => T): T {
    const target = this.#targets.of(call.path);
    const span = this.#span("made", target.name, target.kind, call);
    const observation = new Observation(this.#madeTo(target), span);
    call.observation = observation;
    try {
      return observation.run(send);
    } catch (error) {
      observation.fail(error);
      throw error;
    }
  }

  #span(
    side: "served" | "made",
    path: string,
    other: CallerKind | TargetKind,
    call: Call,
  ): TelemetrySpan | undefined {
    return this.#telemetry?.begin({
      side,
      path,
      other,
      nodeId: this.#host.nodeId,
      peerId: call.peer?.id,
      traceparent: traceparentOf(call),
      ownTraceparent: call.traceparent !== undefined,
    });
  }

  #served(action: Action, caller: CallerKind): CallCounter | undefined {
    if (!this.#counts) return undefined;
    const counter = action.served[caller] ?? new CallCounter();
    action.served[caller] = counter;
    return counter;
  }

  #madeTo({ name, kind }: Target): CallCounter | undefined {
    if (!this.#counts) return undefined;
    const counters = this.#made[kind];
    const counter = counters.get(name) ?? new CallCounter();
    counters.set(name, counter);
    return counter;
  }

  /** The counts; `undefined` on a node without metrics. */
  read(): NodeMetrics | undefined {
    if (!this.#counts) return undefined;
    const actions = [...this.#host.services.values()].flatMap((service) => service.actions);
    const served: ServedCalls[] = [];
    for (const { path, served: counters } of actions) {
      for (const caller of CALLERS) {
        const counter = counters[caller];
        if (counter !== undefined) served.push({ path, caller, ...counter.read() });
      }
    }
    const made: MadeCalls[] = [];
    for (const [target, counters] of Object.entries(this.#made)) {
      for (const [path, counter] of counters) {
        made.push({ path, target: target as TargetKind, ...counter.read() });
      }
    }
    const loads = actions.map(({ path, active, queue, concurrency, queueLimit }) => ({
      path,
      running: active,
      queued: queue.size,
      concurrency,
      queueLimit,
    }));
    return { timeMs: systemNow(), sinceMs: this.#sinceMs, served, made, actions: loads };
  }
}

/** The same result; the observation ends with it. */
function followed(result: PromiseLike<unknown>, observation: Observation): PromiseLike<unknown> {
  return result.then(
    (value) => {
      if (!isAsyncIterable(value)) observation.end();
      return value;
    },
    (error) => {
      observation.fail(error);
      throw error;
    },
  );
}
