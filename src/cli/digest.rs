//! `stimmung digest`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use comfy_table::{Table, presets};

use super::{Place, WrongUse, print};
use crate::digest::Length;
use crate::mention::Language;
use crate::notify;
use crate::service::{Service, Subscription, now};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows what the digest of the last day, week or month says, and sends nothing
    Preview(Preview),
    /// Lists who gets which digest, and when
    List,
    /// Sends this address no more digests
    Unsubscribe {
        /// As in erika@example.org
        #[arg(value_parser = mailbox)]
        address: String,
    },
    /// Sends this address digests again
    Subscribe {
        /// As in erika@example.org
        #[arg(value_parser = mailbox)]
        address: String,
    },
}

#[derive(Debug, Args)]
struct Preview {
    /// Of which it tells
    #[arg(long, value_name = "PERIOD", default_value = "day")]
    period: Period,
    /// Only about this brand
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// In which it is written; without it, the one of [alert]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Tongue>,
    /// Writes the HTML part into this file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Period {
    Day,
    Week,
    Month,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tongue {
    De,
    En,
}

/// The address alone, in lower case, as the database knows it.
fn mailbox(text: &str) -> Result<String, String> {
    let is_alone = !text.contains(['<', '"', ' ']);
    match notify::address(text) {
        Ok(address) if is_alone => Ok(address.to_string().to_lowercase()),
        Ok(_) => Err("write the address alone, as in erika@example.org".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let done = perform(&arguments.command, &service).await;
    service.store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn perform(command: &Command, service: &Service) -> anyhow::Result<()> {
    match command {
        Command::Preview(preview) => self::preview(preview, service).await,
        Command::List => list(&service.subscriptions(now()).await?, service),
        Command::Unsubscribe { address } => {
            service.store.unsubscribe(address, now()).await?;
            print(&format!("{address} gets no more digests"))
        }
        Command::Subscribe { address } => {
            let was_gone = service.store.subscribe(address).await?;
            let is_read =
                service.config.digests.iter().flat_map(|plan| &plan.to).any(|reader| reader.key() == *address);
            print(&match (was_gone, is_read) {
                (_, false) => format!("{address} stands in no [[digest]] of the configuration"),
                (true, true) => format!("{address} gets digests again"),
                (false, true) => format!("{address} gets digests already"),
            })
        }
    }
}

async fn preview(preview: &Preview, service: &Service) -> anyhow::Result<()> {
    let known = |name: &String| service.config.brands.iter().any(|brand| brand.name == *name);
    if let Some(name) = preview.brand.as_ref().filter(|name| !known(name)) {
        return Err(WrongUse(format!("there is no brand \"{name}\" in the configuration")).into());
    }
    let length = match preview.period {
        Period::Day => Length::Day,
        Period::Week => Length::Week,
        Period::Month => Length::Month,
    };
    let language = match preview.language {
        Some(Tongue::De) => Language::GERMAN,
        Some(Tongue::En) => Language::ENGLISH,
        None => service.config.alert.language,
    };
    let brands = preview.brand.as_ref().map(std::slice::from_ref);
    let (digest, mail) = service.preview_digest(length, brands, language, now()).await?;
    if digest.is_empty() {
        print("note: nothing was heard, found or missed: nobody would get this")?;
    }
    print(&format!("{}\n\n{}", mail.subject, mail.text.trim_end()))?;
    if let Some(file) = &preview.html {
        std::fs::write(file, mail.html).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn list(subscriptions: &[Subscription], service: &Service) -> anyhow::Result<()> {
    if subscriptions.is_empty() {
        return print("note: nobody gets a digest: add a [[digest]] to the configuration");
    }
    let zone = service.config.alert.time_zone;
    let minute = |at: crate::mention::Timestamp| at.to_utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["every", "brands", "to", "told up to", "next"]);
    for one in subscriptions {
        table.add_row([
            one.length.name().to_owned(),
            one.brands.as_ref().map_or_else(|| "all".to_owned(), |brands| brands.join(", ")),
            format!("{} ({})", one.reader.address, one.reader.language),
            one.told_through.map_or_else(|| "–".to_owned(), minute),
            one.next.map_or_else(|| "unsubscribed".to_owned(), minute),
        ]);
    }
    print(&table.to_string())
}
