//! The exports of values that JavaScript has by a handle.

use napi::bindgen_prelude::{BufferSlice, Env, Uint8ArraySlice};
use napi_derive::napi;

use crate::error::guard;
use crate::isolate::registry;
use crate::value::{self, ArcValue};

/// Gives bytes to Rust, ahead of the message that carries their handle.
#[napi]
pub fn value_attach(isolate: u32, bytes: &[u8]) -> napi::Result<u32> {
    guard(|| Ok(registry::find(isolate)?.handles.insert(ArcValue::new_bytes(bytes.to_vec()))))
}

/// Copies the bytes of a handle into `output`, which has their size, and forgets them.
#[napi]
pub fn value_take(isolate: u32, handle: u32, mut output: Uint8ArraySlice<'_>) -> napi::Result<()> {
    guard(|| {
        // SAFETY: JavaScript could write to the buffer only from this thread, and no JavaScript
        // runs before this returns. The SDK has just made it, and does not share it.
        let output = unsafe { output.as_mut() };
        registry::find(isolate)?.handles.take_bytes(handle, output)
    })
}

/// Forgets a value at once. Values that messages carry are released by a message.
#[napi]
pub fn value_drop(isolate: u32, handle: u32) -> napi::Result<()> {
    guard(|| {
        registry::find(isolate)?.handles.drop_value(handle);
        Ok(())
    })
}

/// Makes a value from its binary form, of the type that `as_type` names or of the usual one.
#[napi]
pub fn value_make(isolate: u32, as_type: Option<String>, bytes: &[u8]) -> napi::Result<u32> {
    guard(|| {
        let handles = &registry::find(isolate)?.handles;
        Ok(handles.insert(value::make(bytes, as_type.as_deref(), handles)?))
    })
}

/// The description of a value, as JSON: `{ category, typeName, size, parts }`.
#[napi]
pub fn value_describe(isolate: u32, handle: u32) -> napi::Result<String> {
    guard(|| registry::find(isolate)?.handles.describe(handle))
}

/// The value of a key as a handle of its own, 0 for none.
#[napi]
pub fn value_get(isolate: u32, handle: u32, key: String) -> napi::Result<u32> {
    guard(|| registry::find(isolate)?.handles.get_key(handle, &key))
}

/// An item as a handle of its own, 0 for none.
#[napi]
pub fn value_at(isolate: u32, handle: u32, index: u32) -> napi::Result<u32> {
    guard(|| registry::find(isolate)?.handles.get_index(handle, index))
}

#[napi]
pub fn value_keys(isolate: u32, handle: u32) -> napi::Result<Vec<String>> {
    guard(|| registry::find(isolate)?.handles.keys(handle))
}

/// The value, or that of a key, in binary form.
#[napi]
pub fn value_read(
    env: &Env,
    isolate: u32,
    handle: u32,
    key: Option<String>,
) -> napi::Result<BufferSlice<'_>> {
    let bytes = guard(|| registry::find(isolate)?.handles.read(handle, key.as_deref()))?;
    BufferSlice::copy_from(env, bytes)
}
