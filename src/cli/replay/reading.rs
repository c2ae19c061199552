//! Arrivals from an export.

use std::collections::HashMap;

use crate::detect::Observation;
use crate::export::Record;

/// What a reader of records has to remember: who wrote before, and which texts were there before.
#[derive(Default)]
pub(super) struct Reading {
    authors: HashMap<String, u64>,
    texts: HashMap<String, u64>,
    last_text: u64,
}

impl Reading {
    /// `None` for a record without a mood.
    pub(super) fn observation(&mut self, record: Record) -> Option<Observation> {
        let (next, next_text) = (self.authors.len() as u64, self.last_text + 1);
        let text = record.dup_key.map_or(next_text, |key| *self.texts.entry(key).or_insert(next_text));
        self.last_text = self.last_text.max(text);
        Some(Observation {
            arrived_at: record.ingested_at,
            published_at: record.published_at,
            segment: format!("{}:{}", record.source, record.lang.map_or(String::new(), |lang| lang.to_string())),
            author: record.author.map(|author| *self.authors.entry(author).or_insert(next)),
            text,
            topics: record.topics,
            label: record.label?,
            copy: text < next_text,
            backfill: false,
        })
    }
}
