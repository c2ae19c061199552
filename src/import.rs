//! Reviews from files: CSV and JSON Lines exports of portals that offer nothing else. Pure.
//!
//! - **Encoding**: UTF-8, UTF-16 or windows-1252.
//! - **Layout**: values separated by commas, semicolons, tabs or `|`, quoted or not; or JSON, one object a line or one
//!   array. Headings above the header and Excel's `sep=;` are skipped.
//! - **Columns**: by their names in German and English, which [`Field::parse`] knows as well; a [`Mapping`] counts
//!   before every name. A column called `Bewertung` or `Review` is a rating where it holds numbers, a text otherwise.
//! - **Ratings**: `4,5`, `4/5`, `4 von 5 Sternen`, `★★★★☆`, `8/10`, `80 %`. Bare numbers are out of 5, 10 or 100: the
//!   least that nineteen in twenty of the column fit in. Zero of five stars stands for "not rated".
//! - **Dates**: German, English, ISO 8601, seconds or milliseconds since 1970, days of a spreadsheet. What states no
//!   zone is local time in [`Options::zone`] (or UTC, where the header says so); what states no time is at midnight.
//!   In `07/01/2025` the whole file tells what comes first: a number above 12 is a day; without any, German headers
//!   mean that the day is first, and with English ones such a date is a problem.
//! - **Texts** may be HTML. Cells that a program guarded against being run as formulas lose that guard.
//! - **Ids**: the id column, else a hash of author, time, title and text. So a file that is imported twice, or a later
//!   one that overlaps with it, brings nothing twice.
//! - Our own export comes back exactly.

use std::borrow::Cow;
use std::fmt;

use chrono_tz::Tz;
use csv::StringRecord;

use crate::mention::{Label, Mention, Timestamp};

mod columns;
mod correction;
mod date;
mod encoding;
mod identity;
mod objects;
mod rating;
mod row;
mod survey;
mod table;

pub use columns::{Field, Mapping, MappingError};
pub use correction::{Correction, Target, corrections};
pub use date::DateOrder;

use columns::{is_named, meanings, names};
use identity::Identities;
use row::RowReader;
use survey::{Reading, Survey};

/// What a person knows about a file better than it shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Which column holds what, before all names.
    pub columns: Vec<Mapping>,
    /// The zone of times that state none.
    pub zone: Tz,
    /// What comes first in `07/01/2025`; `None`: the file tells.
    pub date_order: Option<DateOrder>,
    /// The best that a bare number in the rating column can be; `None`: the file tells.
    pub rating_best: Option<f64>,
}

impl Default for Options {
    fn default() -> Self {
        Self { columns: Vec::new(), zone: Tz::Europe__Berlin, date_order: None, rating_best: None }
    }
}

/// One review of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where it begins in the file, from 1.
    pub line: u64,
    /// What was said; its language, where the file states it, is the hint.
    pub mention: Mention,
    /// The portal it comes from, as the file calls it.
    pub source: Option<String>,
    /// Whom it is about, as the file calls it.
    pub brand: Option<String>,
    /// When we first saw it; in our own export only.
    pub ingested_at: Option<Timestamp>,
    /// Its mood; in our own export only.
    pub label: Option<Label>,
    /// Its mood from −1 to 1; in our own export only.
    pub score: Option<f64>,
}

/// Why one row is left out. It shows no text and no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RowProblem {
    /// Where the row begins in the file, from 1.
    pub line: u64,
    /// The header of the column, where it is about one.
    pub column: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl RowProblem {
    fn new(line: u64, column: Option<&str>, message: impl Into<String>, hint: &str) -> Self {
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        Self { line, column: column.map(str::to_owned), message: message.into(), hint }
    }
}

impl fmt::Display for RowProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column `{column}`: {}", self.line, self.message),
            None => write!(f, "line {}: {}", self.line, self.message),
        }
    }
}

/// Why a file cannot be imported at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is something else.
    #[error("{name} is {what}")]
    NoText {
        /// The file.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// Nothing but white space.
    #[error("{name} is empty")]
    Empty {
        /// The file.
        name: String,
    },
    /// Its header is in no language that we know.
    #[error("{name} has no column for text or rating; it has {}", listed(.headers))]
    NothingSaid {
        /// The file.
        name: String,
        /// What columns it has.
        headers: Vec<String>,
    },
    /// It is to hold corrections and lacks their columns.
    #[error("{name} has no columns that tell a mention and its mood; it has {}", listed(.headers))]
    NoCorrections {
        /// The file.
        name: String,
        /// What columns it has.
        headers: Vec<String>,
    },
    /// A mapping means a column that does not exist.
    #[error("{name} has no column `{column}`; it has {}", listed(.headers))]
    NoSuchColumn {
        /// The file.
        name: String,
        /// What the mapping says.
        column: String,
        /// What columns it has.
        headers: Vec<String>,
    },
}

impl ImportError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NoText { .. } => "export the reviews as CSV or JSON; a spreadsheet program saves a workbook as CSV",
            Self::Empty { .. } => "export the reviews anew",
            Self::NothingSaid { .. } => "say which column holds what, as in --map text=Kommentar --map rating=Punkte",
            Self::NoCorrections { .. } => "name them `label`, and `source` and `native_id`, or the `id` of an export",
            Self::NoSuchColumn { .. } => "write FIELD=COLUMN with one of these columns",
        }
    }
}

