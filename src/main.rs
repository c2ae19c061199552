//! The `stimmung` program.

fn main() {}
