//! The encoder: from a value of the core to the binary form.

use bytes::BufMut;
use serde_json::Value;

use super::access::{as_floats, as_json, as_list, as_map, typed, unreadable};
use super::core_value::{ArcValue, ValueCategory};
use super::handles::HandleTable;
use super::limits::{MAX_BYTES, MAX_DEPTH, MAX_SAFE_INTEGER};
use crate::codec::put_sized;
use crate::error::{Code, Error, Result};
use crate::protocol::tag;

/// Bytes from this size on stay in Rust until JavaScript takes them: one copy instead of three.
pub const MIN_HANDLE_BYTES: usize = 1 << 14;

/// Writes a value of the core in the binary form. Large bytes go by a handle when JavaScript, at
/// the other end, is sure to take them.
pub fn put_core(out: &mut Vec<u8>, value: &ArcValue, handles: Option<&HandleTable>) -> Result<()> {
    Encoder { out, handles }.arc(value, 0)?;
    if out.len() > MAX_BYTES {
        return Err(Error::new(
            Code::Value,
            format!("A value of {} bytes cannot cross; {MAX_BYTES} bytes can", out.len()),
        ));
    }
    Ok(())
}

/// The same into bytes of its own.
pub fn from_core(value: &ArcValue, handles: Option<&HandleTable>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    put_core(&mut out, value, handles)?;
    Ok(out)
}

fn too_deep() -> Error {
    Error::new(Code::Value, format!("A value from Rust is nested deeper than {MAX_DEPTH} levels"))
}

pub(super) struct Encoder<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) handles: Option<&'a HandleTable>,
}

