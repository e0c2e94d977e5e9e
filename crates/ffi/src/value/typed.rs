//! Values of the core whose type JavaScript chooses.

use std::collections::HashMap;

use serde_json::Value;

use super::access::{as_json, typed};
use super::core_value::{ArcValue, ValueCategory};
use super::decode::{decode, to_core, Decoded};
use super::handles::HandleTable;
use crate::error::{Code, Error, Result};

/// Makes a value of the type that is asked for; without one, what a Rust service would get.
pub fn make(bytes: &[u8], r#as: Option<&str>, handles: &HandleTable) -> Result<ArcValue> {
    let Some(r#as) = r#as else {
        return Ok(to_core(bytes, handles)?.unwrap_or_else(ArcValue::null));
    };
    let decoded = decode(bytes, handles)?;
    match r#as {
        "json" => Ok(ArcValue::new_json(json_of(decoded)?)),
        "map" => map(decoded),
        "list" => list(decoded),
        "bytes" => match decoded {
            Decoded::NonJson(value) if value.category() == ValueCategory::Bytes => Ok(value),
            _ => Err(misfit("bytes")),
        },
        "bool" => match decoded {
            Decoded::Json(Value::Bool(value)) => Ok(ArcValue::new_primitive(value)),
            _ => Err(misfit("bool")),
        },
        "string" => match decoded {
            Decoded::Json(Value::String(value)) => Ok(ArcValue::new_primitive(value)),
            _ => Err(misfit("string")),
        },
        _ => number(decoded, r#as),
    }
}

fn misfit(r#as: &str) -> Error {
    Error::new(Code::Value, format!("value: does not fit into {as}", as = r#as))
}

/// Numbers that are whole arrive as integers, others as floats; both fit where their value does.
fn number(decoded: Decoded, r#as: &str) -> Result<ArcValue> {
    let (integer, float) = match &decoded {
        Decoded::Json(Value::Number(number)) => {
            let integer = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
            (integer, number.as_f64())
        }
        Decoded::NonJson(value) => (None, typed::<f64>(value).map(|float| *float)),
        _ => (None, None),
    };
    fn fitting<T: TryFrom<i128>>(integer: Option<i128>, r#as: &str) -> Result<T> {
        integer.and_then(|integer| T::try_from(integer).ok()).ok_or_else(|| misfit(r#as))
    }
    Ok(match r#as {
        "i32" => ArcValue::new_primitive(fitting::<i32>(integer, r#as)?),
        "u32" => ArcValue::new_primitive(fitting::<u32>(integer, r#as)?),
        "i64" => ArcValue::new_primitive(fitting::<i64>(integer, r#as)?),
        "u64" => ArcValue::new_primitive(fitting::<u64>(integer, r#as)?),
        "f64" => ArcValue::new_primitive(float.ok_or_else(|| misfit(r#as))?),
        "f32" => {
            let float = float.ok_or_else(|| misfit(r#as))?;
            let single = float as f32;
            // Rounding is what f32 is about; becoming an infinity is not.
            if single.is_infinite() && float.is_finite() {
                return Err(misfit(r#as));
            }
            ArcValue::new_primitive(single)
        }
        other => {
            return Err(Error::new(
                Code::InvalidArgument,
                format!("{other:?} is no type of a value"),
            ))
        }
    })
}

fn json_of(decoded: Decoded) -> Result<Value> {
    match decoded {
        Decoded::Undefined => Ok(Value::Null),
        Decoded::Json(value) => Ok(value),
        Decoded::NonJson(value) => as_json(&value),
    }
}

fn map(decoded: Decoded) -> Result<ArcValue> {
    match decoded {
        Decoded::Json(Value::Object(map)) => Ok(ArcValue::new_map(
            map.into_iter()
                .map(|(key, value)| (key, ArcValue::new_json(value)))
                .collect::<HashMap<_, _>>(),
        )),
        Decoded::NonJson(value) if value.category() == ValueCategory::Map => Ok(value),
        _ => Err(misfit("map")),
    }
}

fn list(decoded: Decoded) -> Result<ArcValue> {
    match decoded {
        Decoded::Json(Value::Array(items)) => {
            Ok(ArcValue::new_list(items.into_iter().map(ArcValue::new_json).collect::<Vec<_>>()))
        }
        Decoded::NonJson(value) if value.category() == ValueCategory::List => Ok(value),
        _ => Err(misfit("list")),
    }
}
