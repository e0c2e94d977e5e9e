//! What both ends of a wire must agree on: the numbers of the crossing between Rust and JavaScript, and
//! those of a session between two nodes of this SDK. `sdk/src/generated/protocol.ts` is made from the
//! tables of the crossing (`npm run generate`); a number is written here and nowhere else.

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
        /// The most bytes that one message may carry: each copy on its way takes as much again.
        MAX_MESSAGE_BYTES = 1 << 28;
    }
}
