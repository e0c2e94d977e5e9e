/** The options of a node, and the states that it has. */

import type { Identity } from "../identity/identity.js";
import type { KeyStore } from "../identity/key-store.js";
import type { LoggerOption } from "../logging/logger-option.js";
import type { LogThreshold } from "../logging/record.js";
import type { RedactOption } from "../logging/redact.js";
import type { Telemetry } from "../metrics/telemetry.js";
import type { Authorize } from "./caller.js";

/** Where a node is in its life. */
export type NodeState = "created" | "starting" | "running" | "draining" | "stopped";

/** What happens to values in the direct lane, which are passed on as they are. */
export type CheckValues = "off" | "check" | "freeze";

/** What the program, rather than a config file, decides about a node. */
export interface NodeOptions {
  /**
   * Who the node is: an identity that is enrolled in a network, which must be that of the config if
   * the config names one. By default the node gets keys of its own, in a network of its own, and
   * forgets them.
   */
  identity?: Identity;
  /** Where log records go: by default to the standard error stream. */
  logger?: LoggerOption;
  /**
   * The level from which on what services and the program itself write passes: `info` by default.
   * Wins over `logging_config`, which sets the level of the core's own records too. The environment
   * variable `RUNAR_LOG` wins over both.
   */
  logLevel?: LogThreshold;
  /**
   * What no sink may see: paths within the `fields` of records, by the grammar of pino, such as
   * `["payload.password", "*.token"]`, or `{ paths, censor?, remove? }`.
   */
  redact?: RedactOption;
  /**
   * Whether `currentLogger()` finds the logger of the call that is running: no by default, because
   * it costs every call a little.
   */
  asyncContext?: boolean;
  /** How long a call may take, in milliseconds. Wins over the config. */
  requestTimeoutMs?: number;
  /**
   * How calls to services of this node travel: `direct`, the default, is a function call;
   * `native` goes through the Rust core. A call means the same either way.
   */
  localCalls?: "direct" | "native";
  /**
   * For development. The direct lane passes payloads, results and events on as they are: `check`
   * looks into them and refuses, with a ValueError, what could not cross in another lane; `freeze`
   * also freezes their objects and arrays, so that nothing comes to depend on their being shared.
   * `off`, the default, costs nothing.
   */
  checkValues?: CheckValues;
  /**
   * Decides which peers may call which actions of this node, those of services written in Rust too.
   * By default every peer may that has proven to be of the network. A service's own `authorize` is
   * asked next. Calls from within the node are not asked about.
   *
   * @example
   * new Node(config, { authorize: (caller, path) => path !== "admin/stop" || caller.id === OPERATOR });
   */
  authorize?: Authorize;
  /**
   * Whether the node counts its calls, for `node.metrics()`: no by default, because two looks at the
   * clock take as long as a call in the direct lane does.
   *
   * @example
   * const node = new Node(config, { metrics: true });
   */
  metrics?: boolean;
  /**
   * Gets every call, served and made: what `otel()` of `runar-ts/telemetry` returns. None by default. It
   * works with `metrics` and without.
   *
   * @example
   * const node = new Node(config, { telemetry: otel() });
   */
  telemetry?: Telemetry;
}

/** How a node is made from a file. */
export interface NodeFileOptions extends Omit<NodeOptions, "identity"> {
  /** Where the node's keys are: by default in the keyring of the system, as the file names them. */
  keys?: KeyStore;
}
