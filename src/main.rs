//! The `stimmung` program: reads the command line, runs the command, tells what went wrong.

use std::process::ExitCode;

fn main() -> ExitCode {
    stimmung::cli::main()
}
