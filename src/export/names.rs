//! Lists of names: arrays in JSON, one cell in CSV.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, SeqAccess, Visitor};
use serde_json::Value;

use super::Record;

/// Between two names in a cell, as between the brands of a mention.
const BETWEEN: &str = "; ";

/// The cells of a record, in the order of its fields.
pub(super) fn cells(record: &Record) -> serde_json::Result<Vec<String>> {
    let Value::Object(fields) = serde_json::to_value(record)? else { return Ok(Vec::new()) };
    Ok(fields.into_iter().map(|(_, value)| cell(value)).collect())
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(names) => names.into_iter().map(cell).collect::<Vec<_>>().join(BETWEEN),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Reads both forms.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    deserializer.deserialize_any(Names)
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names")
    }

    fn visit_str<E: Error>(self, cell: &str) -> Result<Self::Value, E> {
        Ok(cell.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = names.next_element()? {
            list.push(name);
        }
        Ok(list)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    // The reader of CSV takes a cell that looks like a number or a truth for one.

    fn visit_bool<E: Error>(self, name: bool) -> Result<Self::Value, E> {
        Ok(vec![name.to_string()])
    }

    fn visit_u64<E: Error>(self, name: u64) -> Result<Self::Value, E> {
        Ok(vec![name.to_string()])
    }

    fn visit_i64<E: Error>(self, name: i64) -> Result<Self::Value, E> {
        Ok(vec![name.to_string()])
    }

    fn visit_f64<E: Error>(self, name: f64) -> Result<Self::Value, E> {
        Ok(vec![name.to_string()])
    }
}
