//! `stimmung collect`

use std::process::ExitCode;

use clap::Args;
use comfy_table::{CellAlignment, Table, presets};
use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Place, WrongUse, print};
use crate::config::Source;
use crate::mention::Language;
use crate::service::{Rechecked, Report, Service, now};
use crate::store::StoreError;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only this source
    #[arg(long, value_name = "ID")]
    source: Option<String>,
}

pub(super) async fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config()?;
    if let Some(id) = arguments.source.as_deref().filter(|id| config.source(id).is_none()) {
        let known: Vec<_> = config.sources.iter().map(|source| source.id.as_str()).collect();
        return Err(WrongUse(format!("there is no source `{id}`; known are {}", known.join(", "))).into());
    }
    let service = place.open_to_deliver(config).await?;
    let wanted = |source: &&Source| arguments.source.as_deref().is_none_or(|id| id == source.id.as_str());
    let listened = service.sources();
    let sources: Vec<&Source> = listened.iter().filter(wanted).collect();
    service.settle_model(now()).await?;
    service.resume_pauses(now()).await?;
    let reports = rounds(&service, &sources).await?;
    service.detect_once(now()).await?;
    let rehearsed = service.rehearse_once(now()).await?;
    service.urgent_once(now()).await?;
    service.deliver_once(now()).await?;
    print(&table(&reports).to_string())?;
    for (brand, rehearsal) in &rehearsed {
        let zone = service.config.alert.time_zone;
        let mail = crate::alert::rehearsal(brand, rehearsal, Language::ENGLISH, zone);
        print(&format!("\n{}", mail.text.split("\n-- ").next().unwrap_or_default().trim_end()))?;
    }
    service.store.close().await;
    let failed = reports.iter().any(|(_, report)| report.error.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// One round of each, several at a time; in the order of the configuration.
async fn rounds<'a>(service: &Service, sources: &[&'a Source]) -> Result<Vec<(&'a Source, Report)>, StoreError> {
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} sources, {elapsed}");
    let progress =
        ProgressBar::new(sources.len() as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let rounds = sources.iter().map(|&source| {
        let progress = &progress;
        async move {
            let rechecked = service.recheck_once(source, now()).await?;
            let mut report = service.collect_once(source, now()).await?;
            progress.inc(1);
            report.notes.extend(remarks(rechecked));
            Ok((source, report))
        }
    });
    let reports: Vec<_> = stream::iter(rounds).buffered(16).collect().await;
    progress.finish_and_clear();
    reports.into_iter().collect()
}

/// What a person should know of what was looked up again.
fn remarks(rechecked: Rechecked) -> impl Iterator<Item = String> {
    let Rechecked { asked, removed, notes, error, .. } = rechecked;
    let gone = (removed > 0).then(|| format!("{removed} of {asked} that were looked up again are gone"));
    let error = error.map(|error| format!("not all could be looked up again: {error}"));
    gone.into_iter().chain(error).chain(notes)
}

fn table(reports: &[(&Source, Report)]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["source", "items", "about a brand", "new", "edited", "copies", ""]);
    for (source, report) in reports {
        let remark = match &report.error {
            Some(error) => error.to_string(),
            None if report.paused => "paused".to_owned(),
            None if report.not_modified => "not modified".to_owned(),
            None => {
                let grade = report.grade.map(|grade| grade.to_string());
                grade.into_iter().chain(report.notes.iter().cloned()).collect::<Vec<_>>().join("; ")
            }
        };
        let saved = report.saved;
        let counts = [report.received, report.matched, saved.new, saved.edited, saved.copies].map(|n| n.to_string());
        table.add_row(std::iter::once(source.id.to_string()).chain(counts).chain([remark]));
    }
    for column in table.column_iter_mut().skip(1).take(5) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
