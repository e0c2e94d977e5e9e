//! The exports of the addon, by domain. Every export goes through the guard, and takes numbers,
//! strings and bytes only.

mod identity;
mod isolate;
mod logs;
mod node;
mod value;
