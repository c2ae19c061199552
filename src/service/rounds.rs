//! The rounds of all sources, by the clock and on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::run::told_to_stop;
use super::{Report, Service, now, recheck};
use crate::config::Source;
use crate::mention::{SourceId, Timestamp};
use crate::store::StoreError;

/// Sources that are due at the start begin this far apart, all of them within a few minutes.
const STAGGER_SECONDS: i64 = 2;
const STAGGERED_WITHIN_SECONDS: i64 = 300;

/// Without any source, whether there is one is looked up this often.
const LOOK_EVERY: Duration = Duration::from_mins(1);

fn stagger(index: usize, sources: usize) -> i64 {
    let (index, sources) = (i64::try_from(index).unwrap_or(0), i64::try_from(sources).unwrap_or(i64::MAX).max(1));
    (STAGGER_SECONDS * index).min(index.saturating_mul(STAGGERED_WITHIN_SECONDS) / sources)
}

/// When each source is asked next; one that is being asked is not in here.
pub(super) type Due = BTreeMap<SourceId, Timestamp>;

/// When each source is asked first: when it was due, but never all at once.
pub(super) async fn due_at_start(service: &Service, now: Timestamp) -> Result<Due, StoreError> {
    let sources = service.sources();
    let mut due = Due::new();
    for (index, source) in sources.iter().enumerate() {
        let staggered = now.plus_seconds(stagger(index, sources.len()));
        let at = service.store.source(&source.id).await?.due_at.map_or(staggered, |at| at.max(staggered));
        due.insert(source.id.clone(), at);
    }
    Ok(due)
}

pub(super) async fn collect_loop(service: Service, mut due: Due, mut stopped: watch::Receiver<bool>) {
    let mut rounds = JoinSet::new();
    let mut under_way = BTreeSet::new();
    while !*stopped.borrow() {
        let begins = now();
        for (id, _) in due.extract_if(.., |_, at| *at <= begins) {
            // One that was removed meanwhile is asked no more.
            if let Some(source) = service.source(id.as_str()) {
                under_way.insert(id);
                rounds.spawn(round(service.clone(), source, stopped.clone()));
            }
        }
        let pause = due.values().min().map_or(LOOK_EVERY, |at| until(*at));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            Some(done) = rounds.join_next(), if !rounds.is_empty() => if let Ok((id, at)) = done {
                under_way.remove(&id);
                due.insert(id, at);
            },
            () = service.sources.changed() => {
                let sources = service.sources();
                replan(&mut due, &under_way, sources.iter().map(|source| &source.id), &service.sources.take_asked(), now());
            }
            _ = stopped.changed() => {}
        }
    }
    while rounds.join_next().await.is_some() {}
}

/// What is new or was asked for is asked now, unless that happens already.
fn replan<'a>(
    due: &mut Due,
    under_way: &BTreeSet<SourceId>,
    sources: impl Iterator<Item = &'a SourceId>,
    asked: &BTreeSet<SourceId>,
    now: Timestamp,
) {
    for id in sources.filter(|id| !under_way.contains(id)) {
        if asked.contains(id) || !due.contains_key(id) {
            due.insert(id.clone(), now);
        }
    }
}

/// One round of one source; answers when it is due again. A panic in it is the round's, never the service's.
///
/// What stays on the line for a while does not hold up the end: it hangs up, and hears the same again the next time.
async fn round(service: Service, source: Source, mut stopped: watch::Receiver<bool>) -> (SourceId, Timestamp) {
    // Before the round, since after it the source may want a rest; whatever comes of it, the round is made.
    tokio::select! {
        () = recheck::step(&service, &source) => {}
        () = told_to_stop(&mut stopped) => {}
    }
    let hears_everybody = source.kind.hears_everybody();
    let id = source.id.clone();
    let mut work = tokio::spawn(async move { service.collect_once(&source, now()).await });
    let outcome = tokio::select! {
        outcome = &mut work => outcome,
        () = told_to_stop(&mut stopped), if hears_everybody => {
            work.abort();
            let _ = work.await;
            return (id, now());
        }
    };
    let next = match outcome {
        Ok(Ok(report)) => {
            log(id.as_str(), &report);
            report.due_at
        }
        Ok(Err(error)) => {
            let cause = super::chain(&error);
            tracing::error!(
                source = id.as_str(),
                error = cause,
                hint = error.hint(),
                "the round was not saved and will be repeated"
            );
            None
        }
        Err(panic) => {
            tracing::error!(source = id.as_str(), error = %panic, "the round broke off");
            None
        }
    };
    (id, next.unwrap_or_else(|| now().plus_seconds(60)))
}

fn log(source: &str, report: &Report) {
    let Report { received, saved, .. } = report;
    if report.paused {
        return;
    }
    match &report.error {
        Some(error) => tracing::warn!(source, %error, hint = error.hint(), "the round brought nothing"),
        None => {
            tracing::info!(source, received, new = saved.new, edited = saved.edited, copies = saved.copies, "round");
        }
    }
    for note in &report.notes {
        tracing::warn!(source, note, "round");
    }
}

fn until(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.seconds() - now().seconds()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_or_asked_for_is_asked_at_once_unless_that_happens_already() {
        let [known, asked, new, under_way] =
            ["known", "asked", "new", "under-way"].map(|id| SourceId::parse(id).unwrap());
        let (now, later) = (Timestamp::from_seconds(100), Timestamp::from_seconds(900));
        let mut due = Due::from([(known.clone(), later), (asked.clone(), later)]);
        let sources = [&known, &asked, &new, &under_way];
        let wanted = BTreeSet::from([asked.clone(), under_way.clone()]);
        replan(&mut due, &BTreeSet::from([under_way.clone()]), sources.into_iter(), &wanted, now);
        assert_eq!(due, Due::from([(known, later), (asked, now), (new, now)]));
    }

    #[test]
    fn few_sources_begin_two_seconds_apart_and_many_within_five_minutes() {
        assert_eq!([0, 1, 9].map(|index| stagger(index, 10)), [0, 2, 18]);
        assert!(stagger(1999, 2000) < 300 && stagger(1000, 2000) == 150);
    }
}
