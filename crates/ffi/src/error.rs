//! The one table of errors: every code, its class, whether a retry can help, and what it means.
//! The TypeScript classes and the reference page are generated from it (`npm run generate`).

use std::any::Any;
use std::panic::{catch_unwind, AssertUnwindSafe};

use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

macro_rules! error_table {
    ($($variant:ident, $code:literal, $class:literal, $retryable:literal, $meaning:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
        pub enum Code { $(#[serde(rename = $code)] $variant,)* }

        impl Code {
            const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The code of this text, if there is one.
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code,)* }
            }

            /// Whether a retry can help.
            pub fn is_retryable(self) -> bool {
                self.row().1
            }

            fn row(self) -> (&'static str, bool, &'static str) {
                match self { $(Code::$variant => ($class, $retryable, $meaning),)* }
            }
        }
    };
}

error_table! {
    Config, "ERR_RUNAR_CONFIG", "ConfigError", false,
        "A key of the node's config is unknown, of the wrong type or out of range. The message names its path.";
    ServiceDefinition, "ERR_RUNAR_SERVICE_DEFINITION", "ServiceDefinitionError", false,
        "A service definition has an unknown key, a bad name or path, or something that is not a function where one is needed.";
    DuplicateService, "ERR_RUNAR_DUPLICATE_SERVICE", "ServiceDefinitionError", false,
        "The node already has a service with this path. Remove it first, or choose another path.";
    NotBuiltIn, "ERR_RUNAR_NOT_BUILT_IN", "ServiceDefinitionError", false,
        "The addon in use was built without `sqlite`, `crud` and `gateway`. The one that is published has them.";
    NotStarted, "ERR_RUNAR_NOT_STARTED", "LifecycleError", true,
        "The node has not been started, or is still starting. Await `node.start()` first.";
    Stopped, "ERR_RUNAR_STOPPED", "LifecycleError", false,
        "The node is stopping or has stopped. It takes no new work; running work that did not finish within `drainMs` ends with this.";
    ServiceNotRunning, "ERR_RUNAR_SERVICE_NOT_RUNNING", "LifecycleError", true,
        "The service exists but is not running: its `start` hook has not finished, or it is paused.";
    InitFailed, "ERR_RUNAR_INIT_FAILED", "LifecycleError", false,
        "A service's `init` hook threw. `cause` is what it threw.";
    StartFailed, "ERR_RUNAR_START_FAILED", "LifecycleError", false,
        "The node could not start, or a service's `start` hook threw. `cause` is what it threw.";
    StopFailed, "ERR_RUNAR_STOP_FAILED", "LifecycleError", false,
        "The node has stopped, but a service's `stop` hook threw. `cause` is what it threw.";
    Closed, "ERR_RUNAR_CLOSED", "LifecycleError", false,
        "An ArcValue or a VMap was used after it was closed.";
    NotFound, "ERR_RUNAR_NOT_FOUND", "NotFoundError", false,
        "No service of this node, and of no peer it knows, answers to the path.";
    InvalidArgument, "ERR_RUNAR_INVALID_ARGUMENT", "InvalidArgumentError", false,
        "An option, or the payload of a call, does not fit what the function or the action takes.";
    Value, "ERR_RUNAR_VALUE", "ValueError", false,
        "A value cannot cross to Rust or to another isolate. The message names its path and what to send instead.";
    Action, "ERR_RUNAR_ACTION", "ActionError", false,
        "The handler threw something that is not a RunarError. `cause` is what it threw.";
    InvalidResult, "ERR_RUNAR_INVALID_RESULT", "ActionError", false,
        "The handler returned what the action's `output` schema refuses. `details.issues` has the reasons.";
    Overload, "ERR_RUNAR_OVERLOAD", "OverloadError", true,
        "As many calls are running and waiting as the action allows. Nothing was run; try again later.";
    TooManyTopics, "ERR_RUNAR_TOO_MANY_TOPICS", "OverloadError", false,
        "The node has subscribed to as many distinct topics and patterns as it may. Subscribe to a pattern instead of each topic.";
    Timeout, "ERR_RUNAR_TIMEOUT", "TimeoutError", true,
        "The deadline passed before the call was answered. The handler may still be running; its `ctx.signal` has fired.";
    Panic, "ERR_RUNAR_PANIC", "PanicError", false,
        "Rust code panicked. The call ended; the process and the node go on. Please report it.";
    Sql, "ERR_RUNAR_SQL", "SqlError", false,
        "SQLite refused a statement. `details.sql` has the statement, without its parameters.";
    SqlConstraint, "ERR_RUNAR_SQL_CONSTRAINT", "SqlError", false,
        "A statement would break a constraint: a key that is there already, a missing value. Nothing was changed.";
    SqlBusy, "ERR_RUNAR_SQL_BUSY", "SqlError", true,
        "Another connection, of this or another program, holds the database. Nothing was changed.";
    SqlFile, "ERR_RUNAR_SQL_FILE", "SqlError", false,
        "The file of a database cannot be opened, read or written, is no database, or is encrypted with another key.";
    Listen, "ERR_RUNAR_LISTEN", "NetworkError", true,
        "An address cannot be listened on: its port is in use or not allowed, or it is none of this machine's.";
    PeerUnreachable, "ERR_RUNAR_PEER_UNREACHABLE", "NetworkError", true,
        "A peer answered at none of its addresses in time. Nothing was run.";
    PeerLost, "ERR_RUNAR_PEER_LOST", "NetworkError", true,
        "The connection to a peer broke while a call was under way, and the handler may have run; a call that was not sent yet goes to another peer that has the action, or fails with this too. `details` has the peer and `mayHaveRun`.";
    PeerIdentity, "ERR_RUNAR_PEER_IDENTITY", "IdentityError", false,
        "A peer's certificate is of another authority or not valid now, or the peer is another node, or of another network, than it should be.";
    PeerVersion, "ERR_RUNAR_PEER_VERSION", "NetworkError", false,
        "A peer speaks no version of the session protocol that this node speaks. `details` has the versions of both; update the older node.";
    NotAccepted, "ERR_RUNAR_PEER_NOT_ACCEPTED", "NetworkError", false,
        "A node takes no calls from a peer that has not proven who it is; see `accept_unauthenticated_peers`.";
    NotAuthorized, "ERR_RUNAR_NOT_AUTHORIZED", "NetworkError", false,
        "The node that was called does not let this peer call this action: its `authorize` said so, or failed. `details` has the path and the peer.";
    TooLarge, "ERR_RUNAR_TOO_LARGE", "ValueError", false,
        "A payload, a result or an event is larger than may travel between nodes. `details` has its size and the limit, in bytes; the connection goes on.";
    Remote, "ERR_RUNAR_REMOTE", "ActionError", false,
        "A handler of a peer in Rust failed. The message is all that the Rust core tells of it. Failures on nodes of this SDK arrive as they are.";
    Keys, "ERR_RUNAR_KEYS", "IdentityError", false,
        "Keys cannot be used: the bytes are not those of an identity or of a network, or are damaged, or the certificate among them is another node's.";
    NotEnrolled, "ERR_RUNAR_NOT_ENROLLED", "IdentityError", false,
        "The identity belongs to no network. Enrol it: `network.enrol(identity)`.";
    CertificateExpired, "ERR_RUNAR_CERTIFICATE_EXPIRED", "IdentityError", false,
        "The certificate of the identity has expired, or is not valid yet because a clock is wrong. `details` has its times. Renew it: `identity.renew(network)`.";
    WrongNetwork, "ERR_RUNAR_WRONG_NETWORK", "IdentityError", false,
        "The identity is of another network than the one that is asked for: by the config's `default_network_id`, or by whoever renews it.";
    Enrolment, "ERR_RUNAR_ENROLMENT", "IdentityError", false,
        "A request or a grant was refused: it is damaged, was changed on its way, or is meant for another node or network than expected.";
    KeyFile, "ERR_RUNAR_KEY_FILE", "IdentityError", false,
        "A file cannot be read or written as a key file: it is none, was cut short or damaged, or the system refused. `cause` is what the system said.";
    KeyFileMode, "ERR_RUNAR_KEY_FILE_MODE", "IdentityError", false,
        "Others than its owner may read or write the key file. The message has the command that changes it.";
    KeyFileVersion, "ERR_RUNAR_KEY_FILE_VERSION", "IdentityError", false,
        "The key file was written by a version of the SDK whose form this one does not know.";
    Passphrase, "ERR_RUNAR_PASSPHRASE", "IdentityError", false,
        "The key file is sealed and the passphrase is wrong or missing, or a passphrase was given for a file that is not sealed.";
    Keyring, "ERR_RUNAR_KEYRING", "IdentityError", false,
        "The keyring of the system cannot be used: the package that reaches it is not installed, or the system has none or refused. Or it does not have the keys that a config names.";
    LogSink, "ERR_RUNAR_LOG_SINK", "LogSinkError", false,
        "The given logger is no sink: neither a function, nor an object with `write` or with `debug`, `info`, `warn` and `error`.";
    Load, "ERR_RUNAR_LOAD", "LoadError", false,
        "The native addon could not be loaded. The message lists each candidate that was tried and why it failed.";
}

