//! The table of the values that JavaScript has by a handle: those of its `ArcValue` objects, and
//! large bytes on their way to or from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use slab::Slab;

use super::core_value::ArcValue;
use crate::error::{Code, Error, Result};
use crate::sync::lock;

/// The table of an isolate. Handles begin with 1.
#[derive(Default)]
pub struct HandleTable(Mutex<Slab<Entry>>);

struct Entry {
    value: ArcValue,
    /// `None` until a part is first asked for.
    parts: Option<Parts>,
}

/// The parts of a value, cheap to clone.
#[derive(Clone)]
pub enum Parts {
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

impl HandleTable {
    pub fn len(&self) -> usize {
        lock(&self.0).len()
    }

    pub fn insert(&self, value: ArcValue) -> u32 {
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

    /// Forgets a value, if it is still there.
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

    /// The parts of a value, made by `make` when they are first asked for.
    pub(super) fn parts(
        &self,
        handle: u32,
        make: impl FnOnce(&ArcValue) -> Result<Parts>,
    ) -> Result<Parts> {
        let key = key_of(handle)?;
        let value = match lock(&self.0).get(key).ok_or_else(closed)? {
            Entry { parts: Some(parts), .. } => return Ok(parts.clone()),
            Entry { value, .. } => value.clone(),
        };
        // Outside of the lock: a struct may have much to convert.
        let parts = make(&value)?;
        if let Some(entry) = lock(&self.0).get_mut(key) {
            entry.parts = Some(parts.clone());
        }
        Ok(parts)
    }
}
