//! When a host may be asked again. Pure: the caller brings the clock and the chance.

use std::time::{Duration, Instant};

/// No wish of a server is honoured for longer, so that no source stops for good.
pub(super) const LONGEST_REST: Duration = Duration::from_secs(24 * 60 * 60);

/// What is remembered of one host.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// End of the gap after the last request.
    rested_at: Option<Instant>,
    /// The host answered 429 or 503 and asked to be left alone until then.
    closed_until: Option<Instant>,
}

/// The answer to "may I ask it now?"
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Yes.
    Go,
    /// Soon: after this short rest.
    Wait(Duration),
    /// No: the host itself asked for this much more time.
    Closed(Duration),
}

impl Pace {
    /// Whether the host may be asked at `now`.
    pub(super) fn verdict(&self, now: Instant) -> Verdict {
        let left =
            |until: Option<Instant>| until.and_then(|until| until.checked_duration_since(now)).unwrap_or_default();
        match (left(self.closed_until), left(self.rested_at)) {
            (Duration::ZERO, Duration::ZERO) => Verdict::Go,
            (Duration::ZERO, rest) => Verdict::Wait(rest),
            (closed, _) => Verdict::Closed(closed),
        }
    }

    /// A request ended at `now`; the next starts no earlier than `rest` later.
    pub(super) fn ended(&mut self, now: Instant, rest: Duration) {
        self.rested_at = now.checked_add(rest.min(LONGEST_REST));
    }

    /// The host asked at `now` to be left alone for `wait`. An earlier wish for longer stands.
    pub(super) fn asked_to_wait(&mut self, now: Instant, wait: Duration) {
        self.closed_until = self.closed_until.max(now.checked_add(wait.min(LONGEST_REST)));
    }

    /// Whether forgetting this host at `now` changes nothing.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        self.verdict(now) == Verdict::Go
    }
}

/// The gap, longer by up to a quarter: many installations that start on the hour drift apart.
///
/// `chance` lies between 0 and 1.
pub(super) fn rest(gap: Duration, chance: f64) -> Duration {
    gap.saturating_add((gap / 4).mul_f64(chance.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_unknown_host_is_asked_at_once() {
        assert_eq!(Pace::default().verdict(Instant::now()), Verdict::Go);
    }

    #[test]
    fn the_gap_begins_when_a_request_ends() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.ended(start, SECOND);
        assert_eq!(pace.verdict(start), Verdict::Wait(SECOND));
        assert_eq!(pace.verdict(start + SECOND / 4), Verdict::Wait(SECOND * 3 / 4));
        assert_eq!(pace.verdict(start + SECOND), Verdict::Go);
    }

    #[test]
    fn without_a_gap_there_is_no_wait() {
        let mut pace = Pace::default();
        pace.ended(Instant::now(), rest(Duration::ZERO, 1.0));
        assert_eq!(pace.verdict(Instant::now()), Verdict::Go);
    }

    #[test]
    fn a_host_that_asked_to_wait_is_closed_until_then() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 60);
        pace.ended(start, SECOND);
        assert_eq!(pace.verdict(start + SECOND), Verdict::Closed(SECOND * 59));
        assert!(!pace.is_idle(start + SECOND));
        assert_eq!(pace.verdict(start + SECOND * 60), Verdict::Go);
    }

    #[test]
    fn a_shorter_wish_does_not_cancel_a_longer_one() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 60);
        pace.asked_to_wait(start, SECOND);
        assert_eq!(pace.verdict(start), Verdict::Closed(SECOND * 60));
    }

    #[test]
    fn no_wish_closes_a_host_for_good() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, Duration::MAX);
        assert_eq!(pace.verdict(start + LONGEST_REST), Verdict::Go);
    }

    proptest! {
        #[test]
        fn the_rest_is_the_gap_and_at_most_a_quarter_more(gap in 0..1_000_000u64, chance in 0.0..1.0) {
            let gap = Duration::from_micros(gap);
            prop_assert!(rest(gap, chance) >= gap);
            prop_assert!(rest(gap, chance) <= gap + gap / 4);
        }
    }
}
