//! `stimmung finding`

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};

use super::{Place, print};
use crate::alert::{TrackRecord, Verdict};
use crate::mention::Timestamp;
use crate::service::{Service, now};
use crate::store::Listed;

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
        /// One JSON object
        #[arg(long)]
        json: bool,
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
        Command::List { brand, json } => {
            list(service, brand.as_deref(), *json).await?;
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

async fn list(service: &Service, brand: Option<&str>, json: bool) -> anyhow::Result<()> {
    let findings = service.store.findings(brand).await?;
    let record = service.track_record(brand, now()).await?;
    if json {
        return print(&serde_json::json!({ "findings": findings, "track_record": record }).to_string());
    }
    print(&table(&findings).to_string())?;
    record.iter().try_for_each(|record| print(&lines(record)))
}

fn table(findings: &[Listed]) -> Table {
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
    table
}

/// What came of the findings of some days, as people say.
fn lines(record: &TrackRecord) -> String {
    let TrackRecord { days, told, seen, unjudged, promise, .. } = record;
    let (false_alarms, incidents) =
        (counted(record.false_alarms, "false alarm"), counted(record.incidents, "incident"));
    let days = if *days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let mut lines = format!(
        "\nthe last {days}: {told} told; as you say, {false_alarms}, {incidents}, {seen} only seen; \
         {unjudged} not judged\n  {false_alarms} in {days}; promised: at most one in {} days \
         (at this rate {:.1}, with a range (95%) from {:.1} to {:.1})",
        promise.days, promise.rate, promise.low, promise.high
    );
    if !promise.may_be_kept() {
        lines += "\n  these are more false alarms than was promised, and more than chance explains";
    }
    if let Some(hours) = record.lead_hours {
        let which = if hours < 0.0 { "after" } else { "before" };
        lines += &format!("\n  in the median, incidents were found {:.1} hours {which} you knew of them", hours.abs());
    }
    lines
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::{Judged, track_record};
    use crate::detect::Rule;

    #[test]
    fn what_came_of_findings_is_told_in_a_few_lines() {
        let at = |day: i64| Timestamp::from_seconds(day * 86_400);
        let incident =
            |hours: i64| Verdict::Incident { name: "Login".into(), at: Some(at(60).plus_seconds(hours * 3600)) };
        let judged = |day, verdict| Judged { at: at(day), verdict };
        let good = [judged(60, Some(incident(30))), judged(10, Some(Verdict::FalseAlarm)), judged(80, None)];
        let bad: Vec<_> = (41..46).map(|day| judged(day, Some(Verdict::FalseAlarm))).collect();
        let late = [judged(60, Some(incident(-2)))];
        let told =
            |told: &[Judged]| track_record(told, Rule::default(), at(0), at(120)).iter().map(lines).collect::<String>();
        insta::assert_snapshot!([told(&good), told(&bad), told(&late)].join("\n----"));
    }
}
