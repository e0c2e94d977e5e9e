/** Service definitions: what users write, how it is checked, and what it becomes. */

import { type BoundHandler, bindArguments, type Handler } from "./arguments.js";
import type { LifecycleContext } from "./context.js";
import { createError } from "./errors.js";
import { NodeLogger, type NodeLogs } from "./logging/logger.js";
import type { Logger } from "./logging/record.js";
import { checkKeys, checkObject, kindOf } from "./options.js";

/** The actions of a service by their names. */
export type Actions = Record<string, Handler>;

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
   * A function for each action. It gets the arguments of the call and, last, a `Context`; it may
   * return a value or a promise, or throw. Names have one or more parts, separated by `/`.
   */
  actions: A;
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
 */
export function defineService<A extends Actions>(
  definition: ServiceDefinition<A>,
): ServiceDefinition<A> {
  return definition;
}

const KEYS = ["name", "path", "version", "description", "actions", "init", "start", "stop"];
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
    refuse(
      where,
      `${JSON.stringify(text)} is no ${parts === "one part" ? "path of a service" : "name of an action"}: it needs letters, digits, _, - and . and may not begin with - or .`,
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
    if (typeof handler !== "function") {
      refuse(`service.actions.${name}`, `expected a function, got ${kindOf(handler)}`);
    }
  }
  for (const hook of HOOKS) {
    if (definition[hook] !== undefined && typeof definition[hook] !== "function") {
      refuse(`service.${hook}`, `expected a function, got ${kindOf(definition[hook])}`);
    }
  }
}

/** A service of a node. */
export class Service {
  readonly definition: ServiceDefinition;
  readonly path: string;
  readonly actions: Action[];
  readonly logger: Logger;
  /** Its `start` hook has finished and its `stop` hook has not begun. */
  started = false;
  /** Paused through `$registry`. */
  paused = false;
  /** Settles with the `init` hook. */
  initialised: Promise<void> = Promise.resolve();

  constructor(definition: ServiceDefinition, logs: NodeLogs) {
    this.definition = definition;
    this.path = definition.path;
    this.logger = new NodeLogger(logs, { component: "Service", service: definition.path });
    this.actions = Object.entries(definition.actions).map(
      ([name, handler]) => new Action(this, name, handler, logs),
    );
  }

  get running(): boolean {
    return this.started && !this.paused;
  }

  /** What the Rust side needs to know, as JSON. */
  describe(): string {
    const { name, path, version = "1.0.0", description = "" } = this.definition;
    const actions = this.actions.map((action) => action.name);
    return JSON.stringify({ name, path, version, description, actions });
  }
}

/** An action of a service. */
export class Action {
  readonly service: Service;
  readonly name: string;
  readonly path: string;
  readonly run: BoundHandler;
  readonly #logs: NodeLogs;
  #logger: Logger | undefined;

  constructor(service: Service, name: string, handler: Handler, logs: NodeLogs) {
    this.service = service;
    this.name = name;
    this.path = `${service.path}/${name}`;
    this.run = bindArguments(handler, service.definition.actions, this.path);
    this.#logs = logs;
  }

  get logger(): Logger {
    this.#logger ??= new NodeLogger(this.#logs, {
      component: "Service",
      service: this.service.path,
      action: this.name,
    });
    return this.#logger;
  }
}
