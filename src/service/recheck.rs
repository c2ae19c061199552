//! What a source has shown is looked up again, once a day, so that deletions and edits are seen that nobody tells, and
//! so that what its terms want confirmed is confirmed.

use std::time::Duration;

use tokio::task::JoinSet;

use super::collect::seconds;
use super::{Service, now};
use crate::cause::chain;
use crate::collect::{self, CollectError, Recheck, RecheckLimits, Round};
use crate::config::Source;
use crate::mention::Timestamp;
use crate::store::{SourceState, StoreError};

const EVERY: Duration = Duration::from_hours(24);

/// After a failure.
const AGAIN_AFTER: Duration = Duration::from_hours(6);

/// What looking up came to.
#[derive(Debug, Default)]
pub struct Rechecked {
    /// Mentions that were asked for and of which something was learned.
    pub asked: usize,
    /// Of these, the ones that are still there; as they were, or with another text.
    pub there: usize,
    /// Of those, the ones with another title, text or rating.
    pub edited: usize,
    /// Mentions that left the figures because they are gone.
    pub removed: u64,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Why not all of it was looked up.
    pub error: Option<CollectError>,
}

/// The step as the service takes it: what comes of it is logged, and a panic is its own. Whoever drops it breaks it
/// off.
pub(super) async fn step(service: &Service, source: &Source) {
    let mut work = JoinSet::new();
    let (own, asked) = (service.clone(), source.clone());
    work.spawn(async move { own.recheck_once(&asked, now()).await });
    let source = source.id.as_str();
    match work.join_next().await {
        Some(Ok(Ok(rechecked))) => log(source, &rechecked),
        Some(Ok(Err(error))) => {
            tracing::error!(source, error = chain(&error), hint = error.hint(), "looking up will be repeated");
        }
        Some(Err(panic)) => tracing::error!(source, error = %panic, "looking up broke off"),
        None => {}
    }
}

fn log(source: &str, rechecked: &Rechecked) {
    let Rechecked { asked, there, edited, removed, .. } = rechecked;
    if *asked > 0 {
        tracing::info!(source, asked, there, edited, removed, "looked up again");
    }
    if let Some(error) = &rechecked.error {
        let hint = error.hint().map(|hint| hint.english);
        tracing::warn!(source, %error, hint, "not all was looked up; that deletes nothing");
    }
    for note in &rechecked.notes {
        tracing::warn!(source, note, "looked up again");
    }
}

impl Service {
    /// Looks up what is known of a source, if its kind can and a day has passed since the last time. A source that
    /// fails is left alone. That something cannot be looked up is an outcome, not an error, and no deletion.
    ///
    /// # Errors
    /// Only when the database refuses; then the same is looked up again.
    pub async fn recheck_once(&self, source: &Source, now: Timestamp) -> Result<Rechecked, StoreError> {
        let state = self.store.source(&source.id).await?;
        let is_due = state.failures == 0 && state.paused_at.is_none() && state.recheck_at.is_none_or(|at| at <= now);
        match source.kind.recheck_limits().filter(|_| is_due) {
            Some(limits) => self.recheck(source, limits, &state, now).await,
            None => Ok(Rechecked::default()),
        }
    }

    async fn recheck(
        &self,
        source: &Source,
        limits: RecheckLimits,
        state: &SourceState,
        now: Timestamp,
    ) -> Result<Rechecked, StoreError> {
        let known = self.store.to_recheck(&source.id, limits, now).await?;
        if known.is_empty() {
            return Ok(Rechecked::default());
        }
        let round = Round {
            cursor: &state.cursor,
            fetcher: &self.fetcher,
            allow_private_network: source.allow_private_network,
            now,
            is_wanted: &|_| true,
            listen_at_most: None,
        };
        let looked_up = collect::recheck(&source.kind, &known, &round).await;
        self.keep_pauses(now).await?;
        let recheck = looked_up.unwrap_or_else(|error| Recheck { broken_off: Some(error), ..Recheck::default() });
        self.keep_recheck(source, recheck, now).await
    }

    async fn keep_recheck(
        &self,
        source: &Source,
        mut recheck: Recheck,
        now: Timestamp,
    ) -> Result<Rechecked, StoreError> {
        let mentions = std::mem::take(&mut recheck.mentions);
        let matched = self.about_a_brand(&source.id, source.brand.as_deref(), source.language, mentions, now);
        let changed = self.store.changed(&source.id, matched).await?;
        let saved = self.save(&source.id, source.brand.as_deref(), changed, None, now).await?;
        let asked_for = recheck.broken_off.as_ref().and_then(CollectError::retry_after).max(recheck.rest);
        let pause = if recheck.broken_off.is_some() { AGAIN_AFTER } else { EVERY };
        let next_at = now.plus_seconds(seconds(pause.max(asked_for.unwrap_or_default())));
        let removed = self.store.record_recheck(&source.id, &recheck, next_at, now).await?;
        Ok(Rechecked {
            asked: recheck.asked.len(),
            there: recheck.there.len(),
            edited: saved.edited,
            removed,
            notes: recheck.notes,
            error: recheck.broken_off,
        })
    }
}

#[cfg(test)]
mod tests;
