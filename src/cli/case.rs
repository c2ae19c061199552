//! `stimmung case`

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets};

use super::{DATABASE, Place, WrongUse, print};
use crate::duration;
use crate::outreach::Severity;
use crate::outreach::trial::{Outcome, outcome, try_rules};
use crate::service::now;
use crate::store::Store;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tries the rules of the configuration on what was said: how many cases they would have made; nothing is written
    Try(Try),
}

#[derive(Debug, Args)]
struct Try {
    /// How far back
    #[arg(long, value_name = "SPAN", default_value = "90d", value_parser = duration::parse)]
    since: Duration,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

/// Whatever was said so long before may have begun a case that others join.
const BEFORE_SECONDS: i64 = 180 * 86_400;

/// So many numbers of cases are listed.
const MOST_LISTED: usize = 12;

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let Command::Try(asked) = &arguments.command;
    let config = place.config()?;
    let file = place.data.join(DATABASE);
    if !file.is_file() {
        return Err(WrongUse(format!("there is no database {}", file.display())).into());
    }
    let store = Store::open(&file).await?;
    let brands: Vec<&str> = config.own_brands().map(|brand| brand.name.as_str()).collect();
    let until = now();
    let since =
        until.plus_seconds(-i64::try_from(asked.since.as_secs()).unwrap_or(until.seconds()).min(until.seconds()));
    let spoken = store.spoken(&brands, since.plus_seconds(-BEFORE_SECONDS)).await?;
    store.close().await;
    let rules = &config.outreach.rules;
    let outcome = outcome(&spoken, rules, &try_rules(&spoken, rules), since, until);
    print(&if asked.json { serde_json::to_string(&outcome)? } else { shown(&outcome) })?;
    Ok(ExitCode::SUCCESS)
}

fn shown(outcome: &Outcome) -> String {
    let Outcome { mentions, cases, cases_a_week, joined, difference, .. } = outcome;
    let day = |at: crate::mention::Timestamp| at.to_utc().format("%Y-%m-%d").to_string();
    let mut text = format!(
        "{mentions} mentions, {} to {}: {cases} cases, {cases_a_week:.1} a week; {joined} more mentions join one\n",
        day(outcome.since),
        day(outcome.until)
    );
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["rule", "severity", "mentions", "cases", "a week"]);
    for caught in &outcome.rules {
        table.add_row([
            caught.rule.clone(),
            caught.severity.map_or("none", Severity::name).to_owned(),
            caught.mentions.to_string(),
            caught.cases.to_string(),
            format!("{:.1}", caught.cases_a_week),
        ]);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    text += &format!("\n{table}\n");
    for caught in outcome.rules.iter().filter(|caught| !caught.examples.is_empty()) {
        text += &format!("\n{}", caught.rule);
        for one in &caught.examples {
            text += &format!("\n  {} {} #{}: {}", day(one.said_at), one.source, one.mention_id, one.text);
        }
    }
    text += &format!(
        "\n\nagainst the cases that there are: {} mentions more in a case, {} fewer",
        difference.more, difference.fewer
    );
    for (cases, what) in [
        (&difference.cases_gone, "cases of which nothing would be left"),
        (&difference.other_rule, "cases that another rule would have opened"),
    ] {
        text += &format!("\n  {} {what}{}", cases.len(), numbers(cases));
    }
    if difference.stale > 0 {
        let stale = difference.stale;
        text += &format!("\n  {stale} mentions were too old to become cases when they came; the table counts them");
    }
    text
}

fn numbers(cases: &[i64]) -> String {
    let listed: Vec<String> = cases.iter().take(MOST_LISTED).map(|case| format!("#{case}")).collect();
    let more = if cases.len() > MOST_LISTED { ", …" } else { "" };
    if listed.is_empty() { String::new() } else { format!(": {}{more}", listed.join(", ")) }
}
