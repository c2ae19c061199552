//! The rounds of all sources, by the clock and on demand.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::run::told_to_stop;
use super::{Report, Service, now, recheck};
use crate::cause::chain;
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

/// When each source is asked next. Pure.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    due: BTreeMap<SourceId, Timestamp>,
    /// Being asked right now; none of these is due.
    under_way: BTreeSet<SourceId>,
    /// Of those, the ones to be asked once more: somebody wanted it after they were asked.
    again: BTreeSet<SourceId>,
}

impl Plan {
    /// Takes those that are due: they are under way from now on.
    fn begin(&mut self, now: Timestamp) -> Vec<SourceId> {
        let due: Vec<SourceId> = self.due.extract_if(.., |_, at| *at <= now).map(|(id, _)| id).collect();
        self.under_way.extend(due.iter().cloned());
        due
    }

    /// A round is over, and the source wants to be asked again at that time.
    fn end(&mut self, id: SourceId, next_at: Timestamp, now: Timestamp) {
        self.under_way.remove(&id);
        let at = if self.again.remove(&id) { now } else { next_at };
        self.due.insert(id, at);
    }

    /// What is new or was asked for is asked now; what was removed is asked no more.
    fn change<'a>(&mut self, sources: impl Iterator<Item = &'a SourceId>, asked: &BTreeSet<SourceId>, now: Timestamp) {
        let mut before = std::mem::take(&mut self.due);
        for id in sources {
            let is_asked = asked.contains(id);
            if self.under_way.contains(id) {
                self.again.extend(is_asked.then(|| id.clone()));
            } else {
                let at = before.remove(id).filter(|_| !is_asked).unwrap_or(now);
                self.due.insert(id.clone(), at);
            }
        }
    }

    fn next_at(&self) -> Option<Timestamp> {
        self.due.values().min().copied()
    }
}

/// When each source is asked first: when it was due, but never all at once.
pub(super) async fn plan_at_start(service: &Service, now: Timestamp) -> Result<Plan, StoreError> {
    let sources = service.sources();
    let mut plan = Plan::default();
    for (index, source) in sources.iter().enumerate() {
        let staggered = now.plus_seconds(stagger(index, sources.len()));
        let at = service.store.source(&source.id).await?.due_at.map_or(staggered, |at| at.max(staggered));
        plan.due.insert(source.id.clone(), at);
    }
    Ok(plan)
}

pub(super) async fn collect_loop(service: Service, mut plan: Plan, mut stopped: watch::Receiver<bool>) {
    let mut rounds = JoinSet::new();
    while !*stopped.borrow() {
        for id in plan.begin(now()) {
            match service.source(id.as_str()) {
                Some(source) => drop(rounds.spawn(round(service.clone(), source, stopped.clone()))),
                // It was removed at this very moment; the next change takes it out of the plan.
                None => plan.end(id, now().plus_seconds(60), now()),
            }
        }
        let pause = plan.next_at().map_or(LOOK_EVERY, until);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            Some(done) = rounds.join_next(), if !rounds.is_empty() => if let Ok((id, at)) = done {
                plan.end(id, at, now());
            },
            () = service.sources.changed() => {
                let (sources, asked) = (service.sources(), service.sources.take_asked());
                plan.change(sources.iter().map(|source| &source.id), &asked, now());
            }
            _ = stopped.changed() => {}
        }
    }
    while rounds.join_next().await.is_some() {}
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
            let cause = chain(&error);
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
        Some(error) => {
            let hint = error.hint().map(|hint| hint.english);
            tracing::warn!(source, %error, hint, "the round brought nothing");
        }
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
    fn what_is_new_or_asked_for_is_asked_at_once_and_what_was_removed_is_not() {
        let [known, asked, new, gone] = ["known", "asked", "new", "gone"].map(|id| SourceId::parse(id).unwrap());
        let (now, later) = (Timestamp::from_seconds(100), Timestamp::from_seconds(900));
        let due = [&known, &asked, &gone].map(|id| (id.clone(), later));
        let mut plan = Plan { due: due.into(), ..Plan::default() };
        plan.change([&known, &asked, &new].into_iter(), &BTreeSet::from([asked.clone()]), now);
        assert_eq!(plan.due, BTreeMap::from([(known, later), (asked.clone(), now), (new.clone(), now)]));
        assert_eq!(plan.begin(now), [asked, new]);
        assert_eq!(plan.next_at(), Some(later));
    }

    #[test]
    fn what_is_asked_for_while_it_is_asked_is_asked_once_more() {
        let forum = SourceId::parse("forum").unwrap();
        let (now, later) = (Timestamp::from_seconds(100), Timestamp::from_seconds(900));
        let mut plan = Plan { due: [(forum.clone(), now)].into(), ..Plan::default() };
        let asked = BTreeSet::from([forum.clone()]);
        assert_eq!(plan.begin(now), std::slice::from_ref(&forum));
        plan.change([&forum].into_iter(), &asked, now);
        assert_eq!(plan.begin(now), [], "not twice at the same time");
        plan.end(forum.clone(), later, now);
        assert_eq!(plan.begin(now), std::slice::from_ref(&forum));
        plan.end(forum, later, now);
        assert_eq!(plan.next_at(), Some(later));
    }

    #[test]
    fn few_sources_begin_two_seconds_apart_and_many_within_five_minutes() {
        assert_eq!([0, 1, 9].map(|index| stagger(index, 10)), [0, 2, 18]);
        assert!(stagger(1999, 2000) < 300 && stagger(1000, 2000) == 150);
    }
}
