//! `stimmung model …`: what the model learns from, and how good it is.

use std::process::ExitCode;

use clap::{Args, Subcommand};

mod corpus;
mod measure;
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
    /// Tells how large and how varied the corpus is; fails where two texts are too alike
    Corpus(corpus::Arguments),
    /// Tells how often the model is right on labelled texts
    Measure(measure::Arguments),
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Train(arguments) => train::execute(arguments),
        Command::Corpus(arguments) => corpus::execute(arguments),
        Command::Measure(arguments) => measure::execute(arguments),
    }
}
