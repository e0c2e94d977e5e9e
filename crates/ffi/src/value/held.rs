//! Values that JavaScript holds by a handle: those of its `ArcValue` objects, and large bytes on
//! their way to or from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{json, Value};
use slab::Slab;

use super::core_value::{ArcValue, ValueCategory};
use super::encode::{as_floats, as_json, as_list, as_map, typed};
use super::from_core;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// A table of an isolate; its handles begin with 1.
#[derive(Default)]
pub struct Held(Mutex<Slab<Entry>>);

struct Entry {
    value: ArcValue,
    /// Made when a part is first asked for.
    parts: Option<Parts>,
}

/// What a value is made of, cheap to clone.
#[derive(Clone)]
enum Parts {
    Map(Arc<HashMap<String, ArcValue>>),
    List(Arc<Vec<ArcValue>>),
    Json(Arc<Value>),
    None,
}

fn closed() -> Error {
    Error::new(Code::Closed, "The value has been closed")
}

fn key_of(handle: u32) -> Result<usize> {
    handle.checked_sub(1).map(|key| key as usize).ok_or_else(closed)
}

impl Held {
    pub fn len(&self) -> usize {
        lock(&self.0).len()
    }

    pub fn hold(&self, value: ArcValue) -> u32 {
        lock(&self.0).insert(Entry { value, parts: None }) as u32 + 1
    }

    pub fn get(&self, handle: u32) -> Result<ArcValue> {
        let key = key_of(handle)?;
        lock(&self.0).get(key).map(|entry| entry.value.clone()).ok_or_else(closed)
    }

    pub fn take(&self, handle: u32) -> Result<ArcValue> {
        let key = key_of(handle)?;
        let entry = lock(&self.0).try_remove(key).ok_or_else(closed)?;
        Ok(entry.value)
    }

    pub fn clear(&self) {
        let values = std::mem::take(&mut *lock(&self.0));
        drop(values);
    }

    /// Forgets a value; one that is gone already is nobody's loss.
    pub fn drop_value(&self, handle: u32) {
        let taken = self.take(handle);
        drop(taken);
    }

    /// Copies bytes into a buffer of their size, and forgets them.
    pub fn take_bytes(&self, handle: u32, output: &mut [u8]) -> Result<()> {
        let bytes = self
            .take(handle)?
            .as_bytes_ref()
            .map_err(|error| Error::new(Code::Value, error.to_string()))?;
        if bytes.len() != output.len() {
            return Err(Error::new(Code::Value, "The buffer for bytes is not of their size"));
        }
        output.copy_from_slice(&bytes);
        Ok(())
    }

    fn parts(&self, handle: u32) -> Result<Parts> {
        let key = key_of(handle)?;
        let value = match lock(&self.0).get(key).ok_or_else(closed)? {
            Entry { parts: Some(parts), .. } => return Ok(parts.clone()),
            Entry { value, .. } => value.clone(),
        };
        // Outside of the lock: a struct may have much to convert.
        let parts = parts_of(&value)?;
        if let Some(entry) = lock(&self.0).get_mut(key) {
            entry.parts = Some(parts.clone());
        }
        Ok(parts)
    }

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
        let (size, parts) = match self.parts(handle)? {
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
        Ok(self.part(handle, key)?.map_or(0, |part| self.hold(part)))
    }

    fn part(&self, handle: u32, key: &str) -> Result<Option<ArcValue>> {
        Ok(match self.parts(handle)? {
            Parts::Map(map) => map.get(key).cloned(),
            Parts::Json(json) => json.get(key).cloned().map(ArcValue::new_json),
            Parts::List(_) | Parts::None => None,
        })
    }

    /// An item as a new handle, 0 for none.
    pub fn get_index(&self, handle: u32, index: u32) -> Result<u32> {
        let index = index as usize;
        let item = match self.parts(handle)? {
            Parts::List(items) => items.get(index).cloned(),
            Parts::Json(json) => json.get(index).cloned().map(ArcValue::new_json),
            Parts::Map(_) | Parts::None => None,
        };
        Ok(item.map_or(0, |item| self.hold(item)))
    }

    pub fn keys(&self, handle: u32) -> Result<Vec<String>> {
        Ok(match self.parts(handle)? {
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
