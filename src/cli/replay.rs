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
use crate::detect::rehearsal::as_published;
use crate::detect::{Detector, Development, Finding, FindingKind, Observation, Report, Rule};
use crate::export::read_scored;
use crate::mention::Timestamp;
use crate::service::READ_DAYS;
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
            let mut replay = Replay::new(None, rule, compared.as_deref(), incidents);
            scored(file, &mut replay)?;
            replay.finish()?;
        }
        None => stored(arguments, place, compared.as_deref(), incidents).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The database's own history, brand by brand, with a detector that starts anew; and once more where another model took
/// over, whose readings are not to be compared with those before.
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
        let changes = service.store.model_changes(&brand.name).await?;
        let read_since: Vec<_> = changes.iter().map(|(at, _)| at.plus_seconds(-READ_DAYS * 86_400)).collect();
        let another_model = |from: Timestamp, to: Timestamp| read_since.iter().any(|at| from < *at && *at <= to);
        let known = service.store.incidents(&brand.name).await?;
        let incidents = incidents.iter().cloned().chain(known).collect();
        let mut replay = Replay::new(Some(&brand.name), rule, compared, incidents);
        if arguments.as_published {
            let history = service.store.history(&brand.name, Timestamp::from_seconds(0)).await?;
            replay.take(&as_published(&history))?;
            replay.finish()?;
            continue;
        }
        let (mut through, mut more) = (0, true);
        while more {
            let turn = service.store.arrivals(&brand.name, through).await?;
            (through, more) = (turn.through, turn.more);
            for read in turn.observations.chunk_by(|one, next| !another_model(one.arrived_at, next.arrived_at)) {
                let boundary =
                    replay.span.zip(read.first()).is_some_and(|((_, last), next)| another_model(last, next.arrived_at));
                if boundary {
                    replay.start_anew()?;
                }
                replay.take(read)?;
            }
        }
        replay.finish()?;
    }
    service.store.close().await;
    Ok(())
}

/// Any history, from a file.
fn scored(file: &Path, replay: &mut Replay) -> anyhow::Result<()> {
    let input: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?),
    };
    let mut reading = Reading::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    for record in read_scored(BufReader::with_capacity(1 << 16, input))? {
        chunk.extend(reading.observation(record?));
        if chunk.len() == CHUNK {
            replay.take(&chunk)?;
            chunk.clear();
        }
    }
    replay.take(&chunk)
}

/// Detectors on their way through history: one that prints what it finds, or several whose findings are counted.
struct Replay<'a> {
    brand: Option<&'a str>,
    lanes: Vec<Lane>,
    prints: bool,
    incidents: Vec<Incident>,
    /// The first and the last arrival.
    span: Option<(Timestamp, Timestamp)>,
}

struct Lane {
    rule: Rule,
    detector: Detector,
    outcome: Outcome,
}

impl Lane {
    fn new(name: String, rule: Rule) -> Self {
        Self { rule, detector: Detector::default(), outcome: Outcome { name, reports: Vec::new() } }
    }
}

impl<'a> Replay<'a> {
    fn new(brand: Option<&'a str>, rule: Rule, compared: Option<&[(String, Rule)]>, incidents: Vec<Incident>) -> Self {
        let lanes = match compared {
            Some(rules) => rules.iter().map(|(name, rule)| Lane::new(name.clone(), *rule)).collect(),
            None => vec![Lane::new(rule.to_string(), rule)],
        };
        Self { brand, lanes, prints: compared.is_none(), incidents, span: None }
    }

    fn take(&mut self, observations: &[Observation]) -> anyhow::Result<()> {
        let (Some(first), Some(last)) = (observations.first(), observations.last()) else { return Ok(()) };
        let since = self.span.map_or(first.arrived_at, |(since, _)| since);
        self.span = Some((since, last.arrived_at));
        self.run(observations, last.arrived_at)
    }

    fn run(&mut self, observations: &[Observation], now: Timestamp) -> anyhow::Result<()> {
        for lane in &mut self.lanes {
            let reports = lane.detector.run(lane.rule, observations, now);
            if self.prints {
                reports.iter().try_for_each(|report| show(self.brand, report, &self.incidents))?;
            } else {
                lane.outcome.reports.extend(reports);
            }
        }
        Ok(())
    }

    /// Judges the hour of the last arrival, too.
    fn close(&mut self) -> anyhow::Result<()> {
        let Some((_, last)) = self.span else { return Ok(()) };
        self.run(&[], Timestamp::from_seconds((last.hour() + 1) * 3600))
    }

    fn start_anew(&mut self) -> anyhow::Result<()> {
        self.close()?;
        self.lanes.iter_mut().for_each(|lane| lane.detector = Detector::default());
        Ok(())
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.close()?;
        if self.prints {
            return Ok(());
        }
        self.brand.map_or(Ok(()), print)?;
        let outcomes: Vec<Outcome> = self.lanes.into_iter().map(|lane| lane.outcome).collect();
        compare::table(&outcomes, self.span)
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
