//! Stored mentions as CSV or JSON Lines: the format that `import` and `replay` read back.
//!
//! CSV is RFC 4180 in UTF-8, with a header line and times in RFC 3339, UTC. What a stranger wrote is no formula in
//! somebody's spreadsheet: [`guard`] says how, and how it is undone. An empty cell means "not known".

use std::fmt;
use std::io::{self, Read};

use csv::{StringRecord, Terminator};
use serde::{Deserialize, Serialize};

use crate::mention::{Label, Language, Timestamp};

pub use sheet::Sheet;

pub mod guard;
mod names;
mod sheet;

/// The columns, in their order. Each is a field of [`Record`].
pub const COLUMNS: [&str; 22] = [
    "id",
    "brand",
    "source",
    "native_id",
    "published_at",
    "ingested_at",
    "edited_at",
    "lang",
    "author",
    "dup_key",
    "label",
    "score",
    "emotions",
    "intent",
    "topics",
    "urgency",
    "contradicts",
    "rating",
    "rating_best",
    "title",
    "text",
    "url",
];

/// What [`read_scored`] cannot do without.
const REQUIRED: [&str; 3] = ["id", "source", "ingested_at"];

/// One stored mention with what we think of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Unique in the export.
    pub id: String,
    /// Whom it is about.
    pub brand: Option<String>,
    /// Where it was said.
    pub source: String,
    /// What the source calls it.
    pub native_id: Option<String>,
    /// When it was said.
    pub published_at: Option<Timestamp>,
    /// When we first saw it.
    pub ingested_at: Timestamp,
    /// When its author last changed it.
    pub edited_at: Option<Timestamp>,
    /// The language it is in.
    pub lang: Option<Language>,
    /// Who said it. Personal data.
    pub author: Option<String>,
    /// The same for all mentions that carry one text.
    pub dup_key: Option<String>,
    /// Its mood.
    pub label: Option<Label>,
    /// Its mood from −1 to 1.
    pub score: Option<f64>,
    /// What its writer feels. Lists are arrays in JSON and `; ` between names in CSV.
    #[serde(default, deserialize_with = "names::read")]
    pub emotions: Vec<String>,
    /// What its writer wants.
    #[serde(default, deserialize_with = "names::read")]
    pub intent: Vec<String>,
    /// What it is about.
    #[serde(default, alias = "topic", deserialize_with = "names::read")]
    pub topics: Vec<String>,
    /// How soon somebody should look at it, from 0 to 1.
    pub urgency: Option<f64>,
    /// Its stars and its text say opposite things.
    pub contradicts: Option<bool>,
    /// Stars or points.
    pub rating: Option<f64>,
    /// The most stars or points that could be given.
    pub rating_best: Option<f64>,
    /// Its headline.
    pub title: Option<String>,
    /// What was said, as plain text.
    #[serde(default)]
    pub text: String,
    /// Where a person can read it.
    pub url: Option<String>,
}

/// Names and texts never reach a log, not even through `{:?}`.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("id", &self.id).field("source", &self.source).finish_non_exhaustive()
    }
}

impl Record {
    /// The cells whose content is not ours.
    fn foreign_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let certain = [&mut self.id, &mut self.source, &mut self.text];
        let known =
            [&mut self.brand, &mut self.native_id, &mut self.author, &mut self.dup_key, &mut self.title, &mut self.url];
        let lists = [&mut self.emotions, &mut self.intent, &mut self.topics];
        let first_names = lists.into_iter().filter_map(|list| list.first_mut());
        certain.into_iter().chain(known.into_iter().flatten()).chain(first_names)
    }
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, with a header line.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// The inverse of [`Format::name`].
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Csv, Self::JsonLines].into_iter().find(|format| format.name() == name)
    }

    /// `csv` or `jsonl`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
        }
    }
}

/// Writes records one after another, without keeping any.
pub struct Writer<W: io::Write>(Output<W>);

enum Output<W: io::Write> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
}

