//! Records of a CSV with their places in the text.

use csv::{ReaderBuilder, StringRecord};

/// How often, counted in lengths of the whole text, text may be read again because of broken quotes. Beyond that quotes
/// are taken for plain characters, so that no file takes more than a few times as long as an ordinary one.
const READ_AGAIN: usize = 4;

/// About what starting anew costs besides, in bytes: the reader fills its buffer.
const COST_OF_START: usize = 8 * 1024;

/// One record, whatever its width.
pub(super) struct Record {
    pub(super) cells: StringRecord,
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last.
    pub(super) end: usize,
    /// The line on which it begins, from 1.
    pub(super) line: u64,
}

/// Reads records one after another; lines without a character are none.
pub(super) struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    reader: csv::Reader<&'t [u8]>,
    /// Where `reader` was started.
    origin: usize,
    /// The end of the last record.
    at: usize,
    /// The line at `at`.
    line: u64,
    /// Bytes that were read more than once.
    read_again: usize,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str, start: usize, line: u64, delimiter: u8) -> Self {
        let reader = reader(&text[start..], delimiter, true);
        Self { text, delimiter, reader, origin: start, at: start, line, read_again: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Record> {
        let mut cells = StringRecord::new();
        if !self.reader.read_record(&mut cells).unwrap_or(false) {
            return None;
        }
        let (before, end) = (self.at, self.origin + usize::try_from(self.reader.position().byte()).ok()?);
        let skipped = self.text.as_bytes()[before..end].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = before + skipped;
        let line = self.line + line_breaks(self.text, before, start);
        (self.at, self.line) = (end, line + line_breaks(self.text, start, end));
        Some(Record { cells, start, end, line })
    }

    fn raw(&self, record: &Record) -> &'t str {
        self.text[record.start..record.end].trim_end_matches(['\r', '\n'])
    }

    pub(super) fn spans_lines(&self, record: &Record) -> bool {
        self.raw(record).contains(['\r', '\n'])
    }

    /// Whether every field that begins with a quote ends with one.
    pub(super) fn is_well_quoted(&self, record: &Record) -> bool {
        let raw = self.raw(record).as_bytes();
        let mut at = 0;
        while at < raw.len() {
            if raw[at] == b'"' {
                match end_of_quoted(raw, at) {
                    Some(end) if raw.get(end).is_none_or(|after| *after == self.delimiter) => at = end + 1,
                    _ => return false,
                }
            } else {
                at += raw[at..].iter().position(|byte| *byte == self.delimiter).unwrap_or(raw.len()) + 1;
            }
        }
        true
    }

    /// The fields as they are where quotes count for nothing but around a whole field.
    pub(super) fn split_plainly(&self, record: &Record) -> StringRecord {
        let unquoted =
            |field: &'t str| field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field);
        self.raw(record).split(char::from(self.delimiter)).map(unquoted).collect()
    }

    /// Makes the second line of a record the next to be read.
    pub(super) fn go_back_to_second_line(&mut self, record: &Record) {
        let bytes = self.text.as_bytes();
        let first_break = (record.start..record.end).find(|at| line_breaks(self.text, *at, at + 1) > 0);
        let next = first_break.map_or(record.end, |at| at + 1);
        self.read_again = self.read_again.saturating_add(record.end - next + COST_OF_START);
        let quoting = self.read_again <= bytes.len().saturating_mul(READ_AGAIN) + COST_OF_START;
        self.reader = reader(&self.text[next..], self.delimiter, quoting);
        (self.origin, self.at, self.line) = (next, next, record.line + 1);
    }
}

fn reader(text: &str, delimiter: u8, quoting: bool) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .quoting(quoting)
        .from_reader(text.as_bytes())
}

/// The place after the quote that closes the one at `start`.
fn end_of_quoted(raw: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += raw[at..].iter().position(|byte| *byte == b'"')? + 1;
        if raw.get(at) != Some(&b'"') {
            return Some(at);
        }
        at += 1;
    }
}

/// How many lines end between two places. A carriage return ends one where no line feed follows.
pub(super) fn line_breaks(text: &str, from: usize, to: usize) -> u64 {
    let bytes = text.as_bytes();
    let ends_line = |at: &usize| bytes[*at] == b'\n' || bytes[*at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    (from..to).filter(ends_line).map(|_| 1).sum()
}
