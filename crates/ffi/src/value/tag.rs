//! The tags of the binary form; `sdk/src/values/tags.ts` has the same.

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
pub const NUMBERS: u8 = 13;
pub const JSON: u8 = 14;
pub const HELD: u8 = 15;
pub const HELD_BYTES: u8 = 16;
pub const STREAM: u8 = 17;
