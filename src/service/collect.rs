//! One round of one source: ask it, keep what is about a brand, analyse what is new, save it all at once.

use std::time::Duration;

use super::Service;
use crate::analyse::Reader;
use crate::collect::{self, Batch, CollectError, Round};
use crate::config::Source;
use crate::mention::{Language, Mention, Timestamp};
use crate::store::{Item, Saved, SourceState, StoreError};

/// The first pause after a failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// A source that fails is asked at least this often, so that it recovers by itself.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// What a round came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Items that the source gave.
    pub received: usize,
    /// Of these, the ones about a brand.
    pub matched: usize,
    /// What that changed in the database.
    pub saved: Saved,
    /// The server said that nothing changed.
    pub not_modified: bool,
    /// What a person should know although the round went through.
    pub notes: Vec<String>,
    /// Why it brought nothing.
    pub error: Option<CollectError>,
    /// When the source is asked next.
    pub due_at: Option<Timestamp>,
}

impl Service {
    /// Makes one round of a source. A source that fails is an outcome, not an error: it is noted, and backs off.
    ///
    /// # Errors
    /// Only when the database refuses; then nothing of the round is kept, and the next one repeats it.
    pub async fn collect_once(&self, source: &Source, now: Timestamp) -> Result<Report, StoreError> {
        let state = self.store.source(&source.id).await?;
        let round = Round {
            cursor: &state.cursor,
            fetcher: &self.fetcher,
            allow_private_network: source.allow_private_network,
        };
        match collect::collect(&source.kind, &round).await {
            Ok(batch) => self.keep(source, batch, now).await,
            Err(error) => {
                let due_at = after_failure(source, &state, &error, now);
                self.store.record_failure(&source.id, &error.to_string(), due_at, now).await?;
                Ok(Report { error: Some(error), due_at: Some(due_at), ..Report::default() })
            }
        }
    }

    async fn keep(&self, source: &Source, batch: Batch, now: Timestamp) -> Result<Report, StoreError> {
        let received = batch.mentions.len();
        let matched = self.about_a_brand(source.brand.as_deref(), source.language, batch.mentions, now);
        let mut report = Report {
            received,
            matched: matched.len(),
            not_modified: batch.not_modified,
            notes: batch.notes,
            ..Report::default()
        };
        let changed = self.store.changed(&source.id, matched).await?;
        let items = self.analysed(source.brand.clone(), changed).await;
        let rest = now.plus_seconds(batch.rest.map_or(0, seconds));
        let due_at = source.schedule.next_after(now).max(rest);
        report.saved = self.store.save(&source.id, &items, Some((&batch.cursor, due_at)), true, now).await?;
        report.due_at = Some(due_at);
        Ok(report)
    }

    /// Drops what is about no brand and repairs what sources get wrong: no language, a date in the future.
    pub(super) fn about_a_brand(
        &self,
        own: Option<&str>,
        language: Option<Language>,
        mentions: Vec<Mention>,
        now: Timestamp,
    ) -> Vec<Mention> {
        mentions
            .into_iter()
            .map(|mention| Mention {
                language_hint: mention.language_hint.or(language),
                published_at: mention.published_at.map(|at| at.min(now)),
                ..mention
            })
            .filter(|mention| own.is_some() || !self.matcher.brands_in(&mention.full_text()).is_empty())
            .collect()
    }

    /// Adds brands and analyses. On a thread of its own: a large batch must not hold up the others.
    pub(super) async fn analysed(&self, own: Option<String>, mentions: Vec<Mention>) -> Vec<Item> {
        let service = self.clone();
        let work = move || {
            let mut reader = service.model.reader();
            mentions.into_iter().map(|mention| service.analyse(mention, own.as_deref(), &mut reader)).collect()
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(items) => items,
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            Err(_) => Vec::new(), // cancelled: the runtime is shutting down
        }
    }

    fn analyse(&self, mention: Mention, own: Option<&str>, reader: &mut Reader<'_>) -> Item {
        let found = self.matcher.brands_in(&mention.full_text());
        let mut brands: Vec<String> = found.iter().map(|&index| self.config.brands[index].name.clone()).collect();
        if let Some(own) = own.filter(|own| !brands.iter().any(|brand| brand == own)) {
            brands.push(own.to_owned());
        }
        Item { analysis: reader.analyse(&mention, &self.mask), brands, mention }
    }
}

/// The pause doubles from failure to failure up to a cap; the schedule and the server's own wish come first.
fn after_failure(source: &Source, state: &SourceState, error: &CollectError, now: Timestamp) -> Timestamp {
    let doubled = FIRST_PAUSE.saturating_mul(1 << state.failures.min(16));
    let asked_for = error.retry_after().unwrap_or_default();
    let pause = doubled.min(LONGEST_PAUSE).max(asked_for);
    source.schedule.next_after(now).min(now.plus_seconds(seconds(LONGEST_PAUSE))).max(now.plus_seconds(seconds(pause)))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
