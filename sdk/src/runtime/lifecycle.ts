/** The lifecycle of a node and its services: starts, stops, additions and removals, in order. */

import type { EventHandler } from "../api/context.js";
import type { ServiceDefinition } from "../api/definition.js";
import { checkDefinition, type Hook } from "../api/definition-checks.js";
import { HOSTING, RustService } from "../api/rust-service.js";
import { createError, describeThrown, type ErrorCode, type RunarError } from "../errors/errors.js";
import { callNative, native } from "../native/binding.js";
import { checkMilliseconds, checkOptions } from "../validation/validator.js";
import { CallContext } from "./call-context.js";
import { type RunningHook, runHookScope, runningHook, waitsForItself } from "./hooks.js";
import type { Host } from "./host.js";
import { PendingCall } from "./pending-call.js";
import { withEventSchema } from "./schema-checks.js";
import { Service } from "./service.js";

/** How long the core may take for one step. It gives up on a port that is in use after 8 seconds. */
const CORE_TIMEOUT_MS = 60_000;

const DEFAULT_DRAIN_MS = 5_000;
const STOP_OPTIONS = ["drainMs"];

/** How long a stop waits for the sink to take what is pending. */
const FLUSH_MS = 2_000;

const FAILURE: Record<Hook, ErrorCode> = {
  init: "ERR_RUNAR_INIT_FAILED",
  start: "ERR_RUNAR_START_FAILED",
  stop: "ERR_RUNAR_STOP_FAILED",
};

const ignore = () => undefined;

