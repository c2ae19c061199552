//! An invented brand in an invented world, to see the service work without the internet.
//!
//! [`world`] invents 120 days of what people say about the Lerchenbahn, a small railway that does not exist; [`site`]
//! serves it on loopback in the formats of the real sources, as it would have looked at a simulated time;
//! [`configuration`] is the `sources.toml` that listens to it. [`open`] brings them together with the real service, and
//! [`Demo::live_through`] lets the time pass.

pub mod configuration;
pub mod site;
pub mod world;

mod climate;
mod details;
mod library;
mod people;
mod phrases;
mod rhythm;
mod simulation;
mod summary;
mod timeline;
mod voice;
mod writer;

pub use simulation::{DATABASE, Demo, DemoError, open};
pub use summary::Summary;
