/** The public face of a node. */

import type { CallOptions } from "./call.js";
import { type Client, makeClient } from "./client.js";
import { createError, describeThrown } from "./errors.js";
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
import { checkKeys, checkMilliseconds, checkObject, kindOf } from "./options.js";
import type { Actions, ServiceDefinition } from "./service.js";

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

// Node before 18.18 and Bun before 1.0.23 lack the symbol; `await using` looks for this very one.
if (Symbol.asyncDispose === undefined) {
  Object.defineProperty(Symbol, "asyncDispose", { value: Symbol.for("Symbol.asyncDispose") });
}

/**
 * A node's config: the JSON of Rust's `NodeConfig`, with the same keys. `{}` is complete: a local
 * node with a fresh identity, kept in memory, and no open port.
 */
export interface NodeConfig {
  /** A name for the node in log records. `node` by default. Its id comes from its key. */
  node_id?: string;
  /** The network of the node's services. By default that of its identity. */
  default_network_id?: string;
  /** Further networks that the node takes part in. */
  network_ids?: string[];
  /** Opens a port for peers. Without it the node is local. */
  network_config?: {
    transport_options?: {
      /** Address and port; port 0 takes a free one. `127.0.0.1:0` by default. */
      bind_address?: string;
    };
    /** Milliseconds; 30000 by default. */
    connection_timeout_ms?: number;
    /** Milliseconds; 30000 by default. */
    request_timeout_ms?: number;
    /** 100 by default. */
    max_connections?: number;
    /** Bytes; 1 MiB by default. */
    max_message_size?: number;
    /** Bytes; 1 MiB by default. */
    max_chunk_size?: number;
  };
  logging_config?: {
    /** The level from which on records pass. Services: `info` by default; the core: `warn`. */
    default_level?: LogThreshold;
    /** Levels by component: `Node`, `Registry`, `Service`, `Database`, `Network`, `System`, … */
    component_levels?: Record<string, LogThreshold>;
  };
  /** How long a call may take, in milliseconds. 30000 by default. */
  request_timeout_ms?: number;
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
const STOP_OPTIONS = ["drainMs"];

function configText(config: NodeConfig): string {
  try {
    return JSON.stringify(config);
  } catch (cause) {
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
    const { logging_config: logging = {} } = config;
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
   * which then reports a failure.
   *
   * @throws ServiceDefinitionError at once, naming what is wrong with the definition.
   */
  addService<A extends Actions>(definition: ServiceDefinition<A>): Promise<void> {
    return this.#lifecycle.addService(definition);
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
