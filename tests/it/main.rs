//! The whole program over loopback: a site that behaves as sites do, a mail server that behaves as mail servers do.

mod alert;
mod collect;
mod commands;
mod mail;
mod program;
mod site;
mod smtp_server;