/// Column names for a message: the first twenty.
fn listed(headers: &[String]) -> String {
    if headers.is_empty() {
        return "none".to_owned();
    }
    let names: Vec<String> = headers.iter().take(20).map(|header| format!("`{header}`")).collect();
    let more =
        if headers.len() > names.len() { format!(" and {} more", headers.len() - names.len()) } else { String::new() };
    names.join(", ") + &more
}

/// A file whose layout is understood. Its rows are read as they are asked for.
pub struct Import<'b> {
    text: Cow<'b, str>,
    encoding: &'static str,
    layout: Layout,
    reading: Reading,
    zone: Tz,
    is_ours: bool,
}

enum Layout {
    Table(table::Shape),
    Objects { headers: Vec<String> },
}

impl Layout {
    fn of(text: &str, mappings: &[Mapping]) -> Self {
        if objects::are_in(text) {
            Self::Objects { headers: objects::headers(text) }
        } else {
            Self::Table(table::shape(text, mappings))
        }
    }

    fn headers(&self) -> &[String] {
        match self {
            Self::Table(shape) => &shape.headers,
            Self::Objects { headers } => headers,
        }
    }

    fn rows<'t>(&'t self, text: &'t str) -> Box<dyn Iterator<Item = Result<Cells, RowProblem>> + 't> {
        match self {
            Self::Table(shape) => Box::new(table::Rows::new(text, shape)),
            Self::Objects { headers } => Box::new(objects::Rows::new(text, headers)),
        }
    }
}

/// The cells of one row, one for each header.
struct Cells {
    line: u64,
    cells: StringRecord,
}

/// Finds out how a file is to be read: one pass over its columns, in time proportional to its length. `name` is what
/// the errors call it.
pub fn read<'b>(bytes: &'b [u8], name: &str, options: &Options) -> Result<Import<'b>, ImportError> {
    let name = || name.to_owned();
    let (text, encoding) = encoding::decode(bytes).map_err(|what| ImportError::NoText { name: name(), what })?;
    if text.trim().is_empty() {
        return Err(ImportError::Empty { name: name() });
    }
    let layout = Layout::of(&text, &options.columns);
    let headers = || layout.headers().to_vec();
    let is_missing = |mapping: &&Mapping| !layout.headers().iter().any(|header| is_named(header, &mapping.column));
    if let Some(Mapping { column, .. }) = options.columns.iter().find(is_missing) {
        return Err(ImportError::NoSuchColumn { name: name(), column: column.clone(), headers: headers() });
    }
    let mut survey = Survey::new(layout.headers(), meanings(layout.headers(), &options.columns));
    layout.rows(&text).flatten().for_each(|row| survey.observe(&row.cells));
    let reading = survey.reading(options);
    let says_something = [Field::Text, Field::Rating, Field::SchoolGrade];
    if says_something.into_iter().all(|field| reading.columns.at(field).is_none()) {
        return Err(ImportError::NothingSaid { name: name(), headers: headers() });
    }
    let is_ours = names::are_of_our_export(layout.headers());
    Ok(Import { text, encoding: encoding.name(), layout, reading, zone: options.zone, is_ours })
}

impl Import<'_> {
    /// The rows, those that cannot be read as problems, in the order of the file. Only ids of rows without author and
    /// text are remembered meanwhile.
    pub fn rows(&self) -> impl Iterator<Item = Result<Row, RowProblem>> + '_ {
        let mut identities = Identities::default();
        self.layout.rows(&self.text).map(move |row| {
            let Cells { line, cells } = row?;
            let mut row = self.reader(line, &cells).read()?;
            if row.mention.native_id.is_empty() {
                row.mention.native_id = identities.identify(&row.mention);
            }
            Ok(row)
        })
    }

    fn reader<'r>(&'r self, line: u64, cells: &'r StringRecord) -> RowReader<'r> {
        RowReader {
            headers: self.layout.headers(),
            reading: &self.reading,
            zone: self.zone,
            is_ours: self.is_ours,
            line,
            cells,
        }
    }

    /// How the bytes were understood: `UTF-8`, `UTF-16LE`, `UTF-16BE` or `windows-1252`.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// Which column was taken for what.
    pub fn columns(&self) -> impl Iterator<Item = (Field, &str)> {
        let header = |field| self.layout.headers().get(self.reading.columns.at(field)?);
        Field::ALL.into_iter().filter_map(move |field| Some((field, header(field)?.as_str())))
    }

    /// The columns that were taken for nothing.
    pub fn unused_columns(&self) -> impl Iterator<Item = &str> {
        let is_used = |column| Field::ALL.into_iter().any(|field| self.reading.columns.at(field) == Some(column));
        let headers = self.layout.headers().iter().enumerate();
        headers
            .filter(move |(column, header)| !header.is_empty() && !is_used(*column))
            .map(|(_, header)| header.as_str())
    }

    /// What bare numbers in the rating column are out of.
    pub fn rating_best(&self) -> f64 {
        self.reading.best
    }

    /// What comes first in dates like `07/01/2025`, if anything tells.
    pub fn date_order(&self) -> Option<DateOrder> {
        self.reading.order
    }
}

#[cfg(test)]
mod tests;
