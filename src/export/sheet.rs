//! Exports in parts, for people who open them in a spreadsheet.

use std::io;

use chrono_tz::Tz;
use csv::{QuoteStyle, Terminator};

use super::{COLUMNS, Format, Record, guard, names};

/// Columns of numbers.
const NUMBERS: [&str; 4] = ["score", "urgency", "rating", "rating_best"];
/// Columns of times.
const TIMES: [&str; 3] = ["published_at", "ingested_at", "edited_at"];

/// How an export is written, part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// CSV begins with the byte order mark by which Excel knows UTF-8.
    pub format: Format,
    /// CSV as a German Excel reads it: semicolons, decimal commas, and times on the clock of this zone. `None`: as
    /// [`super::Writer`] writes it.
    pub german: Option<Tz>,
}

impl Sheet {
    /// Some records; the first part begins with the header, so that an export of nothing is still one.
    ///
    /// # Errors
    /// When a record cannot be written, which no record that was read is known to do.
    pub fn part(&self, records: &[Record], is_first: bool) -> io::Result<Vec<u8>> {
        match self.format {
            Format::JsonLines => {
                let mut lines = Vec::new();
                for record in records {
                    serde_json::to_writer(&mut lines, record)?;
                    lines.push(b'\n');
                }
                Ok(lines)
            }
            Format::Csv => self.rows(records, is_first),
        }
    }

    fn rows(&self, records: &[Record], is_first: bool) -> io::Result<Vec<u8>> {
        let beginning = if is_first { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        let delimiter = if self.german.is_some() { b';' } else { b',' };
        let mut builder = csv::WriterBuilder::new();
        // A spreadsheet that is told of other separators, or guesses, must not find a cell within a text.
        builder.delimiter(delimiter).terminator(Terminator::CRLF).quote_style(QuoteStyle::NonNumeric);
        let mut csv = builder.from_writer(beginning);
        if is_first {
            csv.write_record(COLUMNS)?;
        }
        for record in records {
            let mut guarded = record.clone();
            guarded.foreign_mut().for_each(guard::guard);
            let mut cells = names::cells(&guarded)?;
            if let Some(zone) = self.german {
                cells.iter_mut().zip(COLUMNS).for_each(|(cell, column)| localize(cell, column, zone));
            }
            csv.write_record(cells)?;
        }
        csv.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

fn localize(cell: &mut String, column: &str, zone: Tz) {
    if NUMBERS.contains(&column) {
        *cell = cell.replace('.', ",");
    } else if TIMES.contains(&column)
        && let Some(at) = crate::mention::Timestamp::parse_rfc3339(cell)
    {
        *cell = at.to_utc().with_timezone(&zone).format("%d.%m.%Y %H:%M:%S").to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::Timestamp;

    fn record(text: &str) -> Record {
        let at = Timestamp::parse_rfc3339("2026-03-29T01:30:00Z").unwrap();
        Record {
            id: "7".into(),
            brand: Some("Lerchenbahn".into()),
            source: "forum".into(),
            native_id: None,
            published_at: Some(at),
            ingested_at: at,
            edited_at: None,
            lang: None,
            author: Some("=cmd()".into()),
            dup_key: None,
            label: None,
            score: Some(-0.5),
            emotions: Vec::new(),
            intent: Vec::new(),
            topics: vec!["app".into(), "price".into()],
            urgency: Some(0.25),
            contradicts: Some(false),
            rating: Some(4.5),
            rating_best: Some(5.0),
            title: None,
            text: text.into(),
            url: None,
        }
    }

    fn written(sheet: Sheet, text: &str) -> String {
        let mut bytes = sheet.part(&[record(text)], true).unwrap();
        bytes.extend(sheet.part(&[], false).unwrap());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_german_excel_finds_its_columns_its_commas_its_clock_and_no_formula() {
        let german = Sheet { format: Format::Csv, german: Some(chrono_tz::Europe::Berlin) };
        let text = written(german, "1.5; \"'ja\"");
        assert!(text.starts_with("\u{feff}\"id\";\"brand\";"), "{text}");
        let row =
            r#"7;"Lerchenbahn";"forum";"";"29.03.2026 03:30:00";"29.03.2026 03:30:00";"";"";"'=cmd()";"";"";"-0,5";"#;
        assert!(text.contains(row), "{text}");
        let end = r#""";"";"app; price";"0,25";"false";"4,5";"5,0";"";"1.5; ""'ja""";"""#;
        assert!(text.ends_with(&format!("{end}\r\n")), "{text}");
    }

    #[test]
    fn elsewhere_it_is_what_import_reads_back() {
        let text = written(Sheet { format: Format::Csv, german: None }, "-1 Stern");
        let back = super::super::read_scored(text.trim_start_matches('\u{feff}').as_bytes()).unwrap();
        assert_eq!(back.map(|record| record.unwrap().text).collect::<Vec<_>>(), ["-1 Stern"]);
    }

    #[test]
    fn an_export_of_nothing_is_its_header_alone_and_lines_of_json_have_none() {
        let parts = |format| Sheet { format, german: None }.part(&[], true).unwrap().len();
        assert!(parts(Format::Csv) > 100 && parts(Format::JsonLines) == 0);
        let lines = written(Sheet { format: Format::JsonLines, german: Some(chrono_tz::UTC) }, "=1");
        assert!(lines.contains("\"text\":\"=1\"") && lines.contains("-0.5") && lines.ends_with("}\n"), "{lines}");
    }
}
