//! HTTP for the actions of a node. `runar_gateway` 0.1.0 answers GET for every action, whatever
//! `Host` and page it comes from, without a limit on connections and time, and with the keys of its
//! node among its paths; so this server stands in its place, with the same URLs.
//!
//! It has a thread of its own, where requests are parsed and values become JSON. Calls go to the
//! isolate of their handler as those of peers do, in binary form and in batches.

pub mod endpoint;

#[cfg(feature = "services")]
mod authentication;
#[cfg(feature = "services")]
mod body;
#[cfg(feature = "services")]
mod budget;
#[cfg(feature = "services")]
mod calls;
#[cfg(feature = "services")]
pub mod config;
#[cfg(feature = "services")]
mod connection;
#[cfg(feature = "services")]
mod handler;
#[cfg(feature = "services")]
mod path;
#[cfg(feature = "services")]
mod refusal;
#[cfg(feature = "services")]
mod response;
#[cfg(feature = "services")]
mod server;
#[cfg(feature = "services")]
pub mod service;
#[cfg(feature = "services")]
mod site;
#[cfg(feature = "services")]
mod table;
#[cfg(all(test, feature = "services"))]
mod tests;
