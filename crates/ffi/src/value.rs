//! Values in their binary form on the crossing, and their translation to and from the core's
//! `ArcValue`. `sdk/src/value.ts` is the mirror; the tags are the same on both sides.
//!
//! A call whose handler is in the caller's own isolate carries the binary form through the core
//! unopened, so that what JavaScript sent is what JavaScript gets. Only Rust services and Rust
//! callers see a translated value.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::core::{ArcValue, ValueCategory};
use crate::error::{Code, Error, Result};

mod tag {
    pub const UNDEFINED: u8 = 0;
    pub const NULL: u8 = 1;
    pub const FALSE: u8 = 2;
    pub const TRUE: u8 = 3;
    pub const INT32: u8 = 4;
    pub const FLOAT64: u8 = 5;
    pub const ASCII: u8 = 6;
    pub const UTF8: u8 = 7;
    pub const INT64: u8 = 8;
    pub const UINT64: u8 = 9;
    pub const BYTES: u8 = 10;
    pub const ARRAY: u8 = 11;
    pub const OBJECT: u8 = 12;
}

/// Deeper nesting than this is refused on both sides, before a stack could overflow.
pub const MAX_DEPTH: usize = 128;

const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// Reads the binary form. Every read is checked: a truncated message is an error, never a panic.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(length).filter(|end| *end <= self.bytes.len());
        let end = end.ok_or_else(|| {
            Error::new(Code::Value, "A message of the crossing is shorter than it declares")
        })?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    pub fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.at = self.bytes.len();
        rest
    }

    pub fn u8(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub fn sized(&mut self) -> Result<&'a [u8]> {
        let length = self.u32()? as usize;
        self.take(length)
    }

    pub fn string(&mut self) -> Result<&'a str> {
        std::str::from_utf8(self.sized()?)
            .map_err(|_| Error::new(Code::Value, "A string of the crossing is not UTF-8"))
    }
}

pub fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

