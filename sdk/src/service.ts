/** Service definitions: what users write, how it is checked, and what it becomes. */

import {
  type BoundHandler,
  bindArguments,
  bindNamed,
  type Handler,
  hasUncountedParameters,
} from "./arguments.js";
import type { Context, LifecycleContext } from "./context.js";
import { createError } from "./errors.js";
import { type ServiceEventHandler, type Subscription, topicProblem } from "./events.js";
import { NodeLogger, type NodeLogs } from "./logging/logger.js";
import type { ServedCounters } from "./observing/observer.js";
import {
  checkCount,
  checkFunction,
  checkKeys,
  checkMilliseconds,
  checkObject,
  kindOf,
} from "./options.js";
import type { Authorize } from "./remote.js";
import { withSchemas } from "./schema.js";
import { variableName } from "./templates.js";
import type { StandardSchemaV1 } from "./validation/standard-schema.js";

/** How many promises of an action's handler may be unsettled at once, unless it says otherwise. */
const DEFAULT_CONCURRENCY = 1_000;
/** How many calls of an action may wait for their turn, unless it says otherwise. */
const DEFAULT_QUEUE = 100_000;

/** An action with more to say than its handler. */
export interface ActionDefinition<H extends Handler = Handler> {
  /**
   * The names of the handler's arguments: an object payload then goes by name, an array by
   * position, and both are checked. Needed for a handler with default or rest parameters.
   */
  params?: readonly string[];
  /**
   * Checks the payload, and may change it, before it becomes arguments: any Standard Schema (zod,
   * valibot, arktype, …). What it refuses is an InvalidArgumentError with the issues in `details`.
   */
  input?: StandardSchemaV1;
  /** Checks the result, and may change it. What it refuses is an ActionError. */
  output?: StandardSchemaV1;
  /** Milliseconds until a call ends with a TimeoutError. By default that of the service. */
  timeoutMs?: number;
  /**
   * How many calls may run at once: 1000 by default. Only a handler that returns a promise runs
   * longer than a moment; one that outlasts its deadline counts until it settles.
   */
  concurrency?: number;
  /** How many calls may wait for their turn: 100,000 by default. More are an OverloadError. */
  queue?: number;
  /** Gets the arguments of the call and, last, a `Context`. */
  handler: H;
}

/** The actions of a service by their names. */
export type Actions = Record<string, Handler | ActionDefinition>;

/**
 * An action whose handler takes what its schema lets through; the compiler then knows the types of
 * both from the schema.
 *
 * @example
 * const order = defineAction({
 *   input: z.object({ isbn: z.string(), count: z.number().int().positive() }),
 *   handler: (order, ctx) => order.count,
 * });
 */
export function defineAction<Schema extends StandardSchemaV1, Result>(
  definition: Omit<ActionDefinition, "input" | "handler" | "params"> & {
    /** What the payload must be. */
    input: Schema;
    /** Gets what the schema makes of the payload, and a `Context`. */
    handler: (payload: StandardSchemaV1.InferOutput<Schema>, context: Context) => Result;
  },
): typeof definition {
  return definition;
}

/**
 * A service, as users write it.
 *
 * @example
 * const mathService = defineService({
 *   name: "math-service",
 *   path: "math",
 *   actions: { add: (a: number, b: number) => a + b },
 * });
 */
export interface ServiceDefinition<A extends Actions = Actions> {
  /** A name for people: up to 128 characters. */
  name: string;
  /** The first part of the path of every action: letters, digits, `_`, `-` and `.`. */
  path: string;
  /** The service's own version. `1.0.0` by default. */
  version?: string;
  /** What the service is for, as `$registry` lists it. Empty by default. */
  description?: string;
  /**
   * A function for each action, or an object with one and more. The function gets the arguments of
   * the call and, last, a `Context`; it may return a value or a promise, or throw. Names have one or
   * more parts, separated by `/`; a part `{id}` stands for anything, and is found in `ctx.params`.
   */
  actions: A;
  /** What the service listens to while it runs, by topic or pattern. */
  events?: Record<string, ServiceEventHandler>;
  /** Milliseconds until a call ends with a TimeoutError. By default that of the node. */
  timeoutMs?: number;
  /** Decides which peers may call the service; by default whoever the node's `authorize` lets. */
  authorize?: Authorize;
  /** Runs once, when the service is added. */
  init?(context: LifecycleContext): unknown;
  /** Runs when the node starts, in the order in which services were added; calls wait for no one. */
  start?(context: LifecycleContext): unknown;
  /** Runs when the node stops, in the reverse order, after running work has ended. */
  stop?(context: LifecycleContext): unknown;
}

