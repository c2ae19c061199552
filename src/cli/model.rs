//! `stimmung model …`: what the model learns from, and how good it is.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Place;

mod correct;
mod train;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Takes in what people say the mood of stored texts is
    Correct(correct::Arguments),
    /// Trains the model that is compiled into the program
    Train(train::Arguments),
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Correct(arguments) => correct::execute(arguments, place).await,
        Command::Train(arguments) => train::execute(arguments),
    }
}
