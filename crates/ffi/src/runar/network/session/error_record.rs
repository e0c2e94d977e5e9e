//! The records of errors that peers send. `sdk/src/errors/record.ts` writes and reads them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Code, Error};
use crate::protocol::limit::{MAX_ERROR_CAUSES, MAX_ERROR_DEPTH, MAX_ERROR_RECORD};

/// A character of JavaScript has at most this many bytes.
const MAX_CHARACTER_BYTES: usize = 3;

const MAX_BYTES: usize = MAX_ERROR_RECORD as usize * MAX_CHARACTER_BYTES;

/// Fields of other names are dropped.
#[derive(Deserialize, Serialize)]
struct Record {
    code: Code,
    message: String,
    details: Option<Value>,
    stack: Option<String>,
    cause: Option<Cause>,
}

#[derive(Deserialize, Serialize)]
struct Cause {
    name: String,
    message: String,
    code: Option<Code>,
    details: Option<Value>,
    stack: Option<String>,
    cause: Option<Box<Cause>>,
    errors: Option<Vec<Cause>>,
    properties: Option<Map<String, Value>>,
}

impl Cause {
    /// Whether this cause and those below it are at most `left`, and none is nested too deep.
    fn fits(&self, depth: u32, left: &mut u32) -> bool {
        if depth > MAX_ERROR_DEPTH || *left == 0 {
            return false;
        }
        *left -= 1;
        let mut below = self.cause.as_deref().into_iter().chain(self.errors.iter().flatten());
        below.all(|cause| cause.fits(depth + 1, left))
    }
}

/// The record that a peer has sent as JSON, or that of an error with the code `Remote` when it does not have
/// the form or is too large.
pub fn from_peer(json: &[u8]) -> String {
    parse(json).unwrap_or_else(|| {
        Error::new(Code::Remote, "the peer tells of a failure in no known form").to_json()
    })
}

fn parse(json: &[u8]) -> Option<String> {
    if json.len() > MAX_BYTES {
        return None;
    }
    // The parser itself refuses values that are nested deeper than 128 levels.
    let record: Record = serde_json::from_slice(json).ok()?;
    let mut left = MAX_ERROR_CAUSES;
    if !record.cause.as_ref().is_none_or(|cause| cause.fits(1, &mut left)) {
        return None;
    }
    serde_json::to_string(&record).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chain(length: u32) -> Value {
        let cause = |below: Value| json!({ "name": "Error", "message": "m", "cause": below });
        (0..length).fold(Value::Null, |below, _| cause(below))
    }

    fn caused_by(cause: Value) -> String {
        json!({ "code": "ERR_RUNAR_ACTION", "message": "no", "cause": cause }).to_string()
    }

    fn group(count: u32) -> Value {
        let one = json!({ "name": "Error", "message": "m" });
        json!({ "name": "AggregateError", "message": "m", "errors": vec![one; count as usize] })
    }

    #[test]
    fn a_record_with_all_its_parts_arrives_as_it_was_sent() -> anyhow::Result<()> {
        let cause = json!({
            "name": "AggregateError",
            "message": "both",
            "code": null,
            "details": null,
            "stack": "at a.js:1",
            "cause": null,
            "errors": [{
                "name": "SqlError",
                "message": "busy",
                "code": "ERR_RUNAR_SQL_BUSY",
                "details": { "sql": "SELECT 1" },
                "stack": null,
                "cause": null,
                "errors": null,
                "properties": null,
            }],
            "properties": { "errno": -2, "path": ["a", { "b": null }] },
        });
        let record = json!({
            "code": "ERR_RUNAR_INVALID_ARGUMENT",
            "message": "no",
            "details": { "path": "a/b" },
            "stack": null,
            "cause": cause,
        });
        let arrived: Value = serde_json::from_str(&from_peer(record.to_string().as_bytes()))?;
        assert_eq!(arrived, record);
        Ok(())
    }

    #[test]
    fn a_record_may_be_as_large_as_the_limits_say_and_no_larger() {
        let deepest = chain(MAX_ERROR_DEPTH);
        assert!(parse(caused_by(deepest).as_bytes()).is_some());
        assert!(parse(caused_by(chain(MAX_ERROR_DEPTH + 1)).as_bytes()).is_none());
        assert!(parse(caused_by(group(MAX_ERROR_CAUSES - 1)).as_bytes()).is_some());
        assert!(parse(caused_by(group(MAX_ERROR_CAUSES)).as_bytes()).is_none());
        let shortest = json!({ "code": "ERR_RUNAR_ACTION", "message": "" }).to_string();
        let filled = |size: usize| {
            let message = "m".repeat(size - shortest.len());
            json!({ "code": "ERR_RUNAR_ACTION", "message": message }).to_string()
        };
        assert!(parse(filled(MAX_BYTES).as_bytes()).is_some());
        assert!(parse(filled(MAX_BYTES + 1).as_bytes()).is_none());
    }

    #[test]
    fn what_is_no_record_becomes_a_short_error() {
        let action =
            |fields: &str| format!(r#"{{"code":"ERR_RUNAR_ACTION","message":"m"{fields}}}"#);
        let cause = |fields: &str| action(&format!(r#","cause":{{"name":"E",{fields}}}"#));
        let nested = |open: &str, close: &str| [open.repeat(5_000), close.repeat(5_000)].concat();
        let records = [
            String::new(),
            "null".to_owned(),
            "[]".to_owned(),
            "\u{fffd}".to_owned(),
            r#"{"code":"ERR_RUNAR_ACTION"}"#.to_owned(),
            r#"{"message":"m"}"#.to_owned(),
            r#"{"code":"ERR_RUNAR_MADE_UP","message":"m"}"#.to_owned(),
            r#"{"code":"ERR_RUNAR_ACTION","message":{"toString":1}}"#.to_owned(),
            action(r#","message":"twice""#),
            action(r#","stack":["at"]"#),
            action(r#","cause":"a text""#),
            action(&format!(r#","details":{}"#, nested("[", "]"))),
            action(&format!(r#","details":{}"#, nested(r#"{"a":"#, "}").replace(":}", ":1}"))),
            action(&format!(r#","stack":"{}""#, "s".repeat(5 << 20))),
            action(&format!(
                r#","cause":{}"#,
                nested(r#"{"name":"E","message":"m","cause":"#, "}").replace(":}", ":null}")
            )),
            cause(r#""message":{"toString":1}"#),
            cause(r#""message":1"#),
            cause(r#""message":"m","name":{}"#),
            cause(r#""message":"m","stack":{"toString":null}"#),
            cause(r#""message":"m","code":"ERR_RUNAR_MADE_UP""#),
            cause(r#""message":"m","errors":{"length":1}"#),
            cause(r#""message":"m","errors":[1]"#),
            cause(r#""message":"m","properties":[]"#),
            cause(&format!(r#""message":"m","properties":{{"a":{}}}"#, nested("[", "]"))),
        ];
        for record in records {
            let error = Error::from_json(&from_peer(record.as_bytes()));
            let shown: String = record.chars().take(80).collect();
            assert_eq!(error.code, Code::Remote, "{shown}");
            assert!(error.message.len() < 100, "{shown}");
        }
    }
}
