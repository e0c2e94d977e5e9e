//! Looking into a value by its handle: what it is, and its parts.

use std::sync::Arc;

use serde_json::{json, Value};

use super::access::{as_floats, as_json, as_list, as_map, typed};
use super::core_value::{ArcValue, ValueCategory};
use super::encode::from_core;
use super::handles::{HandleTable, Parts};
use crate::error::{Code, Error, Result};

impl HandleTable {
    /// `{ category, typeName, size, parts }` as JSON.
    pub fn describe(&self, handle: u32) -> Result<String> {
        let value = self.get(handle)?;
        let category = match value.category() {
            ValueCategory::Null => "null",
            ValueCategory::Primitive => "primitive",
            ValueCategory::List => "list",
            ValueCategory::Map => "map",
            ValueCategory::Struct => "struct",
            ValueCategory::Bytes => "bytes",
            ValueCategory::Json => "json",
        };
        let (size, parts) = match self.parts(handle, parts_of)? {
            Parts::Map(map) => (Some(map.len()), Some("keys")),
            Parts::List(items) => (Some(items.len()), Some("items")),
            Parts::Json(json) => match &*json {
                Value::Object(map) => (Some(map.len()), Some("keys")),
                Value::Array(items) => (Some(items.len()), Some("items")),
                _ => (None, None),
            },
            Parts::None => (value.as_bytes_ref().ok().map(|bytes| bytes.len()), None),
        };
        Ok(json!({
            "category": category, "typeName": value.type_name(), "size": size, "parts": parts,
        })
        .to_string())
    }

    /// The value of a key as a new handle, 0 for none.
    pub fn get_key(&self, handle: u32, key: &str) -> Result<u32> {
        Ok(self.part(handle, key)?.map_or(0, |part| self.insert(part)))
    }

    fn part(&self, handle: u32, key: &str) -> Result<Option<ArcValue>> {
        Ok(match self.parts(handle, parts_of)? {
            Parts::Map(map) => map.get(key).cloned(),
            Parts::Json(json) => json.get(key).cloned().map(ArcValue::new_json),
            Parts::List(_) | Parts::None => None,
        })
    }

    /// An item as a new handle, 0 for none.
    pub fn get_index(&self, handle: u32, index: u32) -> Result<u32> {
        let index = index as usize;
        let item = match self.parts(handle, parts_of)? {
            Parts::List(items) => items.get(index).cloned(),
            Parts::Json(json) => json.get(index).cloned().map(ArcValue::new_json),
            Parts::Map(_) | Parts::None => None,
        };
        Ok(item.map_or(0, |item| self.insert(item)))
    }

    pub fn keys(&self, handle: u32) -> Result<Vec<String>> {
        Ok(match self.parts(handle, parts_of)? {
            Parts::Map(map) => {
                let mut keys: Vec<_> = map.keys().cloned().collect();
                keys.sort_unstable();
                keys
            }
            Parts::Json(json) => {
                json.as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
            }
            Parts::List(_) | Parts::None => Vec::new(),
        })
    }

    /// The value, or that of a key, in binary form.
    pub fn read(&self, handle: u32, key: Option<&str>) -> Result<Vec<u8>> {
        let value = match key {
            None => self.get(handle)?,
            Some(key) => self.part(handle, key)?.unwrap_or_else(ArcValue::null),
        };
        from_core(&value, Some(self))
    }
}

fn parts_of(value: &ArcValue) -> Result<Parts> {
    let parts = match value.category() {
        ValueCategory::Map => as_map(value).map(Parts::Map),
        ValueCategory::List => typed::<Vec<u8>>(value)
            .map(|bytes| Parts::Json(Arc::new(bytes.iter().copied().collect())))
            .or_else(|| as_floats(value).map(list_of_floats))
            .or_else(|| as_list(value).map(Parts::List)),
        ValueCategory::Struct => None,
        ValueCategory::Json => Some(Parts::Json(
            value.as_json_ref().map_err(|error| Error::new(Code::Value, error.to_string()))?,
        )),
        ValueCategory::Null | ValueCategory::Primitive | ValueCategory::Bytes => Some(Parts::None),
    };
    match parts {
        Some(parts) => Ok(parts),
        None => Ok(Parts::Json(Arc::new(as_json(value)?))),
    }
}

fn list_of_floats(floats: Vec<f64>) -> Parts {
    Parts::List(Arc::new(floats.into_iter().map(ArcValue::new_primitive).collect()))
}
