/** The public face of a node. */

import type { CallOptions } from "./call.js";
import { type Client, makeClient } from "./client.js";
import { createError, describeThrown, RunarError } from "./errors.js";
import {
  type Event,
  type EventHandler,
  EventIterator,
  type IterateOptions,
  type PublishOptions,
  type SubscribeOptions,
  type Subscription,
  type TypedTopics,
} from "./events.js";
import type { NodeConfig } from "./generated/config.js";
import { Host, type NodeState } from "./host.js";
import { isolate } from "./isolate.js";
import { Lifecycle } from "./lifecycle.js";
import { NodeLogger, NodeLogs } from "./logging/logger.js";
import {
  LOG_LEVELS,
  type Logger,
  type LoggerOption,
  type LogThreshold,
  rank,
} from "./logging/record.js";
import { ContainedSink, toSink } from "./logging/sinks.js";
import { callNative, native } from "./native.js";
import { checkCount, checkKeys, checkMilliseconds, checkObject, kindOf } from "./options.js";
import type { Actions, ServiceDefinition } from "./service.js";
import type { RustService } from "./services/rust-service.js";

export type { NodeConfig };

const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
const DEFAULT_DRAIN_MS = 5_000;
const DEFAULT_LEVEL: LogThreshold = "info";

function checkLevel(level: unknown, where: string): asserts level is LogThreshold {
  if (level === "off" || (LOG_LEVELS as readonly unknown[]).includes(level)) return;
  throw createError(
    "ERR_RUNAR_INVALID_ARGUMENT",
    `${where}: expected ${LOG_LEVELS.join(", ")} or off, got ${JSON.stringify(level)}`,
    { details: { path: where } },
  );
}

// Node before 18.18 and Bun before 1.0.23 lack the symbols; `using` looks for these very ones.
for (const name of ["dispose", "asyncDispose"]) {
  if (name in Symbol) continue;
  Object.defineProperty(Symbol, name, { value: Symbol.for(`Symbol.${name}`) });
}

/** What the program, rather than a config file, decides about a node. */
export interface NodeOptions {
  /** Where log records go: by default to the standard error stream. */
  logger?: LoggerOption;
  /**
   * The level from which on what services and the program itself write passes: `info` by default.
   * Wins over `logging_config`, which sets the level of the core's own records too.
   */
  logLevel?: LogThreshold;
  /** How long a call may take, in milliseconds. Wins over the config. */
  requestTimeoutMs?: number;
  /**
   * How calls to services of this node travel: `direct`, the default, is a function call;
   * `native` goes through the Rust core. A call means the same either way.
   */
  localCalls?: "direct" | "native";
}

const OPTIONS = ["logger", "logLevel", "requestTimeoutMs", "localCalls"];
const SUBSCRIBE_OPTIONS = ["includePastMs"];
const ITERATE_OPTIONS = ["limit", "overflow"];
const STOP_OPTIONS = ["drainMs"];

/** The config as JSON, which would leave out functions and turn NaN into null without a word. */
function configText(config: NodeConfig): string {
  const paths = new Map<unknown, string>();
  function check(this: unknown, key: string, value: unknown): unknown {
    const part = Array.isArray(this) ? `[${key}]` : `.${key}`;
    const path = paths.has(this) ? `${paths.get(this)}${part}` : "config";
    paths.set(value, path);
    const isLost = ["function", "symbol"].includes(typeof value);
    if (!isLost && (typeof value !== "number" || Number.isFinite(value))) return value;
    const got = isLost ? kindOf(value) : String(value);
    throw createError("ERR_RUNAR_CONFIG", `${path}: ${got} is no JSON`, { details: { path } });
  }
  try {
    return JSON.stringify(config, check);
  } catch (cause) {
    if (cause instanceof RunarError) throw cause;
    throw createError("ERR_RUNAR_CONFIG", `config: no JSON: ${describeThrown(cause)}`, { cause });
  }
}

/**
 * A Runar node: it hosts services, and calls those of this and other nodes.
 *
 * @example
 * const node = new Node({});
 * node.addService({ name: "math", path: "math", actions: { add: (a: number, b: number) => a + b } });
 * await node.start();
 * console.log(await node.request("math/add", [2, 3])); // 5
 * await node.stop();
 */
