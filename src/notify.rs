//! Delivers what the outbox holds; one file for each channel.

pub mod mail;
