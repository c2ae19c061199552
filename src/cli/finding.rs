//! `stimmung finding`

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};

use super::{Place, print};
use crate::mention::Timestamp;
use crate::service::{Service, now};
use crate::store::{Listed, Verdict};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists what was found, what became of it, and what people said of it
    List {
        /// Only about this brand
        #[arg(long, value_name = "NAME")]
        brand: Option<String>,
    },
    /// Notes that somebody knows of it
    Seen {
        /// Its number in the list
        id: i64,
    },
    /// Notes that nothing had happened
    FalseAlarm {
        /// Its number in the list
        id: i64,
    },
    /// Notes what it was
    Incident {
        /// Its number in the list
        id: i64,
        /// What you call it
        name: String,
        /// When you knew of it, as in 2026-03-01T09:30:00Z; `replay` tells the lead of each finding over it
        #[arg(long, value_name = "TIME", value_parser = time)]
        known_at: Option<Timestamp>,
    },
    /// Tells nothing more of this kind about this brand for a while
    Snooze {
        /// Its number in the list
        id: i64,
        /// For how long, as in 14d
        #[arg(value_parser = crate::duration::parse)]
        span: Duration,
    },
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).ok_or_else(|| "write it as in 2026-03-01T09:30:00Z".to_owned())
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    let code = perform(&arguments.command, &service).await;
    service.store.close().await;
    code
}

async fn perform(command: &Command, service: &Service) -> anyhow::Result<ExitCode> {
    let (id, is_there) = match command {
        Command::List { brand } => {
            list(&service.store.findings(brand.as_deref()).await?)?;
            return Ok(ExitCode::SUCCESS);
        }
        Command::Seen { id } => (id, service.store.judge(*id, &Verdict::Seen, now()).await?),
        Command::FalseAlarm { id } => (id, service.store.judge(*id, &Verdict::FalseAlarm, now()).await?),
        Command::Incident { id, name, known_at } => {
            let verdict = Verdict::Incident { name: name.clone(), at: *known_at };
            (id, service.store.judge(*id, &verdict, now()).await?)
        }
        Command::Snooze { id, span } => {
            let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
            (id, service.store.snooze(*id, now().plus_seconds(seconds)).await?)
        }
    };
    anyhow::ensure!(is_there, "there is no finding {id}; `stimmung finding list` shows their numbers");
    Ok(ExitCode::SUCCESS)
}

fn list(findings: &[Listed]) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["", "brand", "found", "what", "now", "mails", "you say"]);
    for one in findings {
        let stage = one.stage.as_deref().unwrap_or("open");
        table.add_row([
            one.id.to_string(),
            one.brand.clone(),
            one.at.to_string(),
            one.kind.clone(),
            stage.to_owned(),
            one.letters.to_string(),
            said(one),
        ]);
    }
    print(&table.to_string())?;
    let false_alarms = findings.iter().filter(|one| one.verdict == Some(Verdict::FalseAlarm)).count();
    let incidents = findings.iter().filter(|one| matches!(one.verdict, Some(Verdict::Incident { .. }))).count();
    print(&format!(
        "{} findings; {false_alarms} of them false alarms and {incidents} incidents, as you say",
        findings.len()
    ))
}

fn said(one: &Listed) -> String {
    let verdict = match &one.verdict {
        None => String::new(),
        Some(Verdict::Seen) => "seen".to_owned(),
        Some(Verdict::FalseAlarm) => "false alarm".to_owned(),
        Some(Verdict::Incident { name, at: None }) => format!("incident: {name}"),
        Some(Verdict::Incident { name, at: Some(at) }) => format!("incident: {name}, known at {at}"),
    };
    match one.snoozed_until {
        Some(until) => format!("{verdict} (snoozed until {until})").trim().to_owned(),
        None => verdict,
    }
}
