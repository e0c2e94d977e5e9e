/** The class `Node`: a node, as programs use it. */

import type { Actions } from "../api/action.js";
import type { ArcValue } from "../api/arc-value.js";
import type { BoundedIterator, IterateOptions } from "../api/bounded-iterator.js";
import type { CallOptions, RequestOptions } from "../api/call-options.js";
import { makeClient } from "../api/client.js";
import type { Client, EventHandler, TypedTopics } from "../api/context.js";
import type { ServiceDefinition } from "../api/definition.js";
import type { Event, PublishOptions, SubscribeOptions, Subscription } from "../api/event.js";
import type { EventIterator } from "../api/event-iterator.js";
import type { LogIterateOptions, LogIterator } from "../api/log-iterator.js";
import type { NodeFileOptions, NodeOptions, NodeState } from "../api/node-options.js";
import type { Peer, PeerAddress, PeerChange } from "../api/peers.js";
import type { RustService } from "../api/rust-service.js";
import type { NodeConfig } from "../generated/config.js";
import { defaultFile, readNodeFile } from "../identity/node-file.js";
import type { Logger, LogStats, LogThreshold } from "../logging/record.js";
import type { NodeMetrics } from "../metrics/metrics.js";
import { asyncDispose } from "../platform/dispose.js";
import type { Host } from "../runtime/host.js";
import { Lifecycle } from "../runtime/lifecycle.js";
import { checkObject, checkOptions } from "../validation/validator.js";
import { makeHost, makeHostParts } from "./make-host.js";
import { checkNodeOptions, NODE_FILE_OPTIONS } from "./options.js";

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
   * @throws ConfigError, InvalidArgumentError or LogSinkError, naming the key; IdentityError for an
   * identity that is not enrolled, has expired, or is of another network.
   */
  constructor(config: NodeConfig = {}, options: NodeOptions = {}) {
    checkObject(config, "config", "ERR_RUNAR_CONFIG");
    checkNodeOptions(options);
    const parts = makeHostParts(config, options);
    this.logger = parts.logger;
    this.#host = makeHost(this, parts, options);
    this.#lifecycle = new Lifecycle(this.#host);
  }

  /**
   * The node from the file that the Rust CLI wrote about it, `~/.runar/config.json` by default, and
   * from its keys, which the CLI has put into the keyring of the system. `options.keys` names another
   * place. The file may hold every key of a config too.
   *
   * @throws ConfigError for a file that is none, naming the key; IdentityError when the keys cannot be
   * had, or are those of another node than the file's.
   * @example
   * const node = await Node.fromFile("node.json", { keys: fileStore("node.keys") });
   */
  static async fromFile(
    path: string | URL = defaultFile(),
    options: NodeFileOptions = {},
  ): Promise<Node> {
    checkOptions(options, NODE_FILE_OPTIONS);
    const { keys, ...others } = options;
    const { config, identity } = await readNodeFile(path, keys);
    return new Node(config, { ...others, identity });
  }

  /**
   * The node's id, made from its public key. Without an identity of its own it is `undefined` before
   * the first start.
   */
  get id(): string | undefined {
    return this.#host.pipeline.nodeId;
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
   * @example
   * node.addService({ name: "math", path: "math", actions: { add: (a, b) => a + b } });
   */
  addService<A extends Actions>(service: ServiceDefinition<A> | RustService): Promise<void> {
    return this.#lifecycle.addService(service);
  }

  /**
   * Runs the service's `stop` hook and takes its actions away. Handlers that run still answer.
   *
   * @throws NotFoundError when the node has no service with this path.
   * @example
   * await node.removeService("math");
   */
  removeService(path: string): Promise<void> {
    return this.#lifecycle.removeService(path);
  }

  /**
   * Starts the node, then its services in the order in which they were added. When that fails,
   * everything that was started is stopped again. Does nothing on a running node.
   *
   * @throws LifecycleError with the failure of an `init` or `start` hook as its `cause`.
   * @example
   * node.addService(shop);
   * await node.start();
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
   * @example
   * process.once("SIGTERM", () => node.stop({ drainMs: 10_000 }));
   */
  stop(options: { drainMs?: number } = {}): Promise<void> {
    return this.#lifecycle.stop(options);
  }

  /**
   * Calls an action by its path: one of this node, of `$registry`, or of any service that the core
   * reaches. An array is the list of arguments; anything else is the single argument. With
   * `{ as: "arc" }` the result is an `ArcValue`.
   *
   * @example
   * await node.request("math/add", [2, 3]);
   */
  request(
    path: string,
    payload: unknown,
    options: RequestOptions & { as: "arc" },
  ): Promise<ArcValue>;
  request<Result = unknown>(
    path: string,
    payload?: unknown,
    options?: RequestOptions,
  ): Promise<Result>;
  request(path: string, payload?: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#host.request(path, payload, options);
  }

  /**
   * The actions of a service as methods, typed by its definition. Only the type is needed where the
   * service is another program's. A client made from the definition itself has its methods as properties
   * and no others, which is the safer thing to hand to containers and mocks.
   *
   * @example
   * const math = node.client<typeof mathService>("math"); // or node.client(mathService)
   * await math.add(2, 3);
   */
  client<S extends Pick<ServiceDefinition, "actions">>(servicePath: string): Client<S>;
  client<S extends Pick<ServiceDefinition, "path" | "actions">>(definition: S): Client<S>;
  client<S extends Pick<ServiceDefinition, "path" | "actions">>(service: string | S): Client<S> {
    const host = this.#host;
    return makeClient<S>(
      (path, args, options) => host.request(path, args, options, undefined, true),
      service,
    );
  }

  /**
   * Publishes an event to all subscribers of its topic: parts separated by `/`, such as
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
    return this.#host.events.on(topic, handler as EventHandler, options);
  }

  /**
   * Waits for the next event of a topic or a pattern.
   *
   * @throws TimeoutError after `timeoutMs`, by default the request timeout of the node.
   * @example
   * const { value } = await node.once("orders/placed", { timeoutMs: 5_000 });
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
    return this.#host.events.iterate(topic, options);
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
   * or of one component. `Service` is what handlers write, the path of a service what its handlers
   * write, `Node` what the program writes; the others are the core's.
   *
   * @example
   * node.setLogLevel("debug", { component: "Network" });
   */
  setLogLevel(level: LogThreshold, options: { component?: string } = {}): void {
    this.#host.logControl.setLevel(level, options);
  }

  /**
   * This node's log records, to be read in a loop, beside the sink that it has. Up to `limit` records
   * (1024) wait to be read; beyond that the oldest is dropped, or the newest, and counted in
   * `dropped`. The loop ends when the node has stopped. It does not keep the process alive.
   *
   * @example
   * for await (const record of node.logs({ level: "warn" })) console.log(record.message);
   */
  logs(options: LogIterateOptions = {}): LogIterator {
    return this.#host.logControl.iterate(options);
  }

  /**
   * What became of this node's log records so far, those of Rust and of JavaScript in one account.
   * At every moment `accepted === delivered + dropped + pending`, for each level and in all.
   *
   * @example
   * const { dropped } = node.logStats().total;
   */
  logStats(): LogStats {
    return this.#host.logControl.stats();
  }

  /**
   * Closes the node's records for good: delivers what is pending, lets the sink flush, and drops, but
   * counts, what is written afterwards. Waits `deadlineMs` milliseconds (5000 by default) at most;
   * what a slow sink has not taken by then is still `pending` in what this returns. Never rejects on
   * account of the sink. `stop()` delivers what is pending too, and closes nothing.
   *
   * @example
   * await node.stop();
   * await node.closeLogs({ deadlineMs: 1_000 });
   */
  async closeLogs(options: { deadlineMs?: number } = {}): Promise<LogStats> {
    return this.#host.logControl.close(options);
  }

  /**
   * What became of the calls that this node served and made since it was made, by action: how many,
   * how they failed, how long they took, and how many are in flight. The node needs
   * `{ metrics: true }`. Reading changes nothing; what it returns is plain data, and stays as it is.
   *
   * @throws InvalidArgumentError when the node counts nothing.
   * @example
   * for (const { path, caller, ended, failed } of node.metrics().served) {
   *   console.log(`${path}, called by ${caller}: ${ended} calls, ${failed} failed`);
   * }
   */
  metrics(): NodeMetrics {
    return this.#host.metrics();
  }

  /** Where this node listens for peers, while it runs; empty without a `network_config`. */
  get addresses(): readonly string[] {
    return this.#host.peers.addresses;
  }

  /**
   * The other nodes that this one is connected to now.
   *
   * @example
   * const sellers = node.peers().filter(({ services }) => services.some(({ path }) => path === "shop"));
   */
  peers(): Peer[] {
    return this.#host.peers.list();
  }

  /**
   * What becomes of peers, to be read in a loop, from now on. Up to `limit` changes (1024) wait to be
   * read; beyond that the oldest is dropped, or the newest, and counted in `dropped`. The loop ends
   * when the node stops. It does not keep the process alive.
   *
   * @example
   * for await (const { change, peer } of node.peerChanges()) console.log(change, peer.id);
   */
  peerChanges(options: IterateOptions = {}): BoundedIterator<PeerChange> {
    return this.#host.peers.changes(options);
  }

  /**
   * Connects to a peer, and keeps to it: when it is lost, it is called again until `disconnect`. The
   * promise settles when the peer is connected, and its services are known.
   *
   * @throws NetworkError when it cannot be reached within `timeoutMs`, by default the request timeout
   * of the node; IdentityError when it is another node, or of another authority or network.
   *
   * @example
   * await node.connect({ publicKey, addresses: ["192.168.1.7:4433"] }, { timeoutMs: 5_000 });
   */
  async connect(peer: PeerAddress, options: CallOptions = {}): Promise<Peer> {
    return this.#host.peers.connect(peer, options);
  }

  /**
   * Ends what connects to a peer, and looks for it no longer; does nothing when there is nothing.
   *
   * @example
   * const { id } = await node.connect({ publicKey, addresses });
   * node.disconnect(id);
   */
  disconnect(id: string): void {
    this.#host.peers.disconnect(id);
  }

  /**
   * Waits until a peer is connected; without an id, any.
   *
   * @throws TimeoutError after `timeoutMs`, by default the request timeout of the node.
   * @example
   * const peer = await node.waitForPeer(undefined, { timeoutMs: 10_000 });
   */
  async waitForPeer(id?: string, options: CallOptions = {}): Promise<Peer> {
    return this.#host.peers.waitForPeer(id, options);
  }

  /**
   * Waits until a service can be called: because it runs on this node, or a peer offers it.
   *
   * @throws TimeoutError after `timeoutMs`, by default the request timeout of the node.
   *
   * @example
   * await node.waitForService("math", { timeoutMs: 10_000 });
   */
  async waitForService(path: string, options: CallOptions = {}): Promise<void> {
    return this.#host.peers.waitForService(path, options);
  }

  /** `await using node = new Node(…)` stops the node at the end of the block. */
  [asyncDispose](): Promise<void> {
    return this.stop();
  }
}
