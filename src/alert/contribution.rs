//! Which sources or languages carry the change, in parts that sum to the whole.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Excerpt;
use crate::detect::Direction;

/// What one source or language contributed to the change of the net mood.
///
/// The net mood of all is the mean of the parts' net moods, weighted by their shares. Its change is split exactly, as Kitagawa
/// does (*Components of a difference between two rates*, 1955): what changes because the part's own mood changed, at its mean
/// share; and what changes because its share did, at its mean distance from the mood of all. Over all parts, the two columns
/// sum to the change. A part that exists in one period only has no mood change of its own: all of it is mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The source's id or the language's code.
    pub name: String,
    /// Mentions before the onset.
    pub before: u64,
    /// Mentions since.
    pub since: u64,
    /// Its net mood before, −1…1; `None` without mentions.
    pub net_before: Option<f64>,
    /// Its net mood since.
    pub net_since: Option<f64>,
    /// What its own change of mood contributed to the change of all.
    pub mood: f64,
    /// What the change of its share among all contributed.
    pub mix: f64,
}

impl Contribution {
    /// Both parts.
    pub fn total(&self) -> f64 {
        self.mood + self.mix
    }
}

/// Mentions, the sum of their signs, and how many are of the mood that the finding is about.
#[derive(Clone, Copy, Default)]
struct Tally {
    mentions: u64,
    net: i64,
    telling: u64,
}

impl Tally {
    fn add(&mut self, excerpt: &Excerpt, direction: Option<Direction>) {
        self.mentions += 1;
        self.net += i64::from(excerpt.label.sign());
        let sign = direction.map_or(0.0, Direction::sign);
        self.telling += u64::from(f64::from(excerpt.label.sign()) * sign > 0.0);
    }

    fn net(self) -> Option<f64> {
        (self.mentions > 0).then(|| self.net as f64 / self.mentions as f64)
    }
}

/// Before and since.
type Tallies = [Tally; 2];

/// Splits the change of the net mood by what `name` says of an excerpt. Empty if one of the periods is, because then nothing
/// changed that could be split.
///
/// The part comes first in which most of the new negatives (or positives, for a rise) are, among all mentions: of few mentions
/// that tells the driver more surely than the contribution to the net mood, in which the other moods' chances have a say. Where
/// the mood did not move, the largest contribution comes first.
pub(super) fn by(
    direction: Option<Direction>,
    before: &[Excerpt],
    since: &[Excerpt],
    name: impl Fn(&Excerpt) -> String,
) -> Vec<Contribution> {
    let mut parts: BTreeMap<String, Tallies> = BTreeMap::new();
    let mut all = Tallies::default();
    for (index, excerpts) in [before, since].into_iter().enumerate() {
        for excerpt in excerpts {
            parts.entry(name(excerpt)).or_default()[index].add(excerpt, direction);
            all[index].add(excerpt, direction);
        }
    }
    let [Some(net_before), Some(net_since)] = all.map(Tally::net) else { return Vec::new() };
    let mean_net = f64::midpoint(net_before, net_since);
    let mut contributions: Vec<(f64, Contribution)> = parts
        .into_iter()
        .filter_map(|(name, part)| {
            let contribution = contribution(name, part, all, mean_net)?;
            let share = |index: usize| part[index].telling as f64 / all[index].mentions as f64;
            let weight = direction.map_or(contribution.total().abs(), |_| share(1) - share(0));
            Some((weight, contribution))
        })
        .collect();
    contributions.sort_by(|a, b| b.0.total_cmp(&a.0));
    contributions.into_iter().map(|(_, contribution)| contribution).collect()
}

fn contribution(name: String, part: Tallies, all: Tallies, mean_net: f64) -> Option<Contribution> {
    let [net_before, net_since] = part.map(Tally::net);
    let (before, since) = (net_before.or(net_since)?, net_since.or(net_before)?);
    let share = |index: usize| part[index].mentions as f64 / all[index].mentions as f64;
    let (share_before, share_since) = (share(0), share(1));
    Some(Contribution {
        name,
        before: part[0].mentions,
        since: part[1].mentions,
        net_before,
        net_since,
        mood: f64::midpoint(share_before, share_since) * (since - before),
        mix: (share_since - share_before) * (f64::midpoint(before, since) - mean_net),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Label, Timestamp};

    fn mentions(source: &str, negative: usize, positive: usize) -> Vec<Excerpt> {
        let labels = [Label::Negative].repeat(negative).into_iter().chain([Label::Positive].repeat(positive));
        let excerpt = |label| Excerpt {
            arrived_at: Timestamp::from_seconds(0),
            source: source.to_owned(),
            language: None,
            topics: Vec::new(),
            label,
            score: 0.0,
            text: String::new(),
            url: None,
        };
        labels.map(excerpt).collect()
    }

    fn parts(before: &[Vec<Excerpt>], since: &[Vec<Excerpt>]) -> Vec<(String, f64, f64)> {
        let parts = by(None, &before.concat(), &since.concat(), |excerpt| excerpt.source.clone());
        parts.into_iter().map(|part| (part.name, part.mood, part.mix)).collect()
    }

    #[test]
    fn a_source_whose_mood_changed_carries_the_change() {
        let before = [mentions("forum", 5, 5), mentions("shop", 5, 5)];
        let since = [mentions("forum", 10, 0), mentions("shop", 5, 5)];
        assert_eq!(parts(&before, &since), [("forum".into(), -0.5, 0.0), ("shop".into(), 0.0, 0.0)]);
    }

    #[test]
    fn a_new_source_is_a_change_of_mix_and_of_nobodys_mood() {
        let (before, since) = ([mentions("shop", 2, 8)], [mentions("shop", 2, 8), mentions("angry", 10, 0)]);
        let parts = parts(&before, &since);
        assert!(parts.iter().all(|(_, mood, _)| *mood == 0.0), "{parts:?}");
        let mix: f64 = parts.iter().map(|(_, _, mix)| mix).sum();
        assert!((mix + 0.8).abs() < 1e-12, "net mood fell from 0.6 to -0.2: {parts:?}");
        assert_eq!(parts[0].0, "angry");
    }

    #[test]
    fn where_one_period_is_empty_there_is_nothing_to_split() {
        assert_eq!(parts(&[], &[mentions("shop", 1, 0)]), []);
        assert_eq!(parts(&[mentions("shop", 1, 0)], &[]), []);
    }
}
