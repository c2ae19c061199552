//! `stimmung model`: models beside the one in the binary.

use std::process::ExitCode;

use clap::{Args, Subcommand};

mod fetch;

pub(super) use fetch::ModelError;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Downloads a classifier in the layout of Hugging Face
    Fetch(fetch::Arguments),
}

pub(super) async fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Fetch(arguments) => fetch::execute(arguments).await,
    }
}
