//! What other promises would have reported.

use comfy_table::{CellAlignment, Table, presets};

use crate::detect::replay::{count, shifts_in_90_days};
use crate::detect::{FindingKind, Report, Rule};
use crate::mention::Timestamp;

use super::print;

/// What one promise came to.
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) reports: Vec<Report>,
}

/// One row a promise: how many findings of each kind, and how many a quarter.
pub(super) fn table(outcomes: &[Outcome], span: Option<(Timestamp, Timestamp)>) -> anyhow::Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let kinds = FindingKind::ALL.map(FindingKind::name);
    table.set_header(["at most one false alarm per"].iter().chain(kinds.iter()).chain(["shifts in 90 days"].iter()));
    for outcome in outcomes {
        let cells = FindingKind::ALL.map(|kind| count(&outcome.reports, kind).to_string());
        let quarter = a_quarter(&outcome.reports, span);
        table.add_row(std::iter::once(outcome.name.clone()).chain(cells).chain([quarter]));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    print(&table.to_string())
}

fn a_quarter(reports: &[Report], span: Option<(Timestamp, Timestamp)>) -> String {
    let shifts = span.and_then(|span| shifts_in_90_days(reports, span));
    shifts.map_or_else(|| "too short".to_owned(), |shifts| format!("{shifts:.1}"))
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