/**
 * Returns the definition as it is; the compiler checks it where it is written and keeps its exact
 * type for `node.client`.
 *
 * @example
 * const math = defineService({
 *   name: "math",
 *   path: "math",
 *   actions: { add: (a: number, b: number) => a + b },
 * });
 * const sum = await node.client<typeof math>("math").add(2, 3); // a number
 */
export function defineService<A extends Actions>(
  definition: ServiceDefinition<A>,
): ServiceDefinition<A> {
  return definition;
}

const KEYS = [
  "name",
  "path",
  "version",
  "description",
  "actions",
  "events",
  "timeoutMs",
  "authorize",
  "init",
  "start",
  "stop",
];
const ACTION_KEYS = ["params", "input", "output", "timeoutMs", "concurrency", "queue", "handler"];
const HOOKS = ["init", "start", "stop"] as const;
/** The name of a hook of a service. */
export type Hook = (typeof HOOKS)[number];

const MAX_NAME = 128;
const SEGMENT = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u;

function refuse(where: string, what: string): never {
  throw createError("ERR_RUNAR_SERVICE_DEFINITION", `${where}: ${what}`, {
    details: { path: where },
  });
}

function checkText(value: unknown, where: string): void {
  if (typeof value !== "string") refuse(where, `expected a string, got ${kindOf(value)}`);
  if (value.length > MAX_NAME) refuse(where, `${value.length} characters; ${MAX_NAME} at the most`);
}

/** The core would take paths that nothing can call, and wildcards that catch other actions' calls. */
function checkPath(value: unknown, where: string, parts: "one part" | "parts"): void {
  checkText(value, where);
  const text = value as string;
  if (text === "") refuse(where, "may not be empty");
  const segments = parts === "one part" ? [text] : text.split("/");
  for (const segment of segments) {
    if (SEGMENT.test(segment)) continue;
    if (parts === "parts" && variableName(segment) !== undefined) continue;
    refuse(
      where,
      `${JSON.stringify(text)} is no ${parts === "one part" ? "path of a service" : "name of an action"}: it needs letters, digits, _, - and . and may not begin with - or .`,
    );
  }
}

function checkSchema(value: unknown, where: string): void {
  if (value === undefined) return;
  const standard = (value as { "~standard"?: { validate?: unknown } } | null)?.["~standard"];
  if (typeof standard?.validate !== "function") {
    refuse(where, `expected a Standard Schema (zod, valibot, arktype, …), got ${kindOf(value)}`);
  }
}

function checkAction(value: unknown, where: string): void {
  const code = "ERR_RUNAR_SERVICE_DEFINITION";
  if (typeof value === "function") {
    if (hasUncountedParameters(value as Handler)) {
      refuse(where, "has default or rest parameters, so its arguments need names: declare params");
    }
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    refuse(where, `expected a function, or an object with a handler, got ${kindOf(value)}`);
  }
  checkKeys(value, ACTION_KEYS, where, code);
  const { params, input, output, timeoutMs, concurrency, queue, handler } = value as Record<
    string,
    unknown
  >;
  if (typeof handler !== "function") {
    refuse(`${where}.handler`, `expected a function, got ${kindOf(handler)}`);
  }
  checkParams(params, handler as Handler, where);
  checkSchema(input, `${where}.input`);
  checkSchema(output, `${where}.output`);
  checkMilliseconds(timeoutMs, `${where}.timeoutMs`, code);
  checkCount(concurrency, 1, `${where}.concurrency`, code);
  checkCount(queue, 0, `${where}.queue`, code);
}

