//! How each source does: whether it answers, and whether a source that says nothing is quiet or silent.

use serde::Serialize;

use super::Service;
use super::adapt::DAY;
use crate::config::Source;
use crate::mention::Timestamp;
use crate::store::{Graded, Heard, Outage, SourceState, StoreError};
use crate::tongue::Said;

/// Mentions are counted over so many days, and compared with so many before.
const LATELY_DAYS: f64 = 7.0;
const BEFORE_DAYS: f64 = 28.0;

/// A source is called silent where so long a silence would be met once in a thousand by chance: `e` to the power of minus 6.9.
const SURELY_SILENT: f64 = 6.9;

/// How a source does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceHealth {
    /// The source's id.
    pub id: String,
    /// Its kind.
    pub kind: &'static str,
    /// Where it is written down: `sources.toml`, or the file of those that were added on a page.
    pub set_in: &'static str,
    /// What to think of it.
    pub state: State,
    /// The last round that went through.
    pub last_success_at: Option<Timestamp>,
    /// The next round; `None`: it was never asked, or is paused.
    pub due_at: Option<Timestamp>,
    /// When the newest live mention arrived, if that was within five weeks.
    pub last_mention_at: Option<Timestamp>,
    /// Mentions a day in the last seven days.
    pub per_day: f64,
    /// Mentions a day in the four weeks before; `None` where there was no time to know.
    pub usual_per_day: Option<f64>,
    /// Rounds that failed in a row.
    pub failures: u32,
    /// Why they failed, in plain words.
    pub error: Option<Said>,
    /// What to do about it.
    pub hint: Option<Said>,
    /// Requests that the source would still answer, as of the last round, if it says so.
    pub quota_left: Option<u64>,
    /// Since when it is paused; `None`: it is asked.
    pub paused_at: Option<Timestamp>,
    /// What it says of the whole profile, if it does.
    pub grade: Option<Graded>,
}

/// What to think of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was never asked.
    New,
    /// It answers, and speaks as it does.
    Speaking,
    /// It answers and has little to say, as usual.
    Quiet,
    /// It answers, and has said nothing for longer than chance explains: is it still the right address?
    Silent,
    /// It does not answer.
    Failing,
    /// Somebody has paused it.
    Paused,
}

impl State {
    /// In a word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Speaking => "speaking",
            Self::Quiet => "quiet",
            Self::Silent => "silent",
            Self::Failing => "failing",
            Self::Paused => "paused",
        }
    }

    /// Whether whoever reads figures has to know of it.
    pub const fn is_unwell(self) -> bool {
        matches!(self, Self::Silent | Self::Failing | Self::Paused)
    }
}

impl Service {
    /// How each source does, in their order.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn source_health(&self, now: Timestamp) -> Result<Vec<SourceHealth>, StoreError> {
        self.source_health_as_heard(&self.store.heard(now).await?, now).await
    }

    /// The same, where it is known already how much was heard: to count that takes by far the longest.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn source_health_as_heard(
        &self,
        heard: &[Heard],
        now: Timestamp,
    ) -> Result<Vec<SourceHealth>, StoreError> {
        let mut states = self.store.sources().await?;
        let outages = self.store.outages(now).await?;
        let mut grades = self.store.grades(now).await?;
        let sources = self.sources();
        let mut all = Vec::with_capacity(sources.len());
        for source in sources.iter() {
            let known = states.remove(source.id.as_str()).unwrap_or_default();
            let heard = heard.iter().find(|one| one.source == source.id.as_str());
            let outage = outages.iter().find(|one| one.source == source.id.as_str() && one.ended_at.is_none());
            let grade = grades.iter().position(|one| one.source == source.id.as_str());
            let grade = grade.map(|at| grades.swap_remove(at));
            all.push(SourceHealth { grade, ..health(source, known, heard, outage, now) });
        }
        Ok(all)
    }
}

fn health(
    source: &Source,
    known: SourceState,
    heard: Option<&Heard>,
    outage: Option<&Outage>,
    now: Timestamp,
) -> SourceHealth {
    let failing = known.failures > 0;
    SourceHealth {
        id: source.id.to_string(),
        kind: source.kind.name(),
        set_in: source.origin.file(),
        state: match heard.filter(|_| known.first_success_at.is_some()) {
            _ if known.paused_at.is_some() => State::Paused,
            _ if failing => State::Failing,
            None => State::New,
            // It has no mentions to be silent with.
            Some(_) if !source.kind.brings_mentions() => State::Speaking,
            Some(heard) => speaking(heard, now),
        },
        last_success_at: known.last_success_at,
        due_at: known.due_at.filter(|_| known.paused_at.is_none()),
        last_mention_at: heard.and_then(|heard| heard.last_at),
        per_day: heard.map_or(0.0, |heard| per_day(heard.lately, LATELY_DAYS.min(days_between(heard.since, now)))),
        usual_per_day: heard.and_then(|heard| usual(heard, now)),
        failures: known.failures,
        error: outage.filter(|_| failing).map(|outage| outage.error.clone()),
        hint: known.hint.filter(|_| failing),
        quota_left: known.quota_left,
        paused_at: known.paused_at,
        grade: None,
    }
}

