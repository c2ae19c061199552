//! JSON: one object a line, objects one after another, or one array of them.

use std::collections::HashMap;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::{Cells, RowProblem};

/// How many different names are columns; further ones are ignored.
const COLUMNS: usize = 512;

type Object = Map<String, Value>;

/// Whether a text looks like JSON rather than like a table.
pub(super) fn are_in(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// The names in all objects, in the order in which they first appear.
pub(super) fn headers(text: &str) -> Vec<String> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (_, object) in Objects::new(text) {
        for name in object.into_iter().flat_map(Map::into_iter).map(|(name, _)| name) {
            let next = places.len();
            if next < COLUMNS {
                places.entry(name).or_insert(next);
            }
        }
    }
    let mut headers: Vec<(usize, String)> = places.into_iter().map(|(name, place)| (place, name)).collect();
    headers.sort_unstable();
    headers.into_iter().map(|(_, name)| name).collect()
}

/// The objects as rows of a table.
pub(super) struct Rows<'t> {
    objects: Objects<'t>,
    headers: &'t [String],
}

impl<'t> Rows<'t> {
    pub(super) fn new(text: &'t str, headers: &'t [String]) -> Self {
        Self { objects: Objects::new(text), headers }
    }

    fn cells(&self, object: &Object) -> StringRecord {
        self.headers.iter().map(|name| object.get(name).map(cell).unwrap_or_default()).collect()
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Cells, RowProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        let (line, object) = self.objects.next()?;
        Some(match object {
            Ok(object) => Ok(Cells { line, cells: self.cells(&object) }),
            Err(message) => Err(RowProblem::new(line, None, message, "write one JSON object a line")),
        })
    }
}

/// A value as a cell of a table would show it. What is nested has no cell.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

/// Reads one object after another, each with its line. What is no object costs its own line only.
struct Objects<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Objects<'t> {
    fn new(text: &'t str) -> Self {
        let mut objects = Self { text, at: 0, line: 1 };
        objects.skip_space_and(&[]);
        if text[objects.at..].starts_with('[') {
            objects.advance(1);
        }
        objects
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn advance(&mut self, bytes: usize) {
        let passed = &self.text.as_bytes()[self.at..self.at + bytes];
        self.line += passed.iter().filter(|byte| **byte == b'\n').map(|_| 1).sum::<u64>();
        self.at += bytes;
    }

    /// Skips white space and these.
    fn skip_space_and(&mut self, others: &[char]) {
        let rest = self.rest();
        let kept = rest.trim_start_matches(|c: char| c.is_whitespace() || others.contains(&c));
        self.advance(rest.len() - kept.len());
    }

    fn skip_line(&mut self) {
        let rest = self.rest();
        self.advance(rest.find('\n').map_or(rest.len(), |at| at + 1));
    }
}

impl Iterator for Objects<'_> {
    type Item = (u64, Result<Object, &'static str>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_space_and(&[',', ']']);
        if self.rest().is_empty() {
            return None;
        }
        let line = self.line;
        let mut values = serde_json::Deserializer::from_str(self.rest()).into_iter::<Object>();
        let object = values.next()?;
        let length = values.byte_offset();
        Some((
            line,
            match object {
                Ok(object) => {
                    self.advance(length);
                    Ok(object)
                }
                Err(_) => {
                    self.skip_line();
                    Err("is no JSON object")
                }
            },
        ))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let headers = headers(text);
        let shown = |row: Result<Cells, RowProblem>| match row {
            Ok(row) => format!("{}: {}", row.line, row.cells.iter().collect::<Vec<_>>().join("|")),
            Err(problem) => problem.to_string(),
        };
        Rows::new(text, &headers).map(shown).collect()
    }

    #[test]
    fn every_line_is_a_row_and_every_name_a_column() {
        let text =
            "{\"text\":\"gut\"}\n\n{\"stars\":4.5,\"text\":\"a\\nb\"}\r\n{\"text\":null,\"new\":true,\"x\":[1]}\n";
        assert_eq!(headers(text), ["text", "stars", "new", "x"]);
        assert_eq!(read(text), ["1: gut|||", "3: a\nb|4.5||", "4: ||true|"]);
    }

    #[test]
    fn an_array_is_read_as_well_however_it_is_laid_out() {
        let text = "[\n  {\n    \"a\": 1\n  },\n  {\"a\": 2}, {\"a\": 3}\n]\n";
        assert_eq!(read(text), ["2: 1", "5: 2", "5: 3"]);
    }

    #[test]
    fn a_broken_line_costs_itself_only() {
        let text = "{\"a\":1}\n{\"a\":\n{\"a\":3}\nnonsense\n{\"a\":5}";
        assert_eq!(read(text), ["1: 1", "line 2: is no JSON object", "3: 3", "line 4: is no JSON object", "5: 5"]);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_or_go_on_for_ever(text in "[\\[{]?([\\[\\]{}\",:\n ]|\"a\"|1|ä){0,40}") {
            prop_assert!(read(&text).len() <= text.len());
        }
    }
}
