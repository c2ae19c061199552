//! The whole program over loopback: a site that behaves as sites do, a mail server that behaves as mail servers do.

mod collect;
mod commands;
mod program;
mod site;
