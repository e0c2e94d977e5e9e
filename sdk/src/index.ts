/**
 * Write, host, call and network Runar services from Node and Bun.
 *
 * @packageDocumentation
 */

import { callNative, native } from "./native/binding.js";

export type { ActionDefinition, Actions } from "./api/action.js";
export { type ArcCategory, type ArcType, ArcValue, VMap } from "./api/arc-value.js";
export { BoundedIterator, type IterateOptions } from "./api/bounded-iterator.js";
export type { CallOptions, RequestOptions } from "./api/call-options.js";
export type { Authorize, Caller } from "./api/caller.js";
export type {
  ArgumentsOf,
  Client,
  ClientMethod,
  EventContext,
  EventHandler,
  ResultOf,
  TypedTopics,
} from "./api/context.js";
export { Context, type LifecycleContext } from "./api/context.js";
export type { EventDefinition, ServiceEventHandler } from "./api/definition.js";
export {
  defineAction,
  defineEvent,
  defineService,
  type ServiceDefinition,
} from "./api/definition.js";
export type { Event, PublishOptions, SubscribeOptions, Subscription } from "./api/event.js";
export type { EventIterator } from "./api/event-iterator.js";
export type { LogIterateOptions, LogIterator } from "./api/log-iterator.js";
export type { CheckValues, NodeFileOptions, NodeOptions, NodeState } from "./api/node-options.js";
export type { Peer, PeerAddress, PeerChange, PeerService } from "./api/peers.js";
export type { ReservedName } from "./api/reserved-names.js";
export type { Stream } from "./api/stream.js";
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
  NodeConfig,
  QuicOptions,
  TransportOptions,
} from "./generated/config.js";
export { type FileStoreOptions, fileStore } from "./identity/file-store.js";
export {
  type Certificate,
  type GrantOptions,
  Identity,
  type InstallOptions,
  Network,
  type RestoreNetworkOptions,
} from "./identity/identity.js";
export { type KeyStore, memoryStore } from "./identity/key-store.js";
export {
  type KeyringCredential,
  type KeyringEntry,
  type KeyringLibrary,
  type KeyringStoreOptions,
  keyringStore,
} from "./identity/keyring-store.js";
export { type ConsoleSinkOptions, consoleSink, type TextStream } from "./logging/console-sink.js";
export type { LevelMethods, LogFunction, LoggerOption } from "./logging/logger-option.js";
export type {
  LogCounts,
  LoggedError,
  Logger,
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
export { Node } from "./node/node.js";
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
