/** Starting, stopping, adding and removing: what happens to a node and its services, in order. */

import { PendingCall } from "./call.js";
import { CallContext } from "./context.js";
import { createError, describeThrown, type ErrorCode, type RunarError } from "./errors.js";
import type { Host } from "./host.js";
import { callNative, native } from "./native.js";
import { checkDefinition, type Hook, Service, type ServiceDefinition } from "./service.js";

/** How long the core may take for one step. It gives up on a port that is in use after 8 seconds. */
const CORE_TIMEOUT_MS = 60_000;

const FAILURE: Record<Hook, ErrorCode> = {
  init: "ERR_RUNAR_INIT_FAILED",
  start: "ERR_RUNAR_START_FAILED",
  stop: "ERR_RUNAR_STOP_FAILED",
};

export class Lifecycle {
  #host: Host;
  /** The start or stop that is under way. */
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  start(): Promise<void> {
    if (this.#stopping !== undefined) {
      // Whether that stop fails is for its own caller to hear.
      return this.#stopping.catch(() => undefined).then(() => this.start());
    }
    if (this.#host.state === "running") return Promise.resolve();
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    const host = this.#host;
    host.state = "starting";
    const started: Service[] = [];
    try {
      for (const service of host.services.values()) await service.initialised;
      const id = await this.#core("start", (call) => native.nodeStart(host.handle, call));
      host.logs.nodeId = id as string;
      if (host.networked) host.isolate.holdOpen(host);
      // A hook may add a service, which then starts after those that are here.
      for (const service of host.services.values()) {
        if (service.started) continue;
        await service.initialised;
        await this.#runHook(service, "start");
        service.started = true;
        started.push(service);
      }
      host.state = "running";
    } catch (error) {
      await this.#rollBack(started);
      throw error;
    }
  }

  async #rollBack(started: Service[]): Promise<void> {
    const host = this.#host;
    const failures = await this.#stopServices(started);
    for (const failure of failures) host.node.logger.error(failure.message, { error: failure });
    await this.#stopCore();
  }

  async #stopCore(): Promise<void> {
    const host = this.#host;
    try {
      await this.#core("stop", (call) => native.nodeStop(host.handle, call));
    } finally {
      host.isolate.releaseOpen(host);
      host.state = "stopped";
    }
  }

  stop(drainMs: number): Promise<void> {
    const { state } = this.#host;
    if (state === "created" || (state === "stopped" && this.#stopping === undefined)) {
      return Promise.resolve();
    }
    this.#stopping ??= this.#stop(drainMs).finally(() => {
      this.#stopping = undefined;
    });
    return this.#stopping;
  }

  async #stop(drainMs: number): Promise<void> {
    const host = this.#host;
    if (this.#starting !== undefined) {
      try {
        await this.#starting;
      } catch {
        // The start has failed, told its caller so, and left nothing to stop.
        return;
      }
    }
    host.state = "draining";
    await this.#drain(drainMs);
    const failures = await this.#stopServices([...host.services.values()]);
    await this.#stopCore();
    const [failure] = failures;
    if (failures.length > 1) {
      const cause = new AggregateError(failures, `${failures.length} stop hooks failed`);
      throw createError("ERR_RUNAR_STOP_FAILED", cause.message, { cause });
    }
    if (failure !== undefined) throw failure;
  }

  /** Lets what runs end by itself, and ends what has not by then. */
  async #drain(drainMs: number): Promise<void> {
    const host = this.#host;
    // The handler that this is called from counts as running once it has returned its promise.
    await null;
    if (!host.idle && drainMs > 0) {
      const { deadlines, keepalive } = host.isolate;
      keepalive.hold();
      await new Promise<void>((resolve) => {
        const timeout = { deadline: 0, expire: resolve };
        deadlines.add(timeout, drainMs);
        host.onIdle = () => {
          deadlines.delete(timeout, drainMs);
          resolve();
        };
      });
      host.onIdle = undefined;
      keepalive.release();
    }
    const reason = createError("ERR_RUNAR_STOPPED", "The node has stopped");
    for (const context of host.running) context.abort(reason);
    for (const call of host.waiting) call.abandon(reason);
    host.running.clear();
  }

  async #stopServices(services: Service[]): Promise<RunarError[]> {
    const failures: RunarError[] = [];
    for (const service of services.reverse()) {
      if (!service.started) continue;
      service.started = false;
      await this.#runHook(service, "stop").catch((error) => failures.push(error));
    }
    return failures;
  }

  /** Checks the definition at once; the promise is for the rest. */
  addService(definition: ServiceDefinition): Promise<void> {
    const host = this.#host;
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
      first = native.nodeAddService(host.handle, call, service.describe());
    });
    host.services.set(service.path, service);
    service.actions.forEach((action, index) => {
      if (action.isTemplate) host.templates.add(action);
      else host.actions.set(action.path, action);
      host.actionsByNumber[first + index] = action;
    });
    service.initialised = this.#initialise(service, known);
    const added = this.#finishAdding(service);
    // Whoever does not await it learns of a failure from `start()`.
    added.catch(() => undefined);
    return added;
  }

  async #initialise(service: Service, known: Promise<unknown>): Promise<void> {
    await known;
    await this.#runHook(service, "init");
  }

  async #finishAdding(service: Service): Promise<void> {
    const host = this.#host;
    const late = host.state === "running";
    try {
      await service.initialised;
      if (!late) return;
      await this.#runHook(service, "start");
      // A node that stopped meanwhile starts the service the next time.
      if (host.state === "running") service.started = true;
      else await this.#runHook(service, "stop");
    } catch (error) {
      // Before the node starts the service stays, so that `start()` fails too.
      if (late) await this.#forget(service);
      throw error;
    }
  }

  async removeService(path: string): Promise<void> {
    const host = this.#host;
    const service = host.services.get(path);
    if (service === undefined) {
      throw createError("ERR_RUNAR_NOT_FOUND", `The node has no service with the path ${path}`, {
        details: { path },
      });
    }
    // A failed init was told to whoever added the service; removing is what follows from it.
    await service.initialised.catch(() => undefined);
    const [failure] = await this.#stopServices([service]);
    await this.#forget(service);
    if (failure !== undefined) throw failure;
  }

  async #forget(service: Service): Promise<void> {
    const host = this.#host;
    host.services.delete(service.path);
    for (const action of service.actions) {
      host.actions.delete(action.path);
      host.templates.delete(action);
    }
    await this.#core("removeService", (call) =>
      native.nodeRemoveService(host.handle, call, service.path),
    );
  }

  async #runHook(service: Service, name: Hook): Promise<void> {
    const hook = service.definition[name];
    if (hook === undefined) return;
    const host = this.#host;
    const called = { path: `${service.path}.${name}()`, logger: service.logger };
    const context = new CallContext(host, called, host.requestTimeoutMs);
    const call = new PendingCall(host, { path: called.path, timeoutMs: host.requestTimeoutMs });
    call.context = context;
    context.call = call;
    try {
      Promise.resolve(hook.call(service.definition, context)).then(
        (value) => call.resolve(value),
        (error) => call.reject(error),
      );
    } catch (error) {
      call.reject(error);
    }
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
    const call = new PendingCall(host, { path: step, timeoutMs: CORE_TIMEOUT_MS });
    host.isolate.calls.set(number, call);
    return call.outcome();
  }
}