impl Encoder<'_> {
    fn arc(&mut self, value: &ArcValue, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        match value.category() {
            // At the top it is that there is no value; inside of another it is one.
            ValueCategory::Null if depth == 0 => self.out.push(tag::UNDEFINED),
            ValueCategory::Null => self.out.push(tag::NULL),
            ValueCategory::Bytes => self.bytes(value)?,
            ValueCategory::Json => {
                let json = value.as_json_ref().map_err(|error| unreadable(value, error))?;
                self.json(&json, depth)?;
            }
            ValueCategory::Primitive => self.primitive(value, depth)?,
            ValueCategory::List => self.list(value, depth)?,
            ValueCategory::Map => self.map(value, depth)?,
            ValueCategory::Struct => self.json(&as_json(value)?, depth)?,
        }
        Ok(())
    }

    fn bytes(&mut self, value: &ArcValue) -> Result<()> {
        let bytes = value.as_bytes_ref().map_err(|error| unreadable(value, error))?;
        match self.handles {
            Some(handles) if bytes.len() >= MIN_HANDLE_BYTES => {
                let size = u32::try_from(bytes.len()).ok().filter(|size| *size <= 1 << 30);
                let size = size.ok_or_else(|| {
                    Error::new(
                        Code::Value,
                        format!("{} bytes are more than JavaScript can take", bytes.len()),
                    )
                })?;
                self.out.push(tag::HELD_BYTES);
                self.out.put_u32_le(handles.insert(value.clone()));
                self.out.put_u32_le(size);
            }
            _ => self.sized_bytes(&bytes),
        }
        Ok(())
    }

    fn sized_bytes(&mut self, bytes: &[u8]) {
        self.out.push(tag::BYTES);
        put_sized(self.out, bytes);
    }

    fn list(&mut self, value: &ArcValue, depth: usize) -> Result<()> {
        if let Some(bytes) = typed::<Vec<u8>>(value) {
            self.sized_bytes(&bytes);
        } else if let Some(floats) = as_floats(value) {
            self.numbers(floats.len(), floats.into_iter());
        } else if let Some(items) = as_list(value) {
            self.out.push(tag::ARRAY);
            self.out.put_u32_le(items.len() as u32);
            for item in items.iter() {
                self.arc(item, depth + 1)?;
            }
        } else {
            self.json(&as_json(value)?, depth)?;
        }
        Ok(())
    }

    fn map(&mut self, value: &ArcValue, depth: usize) -> Result<()> {
        let Some(map) = as_map(value) else {
            return self.json(&as_json(value)?, depth);
        };
        // A HashMap has no order of its own; sorted keys make a result repeatable.
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        self.out.push(tag::OBJECT);
        self.out.put_u32_le(entries.len() as u32);
        for (key, item) in entries {
            put_sized(self.out, key.as_bytes());
            self.arc(item, depth + 1)?;
        }
        Ok(())
    }

    fn primitive(&mut self, value: &ArcValue, depth: usize) -> Result<()> {
        if let Some(value) = typed::<bool>(value) {
            self.out.push(if *value { tag::TRUE } else { tag::FALSE });
        } else if let Some(value) = typed::<String>(value) {
            self.string(&value);
        } else if let Some(value) = typed::<f64>(value) {
            self.float(*value);
        } else if let Some(value) = typed::<f32>(value) {
            self.float(f64::from(*value));
        } else if let Some(bytes) = typed::<Vec<u8>>(value) {
            self.sized_bytes(&bytes);
        } else {
            self.json(&as_json(value)?, depth)?;
        }
        Ok(())
    }

    fn json(&mut self, json: &Value, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(too_deep());
        }
        match json {
            Value::Null => self.out.push(tag::NULL),
            Value::Bool(value) => self.out.push(if *value { tag::TRUE } else { tag::FALSE }),
            Value::Number(number) => {
                if let Some(value) = number.as_i64() {
                    self.integer(value);
                } else if let Some(value) = number.as_u64() {
                    self.unsigned(value);
                } else {
                    self.float(number.as_f64().unwrap_or(f64::NAN));
                }
            }
            Value::String(value) => self.string(value),
            Value::Array(items) if !items.is_empty() && items.iter().all(is_exact_number) => {
                let numbers = items.iter().map(|item| item.as_f64().unwrap_or(f64::NAN));
                self.numbers(items.len(), numbers);
            }
            Value::Array(items) => {
                self.out.push(tag::ARRAY);
                self.out.put_u32_le(items.len() as u32);
                for item in items {
                    self.json(item, depth + 1)?;
                }
            }
            Value::Object(map) => {
                self.out.push(tag::OBJECT);
                self.out.put_u32_le(map.len() as u32);
                for (key, item) in map {
                    put_sized(self.out, key.as_bytes());
                    self.json(item, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    fn numbers(&mut self, count: usize, numbers: impl Iterator<Item = f64>) {
        self.out.push(tag::NUMBERS);
        self.out.put_u32_le(count as u32);
        self.out.reserve(count * 8);
        for number in numbers {
            self.out.put_f64_le(number);
        }
    }

    pub(super) fn string(&mut self, value: &str) {
        self.out.push(if value.is_ascii() { tag::ASCII } else { tag::UTF8 });
        put_sized(self.out, value.as_bytes());
    }

    pub(super) fn float(&mut self, value: f64) {
        self.out.push(tag::FLOAT64);
        self.out.put_f64_le(value);
    }

    /// An integer beyond `i64`.
    pub(super) fn unsigned(&mut self, value: u64) {
        self.out.push(tag::UINT64);
        self.out.put_u64_le(value);
    }

    /// Integers that a JavaScript number holds exactly arrive as numbers, all others as bigint.
    pub(super) fn integer(&mut self, value: i64) {
        if let Ok(small) = i32::try_from(value) {
            self.out.push(tag::INT32);
            self.out.put_i32_le(small);
        } else if is_safe(value) {
            self.float(value as f64);
        } else {
            self.out.push(tag::INT64);
            self.out.put_i64_le(value);
        }
    }
}

fn is_safe(value: i64) -> bool {
    (value as f64).abs() <= MAX_SAFE_INTEGER
}

/// Whether a JavaScript number holds it exactly.
fn is_exact_number(value: &Value) -> bool {
    let Value::Number(number) = value else { return false };
    number.is_f64() || number.as_i64().is_some_and(is_safe)
}
