//! Reading and writing of the binary form: integers in little endian, texts and bytes behind their
//! length.

use bytes::{Buf, BufMut, TryGetError};

use crate::error::{Code, Error, Result};

/// Reads the binary form. Every read is checked: a truncated message is an error, never a panic.
pub struct Reader<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    /// All bytes, those already read included.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// A count of parts, and for how many to make room: it is not to be trusted with memory.
    pub fn count(&mut self) -> Result<(u32, usize)> {
        const MAX_RESERVED: usize = 1024;
        let count = self.u32()?;
        Ok((count, (count as usize).min(MAX_RESERVED)))
    }

    pub fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(too_short)?;
        self.rest = rest;
        Ok(taken)
    }

    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    /// A number, by the method of `Buf` that reads it.
    pub fn number<T>(
        &mut self,
        read: impl FnOnce(&mut &'a [u8]) -> std::result::Result<T, TryGetError>,
    ) -> Result<T> {
        read(&mut self.rest).map_err(|_| too_short())
    }

    pub fn u8(&mut self) -> Result<u8> {
        self.number(Buf::try_get_u8)
    }

    pub fn u32(&mut self) -> Result<u32> {
        self.number(Buf::try_get_u32_le)
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

fn too_short() -> Error {
    Error::new(Code::Value, "A message of the crossing is shorter than it declares")
}

pub fn put_sized(out: &mut Vec<u8>, bytes: &[u8]) {
    // A JavaScript buffer cannot hold 4 GiB, so neither can anything that travels in one.
    out.put_u32_le(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.put_slice(bytes);
}
