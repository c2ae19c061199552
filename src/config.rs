//! `sources.toml` as a validated configuration.

pub mod secret;
