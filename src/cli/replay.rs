//! `stimmung replay`

mod compare;
mod lead;
mod reading;

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{Place, WrongUse, print};
use crate::brand::Brand;
use crate::detect::{Development, Finding, FindingKind, Replay, Report, Rule};
use crate::export::read_scored;
use crate::mention::Timestamp;
use crate::service::Past;
use crate::store::Incident;
use compare::Outcome;
use reading::Reading;

/// So many arrivals go through the detector at once.
const CHUNK: usize = 4096;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Read arrivals from a CSV as `export` writes it, `-` for standard input; without it, from the database
    #[arg(long, value_name = "FILE")]
    scored: Option<PathBuf>,
    /// The promise to keep; without it, that of the configuration, or 90 days with --scored
    #[arg(long, value_name = "DURATION")]
    at_most_one_false_alarm_per: Option<Rule>,
    /// Instead, what each of several promises would have reported, in a table: spans or configurations, with commas
    #[arg(long, value_name = "LIST", conflicts_with = "at_most_one_false_alarm_per")]
    compare: Option<String>,
    /// Incidents to tell the lead over: a CSV with `name` and `at`; those marked in the database count as well
    #[arg(long, value_name = "FILE")]
    incidents: Option<PathBuf>,
    /// As if everything had arrived, live, when it was published: what was imported counts, too
    #[arg(long, conflicts_with = "scored")]
    as_published: bool,
    /// Only this brand of the database
    #[arg(long, value_name = "NAME", conflicts_with = "scored")]
    brand: Option<String>,
}

/// A finding as a line of the output.
#[derive(Serialize)]
struct Found<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(flatten)]
    finding: &'a Finding,
    #[serde(skip_serializing_if = "Option::is_none")]
    incident: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lead_hours: Option<f64>,
}

/// What became of one, as a line of the output.
#[derive(Serialize)]
struct Developed<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    /// The stage's name.
    kind: &'static str,
    of: FindingKind,
    found_at: Timestamp,
    at: Timestamp,
    residual: f64,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let incidents = arguments.incidents.as_deref().map(lead::read).transpose()?.unwrap_or_default();
    let compared = arguments.compare.as_deref().map(compare::rules).transpose()?;
    match &arguments.scored {
        Some(file) => {
            let rule = arguments.at_most_one_false_alarm_per.unwrap_or_default();
            scored(file, Telling::new(None, rule, compared.as_deref(), incidents))?;
        }
        None => stored(arguments, place, compared.as_deref(), incidents).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The database's own history, brand by brand.
async fn stored(
    arguments: &Arguments,
    place: &Place,
    compared: Option<&[(String, Rule)]>,
    incidents: Vec<Incident>,
) -> anyhow::Result<()> {
    let (config, only) = (place.config()?, arguments.brand.as_deref());
    if let Some(name) = only.filter(|name| !config.brands.iter().any(|brand| brand.name == *name)) {
        return Err(WrongUse(format!("there is no brand \"{name}\" in {}", place.config.display())).into());
    }
    let rule =
        arguments.at_most_one_false_alarm_per.unwrap_or(config.alert.rule).shared_among(config.own_brands().count());
    let service = place.open(config).await?;
    let is_meant = |brand: &&Brand| only.map_or(brand.competitor_of.is_none(), |name| name == brand.name);
    for brand in service.config.brands.iter().filter(is_meant) {
        let known = service.store.incidents(&brand.name).await?;
        let incidents = incidents.iter().cloned().chain(known).collect();
        let mut telling = Telling::new(Some(&brand.name), rule, compared, incidents);
        let past = Past { as_published: arguments.as_published, ..Past::ALL };
        let mut replay = service.replay(&brand.name, &telling.rules, past).await?;
        telling.tell(&mut replay)?;
        telling.finish(&replay)?;
    }
    service.store.close().await;
    Ok(())
}

/// Any history, from a file.
fn scored(file: &Path, mut telling: Telling) -> anyhow::Result<()> {
    let input: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?),
    };
    let (mut reading, mut replay) = (Reading::default(), Replay::new(&telling.rules));
    let mut chunk = Vec::with_capacity(CHUNK);
    for record in read_scored(BufReader::with_capacity(1 << 16, input))? {
        chunk.extend(reading.observation(record?));
        if chunk.len() == CHUNK {
            replay.take(&chunk);
            telling.tell(&mut replay)?;
            chunk.clear();
        }
    }
    replay.take(&chunk);
    replay.close();
    telling.tell(&mut replay)?;
    telling.finish(&replay)
}

/// What is told of a replay: all that one promise reports, or how often several do.
struct Telling<'a> {
    brand: Option<&'a str>,
    rules: Vec<Rule>,
    outcomes: Vec<Outcome>,
    prints: bool,
    incidents: Vec<Incident>,
}

impl<'a> Telling<'a> {
    fn new(brand: Option<&'a str>, rule: Rule, compared: Option<&[(String, Rule)]>, incidents: Vec<Incident>) -> Self {
        let usual = [(rule.to_string(), rule)];
        let named = compared.unwrap_or(&usual);
        let outcome = |(name, _): &(String, Rule)| Outcome { name: name.clone(), reports: Vec::new() };
        Self {
            brand,
            rules: named.iter().map(|(_, rule)| *rule).collect(),
            outcomes: named.iter().map(outcome).collect(),
            prints: compared.is_none(),
            incidents,
        }
    }

    /// What was reported since the last time.
    fn tell(&mut self, replay: &mut Replay) -> anyhow::Result<()> {
        for (outcome, reports) in self.outcomes.iter_mut().zip(replay.reports()) {
            if self.prints {
                reports.iter().try_for_each(|report| show(self.brand, report, &self.incidents))?;
            } else {
                outcome.reports.extend(reports);
            }
        }
        Ok(())
    }

    fn finish(&self, replay: &Replay) -> anyhow::Result<()> {
        if self.prints {
            return Ok(());
        }
        self.brand.map_or(Ok(()), print)?;
        compare::table(&self.outcomes, replay.span())
    }
}

fn show(brand: Option<&str>, report: &Report, incidents: &[Incident]) -> anyhow::Result<()> {
    let line = match report {
        Report::Found(finding) => {
            let (incident, lead_hours) = lead::lead(finding.at, incidents).unzip();
            serde_json::to_string(&Found { brand, finding, incident, lead_hours })?
        }
        Report::Developed(Development { kind, found_at, at, stage, residual }) => {
            let (of, found_at, at, residual) = (*kind, *found_at, *at, *residual);
            serde_json::to_string(&Developed { brand, kind: stage.name(), of, found_at, at, residual })?
        }
    };
    print(&line)
}