export class Node {
  #host: Host;
  #lifecycle: Lifecycle;
  /** Writes records of the program itself, outside of any service. */
  readonly logger: Logger;

  /**
   * Checks the config and the options; nothing runs until `start()`.
   *
   * @throws ConfigError, InvalidArgumentError or LogSinkError, naming the key.
   */
  constructor(config: NodeConfig = {}, options: NodeOptions = {}) {
    checkObject(config, "config", "ERR_RUNAR_CONFIG");
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKeys(options, OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const { logger, localCalls = "direct" } = options;
    if (localCalls !== "direct" && localCalls !== "native") {
      throw createError(
        "ERR_RUNAR_INVALID_ARGUMENT",
        `options.localCalls: expected "direct" or "native", got ${JSON.stringify(localCalls)}`,
        { details: { path: "options.localCalls" } },
      );
    }
    if (options.logLevel !== undefined) checkLevel(options.logLevel, "options.logLevel");
    const requestTimeoutMs = checkMilliseconds(
      options.requestTimeoutMs,
      "options.requestTimeoutMs",
    );
    const here = isolate();
    const sink = logger === undefined ? here.delivery.fallback : new ContainedSink(toSink(logger));
    const handle = callNative(() => native.nodeCreate(here.id, configText(config)));
    const logging = config.logging_config ?? {};
    const logs = new NodeLogs(
      here.delivery,
      sink,
      config.node_id ?? "node",
      options.logLevel ??
        logging.component_levels?.Service ??
        logging.default_level ??
        DEFAULT_LEVEL,
    );
    this.logger = new NodeLogger(logs, { component: "Node" });
    this.#host = new Host(
      here,
      handle,
      this,
      logs,
      localCalls === "direct",
      config.network_config != null,
      requestTimeoutMs ?? config.request_timeout_ms ?? DEFAULT_REQUEST_TIMEOUT_MS,
    );
    here.addHost(this.#host);
    this.#lifecycle = new Lifecycle(this.#host);
  }

  /** The node's id, made from its public key; `undefined` before the first start. */
  get id(): string | undefined {
    return this.#host.logs.nodeId;
  }

  /** Where the node is in its life. */
  get state(): NodeState {
    return this.#host.state;
  }

  /**
   * Adds a service, before or after `start()`. The promise settles when the service's `init` hook
   * has finished and, on a running node, its `start` hook; it need not be awaited before `start()`,
   * which then reports a failure. Takes services of `runar-ts/services` too.
   *
   * @throws ServiceDefinitionError at once, naming what is wrong with the definition.
   */
  addService<A extends Actions>(service: ServiceDefinition<A> | RustService): Promise<void> {
    return this.#lifecycle.addService(service);
  }

  /**
   * Runs the service's `stop` hook and takes its actions away. Handlers that run still answer.
   *
   * @throws NotFoundError when the node has no service with this path.
   */
  removeService(path: string): Promise<void> {
    return this.#lifecycle.removeService(path);
  }

  /**
   * Starts the node, then its services in the order in which they were added. When that fails,
   * everything that was started is stopped again. Does nothing on a running node.
   *
   * @throws LifecycleError with the failure of an `init` or `start` hook as its `cause`.
   */
  start(): Promise<void> {
    return this.#lifecycle.start();
  }

  /**
   * Stops the node: refuses new work, gives running work `drainMs` milliseconds (5000 by default)
   * to finish, ends what has not, and runs the services' `stop` hooks in reverse order. The node
   * can be started again.
   *
   * A handler that awaits this is itself running work, and is ended when `drainMs` is over.
   *
   * @throws LifecycleError when a `stop` hook failed; the node has stopped all the same.
   */
  stop(options: { drainMs?: number } = {}): Promise<void> {
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKeys(options, STOP_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const { drainMs = DEFAULT_DRAIN_MS } = options;
    if (drainMs !== 0) checkMilliseconds(drainMs, "options.drainMs");
    return this.#lifecycle.stop(drainMs);
  }

  /**
   * Calls an action by its path: one of this node, of `$registry`, or of any service that the core
   * reaches. An array is the list of arguments; anything else is the single argument.
   *
   * @example
   * await node.request("math/add", [2, 3]);
   */
  request<Result = unknown>(
    path: string,
    payload?: unknown,
    options?: CallOptions,
  ): Promise<Result> {
    if (typeof path !== "string") {
      const message = `path: expected a string, got ${kindOf(path)}`;
      return Promise.reject(createError("ERR_RUNAR_INVALID_ARGUMENT", message));
    }
    return this.#host.request(path, payload, options) as Promise<Result>;
  }

  /**
   * The actions of a service as methods, typed by its definition.
   *
   * @example
   * const math = node.client<typeof mathService>("math");
   * await math.add(2, 3);
   */
  client<S extends Pick<ServiceDefinition, "actions">>(servicePath: string): Client<S> {
    const host = this.#host;
    return makeClient<S>(
      (path, args, options) => host.request(path, args, options, undefined, true),
      servicePath,
    );
  }

  /**
   * Publishes an event to everybody who listens to its topic: parts separated by `/`, such as
   * `orders/placed`. The promise settles when those subscribers of this program that do not return
   * promises have heard it; what a subscriber throws is logged.
   *
   * @example
   * await node.publish("orders/placed", { id: 7 });
   */
  publish(topic: string, value?: unknown, options?: PublishOptions): Promise<void> {
    return this.#host.publish(topic, value, options);
  }

  /**
   * Listens to a topic or a pattern: `*` stands for one part, a last `>` for one or more. Events of
   * a topic are heard in the order in which they were published. Outlives a stop and a start.
   *
   * @example
   * const subscription = node.on("orders/*", (event) => console.log(event.topic, event.value));
   * subscription.unsubscribe();
   */
  on<Value = unknown>(
    topic: string,
    handler: EventHandler<Value>,
    options: SubscribeOptions = {},
  ): Subscription {
    checkObject(options, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    checkKeys(options, SUBSCRIBE_OPTIONS, "options", "ERR_RUNAR_INVALID_ARGUMENT");
    const includePastMs = checkMilliseconds(options.includePastMs, "options.includePastMs");
    const { events } = this.#host;
    return events.subscribe(topic, handler as EventHandler, undefined, includePastMs);
  }

  /**
   * Waits for the next event of a topic or a pattern.
   *
   * @throws TimeoutError after `timeoutMs`, by default the request timeout of the node.
   */
  once<Value = unknown>(topic: string, options: CallOptions = {}): Promise<Event<Value>> {
    return this.#host.once(topic, options) as Promise<Event<Value>>;
  }

  /**
   * The events of a topic or a pattern, to be read in a loop. Up to `limit` events (1024) wait to be
   * read; beyond that the oldest is dropped, or the newest, and counted in `dropped`. The loop ends
   * when the node stops. It does not keep the process alive.
   *
   * @example
   * for await (const event of node.events("orders/*")) console.log(event.value);
   */
  events<Value = unknown>(topic: string, options: IterateOptions = {}): EventIterator<Value> {
    const code = "ERR_RUNAR_INVALID_ARGUMENT";
    checkObject(options, "options", code);
    checkKeys(options, ITERATE_OPTIONS, "options", code);
    const { limit = 1024, overflow = "drop-oldest" } = options;
    checkCount(limit, 1, "options.limit", code);
    if (overflow !== "drop-oldest" && overflow !== "drop-newest") {
      throw createError(
        code,
        `options.overflow: expected "drop-oldest" or "drop-newest", got ${JSON.stringify(overflow)}`,
      );
    }
    return new EventIterator(this.#host.events, topic, limit, overflow === "drop-oldest");
  }

  /**
   * Publishing and listening with the types of a map from topics to values.
   *
   * @example
   * const topics = node.topics<{ "orders/placed": { id: number } }>();
   * topics.on("orders/placed", (event) => event.value.id);
   */
  topics<Topics extends object>(): TypedTopics<Topics> {
    return this as TypedTopics<Topics>;
  }

  /**
   * Sets the level from which on this node's records pass, from the next record on: of everything,
   * or of one component (`Service` is what handlers write, the others are the core's).
   */
  setLogLevel(level: LogThreshold, options: { component?: string } = {}): void {
    const { component } = options;
    checkLevel(level, "level");
    const { handle, logs } = this.#host;
    callNative(() => native.nodeSetLogLevel(handle, level, component ?? null));
    if (component === undefined || component === "Service") logs.threshold = rank(level);
  }

  /** `await using node = new Node(…)` stops the node at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
