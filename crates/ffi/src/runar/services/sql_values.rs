//! The conversion of values between the core and SQLite.

use std::collections::HashMap;

use runar_services::sqlite::Value as SqlValue;

use super::payload;
use crate::value::{ArcValue, ValueCategory};

/// The value that SQLite stores.
pub fn sql_value(value: &ArcValue) -> std::result::Result<SqlValue, String> {
    match value.category() {
        ValueCategory::Null => return Ok(SqlValue::Null),
        ValueCategory::Bytes => {
            let bytes = value.as_bytes_ref().map_err(|error| error.to_string())?;
            return Ok(SqlValue::Blob(bytes.as_ref().clone()));
        }
        ValueCategory::Primitive if value.type_name() == Some("f64") => {
            let number = value.as_type_ref::<f64>().map_err(|error| error.to_string())?;
            if number.is_nan() {
                return Err("SQLite would keep NaN as NULL; send null".to_owned());
            }
            return Ok(SqlValue::Real(*number));
        }
        ValueCategory::Primitive | ValueCategory::Json => {}
        _ => return Err(format!("SQLite keeps no {}", bare(value))),
    }
    match value.to_json().map_err(|error| error.to_string())? {
        serde_json::Value::Null => Ok(SqlValue::Null),
        serde_json::Value::Bool(value) => Ok(SqlValue::Boolean(value)),
        serde_json::Value::String(value) => Ok(SqlValue::Text(value)),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Ok(SqlValue::Integer(integer)),
            (None, Some(large)) => Err(format!("{large} is beyond the integers of SQLite (i64)")),
            (None, None) => Ok(SqlValue::Real(number.as_f64().unwrap_or_default())),
        },
        _ => Err(format!("SQLite keeps no {}; send it as JSON text", bare(value))),
    }
}

fn bare(value: &ArcValue) -> &'static str {
    payload::kind(value).trim_start_matches("an ")
}

pub fn list_of(rows: Vec<HashMap<String, SqlValue>>) -> ArcValue {
    let rows = rows.into_iter().map(|row| {
        let columns = row.into_iter().map(|(name, value)| (name, arc_value(value)));
        ArcValue::new_map(columns.collect::<HashMap<_, _>>())
    });
    ArcValue::new_list(rows.collect::<Vec<_>>())
}

pub fn arc_value(value: SqlValue) -> ArcValue {
    match value {
        // The core cannot serialise a nested ArcValue::null().
        SqlValue::Null => ArcValue::new_json(serde_json::Value::Null),
        SqlValue::Integer(value) => ArcValue::new_primitive(value),
        SqlValue::Real(value) => ArcValue::new_primitive(value),
        SqlValue::Text(value) => ArcValue::new_primitive(value),
        SqlValue::Blob(value) => ArcValue::new_bytes(value),
        SqlValue::Boolean(value) => ArcValue::new_primitive(value),
    }
}