pub fn put_sized(out: &mut Vec<u8>, bytes: &[u8]) {
    // A JavaScript buffer cannot hold 4 GiB, so neither can anything that travels in one.
    put_u32(out, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(bytes);
}

/// A value as the binary form describes it.
enum Decoded {
    Undefined,
    Json(Value),
    /// Bytes, NaN or an infinity, or a subtree that holds one: JSON cannot carry it.
    Beyond(ArcValue),
}

impl Decoded {
    fn nested(self) -> ArcValue {
        match self {
            // The core cannot serialise a nested ArcValue::null().
            Decoded::Undefined => ArcValue::new_json(Value::Null),
            Decoded::Json(value) => ArcValue::new_json(value),
            Decoded::Beyond(value) => value,
        }
    }
}

/// The payload of a call to Rust, or a result for a Rust caller.
pub fn to_core(bytes: &[u8]) -> Result<Option<ArcValue>> {
    let mut reader = Reader::new(bytes);
    Ok(match decode(&mut reader, 0)? {
        Decoded::Undefined => None,
        Decoded::Json(Value::Bool(value)) => Some(ArcValue::new_primitive(value)),
        Decoded::Json(Value::String(value)) => Some(ArcValue::new_primitive(value)),
        // Services made with the core's macros take their named parameters from a map.
        Decoded::Json(Value::Object(map)) => Some(ArcValue::new_map(
            map.into_iter().map(|(key, value)| (key, ArcValue::new_json(value))).collect(),
        )),
        other => Some(other.nested()),
    })
}

fn decode(reader: &mut Reader<'_>, depth: usize) -> Result<Decoded> {
    if depth > MAX_DEPTH {
        return Err(Error::new(
            Code::Value,
            format!("A value is nested deeper than {MAX_DEPTH} levels"),
        ));
    }
    Ok(match reader.u8()? {
        tag::UNDEFINED => Decoded::Undefined,
        tag::NULL => Decoded::Json(Value::Null),
        tag::FALSE => Decoded::Json(Value::Bool(false)),
        tag::TRUE => Decoded::Json(Value::Bool(true)),
        tag::INT32 => Decoded::Json(i32::from_le_bytes(reader.array()?).into()),
        tag::FLOAT64 => decode_float(f64::from_le_bytes(reader.array()?)),
        tag::ASCII | tag::UTF8 => Decoded::Json(Value::String(reader.string()?.to_owned())),
        tag::INT64 => Decoded::Json(i64::from_le_bytes(reader.array()?).into()),
        tag::UINT64 => Decoded::Json(u64::from_le_bytes(reader.array()?).into()),
        tag::BYTES => Decoded::Beyond(ArcValue::new_bytes(reader.sized()?.to_vec())),
        tag::ARRAY => decode_array(reader, depth)?,
        tag::OBJECT => decode_object(reader, depth)?,
        other => {
            return Err(Error::new(
                Code::Value,
                format!("A message of the crossing has the unknown value tag {other}"),
            ))
        }
    })
}

fn decode_float(value: f64) -> Decoded {
    if value.fract() == 0.0
        && value.abs() <= MAX_SAFE_INTEGER
        && !(value == 0.0 && value.is_sign_negative())
    {
        return Decoded::Json((value as i64).into());
    }
    match Number::from_f64(value) {
        Some(number) => Decoded::Json(Value::Number(number)),
        None => Decoded::Beyond(ArcValue::new_primitive(value)),
    }
}

fn decode_array(reader: &mut Reader<'_>, depth: usize) -> Result<Decoded> {
    let count = reader.u32()?;
    let mut items = Vec::new();
    let mut beyond = false;
    for _ in 0..count {
        let item = decode(reader, depth + 1)?;
        beyond |= matches!(item, Decoded::Beyond(_));
        items.push(item);
    }
    if beyond {
        return Ok(Decoded::Beyond(ArcValue::new_list::<ArcValue>(
            items.into_iter().map(Decoded::nested).collect(),
        )));
    }
    Ok(Decoded::Json(items.into_iter().map(json_of).collect()))
}

fn decode_object(reader: &mut Reader<'_>, depth: usize) -> Result<Decoded> {
    let count = reader.u32()?;
    let mut entries = Vec::new();
    let mut beyond = false;
    for _ in 0..count {
        let key = reader.string()?.to_owned();
        let value = decode(reader, depth + 1)?;
        beyond |= matches!(value, Decoded::Beyond(_));
        entries.push((key, value));
    }
    if beyond {
        let map: HashMap<String, ArcValue> =
            entries.into_iter().map(|(key, value)| (key, value.nested())).collect();
        return Ok(Decoded::Beyond(ArcValue::new_map(map)));
    }
    let map: Map<String, Value> =
        entries.into_iter().map(|(key, value)| (key, json_of(value))).collect();
    Ok(Decoded::Json(Value::Object(map)))
}

fn json_of(value: Decoded) -> Value {
    match value {
        Decoded::Json(value) => value,
        Decoded::Undefined | Decoded::Beyond(_) => Value::Null,
    }
}

/// Writes a value of the core in the binary form.
pub fn from_core(value: &ArcValue, out: &mut Vec<u8>) -> Result<()> {
    encode_arc(value, out, 0)
}

fn unreadable(value: &ArcValue, error: impl std::fmt::Display) -> Error {
    Error::new(
        Code::Value,
        format!(
            "A value of Rust type {} cannot be read: {error}",
            value.type_name().unwrap_or("unknown")
        ),
    )
}

fn encode_arc(value: &ArcValue, out: &mut Vec<u8>, depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::new(
            Code::Value,
            format!("A value from Rust is nested deeper than {MAX_DEPTH} levels"),
        ));
    }
    match value.category() {
        ValueCategory::Null => out.push(tag::UNDEFINED),
        ValueCategory::Bytes => {
            let bytes = value.as_bytes_ref().map_err(|error| unreadable(value, error))?;
            out.push(tag::BYTES);
            put_sized(out, &bytes);
        }
        ValueCategory::Json => {
            let json = value.as_json_ref().map_err(|error| unreadable(value, error))?;
            encode_json(&json, out, depth)?;
        }
        ValueCategory::Primitive => encode_primitive(value, out)?,
        ValueCategory::List => match value.as_list_ref() {
            Ok(items) => {
                out.push(tag::ARRAY);
                put_u32(out, items.len() as u32);
                for item in items.iter() {
                    encode_arc(item, out, depth + 1)?;
                }
            }
            Err(_) => encode_as_json(value, out, depth)?,
        },
        ValueCategory::Map => match value.as_map_ref() {
            Ok(map) => {
                // A HashMap has no order of its own; sorted keys make a result repeatable.
                let mut entries: Vec<_> = map.iter().collect();
                entries.sort_unstable_by_key(|(key, _)| *key);
                out.push(tag::OBJECT);
                put_u32(out, entries.len() as u32);
                for (key, item) in entries {
                    put_sized(out, key.as_bytes());
                    encode_arc(item, out, depth + 1)?;
                }
            }
            Err(_) => encode_as_json(value, out, depth)?,
        },
        ValueCategory::Struct => encode_as_json(value, out, depth)?,
    }
    Ok(())
}

