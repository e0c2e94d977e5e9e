//! Reading a value of the core as a Rust type.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::Value;

use super::core_value::ArcValue;
use crate::error::{Code, Error, Result};

/// The bounds of a type that the core can tell from others.
pub trait Plain:
    'static + Clone + std::fmt::Debug + Send + Sync + Serialize + DeserializeOwned
{
}

impl<T> Plain for T where
    T: 'static + Clone + std::fmt::Debug + Send + Sync + Serialize + DeserializeOwned
{
}

/// The value, if it has exactly this type.
pub fn typed<T: Plain>(value: &ArcValue) -> Option<Arc<T>> {
    if value.type_name() != Some(std::any::type_name::<T>()) {
        return None;
    }
    value.as_type_ref::<T>().ok()
}

/// JSON has no NaN and no bytes; lists and maps of only these are read as they are.
pub fn as_list(value: &ArcValue) -> Option<Arc<Vec<ArcValue>>> {
    if let Some(bytes) = typed::<Vec<Vec<u8>>>(value) {
        return Some(Arc::new(bytes.iter().cloned().map(ArcValue::new_bytes).collect()));
    }
    value.as_list_ref().ok()
}

/// As `as_list`, for maps.
pub fn as_map(value: &ArcValue) -> Option<Arc<HashMap<String, ArcValue>>> {
    fn map_of<T: Plain>(
        value: &ArcValue,
        wrap: impl Fn(T) -> ArcValue,
    ) -> Option<Arc<HashMap<String, ArcValue>>> {
        let map = typed::<HashMap<String, T>>(value)?;
        Some(Arc::new(map.iter().map(|(key, item)| (key.clone(), wrap(item.clone()))).collect()))
    }
    map_of::<f64>(value, ArcValue::new_primitive)
        .or_else(|| map_of::<f32>(value, |item| ArcValue::new_primitive(f64::from(item))))
        .or_else(|| map_of::<Vec<u8>>(value, ArcValue::new_bytes))
        .or_else(|| value.as_map_ref().ok())
}

/// A list of floats.
pub fn as_floats(value: &ArcValue) -> Option<Vec<f64>> {
    if let Some(floats) = typed::<Vec<f64>>(value) {
        return Some(floats.to_vec());
    }
    typed::<Vec<f32>>(value).map(|floats| floats.iter().copied().map(f64::from).collect())
}

pub fn as_json(value: &ArcValue) -> Result<Value> {
    value.to_json().map_err(|error| unreadable(value, error))
}

pub fn unreadable(value: &ArcValue, error: impl std::fmt::Display) -> Error {
    Error::new(
        Code::Value,
        format!(
            "A value of Rust type {} cannot be read: {error}",
            value.type_name().unwrap_or("unknown")
        ),
    )
}
