//! Reading the payloads of the Rust services that JavaScript hosts, from callers in JavaScript and
//! in Rust.

use crate::value::{as_floats, ArcValue, ValueCategory};

/// The items of an array.
pub fn items(value: &ArcValue) -> Option<Vec<ArcValue>> {
    match value.category() {
        ValueCategory::List => match value.as_list_ref() {
            Ok(items) => Some(items.as_ref().clone()),
            // Numbers with NaN or an infinity among them cross as a list of floats.
            Err(_) => {
                as_floats(value).map(|all| all.into_iter().map(ArcValue::new_primitive).collect())
            }
        },
        ValueCategory::Json => {
            let json = value.as_json_ref().ok()?;
            Some(json.as_array()?.iter().cloned().map(ArcValue::new_json).collect())
        }
        _ => None,
    }
}

/// The entries of an object.
pub fn entries(value: &ArcValue) -> Option<Vec<(String, ArcValue)>> {
    match value.category() {
        ValueCategory::Map => {
            let map = value.as_map_ref().ok()?;
            Some(map.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
        }
        ValueCategory::Json => {
            let json = value.as_json_ref().ok()?;
            let entries = json.as_object()?.iter();
            Some(
                entries
                    .map(|(key, value)| (key.clone(), ArcValue::new_json(value.clone())))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// An argument of a call: by its position in an array, by its name in an object.
pub fn argument(payload: &ArcValue, position: usize, name: &str) -> Option<ArcValue> {
    if let Some(items) = items(payload) {
        return items.into_iter().nth(position);
    }
    entries(payload)?.into_iter().find_map(|(key, value)| (key == name).then_some(value))
}

pub fn text(value: &ArcValue) -> Option<String> {
    match value.category() {
        ValueCategory::Primitive | ValueCategory::Json => {
            value.to_json().ok()?.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

/// The kind of a value, for messages.
pub fn kind(value: &ArcValue) -> &'static str {
    match value.category() {
        ValueCategory::Null => "nothing",
        ValueCategory::Bytes => "bytes",
        ValueCategory::List => "an array",
        ValueCategory::Map => "an object",
        _ => match value.to_json() {
            Ok(serde_json::Value::Null) => "null",
            Ok(serde_json::Value::Bool(_)) => "a boolean",
            Ok(serde_json::Value::Number(_)) => "a number",
            Ok(serde_json::Value::String(_)) => "a string",
            Ok(serde_json::Value::Array(_)) => "an array",
            Ok(serde_json::Value::Object(_)) => "an object",
            Err(_) => "something else",
        },
    }
}
