//! The decoder: from the binary form to a value of the core.

use std::collections::HashMap;

use bytes::Buf;
use serde_json::{Map, Number, Value};

use super::core_value::{ArcValue, ValueCategory};
use super::handles::HandleTable;
use super::limits::{MAX_DEPTH, MAX_SAFE_INTEGER};
use crate::codec::Reader;
use crate::error::{Code, Error, Result};
use crate::protocol::tag;

/// A value as the binary form describes it.
pub enum Decoded {
    Undefined,
    Json(Value),
    /// A value that JSON cannot carry: bytes, NaN or an infinity, a value behind a handle, or a
    /// subtree that has one.
    NonJson(ArcValue),
}

impl Decoded {
    pub fn nested(self) -> ArcValue {
        match self {
            Decoded::Json(value) => ArcValue::new_json(value),
            Decoded::NonJson(value) if value.category() != ValueCategory::Null => value,
            // The core cannot serialise a nested ArcValue::null().
            Decoded::Undefined | Decoded::NonJson(_) => ArcValue::new_json(Value::Null),
        }
    }

    fn json(self) -> Value {
        match self {
            Decoded::Json(value) => value,
            Decoded::Undefined | Decoded::NonJson(_) => Value::Null,
        }
    }
}

/// The payload of a call to Rust, or a result for a Rust caller.
pub fn to_core(bytes: &[u8], handles: &HandleTable) -> Result<Option<ArcValue>> {
    let asks_for_json = bytes.first() == Some(&tag::JSON);
    Ok(match decode(bytes, handles)? {
        Decoded::Undefined => None,
        Decoded::Json(value) if asks_for_json => Some(ArcValue::new_json(value)),
        Decoded::Json(Value::Bool(value)) => Some(ArcValue::new_primitive(value)),
        Decoded::Json(Value::String(value)) => Some(ArcValue::new_primitive(value)),
        // Services made with the core's macros take their named parameters from a map.
        Decoded::Json(Value::Object(map)) => Some(ArcValue::new_map(
            map.into_iter().map(|(key, value)| (key, ArcValue::new_json(value))).collect(),
        )),
        Decoded::Json(value) => Some(ArcValue::new_json(value)),
        Decoded::NonJson(value) => Some(value),
    })
}

/// The value behind a handle, if the bytes are only a handle.
pub fn value_of_handle(bytes: &[u8], handles: &HandleTable) -> Result<Option<ArcValue>> {
    if bytes.first() != Some(&tag::HELD) {
        return Ok(None);
    }
    to_core(bytes, handles)
}

pub fn decode(bytes: &[u8], handles: &HandleTable) -> Result<Decoded> {
    Decoder { reader: Reader::new(bytes), handles }.value(0)
}

struct Decoder<'a> {
    reader: Reader<'a>,
    handles: &'a HandleTable,
}

