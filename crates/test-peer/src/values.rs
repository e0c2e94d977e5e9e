//! The conversion of values between JSON and Runar.

use anyhow::Result;
use runar_serializer::ArcValue;
use serde_json::Value;

/// An object becomes a map, which services written with macros take as named parameters.
pub fn from_json(value: Value) -> Option<ArcValue> {
    match value {
        Value::Null => None,
        Value::Object(fields) => {
            let fields =
                fields.into_iter().map(|(name, value)| (name, ArcValue::new_json(value))).collect();
            Some(ArcValue::new_map(fields))
        }
        Value::String(text) => Some(ArcValue::new_primitive(text)),
        other => Some(ArcValue::new_json(other)),
    }
}

/// What was received, as JSON. The core has none for bytes, so they become a list of numbers.
pub fn to_json(value: ArcValue) -> Result<Value> {
    match value.as_bytes_ref() {
        Ok(bytes) => Ok(bytes.iter().copied().collect()),
        Err(_) => value.to_json(),
    }
}
