//! From the cells of a row to a mention.

use chrono_tz::Tz;
use csv::StringRecord;

use super::columns::Field;
use super::date::{self, DateProblem};
use super::survey::Reading;
use super::{Row, RowProblem, rating};
use crate::mention::{Author, Label, Language, Mention, Rating, Reply, Timestamp};
use crate::text;

/// What programs write where they know nothing.
const NOTHING: [&str; 11] = ["-", "–", "—", "null", "none", "nan", "n/a", "na", "\\n", "k.a.", "k. a."];

/// How much of a cell is shown in a problem, in characters.
const SHOWN: usize = 40;

/// One row and how to read it.
pub(super) struct RowReader<'r> {
    pub(super) headers: &'r [String],
    pub(super) reading: &'r Reading,
    pub(super) zone: Tz,
    /// Our own export: its texts are plain already, and its cells exact.
    pub(super) is_ours: bool,
    pub(super) line: u64,
    pub(super) cells: &'r StringRecord,
}

impl RowReader<'_> {
    /// The row, its mention still without an id where the file gives none.
    pub(super) fn read(&self) -> Result<Row, RowProblem> {
        let mention = Mention {
            native_id: self.id().unwrap_or_default(),
            url: self.known(Field::Url).filter(|url| text::canonical_url(url, None).is_some()).map(str::to_owned),
            author: self.author(),
            publisher: None,
            title: self.words(Field::Title),
            text: self.words(Field::Text).unwrap_or_default(),
            rating: self.rating()?,
            language_hint: self.known(Field::Language).and_then(language),
            country: self.known(Field::Country).and_then(country),
            published_at: self.published_at()?,
            edited_at: self.date(Field::EditedAt)?,
            app_version: self.known(Field::Version).map(str::to_owned),
            reply: self.reply()?,
        };
        if mention.text.is_empty() && mention.title.is_none() && mention.rating.is_none() {
            return Err(RowProblem::new(self.line, None, "has neither text nor rating", ""));
        }
        Ok(Row {
            line: self.line,
            source: self.known(Field::Source).map(str::to_owned),
            brand: self.known(Field::Brand).map(str::to_owned),
            ingested_at: self.date(Field::IngestedAt)?,
            label: self.parsed(Field::Label, Label::parse, "is no mood: negative, neutral or positive")?,
            score: self.parsed(Field::Score, score, "is no number from -1 to 1")?,
            mention,
        })
    }

    /// What a cell says, or `None` where it says nothing.
    fn known(&self, field: Field) -> Option<&str> {
        let cell = self.reading.columns.cell(self.cells, field)?;
        if self.is_ours {
            return Some(cell);
        }
        let cell = cell.trim();
        (!NOTHING.contains(&cell.to_lowercase().as_str())).then_some(cell)
    }

    fn words(&self, field: Field) -> Option<String> {
        let cell = self.reading.columns.cell(self.cells, field)?;
        let words = if self.is_ours { cell.to_owned() } else { text::plain(cell) };
        (!words.is_empty()).then_some(words)
    }

    /// An id, unless a spreadsheet rounded it to `4,71E+17`, which other ids may be rounded to as well.
    fn id(&self) -> Option<String> {
        let id = self.known(Field::Id)?;
        let is_rounded = !self.is_ours && id.contains("E+") && id.replace(',', ".").parse::<f64>().is_ok();
        (!is_rounded).then(|| id.to_owned())
    }

    fn author(&self) -> Option<Author> {
        let (name, key) = (self.known(Field::Author), self.known(Field::AuthorId));
        Some(Author { key: key.or(name)?.to_owned(), name: name.or(key)?.to_owned() })
    }

    fn reply(&self) -> Result<Option<Reply>, RowProblem> {
        let at = self.date(Field::ReplyAt)?;
        Ok(self.words(Field::Reply).map(|text| Reply { text, at }))
    }

    fn rating(&self) -> Result<Option<Rating>, RowProblem> {
        let Some(cell) = self.known(Field::Rating) else {
            let grade = |cell: &str| rating::parse(cell).and_then(|points| rating::from_grade(points.value));
            return self.parsed(Field::SchoolGrade, grade, "is no grade from 1 to 6");
        };
        let points = rating::parse(cell).ok_or_else(|| self.problem(Field::Rating, "is no rating", ""))?;
        let stated = self.known(Field::RatingBest).and_then(rating::parse).map(|best| best.value);
        let stated = points.best.or(stated).filter(|best| *best > 0.0);
        let best = stated.unwrap_or(self.reading.best);
        if points.value > best {
            let message = format!("is above {best}, the best rating");
            return Err(self.problem(Field::Rating, &message, "--rating-best states another"));
        }
        // Nobody can give less than one of five stars: zero stands for "not rated".
        let is_rated = points.value > 0.0 || stated.is_some() || best != 5.0;
        Ok(is_rated.then(|| rating::on_scale(points.value, best)))
    }

    fn published_at(&self) -> Result<Option<Timestamp>, RowProblem> {
        match (self.known(Field::PublishedAt), self.known(Field::Time)) {
            (Some(date), Some(time)) if !date.contains(':') => {
                self.read_date(Field::PublishedAt, &format!("{date} {time} Uhr")).map(Some)
            }
            _ => self.date(Field::PublishedAt),
        }
    }

    fn date(&self, field: Field) -> Result<Option<Timestamp>, RowProblem> {
        self.known(field).map(|cell| self.read_date(field, cell)).transpose()
    }

    fn read_date(&self, field: Field, cell: &str) -> Result<Timestamp, RowProblem> {
        let header = self.header(field).unwrap_or_default().to_ascii_uppercase();
        let zone = if header.contains("UTC") || header.contains("GMT") { Tz::UTC } else { self.zone };
        date::parse(cell, self.reading.order, zone).map_err(|problem| match problem {
            DateProblem::Unreadable => self.problem(field, "is no date", ""),
            DateProblem::Ambiguous => self.problem(
                field,
                "leaves open which number is the day",
                "--dates day-first or --dates month-first tells",
            ),
        })
    }

    fn parsed<T>(
        &self,
        field: Field,
        parse: impl Fn(&str) -> Option<T>,
        complaint: &str,
    ) -> Result<Option<T>, RowProblem> {
        let read = |cell| parse(cell).ok_or_else(|| self.problem(field, complaint, ""));
        self.known(field).map(read).transpose()
    }

    fn header(&self, field: Field) -> Option<&str> {
        self.headers.get(self.reading.columns.at(field)?).map(String::as_str)
    }

    /// A problem with one cell, which is shown: dates, ratings and moods name nobody.
    fn problem(&self, field: Field, complaint: &str, hint: &str) -> RowProblem {
        let cell = self.known(field).unwrap_or_default();
        let shown: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
        let dots = if cell.chars().nth(SHOWN).is_some() { "…" } else { "" };
        RowProblem::new(self.line, self.header(field), format!("`{shown}{dots}` {complaint}"), hint)
    }
}

fn score(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|score| (-1.0..=1.0).contains(score))
}

fn language(cell: &str) -> Option<Language> {
    match cell.to_lowercase().as_str() {
        "deutsch" | "german" => Some(Language::GERMAN),
        "englisch" | "english" => Some(Language::ENGLISH),
        tag => Language::parse(tag),
    }
}

fn country(cell: &str) -> Option<String> {
    let code = match cell.to_lowercase().as_str() {
        "deutschland" | "germany" => "DE",
        "österreich" | "austria" => "AT",
        "schweiz" | "switzerland" => "CH",
        _ if cell.len() == 2 && cell.bytes().all(|byte| byte.is_ascii_alphabetic()) => cell,
        _ => return None,
    };
    Some(code.to_ascii_uppercase())
}
