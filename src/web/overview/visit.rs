//! When somebody was here last, as their browser keeps it. Pure.

use crate::mention::Timestamp;

/// The cookie.
pub(super) const COOKIE: &str = "stimmung-visit";

/// Whoever comes back sooner has not been away.
const AWAY_SECONDS: i64 = 4 * 3600;

/// What happened longer ago is no news.
const LONGEST_SECONDS: i64 = 14 * 86_400;

/// The visit before this one, and this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    before: Option<i64>,
    last: i64,
}

impl Visit {
    /// Reads the cookie, and goes on to now.
    pub(super) fn at(cookie: Option<&str>, now: Timestamp) -> Self {
        let numbers = cookie.map(|cookie| cookie.split('.').map(|part| part.parse::<i64>().ok()).collect::<Vec<_>>());
        let (before, last) = match numbers.as_deref() {
            Some(&[before, Some(last)]) if last <= now.seconds() => (before, last),
            _ => return Self { before: None, last: now.seconds() },
        };
        let is_back = now.seconds() - last > AWAY_SECONDS;
        Self { before: if is_back { Some(last) } else { before }, last: now.seconds() }
    }

    /// As the cookie has it.
    pub(super) fn written(self) -> String {
        format!("{}.{}", self.before.map_or_else(String::new, |before| before.to_string()), self.last)
    }

    /// Since when something is news; `None` at a first visit, and after a long time.
    pub(super) fn since(self) -> Option<Timestamp> {
        self.before.filter(|before| (0..=LONGEST_SECONDS).contains(&(self.last - before))).map(Timestamp::from_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_away_is_told_what_is_new_until_they_leave_again() {
        let at = |hours: i64| Timestamp::from_seconds(1_790_000_000 + hours * 3600);
        let first = Visit::at(None, at(0));
        assert_eq!(first.since(), None);
        let morning = Visit::at(Some(&first.written()), at(24));
        assert_eq!(morning.since(), Some(at(0)));
        let soon = Visit::at(Some(&morning.written()), at(25));
        assert_eq!(soon.since(), Some(at(0)), "a look at another page does not end the visit");
        assert_eq!(
            Visit::at(Some(&soon.written()), at(26 + 14 * 24)).since(),
            None,
            "after two weeks, everything is new"
        );
        for broken in ["", "x", "1.2.3", ".", "9.9999999999999"] {
            assert_eq!(Visit::at(Some(broken), at(0)).since(), None, "{broken}");
        }
    }
}
