/**
 * Write, host, call and network Runar services from Node and Bun.
 *
 * @packageDocumentation
 */

import { callNative, native } from "./native/binding.js";

export { type ArcCategory, type ArcType, ArcValue } from "./api/arc-value.js";
export { BoundedIterator, type IterateOptions } from "./api/bounded-iterator.js";
export type { Authorize, Caller } from "./api/caller.js";
export type { ArgumentsOf, Client, ClientMethod, ReservedName, ResultOf } from "./api/client.js";
export { Context, type LifecycleContext } from "./api/context.js";
export {
  type ActionDefinition,
  type Actions,
  defineAction,
  defineService,
  type ServiceDefinition,
} from "./api/definition.js";
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
} from "./api/events.js";
export { VMap } from "./api/vmap.js";
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
} from "./errors/errors.js";
export type {
  DiscoveryOptions,
  DiscoveryProvider,
  LoggingConfig,
  MulticastOptions,
  NetworkConfig,
  QuicOptions,
  TransportOptions,
} from "./generated/config.js";
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
export type { CallCounts, FailureName } from "./metrics/call-counts.js";
export { type Durations, quantileMs } from "./metrics/durations.js";
export type {
  ActionLoad,
  CallerKind,
  MadeCalls,
  NodeMetrics,
  ServedCalls,
  TargetKind,
} from "./metrics/metrics.js";
export type { Telemetry, TelemetryCall, TelemetrySpan } from "./metrics/telemetry.js";
export { Node, type NodeConfig, type NodeFileOptions, type NodeOptions } from "./node/node.js";
export type { CheckValues, NodeState } from "./runtime/host.js";
export type { Peer, PeerAddress, PeerChange, PeerService } from "./runtime/peers.js";
export type { CallOptions, RequestOptions } from "./runtime/pending-call.js";
export type { Stream } from "./runtime/streams.js";
export type { Handler } from "./validation/parameters.js";
export type { JsonText } from "./values/json-ready.js";
export { type JsonValue, json, type RustValue } from "./values/rust-value.js";

/**
 * Names the addon and the Rust core that it carries: a sign that everything is in place.
 *
 * @example
 * console.log(hello());
 */
export function hello(): string {
  return callNative(() => native.hello());
}