impl Decoder<'_> {
    fn value(&mut self, depth: usize) -> Result<Decoded> {
        if depth > MAX_DEPTH {
            return Err(Error::new(
                Code::Value,
                format!("A value is nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let reader = &mut self.reader;
        Ok(match reader.u8()? {
            tag::UNDEFINED => Decoded::Undefined,
            tag::NULL => Decoded::Json(Value::Null),
            tag::FALSE => Decoded::Json(Value::Bool(false)),
            tag::TRUE => Decoded::Json(Value::Bool(true)),
            tag::INT32 => Decoded::Json(reader.number(Buf::try_get_i32_le)?.into()),
            tag::FLOAT64 => float(reader.number(Buf::try_get_f64_le)?),
            tag::ASCII | tag::UTF8 => Decoded::Json(Value::String(reader.string()?.to_owned())),
            tag::INT64 => Decoded::Json(reader.number(Buf::try_get_i64_le)?.into()),
            tag::UINT64 => Decoded::Json(reader.number(Buf::try_get_u64_le)?.into()),
            tag::BYTES => Decoded::NonJson(ArcValue::new_bytes(reader.sized()?.to_vec())),
            tag::ARRAY => self.array(depth)?,
            tag::OBJECT => self.object(depth)?,
            tag::NUMBERS => self.numbers()?,
            tag::JSON => match self.value(depth + 1)? {
                Decoded::NonJson(_) => {
                    return Err(Error::new(
                        Code::Value,
                        "json() holds neither bytes, NaN, infinities nor values of Rust",
                    ))
                }
                value => Decoded::Json(value.json()),
            },
            tag::HELD => Decoded::NonJson(self.handles.get(reader.u32()?)?),
            tag::HELD_BYTES => {
                let handle = reader.u32()?;
                reader.u32()?;
                Decoded::NonJson(self.handles.take(handle)?)
            }
            tag::STREAM => {
                return Err(Error::new(Code::Value, "A stream is only for callers in TypeScript"))
            }
            other => {
                return Err(Error::new(
                    Code::Value,
                    format!("A message of the crossing has the unknown value tag {other}"),
                ))
            }
        })
    }

    fn numbers(&mut self) -> Result<Decoded> {
        let count = self.reader.u32()? as usize;
        let bytes = self.reader.take(count.saturating_mul(8))?;
        let numbers = bytes.chunks_exact(8).map(|chunk| {
            let mut number = [0; 8];
            number.copy_from_slice(chunk);
            f64::from_le_bytes(number)
        });
        if numbers.clone().all(f64::is_finite) {
            return Ok(Decoded::Json(numbers.map(|number| float(number).json()).collect()));
        }
        // A handler that takes a `Vec<f64>` gets it from this alone.
        Ok(Decoded::NonJson(ArcValue::new_list::<f64>(numbers.collect())))
    }

    fn array(&mut self, depth: usize) -> Result<Decoded> {
        let (count, room) = self.reader.count()?;
        let mut items = Vec::with_capacity(room);
        for done in 0..count {
            match self.value(depth + 1)? {
                Decoded::NonJson(value) => {
                    let items = items.into_iter().map(ArcValue::new_json);
                    let items = items.chain([Decoded::NonJson(value).nested()]).collect();
                    return self.list(items, count - done - 1, depth);
                }
                item => items.push(item.json()),
            }
        }
        Ok(Decoded::Json(Value::Array(items)))
    }

    /// The rest of an array that JSON cannot carry.
    fn list(&mut self, mut items: Vec<ArcValue>, left: u32, depth: usize) -> Result<Decoded> {
        for _ in 0..left {
            items.push(self.value(depth + 1)?.nested());
        }
        Ok(Decoded::NonJson(ArcValue::new_list(items)))
    }

    fn object(&mut self, depth: usize) -> Result<Decoded> {
        let (count, room) = self.reader.count()?;
        let mut json = Map::with_capacity(room);
        let mut non_json: Option<HashMap<String, ArcValue>> = None;
        for _ in 0..count {
            let key = self.reader.string()?.to_owned();
            match self.value(depth + 1)? {
                // As in JSON: to Rust, a property without a value is none.
                Decoded::Undefined => {}
                Decoded::Json(value) => {
                    json.insert(key, value);
                }
                value => {
                    non_json.get_or_insert_default().insert(key, value.nested());
                }
            }
        }
        let Some(mut map) = non_json else {
            return Ok(Decoded::Json(Value::Object(json)));
        };
        map.extend(json.into_iter().map(|(key, value)| (key, ArcValue::new_json(value))));
        Ok(Decoded::NonJson(ArcValue::new_map(map)))
    }
}

fn float(value: f64) -> Decoded {
    if value.fract() == 0.0
        && value.abs() <= MAX_SAFE_INTEGER
        && !(value == 0.0 && value.is_sign_negative())
    {
        return Decoded::Json((value as i64).into());
    }
    match Number::from_f64(value) {
        Some(number) => Decoded::Json(Value::Number(number)),
        None => Decoded::NonJson(ArcValue::new_primitive(value)),
    }
}
