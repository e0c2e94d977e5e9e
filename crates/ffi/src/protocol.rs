//! The numbers that both ends of a wire must agree on: those of the crossing between Rust and JavaScript,
//! and those of a session between two nodes of this SDK. `npm run generate` makes
//! `sdk/src/generated/protocol.ts` from the tables of the crossing. Each number is written here only.

use serde_json::{json, Value};

/// Defines modules of numbers, and the table from which the TypeScript side is made.
macro_rules! crossing_tables {
    ($(
        $(#[doc = $about:literal])+
        $module:ident as $name:literal: $number:ty {
            $($(#[doc = $meaning:literal])* $constant:ident = $value:expr;)+
        }
    )+) => {
        $(
            $(#[doc = $about])+
            pub mod $module {
                $($(#[doc = $meaning])* pub const $constant: $number = $value;)+
            }
        )+

        /// The tables as JSON: `[{ name, about, entries: [{ name, value, meaning }] }]`.
        pub fn table() -> Value {
            json!([$({
                "name": $name,
                "about": concat!($($about),+).trim(),
                "entries": [$({
                    "name": stringify!($constant),
                    "value": $module::$constant,
                    "meaning": concat!("", $($meaning),*).trim(),
                }),+],
            }),+])
        }
    };
}

crossing_tables! {
    /// The kinds of messages from JavaScript to Rust.
    to_rust as "ToRust": u8 {
        REQUEST_ACTION = 1;
        REQUEST_PATH = 2;
        REPLY = 3;
        FAIL = 4;
        CANCEL = 5;
        PUBLISH = 6;
        RELEASE = 7;
    }

    /// The kinds of messages from Rust to JavaScript.
    to_javascript as "ToJavaScript": u8 {
        INVOKE = 1;
        RESULT = 2;
        ERROR = 3;
        FAILURE = 4;
        FORGET = 5;
        ABORT = 6;
        LOGS = 7;
        MORE = 8;
        EVENT = 9;
        LOGS_END = 10;
        PEER = 11;
    }

    /// Flags of a request by path.
    request_flag as "RequestFlag": u8 {
        /// The result stays in Rust, and JavaScript gets a handle.
        HELD = 1;
    }

    /// Flags of a failed invocation.
    fail_flag as "FailFlag": u8 {
        /// The isolate keeps the error object for a caller of its own.
        KEPT = 1;
        /// No handler has run.
        REFUSED = 2;
    }

    /// Flags of the caller of an invocation.
    caller_flag as "CallerFlag": u8 {
        /// The caller is another node.
        PEER = 1;
        /// The caller has proven its identity.
        AUTHENTICATED = 2;
    }

    /// Flags of the metadata of a call.
    metadata_flag as "MetadataFlag": u8 {
        /// The payload is the argument list of a typed client.
        POSITIONAL = 1;
    }

    /// Action numbers that stand for no action of a service.
    reserved_action as "ReservedAction": u32 {
        /// Rust asks whether a peer may call a path.
        AUTHORIZE = u32::MAX;
        /// A peer reads a stream.
        READ_STREAM = u32::MAX - 1;
        /// Rust asks whether a gateway may answer a request.
        AUTHENTICATE = u32::MAX - 2;
    }

    /// The tags of the binary form of values.
    tag as "Tag": u8 {
        UNDEFINED = 0;
        NULL = 1;
        FALSE = 2;
        TRUE = 3;
        INT32 = 4;
        FLOAT64 = 5;
        ASCII = 6;
        UTF8 = 7;
        INT64 = 8;
        UINT64 = 9;
        BYTES = 10;
        ARRAY = 11;
        OBJECT = 12;
        /// An array of numbers only: their count, and 8 bytes each.
        NUMBERS = 13;
        /// The value that follows reaches Rust as one JSON value.
        JSON = 14;
        /// The handle of a Rust value that this isolate holds.
        HELD = 15;
        /// The handle of bytes that are taken apart from the message, and their size.
        HELD_BYTES = 16;
        /// A stream in an answer: its number, and the node that has it.
        STREAM = 17;
    }

    /// Limits of the crossing.
    limit as "Limit": u32 {
        /// A value may not be nested deeper. Both sides refuse one before a stack could overflow.
        MAX_DEPTH = 128;
        /// The longest request id, in bytes of UTF-8.
        MAX_REQUEST_ID_BYTES = 256;
        /// The most bytes that one message may carry: each copy on its way takes as much again.
        MAX_MESSAGE_BYTES = 1 << 28;
        /// The longest message or stack of an error that crosses, in characters.
        MAX_ERROR_TEXT = 16 * 1024;
        /// The largest record of an error, in characters of JSON.
        MAX_ERROR_RECORD = 512 * 1024;
        /// How many causes, and errors of an AggregateError, cross with an error.
        MAX_ERROR_CAUSES = 24;
        /// How deep the causes of an error, and the properties of each, may nest.
        MAX_ERROR_DEPTH = 8;
    }
}

/// The kinds of frames of a session.
pub mod frame_kind {
    /// The first frame: the node that dialled proves that it has the network's key.
    pub const PROOF: u8 = 1;
    pub const CALL: u8 = 2;
    pub const CANCEL: u8 = 3;
    pub const REPLY: u8 = 4;
    /// The call has failed: the JSON of an error.
    pub const ERROR: u8 = 5;
    /// The call was refused before a handler ran: the JSON of an error.
    pub const REFUSAL: u8 = 6;
    pub const EVENT: u8 = 7;
    /// The new description of the node.
    pub const NODE_UPDATE: u8 = 8;
}

/// The kinds of streams of a session: their first byte.
pub mod stream_kind {
    /// Calls and their replies, as long as the connection lasts.
    pub const CALLS: u8 = 1;
    /// Events, in their order, as long as the connection lasts.
    pub const EVENTS: u8 = 2;
    /// One frame that is too large for the other streams.
    pub const SINGLE: u8 = 3;
}

/// The oldest version of the session protocol that this build speaks.
pub const MIN_SESSION_VERSION: u32 = 2;

/// The newest one. It changes with the layout of a frame, and when a kind of frame is added.
pub const MAX_SESSION_VERSION: u32 = 2;

/// The code with which a node closes a connection whose peer speaks no version that it speaks. The reason is
/// the range of its own.
pub const CLOSE_VERSION_MISMATCH: u32 = 2;

/// A frame with a larger body gets a stream of its own, so that it does not delay others.
pub const MAX_INLINE_BODY: usize = 32 * 1024;
