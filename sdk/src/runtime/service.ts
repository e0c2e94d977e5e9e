/** A service of a node, made from its definition. */

import type { ActionDefinition } from "../api/action.js";
import type { Authorize } from "../api/caller.js";
import type { ServiceDefinition } from "../api/definition.js";
import { checkHandler } from "../api/definition-checks.js";
import type { Subscription } from "../api/event.js";
import { NodeLogger, type NodeLogs } from "../logging/logger.js";
import type { ServedCounters } from "../metrics/served-counters.js";
import { type Handler, readParameters } from "../validation/parameters.js";
import { type BoundHandler, bindArguments, bindNamed, bindSingle } from "./arguments.js";
import { withSchemas } from "./schema-checks.js";

/** The default of an action's `concurrency`. */
const DEFAULT_CONCURRENCY = 1_000;
/** The default of an action's `queue`. */
const DEFAULT_QUEUE_LIMIT = 100_000;

/** A service of a node. */
export class Service {
  readonly definition: ServiceDefinition;
  readonly path: string;
  readonly actions: Action[];
  readonly logger: NodeLogger;
  /** Whether its `start` hook has finished and its `stop` hook has not begun. */
  started = false;
  /** Whether it was paused through `$registry`. */
  paused = false;
  subscriptions: Subscription[] = [];
  /** The `start` hook, while it runs. */
  starting: Promise<void> | undefined;
  /** The removal, once it has begun. */
  removal: Promise<void> | undefined;
  /** Settles with the `init` hook. */
  initialised: Promise<void> = Promise.resolve();

  readonly #logs: NodeLogs;

  constructor(definition: ServiceDefinition, logs: NodeLogs) {
    this.#logs = logs;
    this.definition = definition;
    this.path = definition.path;
    this.logger = new NodeLogger(logs, { component: "Service", service: definition.path });
    this.actions = Object.entries(definition.actions).map(
      ([name, handler]) => new Action(this, name, handler, logs),
    );
  }

  get authorize(): Authorize | undefined {
    return this.definition.authorize;
  }

  get running(): boolean {
    return this.started && !this.paused;
  }

  eventLogger(topic: string): NodeLogger {
    return new NodeLogger(this.#logs, { component: "Service", service: this.path, event: topic });
  }

  /** The description for Rust, as JSON; `rust` is the config of a service that is written in Rust. */
  describe(rust?: object): string {
    const { name, path, version = "1.0.0", description = "" } = this.definition;
    const actions = this.actions.map((action) => action.name);
    return JSON.stringify({ name, path, version, description, actions, rust });
  }
}

/** How payloads become the arguments of an action's handler. */
function bind({ handler, params, input }: ActionDefinition, self: object, path: string) {
  if (params !== undefined) {
    const declared = readParameters(handler);
    return bindNamed(handler, params, "hasRest" in declared && declared.hasRest, self, path);
  }
  if (input !== undefined) return bindSingle(handler, self);
  return bindArguments(handler, checkHandler(handler, path), self, path);
}

/** An action of a service. */
export class Action {
  readonly service: Service;
  readonly name: string;
  readonly path: string;
  readonly isTemplate: boolean;
  /** `undefined` leaves it to the node. */
  readonly timeoutMs: number | undefined;
  readonly concurrency: number;
  readonly queueLimit: number;
  /** The number by which Rust knows the action. */
  number = 0;
  /** The calls of which the handler runs, or has returned a promise that has not settled. */
  active = 0;
  /** Whether waiting calls are being admitted. */
  admitting = false;
  /** The calls that wait, the oldest first. */
  readonly queue = new Set<() => void>();
  /** The counters of its calls, on a node with metrics. */
  readonly served: ServedCounters = {};
  readonly run: BoundHandler;
  readonly #logs: NodeLogs;
  #logger: NodeLogger | undefined;

  constructor(service: Service, name: string, given: Handler | ActionDefinition, logs: NodeLogs) {
    const action: ActionDefinition = typeof given === "function" ? { handler: given } : given;
    const { definition } = service;
    this.service = service;
    this.name = name;
    this.path = `${service.path}/${name}`;
    this.isTemplate = name.includes("{");
    this.timeoutMs = action.timeoutMs ?? definition.timeoutMs;
    this.concurrency = action.concurrency ?? DEFAULT_CONCURRENCY;
    this.queueLimit = action.queue ?? DEFAULT_QUEUE_LIMIT;
    const self = typeof given === "function" ? definition.actions : given;
    this.run = withSchemas(bind(action, self, this.path), this.path, action.input, action.output);
    this.#logs = logs;
  }

  get logger(): NodeLogger {
    this.#logger ??= new NodeLogger(this.#logs, {
      component: "Service",
      service: this.service.path,
      action: this.name,
    });
    return this.#logger;
  }
}