export class Lifecycle {
  #host: Host;
  /** What the last start() or stop() was for, and what became of it. */
  #goal: "running" | "stopped" = "stopped";
  #outcome: Promise<void> = Promise.resolve();
  /** Settles when the starts and stops that were asked for have been done, one after the other. */
  #busy: Promise<void> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  start(): Promise<void> {
    const waits = () => this.#busy !== undefined || this.#goal !== "running";
    return this.#outsideHook("start()", waits, () => this.#reach("running", () => this.#start()));
  }

  stop(options: { drainMs?: number }): Promise<void> {
    checkOptions(options, STOP_OPTIONS);
    const { drainMs = DEFAULT_DRAIN_MS } = options;
    if (drainMs !== 0) checkMilliseconds(drainMs, "options.drainMs");
    const waits = ({ service }: RunningHook) =>
      this.#busy !== undefined || (this.#goal === "running" && service.starting !== undefined);
    return this.#outsideHook("stop()", waits, () =>
      this.#reach("stopped", () => this.#stop(drainMs)),
    );
  }

  /**
   * Does what a hook asks for, but refuses at once to let the hook wait for it, if it `waits` for the
   * hook. The hook need not await it.
   */
  #outsideHook(
    what: string,
    waits: (hook: RunningHook) => boolean,
    step: () => Promise<void>,
  ): Promise<void> {
    const host = this.#host;
    const hook = runningHook(host);
    if (hook === undefined || !waits(hook)) return step();
    step().catch((error) => {
      const { path } = hook.service;
      host.logger.error(`${what}, called by a hook of ${path}, failed: ${describeThrown(error)}`, {
        error,
      });
    });
    const refused = Promise.reject(waitsForItself(hook, what));
    refused.catch(ignore);
    return refused;
  }

  /** A step to a goal that is already pursued, or reached, has the same outcome. */
  #reach(goal: "running" | "stopped", step: () => Promise<void>): Promise<void> {
    if (this.#goal === goal) return this.#outcome;
    this.#goal = goal;
    const outcome = this.#busy === undefined ? step() : this.#busy.then(step);
    this.#outcome = outcome;
    const ended = () => {
      if (this.#outcome === outcome) {
        // A failure is reported once; the next step begins in the state that it left.
        this.#outcome = Promise.resolve();
        this.#goal = this.#host.state === "running" ? "running" : "stopped";
      }
      if (this.#busy === busy) this.#busy = undefined;
    };
    const busy: Promise<void> = outcome.then(ended, ended);
    this.#busy = busy;
    return outcome;
  }

  async #start(): Promise<void> {
    const host = this.#host;
    host.state = "starting";
    try {
      for (const service of host.services.values()) await service.initialised;
      const started = await this.#core("start", (call) => native.nodeStart(host.handle, call));
      const { id, addresses } = started as { id: string; addresses: string[] };
      host.pipeline.nodeId = id;
      host.peers.addresses = addresses;
      if (host.networked) host.isolate.holdOpen(host);
      // A node of the core that has just started has no service paused.
      for (const service of host.services.values()) service.paused = false;
      // A hook may add a service, which then starts after those that are here.
      for (const service of host.services.values()) await this.#startService(service);
      host.state = "running";
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  /** Stops what was started. Failures are logged: the caller gets that of the start. */
  async #rollBack(): Promise<void> {
    const host = this.#host;
    const failures = await this.#stopServices();
    await this.#stopCore().catch((error) => failures.push(error));
    for (const failure of failures) host.node.logger.error(failure.message, { error: failure });
  }

  async #stopCore(): Promise<void> {
    const host = this.#host;
    try {
      await this.#core("stop", (call) => native.nodeStop(host.handle, call));
    } finally {
      host.isolate.releaseOpen(host);
      host.state = "stopped";
      host.peers.clear();
    }
  }

  async #stop(drainMs: number): Promise<void> {
    const host = this.#host;
    // The start before this stop has failed, and left nothing to stop.
    if (host.state !== "running") return;
    host.state = "draining";
    await this.#drain(drainMs);
    const failures = await this.#stopServices();
    try {
      await this.#stopCore();
    } finally {
      await host.flushLogs(FLUSH_MS);
      host.logControl.endIterators();
    }
    const [failure] = failures;
    if (failures.length > 1) {
      const cause = new AggregateError(failures, `${failures.length} stop hooks failed`);
      throw createError("ERR_RUNAR_STOP_FAILED", cause.message, { cause });
    }
    if (failure !== undefined) throw failure;
  }

  /** Waits until running work ends, and aborts what has not ended in time. */
  async #drain(drainMs: number): Promise<void> {
    const host = this.#host;
    // The handler that this is called from counts as running once it has returned its promise.
    await null;
    host.streams.drain();
    if (!host.idle && drainMs > 0) {
      await host.isolate.waitAtMost(drainMs, (idle) => {
        host.onIdle = idle;
      });
      host.onIdle = undefined;
    }
    const reason = createError("ERR_RUNAR_STOPPED", "The node has stopped");
    for (const context of host.running) context.abort(reason);
    for (const call of host.waiting) call.abandon(reason);
    host.running.clear();
    for (const end of host.events.iterators) end();
  }

  /** Runs the `start` hook once, however many wait for it. */
  #startService(service: Service): Promise<void> {
    if (service.started) return Promise.resolve();
    service.starting ??= this.#runStart(service).finally(() => {
      service.starting = undefined;
    });
    return service.starting;
  }

  async #runStart(service: Service): Promise<void> {
    await service.initialised;
    if (!this.#mayRun(service)) return;
    await this.#runHook(service, "start");
    service.started = true;
    if (!this.#mayRun(service)) {
      // The node was stopped, or the service removed, while the hook ran.
      const [failure] = await this.#stopServices([service]);
      if (failure !== undefined) throw failure;
      return;
    }
    const { events = {} } = service.definition;
    this.#offer(service, true);
    for (const look of this.#host.serviceListeners) look();
    service.subscriptions = Object.entries(events).map(([topic, given]) => {
      const bound: EventHandler =
        typeof given === "function"
          ? (event, context) => given.call(events, event, context)
          : withEventSchema(given.input, (event, context) => given.handler(event, context));
      return this.#host.events.subscribe(topic, bound, service.eventLogger(topic));
    });
  }

  /** Tells peers whether they may call a service. */
  #offer(service: Service, offered: boolean): void {
    const { handle, networked } = this.#host;
    if (networked) callNative(() => native.nodeOffer(handle, service.path, offered));
  }

  #mayRun(service: Service): boolean {
    const { state } = this.#host;
    return (state === "starting" || state === "running") && service.removal === undefined;
  }

  /** Stops services in the reverse order; by default all of them. */
  async #stopServices(services = [...this.#host.services.values()]): Promise<RunarError[]> {
    const failures: RunarError[] = [];
    for (const service of services.reverse()) {
      // A start hook that still runs stops its service when it ends.
      if (!service.started) await service.starting?.catch(ignore);
      if (!service.started) continue;
      service.started = false;
      this.#offer(service, false);
      for (const subscription of service.subscriptions.splice(0)) subscription.unsubscribe();
      await this.#runHook(service, "stop").catch((error) => failures.push(error));
    }
    return failures;
  }

  /** Checks the definition at once; the promise is for the rest. */
  addService(given: ServiceDefinition | RustService): Promise<void> {
    const host = this.#host;
    const rust = given instanceof RustService ? given : undefined;
    const definition = rust === undefined ? given : this.#hosted(rust);
    checkDefinition(definition);
    if (host.services.has(definition.path)) {
      throw createError(
        "ERR_RUNAR_DUPLICATE_SERVICE",
        `service.path: the node already has a service with the path ${JSON.stringify(definition.path)}`,
        { details: { path: definition.path } },
      );
    }
    const service = new Service(definition, host.logs);
    let first = 0;
    const known = this.#core("addService", (call) => {
      first = native.nodeAddService(host.handle, call, service.describe(rust?.[HOSTING].config));
    });
    host.router.add(service, first);
    service.initialised = this.#initialise(service, known);
    const added = this.#finishAdding(service);
    // A program that does not await it gets the failure from `start()`.
    added.catch(ignore);
    return added;
  }

  /** A service written in Rust, as one whose hooks ask Rust. */
  #hosted(service: RustService): ServiceDefinition {
    const { name, path, description = "", [HOSTING]: hosting } = service;
    const { handle, isolate } = this.#host;
    return {
      name,
      path,
      description,
      actions: {},
      start: async (context) => {
        if (hosting.authenticate) this.#host.authenticators.set(path, hosting.authenticate);
        const details = await this.#core(`${path}.start()`, (call) =>
          native.nodeStartRustService(handle, call, path),
        );
        if (hosting.holdsOpen) isolate.holdOpen(this.#host);
        hosting.started?.(details, context);
      },
      stop: async () => {
        hosting.stopped?.();
        if (hosting.holdsOpen) isolate.releaseOpen(this.#host);
        await this.#core(`${path}.stop()`, (call) =>
          native.nodeStopRustService(handle, call, path),
        );
        this.#host.authenticators.delete(path);
      },
    };
  }

  async #initialise(service: Service, known: Promise<unknown>): Promise<void> {
    await known;
    await this.#runHook(service, "init");
  }

  async #finishAdding(service: Service): Promise<void> {
    const late = this.#host.state === "running";
    try {
      await service.initialised;
      // Before, the start of the node does the rest.
      if (this.#host.state === "running") await this.#startService(service);
    } catch (error) {
      // Before the node starts the service stays, so that `start()` fails too.
      if (late) await this.#forget(service);
      throw error;
    }
  }

  removeService(path: string): Promise<void> {
    const waits = ({ service }: RunningHook) =>
      service.path === path && (!service.started || service.removal !== undefined);
    return this.#outsideHook(`removeService("${path}")`, waits, () => this.#removeService(path));
  }

  async #removeService(path: string): Promise<void> {
    const service = this.#host.services.get(path);
    if (service === undefined) {
      throw createError("ERR_RUNAR_NOT_FOUND", `The node has no service with the path ${path}`, {
        details: { path },
      });
    }
    service.removal ??= this.#remove(service);
    await service.removal;
  }

  async #remove(service: Service): Promise<void> {
    // A failed init was reported when the service was added.
    await service.initialised.catch(ignore);
    const [failure] = await this.#stopServices([service]);
    await this.#forget(service);
    if (failure !== undefined) throw failure;
  }

  async #forget(service: Service): Promise<void> {
    const host = this.#host;
    if (host.services.get(service.path) !== service) return;
    host.router.remove(service);
    await this.#core("removeService", (call) =>
      native.nodeRemoveService(host.handle, call, service.path),
    );
  }

  async #runHook(service: Service, name: Hook): Promise<void> {
    const hook = service.definition[name];
    if (hook === undefined) return;
    const host = this.#host;
    const called = { path: `${service.path}.${name}()`, logger: service.logger };
    const context = new CallContext(host, called, { timeoutMs: host.requestTimeoutMs });
    const { path } = called;
    const step = { path, timeoutMs: host.requestTimeoutMs, isStep: true };
    const call = new PendingCall(host, step, context);
    runHookScope({ host, service, name }, async () =>
      host.run(context, () => hook.call(service.definition, context)),
    ).then(
      (value) => call.resolve(value),
      (error) => call.reject(error),
    );
    try {
      await call.promise;
    } catch (cause) {
      throw createError(
        FAILURE[name],
        `${service.path}: the ${name} hook failed: ${describeThrown(cause)}`,
        { cause, details: { service: service.path, hook: name } },
      );
    }
  }

  /** Asks the core for a step and waits for it. */
  #core(step: string, ask: (call: number) => void): Promise<unknown> {
    const host = this.#host;
    const number = host.isolate.nextCall();
    callNative(() => ask(number));
    const call = new PendingCall(host, { path: step, timeoutMs: CORE_TIMEOUT_MS, isStep: true });
    host.isolate.calls.set(number, call);
    return call.outcome();
  }
}
