//! The whole program over loopback: a site that behaves as sites do, a mail server that behaves as mail servers do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod alert;
mod brand;
mod browser;
mod channel;
mod collect;
mod commands;
mod digest;
mod fetch;
mod log;
mod mail;
mod model;
mod program;
mod replies;
mod site;
mod smtp_server;
mod sources;
mod stream;
#[cfg(feature = "transformer")]
mod transformer;
mod urgent;
mod user;
mod warning;
