//! `stimmung model …`: what the model learns from, and how good it is.

use std::process::ExitCode;

use clap::{Args, Subcommand};

mod train;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Trains the model that is compiled into the program
    Train(train::Arguments),
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Train(arguments) => train::execute(arguments),
    }
}
