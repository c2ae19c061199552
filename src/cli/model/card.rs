//! `stimmung model card`: how often the model is right, and which moods there truly are.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::analyse::card::{Beside, FEWEST, Interval, Known};
use crate::cli::{Place, print};
use crate::mention::Language;
use crate::service::{Segment, now};

const HEADER: [&str; 8] = ["source", "language", "texts", "labelled", "right", "negative", "neutral", "positive"];

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only texts that first arrived within so many days
    #[arg(long, value_name = "N", default_value_t = 90)]
    days: u32,
    /// One JSON object, for programs
    #[arg(long)]
    json: bool,
}

/// The whole card, for programs.
#[derive(Serialize)]
struct Whole<'a> {
    model: &'a str,
    days: u32,
    segments: &'a [Segment],
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let service = place.open(place.config()?).await?;
    service.settle_model(now()).await?;
    let segments = service.card(arguments.days, now()).await?;
    service.store.close().await;
    let (model, days) = (service.model(), arguments.days);
    if arguments.json {
        let whole = Whole { model: model.version(), days, segments: &segments };
        print(&serde_json::to_string(&whole)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    print(&format!(
        "Model {}, texts of the last {days} days, by their words alone: stars are not looked at.",
        model.version()
    ))?;
    print("Shares in percent: as told, then corrected for what the model mistakes, with 95 % intervals.\n")?;
    let beside: BTreeSet<&str> = segments.iter().flat_map(|one| one.beside.keys().map(String::as_str)).collect();
    print(&table(&segments, &beside).to_string())?;
    if !beside.is_empty() {
        print(
            "\nFor a transformer: how often it is right, / how often the model is on the same texts, and how many they are.",
        )?;
    }
    print(&format!(
        "\nWhere fewer than {FEWEST} texts have a known mood (a correction, or stars), nothing can be told of the model."
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// With a column for each transformer.
fn table(segments: &[Segment], beside: &BTreeSet<&str>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(HEADER.iter().chain(beside));
    for segment in segments {
        let others = beside.iter().map(|version| compared(segment.beside.get(*version)));
        table.add_row(row(segment).into_iter().chain(others));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row(Segment { source, language, card, .. }: &Segment) -> Vec<String> {
    let language = language.as_ref().map_or("–", Language::code).to_owned();
    let mut row = vec![source.clone(), language, card.texts.to_string(), card.labelled.to_string()];
    row.push(match &card.known {
        Some(known) => format!("{} ({})", percent(known.accuracy), span(known.accuracy_interval)),
        None => "cannot tell".to_owned(),
    });
    row.extend((0..3).map(|mood| share(card.told[mood], card.known.as_ref(), mood)));
    row
}

/// As in `81 (74–87) / 76 of 120`.
fn compared(beside: Option<&Beside>) -> String {
    let Some(Beside { labelled, known }) = beside else { return "–".to_owned() };
    let Some(known) = known else { return "cannot tell".to_owned() };
    let (accuracy, interval) = (percent(known.accuracy), span(known.accuracy_interval));
    format!("{accuracy} ({interval}) / {} of {labelled}", percent(known.other_accuracy))
}

fn share(told: f64, known: Option<&Known>, mood: usize) -> String {
    match known {
        Some(known) => {
            let (corrected, interval) = (known.corrected[mood], known.corrected_intervals[mood]);
            format!("{} → {} ({})", percent(told), percent(corrected), span(interval))
        }
        None => percent(told),
    }
}

fn percent(share: f64) -> String {
    format!("{:.0}", 100.0 * share)
}

fn span(Interval { low, high }: Interval) -> String {
    format!("{}–{}", percent(low), percent(high))
}
