/**
 * Write, host, call and network Runar services from Node and Bun.
 *
 * @packageDocumentation
 */

import { callNative, native } from "./native.js";

export { BoundedIterator, type IterateOptions } from "./bounded-iterator.js";
export type { CallOptions, RequestOptions } from "./call.js";
export type { ArgumentsOf, Client, ClientMethod, ReservedName, ResultOf } from "./client.js";
export { Context, type LifecycleContext } from "./context.js";
export {
  ActionError,
  ConfigError,
  type ErrorCode,
  IdentityError,
  InvalidArgumentError,
  LifecycleError,
  LoadError,
  LogSinkError,
  NetworkError,
  NotFoundError,
  OverloadError,
  PanicError,
  RunarError,
  type RunarErrorOptions,
  ServiceDefinitionError,
  SqlError,
  TimeoutError,
  ValueError,
} from "./errors.js";
export type {
  Event,
  EventContext,
  EventHandler,
  EventIterator,
  PublishOptions,
  ServiceEventHandler,
  SubscribeOptions,
  Subscription,
  TypedTopics,
} from "./events.js";
export type {
  DiscoveryOptions,
  DiscoveryProvider,
  LoggingConfig,
  MulticastOptions,
  NetworkConfig,
  QuicOptions,
  TransportOptions,
} from "./generated/config.js";
export type { CheckValues, NodeState } from "./host.js";
export { type FileStoreOptions, fileStore } from "./identity/file-store.js";
export { type Certificate, Identity, type InstallOptions } from "./identity/identity.js";
export { type KeyStore, memoryStore } from "./identity/key-store.js";
export {
  type KeyringCredential,
  type KeyringEntry,
  type KeyringLibrary,
  type KeyringStoreOptions,
  keyringStore,
} from "./identity/keyring-store.js";
export { type GrantOptions, Network, type RestoreNetworkOptions } from "./identity/network.js";
export { type ConsoleSinkOptions, consoleSink, type TextStream } from "./logging/console-sink.js";
export type { LogIterateOptions, LogIterator } from "./logging/log-iterator.js";
export type {
  LevelMethods,
  LogCounts,
  LogFunction,
  LoggedError,
  Logger,
  LoggerOption,
  LogLevel,
  LogMessage,
  LogRecord,
  LogSink,
  LogStats,
  LogThreshold,
} from "./logging/record.js";
export type { RedactOption, RedactOptions } from "./logging/redact.js";
export { Node, type NodeConfig, type NodeFileOptions, type NodeOptions } from "./node.js";
export type { CallCounts, FailureName } from "./observing/call-counts.js";
export { type Durations, quantileMs } from "./observing/durations.js";
export type {
  ActionLoad,
  CallerKind,
  MadeCalls,
  NodeMetrics,
  ServedCalls,
  TargetKind,
} from "./observing/metrics.js";
export type { Telemetry, TelemetryCall, TelemetrySpan } from "./observing/telemetry.js";
export type { Handler } from "./parameters.js";
export type { Peer, PeerAddress, PeerChange, PeerService } from "./peers.js";
export type { Authorize, Caller } from "./remote.js";
export {
  type ActionDefinition,
  type Actions,
  defineAction,
  defineService,
  type ServiceDefinition,
} from "./service.js";
export type { Stream } from "./streams.js";
export { type ArcCategory, type ArcType, ArcValue } from "./values/arc-value.js";
export type { JsonText } from "./values/json-ready.js";
export { type JsonValue, json, type RustValue } from "./values/rust-value.js";
export { VMap } from "./values/vmap.js";

/**
 * Names the addon and the Rust core that it carries: a sign that everything is in place.
 *
 * @example
 * console.log(hello());
 */
export function hello(): string {
  return callNative(() => native.hello());
}
