//! From the binary form to JSON text, as `JSON.stringify` writes it.

use bytes::Buf;
use serde::Serialize;

use super::limits::{MAX_DEPTH, MAX_SAFE_INTEGER};
use crate::codec::Reader;
use crate::protocol::tag;

/// The JSON of a value in binary form without handles, or why it has none.
pub fn to_json_text(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut writer = Writer { reader: Reader::new(bytes), out: Vec::with_capacity(bytes.len()) };
    writer.value(0)?;
    Ok(writer.out)
}

struct Writer<'a> {
    reader: Reader<'a>,
    out: Vec<u8>,
}

fn damaged(error: impl std::fmt::Display) -> String {
    format!("it is damaged: {error}")
}

impl Writer<'_> {
    fn value(&mut self, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        match self.reader.u8().map_err(damaged)? {
            tag::UNDEFINED | tag::NULL => self.out.extend_from_slice(b"null"),
            tag::FALSE => self.out.extend_from_slice(b"false"),
            tag::TRUE => self.out.extend_from_slice(b"true"),
            tag::INT32 => {
                let value = self.reader.number(Buf::try_get_i32_le).map_err(damaged)?;
                self.put(&value)?;
            }
            tag::FLOAT64 => self.float()?,
            tag::INT64 => {
                let value = self.reader.number(Buf::try_get_i64_le).map_err(damaged)?;
                self.put(&value)?;
            }
            tag::UINT64 => {
                let value = self.reader.number(Buf::try_get_u64_le).map_err(damaged)?;
                self.put(&value)?;
            }
            tag::ASCII | tag::UTF8 => self.string()?,
            tag::BYTES => {
                return Err("it holds bytes; return them as text, in base64".to_owned());
            }
            tag::ARRAY => self.list(|writer| writer.value(depth + 1))?,
            tag::NUMBERS => self.list(Self::float)?,
            tag::OBJECT => self.object(depth)?,
            tag::JSON => self.value(depth + 1)?,
            tag::STREAM => return Err("it is a stream".to_owned()),
            other => return Err(damaged(format_args!("it has the unknown tag {other}"))),
        }
        Ok(())
    }

    fn put(&mut self, value: &impl Serialize) -> Result<(), String> {
        serde_json::to_writer(&mut self.out, value).map_err(|error| error.to_string())
    }

    fn string(&mut self) -> Result<(), String> {
        let text = self.reader.string().map_err(damaged)?;
        self.put(&text)
    }

    /// NaN and the infinities are null.
    fn float(&mut self) -> Result<(), String> {
        let value = self.reader.number(Buf::try_get_f64_le).map_err(damaged)?;
        match value.fract() == 0.0 && value.abs() <= MAX_SAFE_INTEGER {
            true => self.put(&(value as i64)),
            false => self.put(&value),
        }
    }

    fn list(&mut self, item: impl Fn(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.out.push(b'[');
        for index in 0..self.reader.u32().map_err(damaged)? {
            if index > 0 {
                self.out.push(b',');
            }
            item(self)?;
        }
        self.out.push(b']');
        Ok(())
    }

    fn object(&mut self, depth: usize) -> Result<(), String> {
        self.out.push(b'{');
        let start = self.out.len();
        for _ in 0..self.reader.u32().map_err(damaged)? {
            let before = self.out.len();
            if before > start {
                self.out.push(b',');
            }
            self.string()?;
            // A property without a value is none.
            if self.reader.bytes().get(self.reader.position()) == Some(&tag::UNDEFINED) {
                self.reader.u8().map_err(damaged)?;
                self.out.truncate(before);
                continue;
            }
            self.out.push(b':');
            self.value(depth + 1)?;
        }
        self.out.push(b'}');
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use bytes::BufMut;

    use crate::codec::put_sized;

    #[test]
    fn properties_without_a_value_are_left_out() {
        let object = |tags: &[u8]| {
            let mut bytes = vec![tag::OBJECT];
            bytes.put_u32_le(tags.len() as u32);
            for (index, tag) in tags.iter().enumerate() {
                put_sized(&mut bytes, format!("{index}").as_bytes());
                bytes.push(*tag);
            }
            String::from_utf8(to_json_text(&bytes).unwrap()).unwrap()
        };
        assert_eq!(object(&[tag::UNDEFINED]), "{}");
        assert_eq!(
            object(&[tag::UNDEFINED, tag::NULL, tag::UNDEFINED, tag::TRUE]),
            r#"{"1":null,"3":true}"#
        );
        assert_eq!(object(&[tag::FALSE, tag::UNDEFINED]), r#"{"0":false}"#);
    }

    #[test]
    fn numbers_are_written_as_javascript_does() {
        for (value, text) in
            [(2.0, "2"), (-0.0, "0"), (0.1, "0.1"), (f64::NAN, "null"), (f64::INFINITY, "null")]
        {
            let bytes = [&[tag::FLOAT64][..], &value.to_le_bytes()].concat();
            assert_eq!(to_json_text(&bytes).unwrap(), text.as_bytes(), "{value}");
        }
    }

    #[test]
    fn damage_is_an_error() {
        for bytes in [&[][..], &[tag::INT32, 1], &[tag::ARRAY, 1, 0, 0, 0], &[99], &[tag::OBJECT]] {
            assert!(to_json_text(bytes).is_err(), "{bytes:?}");
        }
        let endless = [tag::JSON; 1_000];
        assert!(to_json_text(&endless).is_err());
    }
}
