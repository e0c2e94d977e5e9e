//! Reading and writing of the binary form: integers in little endian, texts and bytes behind their
//! length.

use crate::error::{Code, Error, Result};

/// Reads the binary form. Every read is checked: a truncated message is an error, never a panic.
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes have been read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// All bytes, those already read included.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// A count of parts, and for how many to make room: it is not to be trusted with memory.
    pub fn count(&mut self) -> Result<(u32, usize)> {
        const MAX_RESERVED: usize = 1024;
        let count = self.u32()?;
        Ok((count, (count as usize).min(MAX_RESERVED)))
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

    pub fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
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
