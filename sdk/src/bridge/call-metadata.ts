/** The metadata of a call, which travels with it; `crates/ffi/src/call_metadata.rs` is the counterpart. */

import { MetadataFlag } from "../generated/protocol.js";
import { MAX_UINT32, type Reader, type Writer } from "../values/buffers.js";

/** What a caller declares about a call, beside its path and payload. */
export interface CallMetadata {
  /** How long the caller waits. */
  readonly timeoutMs: number;
  /** Whether the payload is the arguments of a typed client. */
  readonly positional: boolean;
  /** The id that the log records of the call share. */
  readonly requestId: string | undefined;
  /** The W3C trace context. */
  readonly traceparent: string | undefined;
}

/** Writes the metadata of a call: the timeout, and the other fields as a block with a length. */
export function writeMetadata(writer: Writer, metadata: CallMetadata): void {
  writer.u32(Math.min(metadata.timeoutMs, MAX_UINT32));
  const start = writer.length;
  writer.u32(0);
  writer.u8(metadata.positional ? MetadataFlag.positional : 0);
  writer.string(metadata.requestId ?? "");
  writer.string(metadata.traceparent ?? "");
  writer.end(start);
}

/** Reads the metadata of a call. */
export function readMetadata(reader: Reader): CallMetadata {
  const timeoutMs = reader.u32();
  const end = reader.u32() + reader.at;
  const metadata = {
    timeoutMs,
    positional: (reader.u8() & MetadataFlag.positional) !== 0,
    requestId: reader.string() || undefined,
    traceparent: reader.string() || undefined,
  };
  reader.at = end;
  return metadata;
}