impl<W: io::Write> Writer<W> {
    /// Begins an export; for CSV that writes the header, so that an export of nothing is still one.
    pub fn new(out: W, format: Format) -> io::Result<Self> {
        Ok(Self(match format {
            Format::JsonLines => Output::JsonLines(out),
            Format::Csv => {
                let mut csv =
                    csv::WriterBuilder::new().has_headers(false).terminator(Terminator::CRLF).from_writer(out);
                csv.write_record(COLUMNS)?;
                Output::Csv(Box::new(csv))
            }
        }))
    }

    /// As [`Writer::new`], after the byte order mark by which Excel knows UTF-8. JSON has none (RFC 8259, 8.1).
    pub fn with_byte_order_mark(mut out: W, format: Format) -> io::Result<Self> {
        if format == Format::Csv {
            out.write_all("\u{feff}".as_bytes())?;
        }
        Self::new(out, format)
    }

    /// Writes one record.
    pub fn write(&mut self, record: &Record) -> io::Result<()> {
        match &mut self.0 {
            Output::Csv(csv) => {
                let mut record = record.clone();
                record.foreign_mut().for_each(guard::guard);
                csv.write_record(names::cells(&record)?).map_err(io::Error::from)
            }
            Output::JsonLines(out) => {
                serde_json::to_writer(&mut *out, record)?;
                out.write_all(b"\n")
            }
        }
    }

    /// Writes what is still buffered. An export that is dropped without it may lack its end, and no error tells.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Output::Csv(mut csv) => csv.flush(),
            Output::JsonLines(mut out) => out.flush(),
        }
    }
}

/// Why a scored file cannot be read, or not on from here.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The header lacks what every record must have.
    #[error("the header has no column `{column}`; needed are {}", REQUIRED.join(", "))]
    Header {
        /// The first that is missing.
        column: &'static str,
    },
    /// One record; the next may be read.
    #[error("line {line}: {message}")]
    Record {
        /// Where the record begins, from 1.
        line: u64,
        /// What is wrong with it.
        message: String,
    },
    /// The stream broke; nothing comes after it.
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
}

/// Reads a CSV as [`Writer`] writes it, a record at a time: columns in any order, unknown ones ignored, optional ones
/// (all but `id`, `source` and `ingested_at`) may be missing.
pub fn read_scored<R: Read>(reader: R) -> Result<Scored<R>, ReadError> {
    let mut csv = csv::Reader::from_reader(reader);
    let header = csv.headers().map_err(|error| read_error(error, &StringRecord::new()))?.clone();
    match REQUIRED.into_iter().find(|required| !header.iter().any(|column| column == *required)) {
        Some(column) => Err(ReadError::Header { column }),
        None => Ok(Scored { csv, header, row: StringRecord::new() }),
    }
}

/// The records of a scored CSV. See [`read_scored`].
pub struct Scored<R> {
    csv: csv::Reader<R>,
    header: StringRecord,
    row: StringRecord,
}

impl<R: Read> Iterator for Scored<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.csv.read_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => Some(self.record()),
            Err(error) => Some(Err(read_error(error, &self.header))),
        }
    }
}

impl<R> Scored<R> {
    fn record(&self) -> Result<Record, ReadError> {
        let mut record: Record =
            self.row.deserialize(Some(&self.header)).map_err(|error| read_error(error, &self.header))?;
        if record.score.is_some_and(|score| !(-1.0..=1.0).contains(&score)) {
            let line = self.row.position().map_or(0, csv::Position::line);
            return Err(ReadError::Record { line, message: "`score` lies not between -1 and 1".to_owned() });
        }
        record.foreign_mut().for_each(guard::unguard);
        Ok(record)
    }
}

/// Says which line and which column, in our words.
fn read_error(error: csv::Error, header: &StringRecord) -> ReadError {
    let line = error.position().map_or(0, csv::Position::line);
    let message = match error.into_kind() {
        csv::ErrorKind::Io(error) => return ReadError::Io(error),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns where the header has {expected_len}")
        }
        csv::ErrorKind::Deserialize { err, .. } => {
            match err.field().and_then(|at| usize::try_from(at).ok()).and_then(|at| header.get(at)) {
                Some(column) => format!("`{column}`: {}", err.kind()),
                None => err.kind().to_string(),
            }
        }
        csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
        other => format!("{other:?}"),
    };
    ReadError::Record { line, message }
}

#[cfg(test)]
pub(crate) mod tests;
