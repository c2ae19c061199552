//! `stimmung import`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono_tz::Tz;
use clap::Args;

use super::{Place, WrongUse, print};
use crate::import::{self, DateOrder, Import, Mapping, Options};
use crate::mention::{Mention, SourceId};
use crate::service::{Service, now};
use crate::store::Saved;

/// So many rows are saved at once.
const CHUNK: usize = 500;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// CSV or JSON Lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the source is called: lower-case letters, digits and hyphens
    #[arg(long, value_name = "ID", value_parser = super::source_id)]
    source: SourceId,
    /// Every row is about this brand; without it, only those that match a brand are kept
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// Which column holds what, as in `text=Kommentar`; may be given several times
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<Mapping>,
    /// What comes first in dates like 07/01/2025: day-first or month-first; without it, the file tells
    #[arg(long, value_name = "ORDER", value_parser = date_order)]
    dates: Option<DateOrder>,
    /// The best that a bare number in the rating column can be; without it, the file tells
    #[arg(long, value_name = "N")]
    rating_best: Option<f64>,
    /// Of times that state no zone
    #[arg(long, value_name = "ZONE", default_value = "Europe/Berlin")]
    time_zone: Tz,
}

fn date_order(name: &str) -> Result<DateOrder, String> {
    DateOrder::parse(name).ok_or_else(|| "write `day-first` or `month-first`".to_owned())
}

/// What a file brought.
#[derive(Default)]
struct Brought {
    rows: usize,
    left_out: usize,
    saved: Saved,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    if let Some(name) = arguments.brand.as_deref().filter(|name| !config.brands.iter().any(|b| b.name == *name)) {
        return Err(WrongUse(format!("there is no brand \"{name}\" in {}", place.config.display())).into());
    }
    let service = place.open(config).await?;
    service.settle_model(now()).await?;
    let mut left_out = 0;
    for file in &arguments.files {
        let brought = import_file(&service, file, arguments).await?;
        left_out += brought.left_out;
        let Brought { rows, saved, .. } = brought;
        print(&format!(
            "{}: {rows} rows, {} new, {} changed, {} copies, {} left out",
            file.display(),
            saved.new,
            saved.edited,
            saved.copies,
            brought.left_out
        ))?;
    }
    service.store.close().await;
    Ok(if left_out > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn import_file(service: &Service, file: &Path, arguments: &Arguments) -> anyhow::Result<Brought> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let options = Options {
        columns: arguments.map.clone(),
        zone: arguments.time_zone,
        date_order: arguments.dates,
        rating_best: arguments.rating_best,
    };
    let import = import::read(&bytes, &file.display().to_string(), &options)?;
    tell(&import, file);
    let mut brought = Brought::default();
    let mut chunk: Vec<Mention> = Vec::with_capacity(CHUNK);
    for row in import.rows() {
        brought.rows += 1;
        match row {
            Ok(row) => chunk.push(row.mention),
            Err(problem) => {
                brought.left_out += 1;
                tracing::error!(line = problem.line, hint = problem.hint, "left out: {problem}");
            }
        }
        if chunk.len() == CHUNK {
            brought.saved += save(service, &mut chunk, arguments).await?;
        }
    }
    brought.saved += save(service, &mut chunk, arguments).await?;
    Ok(brought)
}

async fn save(service: &Service, chunk: &mut Vec<Mention>, arguments: &Arguments) -> anyhow::Result<Saved> {
    let mentions = std::mem::take(chunk);
    Ok(service.import(&arguments.source, arguments.brand.as_deref(), mentions, now()).await?)
}

/// How the file was understood, so that a wrong guess is seen.
fn tell(import: &Import<'_>, file: &Path) {
    let columns: Vec<String> = import.columns().map(|(field, header)| format!("{}={header}", field.name())).collect();
    let unused: Vec<&str> = import.unused_columns().collect();
    tracing::info!(
        encoding = import.encoding(),
        columns = columns.join(", "),
        unused = unused.join(", "),
        "{}",
        file.display()
    );
}
