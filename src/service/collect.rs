//! One round of one source: ask it, keep what is about a brand, analyse what is new, save it all at once.

use std::sync::Arc;
use std::time::Duration;

use super::{Service, on_a_thread};
use crate::analyse::Reader;
use crate::brand::{Context, Spoken};
use crate::collect::{self, Batch, CollectError, Round};
use crate::config::Source;
use crate::mention::{Grade, Language, Mention, SourceId, Timestamp};
use crate::store::{End, Item, Saved, SourceState, StoreError};

/// The first pause after a failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// A source that fails is asked at least this often, so that it recovers by itself.
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// What a round came to.
#[derive(Debug, Default)]
pub struct Report {
    /// Items that the source gave.
    pub received: usize,
    /// Of these, the ones about a brand; or that could be, where that hangs on a language that is told later.
    pub matched: usize,
    /// What that changed in the database.
    pub saved: Saved,
    /// What the source says of the whole profile, if it does.
    pub grade: Option<Grade>,
    /// The server said that nothing changed.
    pub not_modified: bool,
    /// What a person should know although the round went through.
    pub notes: Vec<String>,
    /// Somebody has paused the source: it was not asked.
    pub paused: bool,
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
        if let Some(keep_for) = source.keep_for {
            self.store.expire(&source.id, now.plus_seconds(-seconds(keep_for))).await?;
        }
        if let Some(longest) = source.kind.longest_kept() {
            self.store.expire_unconfirmed(&source.id, now.plus_seconds(-seconds(longest))).await?;
        }
        let state = self.store.source(&source.id).await?;
        if state.paused_at.is_some() {
            return Ok(Report { paused: true, ..Report::default() });
        }
        let round = Round {
            cursor: &state.cursor,
            fetcher: &self.fetcher,
            allow_private_network: source.allow_private_network,
            now,
            is_wanted: &|text| !self.matcher.brands_in(text).is_empty(),
            listen_at_most: None,
        };
        let collected = collect::collect(&source.kind, &round).await;
        self.keep_pauses(now).await?;
        match collected {
            Ok(batch) => self.keep(source, batch, now).await,
            Err(error) => {
                let due_at = after_failure(source, &state, &error, now);
                let why = error.words();
                self.store.record_failure(&source.id, (why.as_str(), error.hint()), due_at, now).await?;
                Ok(Report { error: Some(error), due_at: Some(due_at), ..Report::default() })
            }
        }
    }

    async fn keep(&self, source: &Source, batch: Batch, now: Timestamp) -> Result<Report, StoreError> {
        let received = batch.mentions.len();
        self.store.remove(&source.id, &batch.removed, now).await?;
        self.store.remove_authors(&source.id, &batch.removed_authors, now).await?;
        if source.kind.recheck_limits().is_some() {
            // What a round shows need not be looked up.
            let ids: Vec<&str> = batch.mentions.iter().map(|mention| mention.native_id.as_str()).collect();
            self.store.confirm(&source.id, &ids, now).await?;
        }
        let mut matched = self.about_a_brand(&source.id, source.brand.as_deref(), source.language, batch.mentions, now);
        if let Some(kept) = source.keep_for.into_iter().chain(source.kind.longest_kept()).min() {
            // What was erased for its age is not taken in again because the source still shows it.
            let oldest = now.plus_seconds(-seconds(kept));
            matched.retain(|mention| mention.edited_at.max(mention.published_at).is_none_or(|at| at >= oldest));
        }
        let mut report = Report {
            received,
            matched: matched.len(),
            grade: batch.grade,
            not_modified: batch.not_modified,
            notes: batch.notes,
            ..Report::default()
        };
        let changed = self.store.changed(&source.id, matched).await?;
        let rest = now.plus_seconds(batch.rest.map_or(0, seconds));
        let due_at = source.schedule.next_after(now).max(rest);
        let end = Some(End { cursor: &batch.cursor, due_at, grade: batch.grade });
        report.saved = self.save(&source.id, source.brand.as_deref(), changed, end, now).await?;
        report.due_at = Some(due_at);
        if let Some(left) = batch.quota_left {
            self.store.record_quota(&source.id, left).await?;
        }
        Ok(report)
    }

    /// Hosts that want to be left alone are left alone after a restart, too.
    pub(super) async fn keep_pauses(&self, now: Timestamp) -> Result<(), StoreError> {
        let pauses = self.fetcher.pauses();
        if pauses.is_empty() {
            return Ok(());
        }
        let until = |(host, left): (String, Duration)| (host, now.plus_seconds(seconds(left)));
        self.store.record_pauses(&pauses.into_iter().map(until).collect::<Vec<_>>(), now).await
    }

    /// Leaves those hosts alone that asked for it before the program was stopped.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn resume_pauses(&self, now: Timestamp) -> Result<(), StoreError> {
        for (host, until) in self.store.pauses().await? {
            let left = until.seconds().saturating_sub(now.seconds());
            if let Ok(left @ 1..) = u64::try_from(left) {
                self.fetcher.pause(&host, Duration::from_secs(left)).await;
            }
        }
        Ok(())
    }

    /// Analyses and saves; with an end of a round, as live. If another model took over meanwhile, it reads them once more.
    pub(super) async fn save(
        &self,
        source: &SourceId,
        own: Option<&str>,
        mentions: Vec<Mention>,
        end: Option<End<'_>>,
        now: Timestamp,
    ) -> Result<Saved, StoreError> {
        let items = self.analysed(source, own.map(str::to_owned), mentions).await;
        match self.store.save(source, &items, end, end.is_some(), now).await {
            Err(StoreError::Outdated { .. }) => {
                self.load_model().await?;
                let mentions = items.into_iter().map(|item| item.mention).collect();
                let items = self.analysed(source, own.map(str::to_owned), mentions).await;
                self.store.save(source, &items, end, end.is_some(), now).await
            }
            saved => saved,
        }
    }

    /// Drops what cannot be about a brand and repairs what sources get wrong: no language, a date in the future. What the
    /// source says of the language is not yet believed here: the analysis may know better.
    pub(super) fn about_a_brand(
        &self,
        source: &SourceId,
        own: Option<&str>,
        language: Option<Language>,
        mentions: Vec<Mention>,
        now: Timestamp,
    ) -> Vec<Mention> {
        let context = Context { source: Some(source.as_str()), language: Spoken::Undecided };
        let could_be = |mention: &Mention| !self.matcher.brands_in_context(&mention.full_text(), &context).is_empty();
        mentions
            .into_iter()
            .map(|mention| Mention {
                language_hint: mention.language_hint.or(language),
                published_at: mention.published_at.map(|at| at.min(now)),
                ..mention
            })
            .filter(|mention| own.is_some() || could_be(mention))
            .collect()
    }

    /// Adds analyses and brands, and drops what turns out to be about none of them in its language. On a thread of its own:
    /// a large batch must not hold up the others.
    async fn analysed(&self, source: &SourceId, own: Option<String>, mentions: Vec<Mention>) -> Vec<Item> {
        let (service, source) = (self.clone(), source.clone());
        let work = move || {
            let model = service.model();
            let (mut reader, version) = (model.reader(), Arc::from(model.version()));
            let analyse = |mention| service.analyse(mention, &source, own.as_deref(), &mut reader, &version);
            mentions.into_iter().map(analyse).filter(|item| !item.brands.is_empty()).collect()
        };
        on_a_thread(work).await.unwrap_or_default() // none: the runtime is shutting down
    }

    fn analyse(
        &self,
        mention: Mention,
        source: &SourceId,
        own: Option<&str>,
        reader: &mut Reader<'_>,
        version: &Arc<str>,
    ) -> Item {
        let analysis = reader.analyse(&mention, &self.mask);
        let context = Context { source: Some(source.as_str()), language: analysis.language.into() };
        let found = self.matcher.brands_in_context(&mention.full_text(), &context);
        let mut brands: Vec<String> = found.iter().map(|&index| self.config.brands[index].name.clone()).collect();
        if let Some(own) = own.filter(|own| !brands.iter().any(|brand| brand == own)) {
            brands.push(own.to_owned());
        }
        Item { analysis, model_version: version.clone(), brands, mention }
    }
}

/// The pause doubles from failure to failure up to a cap; the schedule and the server's own wish come first.
fn after_failure(source: &Source, state: &SourceState, error: &CollectError, now: Timestamp) -> Timestamp {
    let doubled = FIRST_PAUSE.saturating_mul(1 << state.failures.min(16));
    let asked_for = error.retry_after().unwrap_or_default();
    let pause = doubled.min(LONGEST_PAUSE).max(asked_for);
    source.schedule.next_after(now).min(now.plus_seconds(seconds(LONGEST_PAUSE))).max(now.plus_seconds(seconds(pause)))
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
