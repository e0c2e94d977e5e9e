//! From JSON text to the binary form, without a tree of values between them.

use std::fmt;

use bytes::BufMut;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::encode::Encoder;
use crate::codec::put_sized;
use crate::protocol::tag;

/// The binary form of a JSON text. The parser limits how deep it is nested.
pub fn from_json_text(text: &[u8]) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut input = serde_json::Deserializer::from_slice(text);
    Writer(&mut out).deserialize(&mut input)?;
    input.end()?;
    Ok(out)
}

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn encoder(&mut self) -> Encoder<'_> {
        Encoder { out: self.0, handles: None }
    }

    /// Writes a tag and room for a count. Returns where the count goes.
    fn begin(&mut self, tag: u8) -> usize {
        self.0.push(tag);
        self.0.put_u32_le(0);
        self.0.len() - 4
    }

    fn end(&mut self, at: usize, count: u32) {
        self.0[at..at + 4].copy_from_slice(&count.to_le_bytes());
    }
}

impl<'de> DeserializeSeed<'de> for Writer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Writer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(tag::NULL);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.push(if value { tag::TRUE } else { tag::FALSE });
        Ok(())
    }

    fn visit_i64<E>(mut self, value: i64) -> Result<(), E> {
        self.encoder().integer(value);
        Ok(())
    }

    fn visit_u64<E>(mut self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.encoder().integer(value),
            Err(_) => self.encoder().unsigned(value),
        }
        Ok(())
    }

    fn visit_f64<E>(mut self, value: f64) -> Result<(), E> {
        self.encoder().float(value);
        Ok(())
    }

    fn visit_str<E>(mut self, value: &str) -> Result<(), E> {
        self.encoder().string(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let at = self.begin(tag::ARRAY);
        let mut count = 0;
        while items.next_element_seed(Writer(self.0))?.is_some() {
            count += 1;
        }
        self.end(at, count);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let at = self.begin(tag::OBJECT);
        let mut count = 0;
        while entries.next_key_seed(Key(self.0))?.is_some() {
            entries.next_value_seed(Writer(self.0))?;
            count += 1;
        }
        self.end(at, count);
        Ok(())
    }
}

/// Writes the name of a property.
struct Key<'a>(&'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        put_sized(self.0, name.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::super::core_value::ArcValue;
    use super::super::decode::to_core;
    use super::super::encode::from_core;
    use super::super::handles::HandleTable;
    use super::super::portable::from_peer;
    use super::super::to_json::to_json_text;
    use super::*;

    const TEXTS: &[&str] = &[
        "null",
        "true",
        "[]",
        "{}",
        "-2147483649",
        "9007199254740993",
        "18446744073709551615",
        "1.5e300",
        r#""\u00fc\u0000\ud83d\ude00""#,
        r#"[1,[2.5,"three",null],{"four":[],"":{"five":false}}]"#,
        r#"{"__proto__":{"a":1},"b":[{"c":[{}]}]}"#,
    ];

    #[test]
    fn text_has_the_form_of_the_value_that_it_stands_for() {
        for text in TEXTS {
            let bytes = from_json_text(text.as_bytes()).unwrap();
            let handles = HandleTable::default();
            assert_eq!(from_peer(&bytes, &handles).unwrap(), bytes, "{text}");
            let expected: Value = serde_json::from_str(text).unwrap();
            let value = to_core(&bytes, &handles).unwrap().unwrap();
            assert_eq!(value.to_json().unwrap(), expected, "{text}");
            let written = to_json_text(&bytes).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), expected, "{text}");
            let of_core = from_core(&ArcValue::new_json(expected.clone()), None).unwrap();
            let written = to_json_text(&of_core).unwrap();
            assert_eq!(serde_json::from_slice::<Value>(&written).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(200) + &"]".repeat(200);
        for text in ["", "1 2", "{", "[1,]", "{1:2}", "nul", "\"\u{1}\"", "NaN", &deep] {
            assert!(from_json_text(text.as_bytes()).is_err(), "{text}");
        }
        assert!(from_json_text(b"\"\xff\"").is_err());
    }
}
