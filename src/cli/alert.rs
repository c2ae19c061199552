//! `stimmung alert …`: whether alerts would arrive.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Place, print};
use crate::config::Target;
use crate::http::Fetcher;
use crate::notify::Delivery;
use crate::service::{self, now};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends an invented finding, marked as a sample, to everybody who could be told of a real one
    Test,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Test => test(place).await,
    }
}

async fn test(place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    let mailer = service::mailer(&config.mail, &place.data)?;
    let poster = service::poster(&config, &Fetcher::new(&config.fetch)?)?;
    let results = service::sample(&config, &mailer, &poster, now()).await;
    if results.is_empty() {
        print("note: nobody would be told: name somebody in `to` of [alert], of a [[route]] or of [urgent]")?;
        return Ok(ExitCode::FAILURE);
    }
    for (target, delivery) in &results {
        print(&line(target, delivery))?;
    }
    let failed = results.iter().any(|(_, delivery)| *delivery != Delivery::Sent);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn line(target: &Target, delivery: &Delivery) -> String {
    let name = target.recipient();
    match delivery {
        Delivery::Sent => format!("ok    {name}: sent"),
        Delivery::Later { error, hint: Some(hint) } => format!("error {name}: {error}\n      hint: {hint}"),
        Delivery::Later { error, hint: None } => format!("error {name}: {error}; it may work later"),
        Delivery::Refused { error } => format!("error {name}: {error}"),
        Delivery::Unknown { error } => format!("error {name}: {error}; it may have arrived all the same"),
    }
}