function checkEvents(events: unknown): void {
  if (events === undefined) return;
  checkObject(events, "service.events", "ERR_RUNAR_SERVICE_DEFINITION");
  for (const [topic, handler] of Object.entries(events)) {
    const where = `service.events[${JSON.stringify(topic)}]`;
    const problem = topicProblem(topic);
    if (problem !== undefined) refuse(where, problem);
    if (typeof handler !== "function") {
      refuse(where, `expected a function, got ${kindOf(handler)}`);
    }
  }
}

function checkParams(params: unknown, handler: Handler, where: string): void {
  if (params === undefined) {
    if (!hasUncountedParameters(handler)) return;
    refuse(`${where}.params`, "missing: the handler has default or rest parameters");
  }
  if (!Array.isArray(params) || params.some((name) => typeof name !== "string" || name === "")) {
    refuse(`${where}.params`, `expected an array of names, got ${kindOf(params)}`);
  }
  const twice = params.find((name, index) => params.indexOf(name) !== index);
  if (twice !== undefined) refuse(`${where}.params`, `names ${twice} twice`);
  if (handler.length > params.length + 1) {
    refuse(
      `${where}.params`,
      `has ${params.length} names; the handler takes ${handler.length - 1} and a context`,
    );
  }
}

/** @throws ServiceDefinitionError that names the first thing wrong, by its path. */
export function checkDefinition(given: unknown): asserts given is ServiceDefinition {
  checkObject(given, "service", "ERR_RUNAR_SERVICE_DEFINITION");
  checkKeys(given, KEYS, "service", "ERR_RUNAR_SERVICE_DEFINITION");
  const definition = given as Partial<Record<string, unknown>>;
  checkText(definition.name, "service.name");
  if (definition.name === "") refuse("service.name", "may not be empty");
  checkPath(definition.path, "service.path", "one part");
  if (definition.version !== undefined) checkText(definition.version, "service.version");
  if (definition.description !== undefined && typeof definition.description !== "string") {
    refuse("service.description", `expected a string, got ${kindOf(definition.description)}`);
  }
  checkObject(definition.actions, "service.actions", "ERR_RUNAR_SERVICE_DEFINITION");
  for (const [name, handler] of Object.entries(definition.actions)) {
    checkPath(name, `service.actions[${JSON.stringify(name)}]`, "parts");
    checkAction(handler, `service.actions.${name}`);
  }
  const code = "ERR_RUNAR_SERVICE_DEFINITION";
  checkEvents(definition.events);
  checkMilliseconds(definition.timeoutMs, "service.timeoutMs", code);
  for (const name of [...HOOKS, "authorize"]) {
    checkFunction(definition[name], `service.${name}`, code);
  }
}

/** A service of a node. */
export class Service {
  readonly definition: ServiceDefinition;
  readonly path: string;
  readonly actions: Action[];
  readonly logger: NodeLogger;
  /** Its `start` hook has finished and its `stop` hook has not begun. */
  started = false;
  /** Paused through `$registry`. */
  paused = false;
  subscriptions: Subscription[] = [];
  /** The `start` hook that runs. */
  starting: Promise<void> | undefined;
  /** The removal that is under way, or done. */
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

  /** What the Rust side needs to know, as JSON; `rust` is for a service that is written in Rust. */
  describe(rust?: object): string {
    const { name, path, version = "1.0.0", description = "" } = this.definition;
    const actions = this.actions.map((action) => action.name);
    return JSON.stringify({ name, path, version, description, actions, rust });
  }
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
  /** The number by which Rust knows it. */
  number = 0;
  /** How many calls the handler is at: it runs, or its promise has not settled. */
  active = 0;
  /** Whether those that wait are being let in. */
  admitting = false;
  /** Calls that wait for their turn, the oldest first. */
  readonly queue = new Set<() => void>();
  /** What became of its calls, where that is counted. */
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
    this.queueLimit = action.queue ?? DEFAULT_QUEUE;
    const self = typeof given === "function" ? definition.actions : given;
    const bound =
      action.params === undefined
        ? bindArguments(action.handler, self, this.path)
        : bindNamed(action.handler, action.params, self, this.path);
    this.run = withSchemas(bound, this.path, action.input, action.output);
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
