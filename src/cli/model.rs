//! `stimmung model …`: what the model learns from, and how good it is.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Place;

mod adapt;
mod card;
mod corpus;
mod correct;
mod fetch;
mod measure;
mod train;

pub(super) use fetch::ModelError;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lets the model learn from corrections and from reviews with stars, and shows what that changes
    Adapt(adapt::Arguments),
    /// Shows how often the model is right, by source and language
    Card(card::Arguments),
    /// Takes in what people say the mood of stored texts is
    Correct(correct::Arguments),
    /// Downloads a classifier in the layout of Hugging Face, for the feature `transformer`
    Fetch(fetch::Arguments),
    /// Trains the model that is compiled into the program
    Train(train::Arguments),
    /// Tells how large and how varied the corpus is; fails where two texts are too alike
    Corpus(corpus::Arguments),
    /// Tells how often the model is right on labelled texts
    Measure(measure::Arguments),
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Adapt(arguments) => adapt::execute(arguments, place).await,
        Command::Card(arguments) => card::execute(arguments, place).await,
        Command::Correct(arguments) => correct::execute(arguments, place).await,
        Command::Fetch(arguments) => fetch::execute(arguments).await,
        Command::Train(arguments) => train::execute(arguments),
        Command::Corpus(arguments) => corpus::execute(arguments),
        Command::Measure(arguments) => measure::execute(arguments),
    }
}
