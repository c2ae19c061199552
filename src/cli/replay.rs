//! `stimmung replay`

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::{Place, WrongUse, print};
use crate::detect::{Detector, Finding, Observation, Report, Rule};
use crate::export::{Record, read_scored};
use crate::mention::Timestamp;
use crate::service::READ_DAYS;

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
    /// Only this brand of the database
    #[arg(long, value_name = "NAME", conflicts_with = "scored")]
    brand: Option<String>,
}

/// A line of the output.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    brand: Option<&'a str>,
    #[serde(flatten)]
    finding: &'a Finding,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let rule = arguments.at_most_one_false_alarm_per;
    match &arguments.scored {
        Some(file) => scored(file, rule.unwrap_or_default())?,
        None => stored(place, arguments.brand.as_deref(), rule).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The database's own history, brand by brand, with a detector that starts anew; and once more where another model took
/// over, whose readings are not to be compared with those before.
async fn stored(place: &Place, only: Option<&str>, rule: Option<Rule>) -> anyhow::Result<()> {
    let config = place.config()?;
    if let Some(name) = only.filter(|name| !config.brands.iter().any(|brand| brand.name == *name)) {
        return Err(WrongUse(format!("there is no brand \"{name}\" in {}", place.config.display())).into());
    }
    let rule = rule.unwrap_or(config.alert.rule).shared_among(config.brands.len());
    let service = place.open(config).await?;
    for brand in service.config.brands.iter().filter(|brand| only.is_none_or(|name| name == brand.name)) {
        let changes = service.store.model_changes(&brand.name).await?;
        let read_since: Vec<_> = changes.iter().map(|(at, _)| at.plus_seconds(-READ_DAYS * 86_400)).collect();
        let another_model = |from: Timestamp, to: Timestamp| read_since.iter().any(|at| from < *at && *at <= to);
        let mut replay = Replay::new(rule);
        let (mut through, mut more) = (0, true);
        while more {
            let turn = service.store.arrivals(&brand.name, through).await?;
            (through, more) = (turn.through, turn.more);
            for read in turn.observations.chunk_by(|one, next| !another_model(one.arrived_at, next.arrived_at)) {
                if replay.last.zip(read.first()).is_some_and(|(last, next)| another_model(last, next.arrived_at)) {
                    replay.finish(Some(&brand.name))?;
                    replay = Replay::new(rule);
                }
                replay.take(read, Some(&brand.name))?;
            }
        }
        replay.finish(Some(&brand.name))?;
    }
    service.store.close().await;
    Ok(())
}

/// Any history, from a file.
fn scored(file: &Path, rule: Rule) -> anyhow::Result<()> {
    let input: Box<dyn Read> = match file == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file).with_context(|| format!("cannot open {}", file.display()))?),
    };
    let mut replay = Replay::new(rule);
    let mut reading = Reading::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    for record in read_scored(BufReader::with_capacity(1 << 16, input))? {
        chunk.extend(reading.observation(record?));
        if chunk.len() == CHUNK {
            replay.take(&chunk, None)?;
            chunk.clear();
        }
    }
    replay.take(&chunk, None)?;
    replay.finish(None)
}

/// A detector on its way through history.
struct Replay {
    rule: Rule,
    detector: Detector,
    last: Option<Timestamp>,
}

impl Replay {
    fn new(rule: Rule) -> Self {
        Self { rule, detector: Detector::default(), last: None }
    }

    fn take(&mut self, observations: &[Observation], brand: Option<&str>) -> anyhow::Result<()> {
        let Some(last) = observations.last() else { return Ok(()) };
        self.last = Some(last.arrived_at);
        show(brand, self.detector.run(self.rule, observations, last.arrived_at))
    }

    /// Judges the hour of the last arrival, too.
    fn finish(&mut self, brand: Option<&str>) -> anyhow::Result<()> {
        let Some(last) = self.last else { return Ok(()) };
        let end = Timestamp::from_seconds((last.hour() + 1) * 3600);
        show(brand, self.detector.run(self.rule, &[], end))
    }
}

fn show(brand: Option<&str>, reports: Vec<Report>) -> anyhow::Result<()> {
    reports
        .into_iter()
        .filter_map(Report::finding)
        .try_for_each(|finding| print(&serde_json::to_string(&Line { brand, finding: &finding })?))
}

/// What a reader of records has to remember: who wrote before, and which texts were there before.
#[derive(Default)]
struct Reading {
    authors: HashMap<String, u64>,
    texts: HashMap<String, u64>,
    last_text: u64,
}

impl Reading {
    /// `None` for a record without a mood.
    fn observation(&mut self, record: Record) -> Option<Observation> {
        let (next, next_text) = (self.authors.len() as u64, self.last_text + 1);
        let text = record.dup_key.map_or(next_text, |key| *self.texts.entry(key).or_insert(next_text));
        self.last_text = self.last_text.max(text);
        Some(Observation {
            arrived_at: record.ingested_at,
            published_at: record.published_at,
            segment: format!("{}:{}", record.source, record.lang.map_or(String::new(), |lang| lang.to_string())),
            author: record.author.map(|author| *self.authors.entry(author).or_insert(next)),
            text,
            topics: record.topics,
            label: record.label?,
            copy: text < next_text,
            backfill: false,
        })
    }
}
