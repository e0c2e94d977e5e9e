//! The form in which values travel between two nodes of this SDK: the binary form, without handles.

use bytes::BufMut;

use super::core_value::ArcValue;
use super::encode::{put_core, MIN_HANDLE_BYTES};
use super::handles::HandleTable;
use super::limits::MAX_DEPTH;
use crate::codec::Reader;
use crate::error::{Code, Error, Result};
use crate::protocol::tag;

/// Translates a value of JavaScript for a peer: values take the place of their handles.
pub fn to_peer(bytes: &[u8], handles: &HandleTable) -> Result<Vec<u8>> {
    let mut copier = Copier::new(bytes, handles, false);
    copier.value(0)?;
    Ok(copier.finish())
}

/// Translates a value of a peer for JavaScript. It is checked to be one whole value without handles
/// of this process; large bytes go on by a new handle.
pub fn from_peer(bytes: &[u8], handles: &HandleTable) -> Result<Vec<u8>> {
    let mut copier = Copier::new(bytes, handles, true);
    let checked = copier.value(0).and_then(|()| match copier.reader.is_empty() {
        true => Ok(()),
        false => Err(malformed("has more than one value")),
    });
    match checked {
        Ok(()) => Ok(copier.finish()),
        Err(error) => {
            copier.made.iter().for_each(|handle| handles.drop_value(*handle));
            Err(error)
        }
    }
}

fn malformed(what: &str) -> Error {
    Error::new(Code::Value, format!("What a peer sent {what}"))
}

struct Copier<'a> {
    reader: Reader<'a>,
    handles: &'a HandleTable,
    /// Whether a peer wrote the input.
    is_foreign: bool,
    out: Vec<u8>,
    /// How much of the input is in the output, copied or replaced.
    copied: usize,
    /// Handles made so far, dropped again when the value turns out to be malformed.
    made: Vec<u32>,
}

impl<'a> Copier<'a> {
    fn new(bytes: &'a [u8], handles: &'a HandleTable, is_foreign: bool) -> Self {
        let (reader, out) = (Reader::new(bytes), Vec::with_capacity(bytes.len()));
        Self { reader, handles, is_foreign, out, copied: 0, made: Vec::new() }
    }

    fn finish(mut self) -> Vec<u8> {
        self.copy_to(self.reader.position());
        self.out
    }

    fn copy_to(&mut self, end: usize) {
        self.out.extend_from_slice(&self.reader.bytes()[self.copied..end]);
        self.copied = end;
    }

    /// Puts something else in the place of what was read from `start` on.
    fn replace(
        &mut self,
        start: usize,
        write: impl FnOnce(&mut Vec<u8>) -> Result<()>,
    ) -> Result<()> {
        self.copy_to(start);
        write(&mut self.out)?;
        self.copied = self.reader.position();
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(malformed(&format!("is nested deeper than {MAX_DEPTH} levels")));
        }
        let start = self.reader.position();
        match self.reader.u8()? {
            tag::UNDEFINED | tag::NULL | tag::FALSE | tag::TRUE => {}
            tag::INT32 => drop(self.reader.take(4)?),
            tag::FLOAT64 | tag::INT64 | tag::UINT64 => drop(self.reader.take(8)?),
            tag::ASCII => {
                if !self.reader.sized()?.is_ascii() {
                    return Err(malformed("is no ASCII where it says so"));
                }
            }
            tag::UTF8 => drop(self.reader.string()?),
            tag::BYTES => self.bytes(start)?,
            tag::ARRAY => {
                for _ in 0..self.reader.u32()? {
                    self.value(depth + 1)?;
                }
            }
            tag::OBJECT => {
                for _ in 0..self.reader.u32()? {
                    self.reader.string()?;
                    self.value(depth + 1)?;
                }
            }
            tag::NUMBERS => {
                let count = self.reader.u32()? as usize;
                self.reader.take(count.saturating_mul(8))?;
            }
            tag::JSON => self.value(depth + 1)?,
            tag::HELD if !self.is_foreign => {
                let value = self.handles.get(self.reader.u32()?)?;
                self.replace(start, |out| put_core(out, &value, None))?;
            }
            tag::HELD_BYTES if !self.is_foreign => {
                let value = self.handles.take(self.reader.u32()?)?;
                self.reader.u32()?;
                self.replace(start, |out| put_core(out, &value, None))?;
            }
            // Only JavaScript itself answers with a stream, and with nothing beside it.
            tag::STREAM if !self.is_foreign && depth == 0 => {
                self.reader.u32()?;
                self.reader.string()?;
            }
            other => return Err(malformed(&format!("has the unknown tag {other}"))),
        }
        Ok(())
    }

    fn bytes(&mut self, start: usize) -> Result<()> {
        let bytes = self.reader.sized()?;
        if !self.is_foreign || bytes.len() < MIN_HANDLE_BYTES {
            return Ok(());
        }
        let handle = self.handles.insert(ArcValue::new_bytes(bytes.to_vec()));
        self.made.push(handle);
        self.replace(start, |out| {
            out.push(tag::HELD_BYTES);
            out.put_u32_le(handle);
            out.put_u32_le(bytes.len() as u32);
            Ok(())
        })
    }
}
