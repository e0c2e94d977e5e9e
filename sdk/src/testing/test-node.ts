/** A node for one test. */

import type { ServiceDefinition } from "../api/definition.js";
import type { NodeOptions } from "../api/node-options.js";
import type { RustService } from "../api/rust-service.js";
import type { NodeConfig } from "../generated/config.js";
import { Node } from "../node/node.js";
import { checkObject } from "../validation/validator.js";
import { type RecordedLogs, recordLogs } from "./recorded-logs.js";

/**
 * What a node for a test is made of: its services, its config, and the options of `new Node`. `logLevel`
 * is `trace` and `checkValues` is `check` by default.
 *
 * @example
 * const options: TestNodeOptions = { services: [math], requestTimeoutMs: 1_000 };
 */
export interface TestNodeOptions extends Omit<NodeOptions, "logger"> {
  /** Added in this order, before the start. None by default. */
  services?: readonly (ServiceDefinition | RustService)[];
  /** By default `{}`: a local node with keys of its own and no open port. */
  config?: NodeConfig;
}

/**
 * A node that keeps its log records to itself, and does not wait for handlers that hang when it is
 * stopped. Everything else is as in `Node`.
 *
 * @example
 * const node: TestNode = await createTestNode({ services: [math] });
 * assert.deepEqual(node.recorded.filter({ level: "error" }), []);
 */
export class TestNode extends Node {
  /** What services, the program and the core have logged. */
  readonly recorded: RecordedLogs;

  /** Use `createTestNode()`, which also starts it. */
  constructor(config: NodeConfig, options: Omit<NodeOptions, "logger">) {
    const recorded = recordLogs();
    super(config, { logLevel: "trace", checkValues: "check", ...options, logger: recorded });
    this.recorded = recorded;
  }

  /**
   * Stops the node. Unlike that of `Node` it ends running work at once: `drainMs` is 0 by default.
   *
   * @throws LifecycleError when a `stop` hook failed.
   */
  override stop(options: { drainMs?: number } = {}): Promise<void> {
    checkObject(options, "options");
    return super.stop({ drainMs: 0, ...options });
  }
}

/**
 * A started node with the services given, for one test. It prints nothing: its records, from `trace` on,
 * are in `node.recorded`. Values that could not cross to another lane or node are refused
 * (`checkValues: "check"`). It is stopped at the end of the block of its `await using`, or with
 * `node.stop()`, which ends at once what still runs.
 *
 * @throws LifecycleError with the failure of an `init` or `start` hook as its `cause`;
 * ServiceDefinitionError, ConfigError or InvalidArgumentError for what makes no sense.
 * @example
 * test("adds", async () => {
 *   await using node = await createTestNode({ services: [math] });
 *   assert.equal(await node.client<typeof math>("math").add(2, 3), 5);
 * });
 * @example
 * // In plain JavaScript, or wherever there is no `await using`:
 * test("adds", async (t) => {
 *   const node = await createTestNode({ services: [math] });
 *   t.after(() => node.stop());
 * });
 */
export async function createTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  checkObject(options, "options");
  const { services = [], config = {}, ...others } = options;
  const node = new TestNode(config, others);
  for (const service of services) node.addService(service);
  await node.start();
  return node;
}