/// The table as JSON, for the generator and for the test that catches drift.
pub fn table() -> Value {
    Code::ALL
        .iter()
        .map(|code| {
            let (class, retryable, meaning) = code.row();
            json!({ "code": code.as_str(), "class": class, "retryable": retryable, "meaning": meaning })
        })
        .collect()
}

/// An error of the SDK.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message} ({})", .code.as_str())]
pub struct Error {
    pub code: Code,
    pub message: String,
    pub details: Option<Value>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: None }
    }

    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }

    /// The error with a path before its message, unless it is there already.
    pub fn at(mut self, path: &str) -> Self {
        if !self.message.strip_prefix(path).is_some_and(|rest| rest.starts_with(':')) {
            self.message = format!("{path}: {}", self.message);
        }
        self
    }

    pub fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Self::new(Code::Panic, format!("Rust code panicked: {text}"))
    }

    /// Parses a record of `to_json` that JavaScript or a peer has written.
    pub fn from_json(json: &str) -> Self {
        let record: Value = serde_json::from_str(json).unwrap_or_default();
        let code = record["code"].as_str().and_then(Code::named).unwrap_or(Code::Action);
        let message = record["message"].as_str().unwrap_or(json).to_owned();
        let details = Some(record["details"].clone()).filter(|details| !details.is_null());
        Self { code, message, details }
    }

    /// The JSON for JavaScript, which makes the class from the code.
    pub fn to_json(&self) -> String {
        json!({ "code": self.code.as_str(), "message": self.message, "details": self.details })
            .to_string()
    }
}

/// The wrapper of every export: a panic or a failure becomes one JavaScript error whose message is
/// the JSON of `Error::to_json`.
pub fn guard<T>(body: impl FnOnce() -> Result<T>) -> napi::Result<T> {
    catch_unwind(AssertUnwindSafe(body))
        .unwrap_or_else(|payload| Err(Error::from_panic(payload)))
        .map_err(|error| napi::Error::from_reason(error.to_json()))
}
