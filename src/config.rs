//! `sources.toml` as a validated configuration.
