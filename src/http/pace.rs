//! When a host may be asked again. Pure: the caller brings the clock and the chance.

use std::collections::HashMap;
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
    /// It answered 429 to who came with one of these keys, and wants no more of that key until then.
    closed_keys: HashMap<String, Instant>,
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
    /// Whether the host may be asked at `now`, with this key or without one.
    pub(super) fn verdict(&self, now: Instant, key: Option<&str>) -> Verdict {
        let left =
            |until: Option<Instant>| until.and_then(|until| until.checked_duration_since(now)).unwrap_or_default();
        let key_closed_until = key.and_then(|key| self.closed_keys.get(key)).copied();
        match (left(self.closed_until.max(key_closed_until)), left(self.rested_at)) {
            (Duration::ZERO, Duration::ZERO) => Verdict::Go,
            (Duration::ZERO, rest) => Verdict::Wait(rest),
            (closed, _) => Verdict::Closed(closed),
        }
    }

    /// A request ended at `now`; the next starts no earlier than `rest` later.
    pub(super) fn ended(&mut self, now: Instant, rest: Duration) {
        self.rested_at = now.checked_add(rest.min(LONGEST_REST));
    }

    /// The host asked at `now` to be left alone for `wait`: by who has this key, or by everybody. An earlier wish for
    /// longer stands.
    pub(super) fn asked_to_wait(&mut self, now: Instant, wait: Duration, key: Option<&str>) {
        let until = now.checked_add(wait.min(LONGEST_REST));
        match (key, until) {
            (None, _) => self.closed_until = self.closed_until.max(until),
            (Some(key), Some(until)) => {
                self.closed_keys.retain(|_, until| *until > now);
                let known = self.closed_keys.entry(key.to_owned()).or_insert(until);
                *known = (*known).max(until);
            }
            (Some(_), None) => {}
        }
    }

    /// Whether forgetting this host at `now` changes nothing.
    pub(super) fn is_idle(&self, now: Instant) -> bool {
        self.verdict(now, None) == Verdict::Go && self.closed_keys.values().all(|until| *until <= now)
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
        assert_eq!(Pace::default().verdict(Instant::now(), None), Verdict::Go);
    }

    #[test]
    fn the_gap_begins_when_a_request_ends() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.ended(start, SECOND);
        assert_eq!(pace.verdict(start, None), Verdict::Wait(SECOND));
        assert_eq!(pace.verdict(start + SECOND / 4, None), Verdict::Wait(SECOND * 3 / 4));
        assert_eq!(pace.verdict(start + SECOND, None), Verdict::Go);
    }

    #[test]
    fn without_a_gap_there_is_no_wait() {
        let mut pace = Pace::default();
        pace.ended(Instant::now(), rest(Duration::ZERO, 1.0));
        assert_eq!(pace.verdict(Instant::now(), None), Verdict::Go);
    }

    #[test]
    fn a_host_that_asked_to_wait_is_closed_until_then() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 60, None);
        pace.ended(start, SECOND);
        assert_eq!(pace.verdict(start + SECOND, None), Verdict::Closed(SECOND * 59));
        assert!(!pace.is_idle(start + SECOND));
        assert_eq!(pace.verdict(start + SECOND * 60, None), Verdict::Go);
    }

    #[test]
    fn a_shorter_wish_does_not_cancel_a_longer_one() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 60, None);
        pace.asked_to_wait(start, SECOND, None);
        assert_eq!(pace.verdict(start, None), Verdict::Closed(SECOND * 60));
    }

    #[test]
    fn no_wish_closes_a_host_for_good() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, Duration::MAX, None);
        assert_eq!(pace.verdict(start + LONGEST_REST, None), Verdict::Go);
    }

    #[test]
    fn a_key_that_is_used_up_rests_and_no_other_one_does() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 60, Some("a"));
        pace.asked_to_wait(start, SECOND, Some("a"));
        assert_eq!(pace.verdict(start, Some("a")), Verdict::Closed(SECOND * 60));
        assert_eq!(pace.verdict(start, Some("b")), Verdict::Go);
        assert_eq!(pace.verdict(start, None), Verdict::Go);
        assert!(!pace.is_idle(start + SECOND * 59) && pace.is_idle(start + SECOND * 60));
        assert_eq!(pace.verdict(start + SECOND * 60, Some("a")), Verdict::Go);
    }

    #[test]
    fn a_host_that_is_closed_or_rests_does_so_for_every_key() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.asked_to_wait(start, SECOND * 10, Some("a"));
        pace.asked_to_wait(start, SECOND * 60, None);
        pace.ended(start, SECOND * 90);
        for key in [None, Some("a"), Some("b")] {
            assert_eq!(pace.verdict(start, key), Verdict::Closed(SECOND * 60));
            assert_eq!(pace.verdict(start + SECOND * 60, key), Verdict::Wait(SECOND * 30));
        }
    }

    #[test]
    fn a_key_whose_time_is_up_takes_no_room() {
        let start = Instant::now();
        let mut pace = Pace::default();
        for number in 0..100 {
            pace.asked_to_wait(start + SECOND * number, SECOND, Some(&number.to_string()));
        }
        assert_eq!(pace.closed_keys.len(), 1);
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
