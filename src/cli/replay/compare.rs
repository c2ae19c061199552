//! What other promises would have reported.

use comfy_table::{CellAlignment, Table, presets};

use crate::detect::{FindingKind, Report, Rule};
use crate::mention::Timestamp;

use super::print;

/// What one promise came to.
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) reports: Vec<Report>,
}

/// Days of history that teach what is usual; nothing about the mood is found in them.
const WARM_UP_DAYS: f64 = 30.0;

/// One row a promise: how many findings of each kind, and how many a quarter.
pub(super) fn table(outcomes: &[Outcome], span: Option<(Timestamp, Timestamp)>) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let kinds = FindingKind::ALL.map(FindingKind::name);
    table.set_header(["at most one false alarm per"].iter().chain(kinds.iter()).chain(["shifts in 90 days"].iter()));
    for outcome in outcomes {
        let count = |kind: FindingKind| {
            outcome.reports.iter().filter(|it| matches!(it, Report::Found(finding) if finding.kind == kind)).count()
        };
        let shifts = count(FindingKind::MoodDown) + count(FindingKind::MoodUp);
        let cells = FindingKind::ALL.map(|kind| count(kind).to_string());
        table.add_row(std::iter::once(outcome.name.clone()).chain(cells).chain([a_quarter(shifts, span)]));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    print(&table.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of findings and seconds")]
fn a_quarter(shifts: usize, span: Option<(Timestamp, Timestamp)>) -> String {
    let days = span.map_or(0.0, |(from, to)| (to.seconds() - from.seconds()) as f64 / 86_400.0 - WARM_UP_DAYS);
    if days >= 1.0 { format!("{:.1}", shifts as f64 * 90.0 / days) } else { "too short".to_owned() }
}

/// The promises of a list: spans of time, or configurations whose promise is meant.
pub(super) fn rules(list: &str) -> anyhow::Result<Vec<(String, Rule)>> {
    list.split(',')
        .map(str::trim)
        .map(|entry| match entry.parse::<Rule>() {
            Ok(rule) => Ok((entry.to_owned(), rule)),
            Err(_) if std::path::Path::new(entry).is_file() => {
                let config = crate::config::Config::load(std::path::Path::new(entry))?;
                Ok((entry.to_owned(), config.rule_of_each()))
            }
            Err(error) => Err(super::WrongUse(format!("{error}; or name a configuration")).into()),
        })
        .collect()
}