/// Quiet or silent is told by how long nothing came, against what came before: mentions that come by chance (a Poisson process)
/// leave a gap of `days` with the probability `exp(-rate * days)`.
fn speaking(heard: &Heard, now: Timestamp) -> State {
    let silence = days_between(heard.last_at.unwrap_or(heard.since).max(heard.since), now);
    let watched = (LATELY_DAYS + BEFORE_DAYS).min(days_between(heard.since, now)) - silence;
    let rate = per_day(heard.lately + heard.before, watched);
    match rate * silence {
        expected if expected > SURELY_SILENT => State::Silent,
        _ if silence > LATELY_DAYS => State::Quiet,
        _ => State::Speaking,
    }
}

/// Mentions a day before the last seven days, where at least a week of that was watched.
fn usual(heard: &Heard, now: Timestamp) -> Option<f64> {
    let watched = (days_between(heard.since, now) - LATELY_DAYS).min(BEFORE_DAYS);
    (watched >= LATELY_DAYS).then(|| per_day(heard.before, watched))
}

#[expect(clippy::cast_precision_loss, reason = "a number of mentions")]
fn per_day(mentions: u64, days: f64) -> f64 {
    mentions as f64 / days.max(1.0)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of seconds")]
fn days_between(from: Timestamp, to: Timestamp) -> f64 {
    to.seconds().saturating_sub(from.seconds()).max(0) as f64 / DAY as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn heard(lately: u64, before: u64, last_days_ago: Option<i64>, since_days_ago: i64) -> Heard {
        let ago = |days: i64| NOW.plus_seconds(-days * DAY);
        Heard {
            source: "forum".to_owned(),
            lately,
            before,
            last_at: last_days_ago.map(ago),
            since: ago(since_days_ago),
        }
    }

    #[test]
    fn a_source_that_always_says_little_is_quiet_and_one_that_said_much_is_silent() {
        assert_eq!(speaking(&heard(70, 280, Some(0), 100), NOW), State::Speaking);
        assert_eq!(
            speaking(&heard(60, 280, Some(1), 100), NOW),
            State::Silent,
            "ten a day, and then nothing for a day"
        );
        assert_eq!(speaking(&heard(0, 2, Some(9), 100), NOW), State::Quiet, "one in two weeks");
        assert_eq!(speaking(&heard(0, 40, Some(9), 100), NOW), State::Silent);
        assert_eq!(speaking(&heard(0, 0, None, 3), NOW), State::Speaking, "nobody knows yet");
        assert_eq!(speaking(&heard(0, 0, None, 60), NOW), State::Quiet, "it never said anything");
    }

    #[test]
    fn a_source_that_only_tells_a_grade_is_never_quiet_or_silent() {
        let source = |from: &str| {
            let written = format!(
                "[[brand]]\nname = \"B\"\nany = [\"B\"]\n[[source]]\nid = \"forum\"\nevery = \"1h\"\nfrom.{from}"
            );
            Config::parse(&written, "test").unwrap().sources.remove(0)
        };
        let state = |from: &str| {
            let known = SourceState { first_success_at: Some(NOW), ..SourceState::default() };
            health(&source(from), known, Some(&heard(0, 0, None, 60)), None, NOW).state
        };
        assert_eq!(state(crate::collect::trusted_shops::ABOUT.example), State::Speaking);
        assert_eq!(state("feed = { url = \"https://example.org/feed\" }"), State::Quiet);
    }

    #[test]
    fn a_paused_source_is_neither_failing_nor_silent() {
        let source = "[[brand]]\nname = \"B\"\nany = [\"B\"]\n[[source]]\nid = \"forum\"\nevery = \"1h\"\n\
            from.feed = { url = \"https://example.org/feed\" }";
        let source = Config::parse(source, "test").unwrap().sources.remove(0);
        let known = SourceState {
            first_success_at: Some(NOW),
            paused_at: Some(NOW),
            due_at: Some(NOW),
            failures: 2,
            ..SourceState::default()
        };
        let health = health(&source, known, Some(&heard(0, 40, Some(9), 100)), None, NOW);
        assert_eq!((health.state, health.due_at, health.paused_at), (State::Paused, None, Some(NOW)));
    }

    #[test]
    fn what_is_usual_is_told_once_a_week_of_it_was_watched() {
        assert_eq!(usual(&heard(7, 28, Some(0), 100), NOW), Some(1.0));
        assert_eq!(usual(&heard(7, 14, Some(0), 14), NOW), Some(2.0));
        assert_eq!(usual(&heard(7, 3, Some(0), 10), NOW), None);
    }
}
