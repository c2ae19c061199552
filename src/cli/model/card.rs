//! `stimmung model card`: how often the model is right, and which moods there truly are.

use std::process::ExitCode;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;

use crate::analyse::card::{FEWEST, Interval, Known};
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
    print(&table(&segments).to_string())?;
    print(&format!(
        "\nWhere fewer than {FEWEST} texts have a known mood (a correction, or stars), nothing can be told of the model."
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn table(segments: &[Segment]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(HEADER);
    for segment in segments {
        table.add_row(row(segment));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn row(Segment { source, language, card }: &Segment) -> Vec<String> {
    let language = language.as_ref().map_or("–", Language::code).to_owned();
    let mut row = vec![source.clone(), language, card.texts.to_string(), card.labelled.to_string()];
    row.push(match &card.known {
        Some(known) => format!("{} ({})", percent(known.accuracy), span(known.accuracy_interval)),
        None => "cannot tell".to_owned(),
    });
    row.extend((0..3).map(|mood| share(card.told[mood], card.known.as_ref(), mood)));
    row
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
