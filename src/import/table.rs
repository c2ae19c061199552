//! Tables of separated values: their delimiter, their header, their rows with the lines on which they begin.

use std::cmp::Ordering;
use std::ops::RangeInclusive;

use csv::StringRecord;

use super::columns::{Mapping, meanings};
use super::{Cells, RowProblem};
use crate::export::guard::unguarded;

mod records;

use records::{Record, Records, line_breaks};

/// In the order in which they are preferred where nothing else decides.
const DELIMITERS: [u8; 4] = *b";,\t|";

/// How much of a file is looked at to find its delimiter and its header, in bytes and in rows.
const SAMPLE_BYTES: usize = 256 * 1024;
const SAMPLE_ROWS: usize = 50;

/// The header stands in one of the first rows; some portals put a heading above it.
const HEADER_ROWS: usize = 10;

/// How a table is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    pub(super) delimiter: u8,
    pub(super) headers: Vec<String>,
    /// Where the rows after the header begin, in bytes.
    pub(super) body: usize,
    /// The line at `body`, from 1.
    pub(super) line: u64,
}

/// Finds the delimiter and the header.
///
/// For each possible delimiter the row among the first with the most names that we know is the header; the delimiter
/// with the most such names wins. Among equals those win that part anything at all, then those that part all rows alike.
pub(super) fn shape(text: &str, mappings: &[Mapping]) -> Shape {
    if let Some((delimiter, start)) = declared_delimiter(text) {
        return candidate(text, start, delimiter, mappings).1;
    }
    let candidates = DELIMITERS.map(|delimiter| candidate(text, 0, delimiter, mappings));
    let mut best = (Score::default(), Shape::default());
    for candidate in candidates {
        if candidate.0 > best.0 {
            best = candidate;
        }
    }
    best.1
}

/// Names known, whether there is more than one column, rows that are as wide as the header, and its width: the more, the
/// better, in this order.
type Score = (usize, bool, usize, usize);

fn candidate(text: &str, start: usize, delimiter: u8, mappings: &[Mapping]) -> (Score, Shape) {
    let sample = &text[..text.floor_char_boundary(start + SAMPLE_BYTES)];
    let mut reader = Records::new(sample, start, 1, delimiter);
    let rows: Vec<Record> = std::iter::from_fn(|| reader.next()).take(SAMPLE_ROWS).collect();
    let score = |row: &Record| {
        let known = meanings(&trimmed(&row.cells), mappings).iter().flatten().count();
        let as_wide = rows.iter().filter(|other| other.cells.len() == row.cells.len()).count();
        (known, row.cells.len() > 1, as_wide, row.cells.len())
    };
    let scores = rows.iter().take(HEADER_ROWS).map(|row| (score(row), row));
    match scores.reduce(|best, next| if next.0 > best.0 { next } else { best }) {
        None => (Score::default(), Shape { delimiter, ..Shape::default() }),
        Some((score, row)) => {
            let line = row.line + line_breaks(text, row.start, row.end);
            (score, Shape { delimiter, headers: trimmed(&row.cells), body: row.end, line })
        }
    }
}

/// Excel's own way to say it: a first line `sep=;`.
fn declared_delimiter(text: &str) -> Option<(u8, usize)> {
    let line = text.lines().next()?;
    match line.trim_matches('"').strip_prefix("sep=")?.as_bytes() {
        [delimiter] if DELIMITERS.contains(delimiter) => Some((*delimiter, line.len())),
        _ => None,
    }
}

fn trimmed(row: &StringRecord) -> Vec<String> {
    row.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// What a cell holds: some programs keep a spreadsheet from rounding by `="00123"`, others from calculating by `'=`.
fn content(cell: &str) -> &str {
    cell.strip_prefix("=\"").and_then(|cell| cell.strip_suffix('"')).unwrap_or_else(|| unguarded(cell))
}

/// The rows below the header, each with the line on which it begins.
///
/// A quote that is opened and never properly closed makes a reader swallow the rows that follow. Here it costs its
/// own line only: a row of several lines whose quotes are broken is reported, and reading goes on with its second line.
/// Quotes that some programs forget to double (`"the "best" train"`) are kept, where that leaves no doubt.
pub(super) struct Rows<'t> {
    records: Records<'t>,
    /// How many columns a row may have: those with a name, and those without that follow.
    columns: RangeInclusive<usize>,
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, shape: &Shape) -> Self {
        let named = shape.headers.iter().rposition(|header| !header.is_empty()).map_or(0, |last| last + 1);
        Self {
            records: Records::new(text, shape.body, shape.line, shape.delimiter),
            columns: named..=shape.headers.len(),
        }
    }

    fn checked(&mut self, mut record: Record) -> Result<Cells, RowProblem> {
        let problem = |message: String, hint: &str| RowProblem::new(record.line, None, message, hint);
        let is_broken = !self.records.is_well_quoted(&record);
        if self.records.spans_lines(&record) {
            if is_broken || self.width(&record.cells) == Ordering::Greater {
                self.records.go_back_to_second_line(&record);
                let message = "a quote is opened and not properly closed".to_owned();
                return Err(problem(message, "write a quote in a text twice"));
            }
        } else if is_broken
            && let plain = self.records.split_plainly(&record)
            && self.width(&plain) == Ordering::Equal
        {
            record.cells = plain;
        }
        if self.width(&record.cells) != Ordering::Equal {
            let message = format!("has {} columns where the header has {}", record.cells.len(), self.columns.end());
            return Err(problem(message, "a text with a delimiter or a line break in it has to stand in quotes"));
        }
        Ok(Cells { line: record.line, cells: record.cells.iter().map(content).collect() })
    }

    /// Whether a row has too few columns, too many, or as many as it should. Empty ones at its end do no harm.
    fn width(&self, cells: &StringRecord) -> Ordering {
        let filled = cells.len() - cells.iter().rev().take_while(|cell| cell.trim().is_empty()).count();
        if cells.len() < *self.columns.start() {
            Ordering::Less
        } else if filled > *self.columns.end() {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Cells, RowProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let record = self.records.next()?;
            if record.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(self.checked(record));
            }
        }
    }
}
