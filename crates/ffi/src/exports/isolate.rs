//! The exports of isolates.

use napi::bindgen_prelude::{Env, Function, Uint8ArraySlice};
use napi::threadsafe_function::ThreadsafeFunctionCallMode;
use napi_derive::napi;

use crate::dispatch;
use crate::error::{guard, Code, Error};
use crate::isolate::registry;

/// Opens the isolate of this JavaScript thread. The event loop calls the callback whenever
/// `exchange` has messages to return; it does not keep the process alive.
#[napi]
pub fn isolate_open(env: Env, callback: Function<'_, (), ()>) -> napi::Result<u32> {
    let notifier = callback
        .build_threadsafe_function::<()>()
        .weak::<true>()
        .callee_handled::<false>()
        .build()?;
    let id = guard(|| {
        Ok(registry::open(Box::new(move || {
            // Fails only while the isolate is closing.
            let _ = notifier.call((), ThreadsafeFunctionCallMode::NonBlocking);
        })))
    })?;
    env.add_env_cleanup_hook(id, |id| {
        // The thread is ending: an error could not be reported.
        let _ = guard(|| {
            dispatch::close(id);
            Ok(())
        });
    })?;
    Ok(id)
}

/// Takes messages from the first `length` bytes of `input`, polls the futures that are ready, and
/// writes messages into `output`. Returns the number of bytes written; or, negated, the size that
/// `output` must have, when the next message does not fit.
#[napi]
pub fn exchange(
    isolate: u32,
    input: &[u8],
    length: u32,
    mut output: Uint8ArraySlice<'_>,
) -> napi::Result<i32> {
    guard(|| {
        let input = input.get(..length as usize).ok_or_else(|| {
            Error::new(Code::Value, "The input of an exchange is shorter than it declares")
        })?;
        if input.as_ptr_range().contains(&output.as_ptr())
            || output.as_ptr_range().contains(&input.as_ptr())
        {
            return Err(Error::new(Code::Value, "The buffers of an exchange overlap"));
        }
        // SAFETY: JavaScript could write to the buffer only from this thread, and no JavaScript
        // runs before `exchange` returns: the notifier only queues a call. The buffer is the SDK's
        // own, never shared with another thread, and was just checked not to overlap the input.
        let output = unsafe { output.as_mut() };
        dispatch::exchange(isolate, input, output)
    })
}

/// What the addon keeps for an isolate, or for all isolates, as JSON: `{ tasks, invocations, nodes,
/// running, values }`. All are zero when no call is in flight and every node and value is closed. A
/// stopped node is not in `running`, but in `nodes` until it is collected.
#[napi]
pub fn live_counts(isolate: Option<u32>) -> napi::Result<String> {
    guard(|| Ok(dispatch::live_counts(isolate)?.to_string()))
}
