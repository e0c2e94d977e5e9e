//! The types of single keys of the config.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::time::Duration;

use runar_logging_bridge::Level;
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::{de, Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// The level from which on records pass; `off` lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename = "LogLevel", rename_all = "lowercase")]
pub enum LevelFilter {
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Off,
}

impl LevelFilter {
    /// `None` lets nothing through.
    pub fn threshold(self) -> Option<Level> {
        match self {
            LevelFilter::Trace => Some(Level::Trace),
            LevelFilter::Debug => Some(Level::Debug),
            LevelFilter::Info => Some(Level::Info),
            LevelFilter::Warn => Some(Level::Warn),
            LevelFilter::Error => Some(Level::Error),
            LevelFilter::Off => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "trace" => LevelFilter::Trace,
            "debug" => LevelFilter::Debug,
            "info" => LevelFilter::Info,
            "warn" => LevelFilter::Warn,
            "error" => LevelFilter::Error,
            "off" => LevelFilter::Off,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for LevelFilter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        read(deserializer, "trace, debug, info, warn, error or off", |given| {
            Self::named(given.as_str()?)
        })
    }
}

/// A whole number of at least 1. More than fits 32 bits is a mistake of the unit.
macro_rules! whole_number {
    ($name:ident, $what:literal) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub struct $name(pub u32);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let given = Value::deserialize(deserializer)?;
                match given.as_u64().map(u32::try_from) {
                    Some(Ok(number)) if number > 0 => Ok(Self(number)),
                    Some(Err(_)) => Err(de::Error::custom(format!(
                        concat!("expected ", $what, " of at most {}"),
                        u32::MAX
                    ))),
                    _ => Err(de::Error::custom(concat!("expected ", $what, " of at least 1"))),
                }
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
            }
        }
    };
}

whole_number!(Milliseconds, "a whole number of milliseconds");
whole_number!(Bytes, "a whole number of bytes");
whole_number!(Count, "a whole number");

impl Milliseconds {
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.0.into())
    }
}

/// An IPv4 multicast address, with or without a port.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct MulticastGroup(pub String);

impl<'de> Deserialize<'de> for MulticastGroup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        const EXPECTED: &str =
            "an IPv4 multicast address (224.0.0.0 to 239.255.255.255) such as 239.255.42.98";
        read(deserializer, EXPECTED, |given| {
            let text = given.as_str()?;
            let with_port = text.parse::<SocketAddrV4>().map(|address| *address.ip());
            let address = with_port.or_else(|_| text.parse::<Ipv4Addr>()).ok()?;
            address.is_multicast().then(|| Self(text.to_owned()))
        })
    }
}

/// The uncompressed point of a P-256 key.
#[derive(Clone, Debug)]
pub struct PublicKey(pub Vec<u8>);

impl PublicKey {
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        (bytes.len() == 65 && bytes[0] == 4).then_some(Self(bytes))
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        const EXPECTED: &str = "a public key: 130 hexadecimal digits that begin with 04";
        read(deserializer, EXPECTED, |given| Self::parse(given.as_str()?))
    }
}

impl JsonSchema for PublicKey {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicKey".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^04[0-9a-fA-F]{128}$" })
    }
}

/// Whether the text is an address, or a name, with a port.
pub fn is_address(text: &str) -> bool {
    text.parse::<SocketAddr>().is_ok()
        || text.rsplit_once(':').is_some_and(|(name, port)| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
            !name.is_empty() && name.chars().all(letters) && port.parse::<u16>().is_ok()
        })
}

pub fn socket_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<SocketAddr, D::Error> {
    read(deserializer, "an address and a port such as 127.0.0.1:0", |given| {
        given.as_str()?.parse().ok()
    })
}

fn read<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &str,
    convert: impl FnOnce(&Value) -> Option<T>,
) -> std::result::Result<T, D::Error> {
    let given = Value::deserialize(deserializer)?;
    convert(&given).ok_or_else(|| de::Error::custom(format_args!("expected {expected}")))
}

/// Deserialises an optional key. `null`, which JSON makes of `NaN` too, does not stand for a
/// missing key.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// An approximation of `is_address` for the schema.
pub const ADDRESS: &str = r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$";

pub const NETWORK_ID: &str = r"^[^\s\x00-\x1f\x7f:/*>{}]+$";
