//! `stimmung alert …`: whether alerts would arrive, and whether they did.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};

use super::{Place, print};
use crate::config::Target;
use crate::http::Fetcher;
use crate::notify::Delivery;
use crate::service::{self, now};
use crate::store::Tried;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends an invented finding, marked as a sample, to everybody who could be told of a real one
    Test,
    /// Lists what was tried to deliver in the last 90 days, and how it ended
    Log {
        /// At most so many attempts
        #[arg(long, value_name = "N", default_value_t = 50)]
        last: u32,
        /// Only those that did not go
        #[arg(long)]
        failed: bool,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Test => test(place).await,
        Command::Log { last, failed, json } => {
            let service = place.open(place.config()?).await?;
            let tried = service.store.deliveries(last, failed).await;
            service.store.close().await;
            log(&tried?, json)?;
            Ok(ExitCode::SUCCESS)
        }
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

fn log(tried: &[Tried], json: bool) -> anyhow::Result<()> {
    if json {
        return tried.iter().try_for_each(|one| print(&serde_json::to_string(one)?));
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["when", "channel", "to", "about", "attempt", "outcome", "took", "next", "error"]);
    for one in tried {
        table.add_row([
            one.began_at.to_string(),
            one.channel.clone(),
            one.recipient.clone().unwrap_or_default(),
            about(one),
            one.attempt.to_string(),
            one.code.map_or_else(|| one.outcome.clone(), |code| format!("{} ({code})", one.outcome)),
            one.milliseconds.map_or_else(String::new, |milliseconds| format!("{milliseconds} ms")),
            one.next_at.map_or_else(String::new, |at| at.to_string()),
            one.error.clone().unwrap_or_default(),
        ]);
    }
    print(&table.to_string())
}

fn about(one: &Tried) -> String {
    let kind = one.kind.as_deref().unwrap_or("digest or urgent");
    if one.is_sequel { format!("{kind}, over") } else { kind.to_owned() }
}