fn encode_as_json(value: &ArcValue, out: &mut Vec<u8>, depth: usize) -> Result<()> {
    let json = value.to_json().map_err(|error| unreadable(value, error))?;
    encode_json(&json, out, depth)
}

fn encode_primitive(value: &ArcValue, out: &mut Vec<u8>) -> Result<()> {
    fn read<T>(value: &ArcValue) -> Result<T>
    where
        T: 'static
            + Clone
            + std::fmt::Debug
            + Send
            + Sync
            + serde::Serialize
            + serde::de::DeserializeOwned,
    {
        value
            .as_type_ref::<T>()
            .map(|inner| (*inner).clone())
            .map_err(|error| unreadable(value, error))
    }
    match value.type_name().unwrap_or_default() {
        "bool" => out.push(if read::<bool>(value)? { tag::TRUE } else { tag::FALSE }),
        "alloc::string::String" => encode_string(&read::<String>(value)?, out),
        "f64" => encode_float(read::<f64>(value)?, out),
        "f32" => encode_float(f64::from(read::<f32>(value)?), out),
        "i64" => encode_integer(read::<i64>(value)?, out),
        "u64" => encode_unsigned(read::<u64>(value)?, out),
        _ => encode_as_json(value, out, 0)?,
    }
    Ok(())
}

fn encode_json(json: &Value, out: &mut Vec<u8>, depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(Error::new(
            Code::Value,
            format!("A value from Rust is nested deeper than {MAX_DEPTH} levels"),
        ));
    }
    match json {
        Value::Null => out.push(tag::NULL),
        Value::Bool(value) => out.push(if *value { tag::TRUE } else { tag::FALSE }),
        Value::Number(number) => {
            if let Some(value) = number.as_i64() {
                encode_integer(value, out);
            } else if let Some(value) = number.as_u64() {
                encode_unsigned(value, out);
            } else {
                encode_float(number.as_f64().unwrap_or(f64::NAN), out);
            }
        }
        Value::String(value) => encode_string(value, out),
        Value::Array(items) => {
            out.push(tag::ARRAY);
            put_u32(out, items.len() as u32);
            for item in items {
                encode_json(item, out, depth + 1)?;
            }
        }
        Value::Object(map) => {
            out.push(tag::OBJECT);
            put_u32(out, map.len() as u32);
            for (key, item) in map {
                put_sized(out, key.as_bytes());
                encode_json(item, out, depth + 1)?;
            }
        }
    }
    Ok(())
}

fn encode_string(value: &str, out: &mut Vec<u8>) {
    out.push(if value.is_ascii() { tag::ASCII } else { tag::UTF8 });
    put_sized(out, value.as_bytes());
}

fn encode_float(value: f64, out: &mut Vec<u8>) {
    out.push(tag::FLOAT64);
    out.extend_from_slice(&value.to_le_bytes());
}

/// Integers that a JavaScript number holds exactly arrive as numbers, all others as bigint.
fn encode_integer(value: i64, out: &mut Vec<u8>) {
    if let Ok(small) = i32::try_from(value) {
        out.push(tag::INT32);
        out.extend_from_slice(&small.to_le_bytes());
    } else if (value as f64).abs() <= MAX_SAFE_INTEGER {
        encode_float(value as f64, out);
    } else {
        out.push(tag::INT64);
        out.extend_from_slice(&value.to_le_bytes());
    }
}

fn encode_unsigned(value: u64, out: &mut Vec<u8>) {
    match i64::try_from(value) {
        Ok(signed) => encode_integer(signed, out),
        Err(_) => {
            out.push(tag::UINT64);
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}
