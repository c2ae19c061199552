//! Which mentions are one person's voice, said now. Without this, a copied text, a furious author or a backfill looks like a
//! change of mood.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Observation, SECONDS_PER_DAY};

/// How old, in seconds, a mention may be when it arrives. What is older tells of the past, not of now.
const FRESH_SECONDS: i64 = 48 * 3600;

/// How many mentions of one author count on one day (UTC).
const PER_AUTHOR_AND_DAY: u8 = 2;

/// Why a mention does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exclusion {
    /// It came with the first import or a backfill.
    Backfill,
    /// It was more than 48 hours old when it arrived.
    Stale,
    /// Its text had arrived before.
    Copy,
    /// Its author had two mentions on that day already.
    SameAuthor,
}

/// How many mentions did not count, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Their text had arrived before.
    pub copies: u64,
    /// Their author had two mentions on that day already.
    pub same_author: u64,
    /// They were more than 48 hours old when they arrived.
    pub stale: u64,
    /// They came with the first import or a backfill.
    pub backfill: u64,
}

impl LeftOut {
    /// Counts one more.
    pub const fn add(&mut self, exclusion: Exclusion) {
        match exclusion {
            Exclusion::Backfill => self.backfill += 1,
            Exclusion::Stale => self.stale += 1,
            Exclusion::Copy => self.copies += 1,
            Exclusion::SameAuthor => self.same_author += 1,
        }
    }

    /// All of them.
    pub const fn total(&self) -> u64 {
        self.copies + self.same_author + self.stale + self.backfill
    }
}

/// Decides which mentions count; remembers how often each author has spoken today.
///
/// The detector holds one of its own. Whoever explains a finding runs a fresh one over the same observations, to speak of the
/// same mentions as the detector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Hygiene {
    /// Days since the epoch.
    day: i64,
    /// Mentions that counted on that day.
    authors: BTreeMap<u64, u8>,
}

impl Hygiene {
    /// Why this observation does not count, or `None` if it does. Expects them in the order of arrival.
    pub fn exclude(&mut self, observation: &Observation) -> Option<Exclusion> {
        if observation.backfill {
            Some(Exclusion::Backfill)
        } else if is_stale(observation) {
            Some(Exclusion::Stale)
        } else if observation.copy {
            Some(Exclusion::Copy)
        } else if self.has_said_enough(observation) {
            Some(Exclusion::SameAuthor)
        } else {
            None
        }
    }

    fn has_said_enough(&mut self, observation: &Observation) -> bool {
        let Some(author) = observation.author else { return false };
        let day = observation.arrived_at.seconds().div_euclid(SECONDS_PER_DAY);
        if day > self.day {
            self.day = day;
            self.authors.clear();
        }
        let said = self.authors.entry(author).or_default();
        let enough = *said >= PER_AUTHOR_AND_DAY;
        *said += u8::from(!enough);
        enough
    }
}

fn is_stale(observation: &Observation) -> bool {
    observation.published_at.is_some_and(|published| published < observation.arrived_at.plus_seconds(-FRESH_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Label, Timestamp};

    const NOON: i64 = 20_000 * SECONDS_PER_DAY + 12 * 3600;

    fn at(seconds: i64) -> Observation {
        Observation {
            arrived_at: Timestamp::from_seconds(seconds),
            published_at: Some(Timestamp::from_seconds(seconds)),
            segment: "forum:de".into(),
            author: Some(1),
            text: 0,
            topics: Vec::new(),
            label: Label::Negative,
            copy: false,
            backfill: false,
        }
    }

    #[test]
    fn what_is_older_than_48_hours_on_arrival_does_not_count() {
        let published = |age: i64| {
            let published_at = Some(Timestamp::from_seconds(NOON - age));
            Hygiene::default().exclude(&Observation { published_at, ..at(NOON) })
        };
        assert_eq!(published(48 * 3600), None);
        assert_eq!(published(48 * 3600 + 1), Some(Exclusion::Stale));
        assert_eq!(Hygiene::default().exclude(&Observation { published_at: None, ..at(NOON) }), None);
    }

    #[test]
    fn copies_and_backfills_do_not_count_and_use_up_nobodys_turn() {
        let mut hygiene = Hygiene::default();
        for _ in 0..5 {
            assert_eq!(hygiene.exclude(&Observation { copy: true, ..at(NOON) }), Some(Exclusion::Copy));
            assert_eq!(hygiene.exclude(&Observation { backfill: true, ..at(NOON) }), Some(Exclusion::Backfill));
        }
        assert_eq!(hygiene.exclude(&at(NOON)), None);
    }

    #[test]
    fn the_third_mention_of_an_author_on_a_day_does_not_count() {
        let mut hygiene = Hygiene::default();
        let day = [at(NOON), at(NOON + 60), at(NOON + 120), at(NOON + 180)].map(|seen| hygiene.exclude(&seen));
        assert_eq!(day, [None, None, Some(Exclusion::SameAuthor), Some(Exclusion::SameAuthor)]);
        assert_eq!(hygiene.exclude(&Observation { author: Some(2), ..at(NOON) }), None, "somebody else");
        assert_eq!(hygiene.exclude(&at(NOON + 12 * 3600)), None, "the next day");
    }

    #[test]
    fn mentions_without_an_author_are_told_apart_as_many_voices() {
        let mut hygiene = Hygiene::default();
        assert!((0..9).all(|_| hygiene.exclude(&Observation { author: None, ..at(NOON) }).is_none()));
    }

    #[test]
    fn what_is_left_out_is_counted_by_reason() {
        let mut left_out = LeftOut::default();
        for exclusion in
            [Exclusion::Copy, Exclusion::Copy, Exclusion::Stale, Exclusion::SameAuthor, Exclusion::Backfill]
        {
            left_out.add(exclusion);
        }
        assert_eq!(left_out, LeftOut { copies: 2, same_author: 1, stale: 1, backfill: 1 });
        assert_eq!(left_out.total(), 5);
    }
}
