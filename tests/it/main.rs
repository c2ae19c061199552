//! The whole service over loopback: see each module.

mod mail;
mod smtp_server;
