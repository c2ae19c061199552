//! How the mood was in a span of time.

use serde::{Deserialize, Serialize};

use super::Excerpt;
use crate::mention::{Label, Timestamp};

/// The quantile of the normal distribution that leaves 2.5 % on either side.
const Z_95: f64 = 1.959_963_984_540_054;

/// A share of the mentions, with what chance leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many mentions.
    pub count: u64,
    /// Of all, 0…1.
    pub fraction: f64,
    /// Lower end of the 95 % interval by Wilson, 0…1.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Share {
    /// `count` of `all`, of which there must be some.
    ///
    /// The interval is Wilson's (*Probable inference, the law of succession, and statistical inference*, 1927): it holds for
    /// few mentions and for shares near 0 and 1, too.
    pub(crate) fn of(count: u64, all: u64) -> Self {
        let (share, all) = (count as f64 / all as f64, all as f64);
        let square = Z_95 * Z_95;
        let centre = (share + square / (2.0 * all)) / (1.0 + square / all);
        let reach = Z_95 / (1.0 + square / all) * (share * (1.0 - share) / all + square / (4.0 * all * all)).sqrt();
        Self {
            count,
            fraction: share,
            low: (centre - reach).clamp(0.0, share),
            high: (centre + reach).clamp(share, 1.0),
        }
    }
}

/// The moods of a span of time, as recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// How many mentions count.
    pub mentions: u64,
    /// When the first of them arrived.
    pub first: Option<Timestamp>,
    /// When the last of them arrived.
    pub last: Option<Timestamp>,
    /// Negative, neutral, positive; `None` without mentions.
    pub shares: Option<[Share; 3]>,
}

impl Period {
    pub(super) fn of(excerpts: &[Excerpt]) -> Self {
        let mentions = excerpts.len() as u64;
        let arrivals = || excerpts.iter().map(|excerpt| excerpt.arrived_at);
        let count = |label| excerpts.iter().filter(|excerpt| excerpt.label == label).count() as u64;
        Self {
            mentions,
            first: arrivals().min(),
            last: arrivals().max(),
            shares: (mentions > 0).then(|| Label::ALL.map(|label| Share::of(count(label), mentions))),
        }
    }

    /// Of counted moods (negative, neutral, positive), whenever they arrived.
    pub(crate) fn counted(moods: [u64; 3]) -> Self {
        let mentions = moods.iter().sum();
        let shares = (mentions > 0).then(|| moods.map(|count| Share::of(count, mentions)));
        Self { mentions, first: None, last: None, shares }
    }

    /// Mentions a day, from the first to the last; 0 without mentions.
    pub fn per_day(&self) -> f64 {
        let (Some(first), Some(last)) = (self.first, self.last) else { return 0.0 };
        let days = ((last.seconds() - first.seconds()) as f64 / 86_400.0).max(1.0);
        self.mentions as f64 / days
    }

    /// The 95 % interval of the net mood, −1…1; `None` without mentions.
    ///
    /// By the normal distribution, with one mention of each mood added, so that a few that agree are not taken for certainty.
    pub fn net_range(&self) -> Option<(f64, f64)> {
        let [negative, neutral, positive] = self.shares?.map(|share| share.count as f64 + 1.0);
        let all = negative + neutral + positive;
        let net = (positive - negative) / all;
        let reach = Z_95 * (((positive + negative) / all - net * net) / all).sqrt();
        let (low, high) = (net - reach, net + reach);
        Some((low.clamp(-1.0, self.net()?), high.clamp(self.net()?, 1.0)))
    }

    /// The net mood: share positive − share negative, −1…1; `None` without mentions.
    pub fn net(&self) -> Option<f64> {
        self.shares.map(|[negative, _, positive]| positive.fraction - negative.fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_textbook() {
        let close =
            |share: Share, low: f64, high: f64| (share.low - low).abs() < 5e-5 && (share.high - high).abs() < 5e-5;
        assert!(close(Share::of(0, 10), 0.0, 0.2775), "{:?}", Share::of(0, 10));
        assert!(close(Share::of(15, 148), 0.0624, 0.1605), "{:?}", Share::of(15, 148));
        assert!(close(Share::of(10, 10), 0.7225, 1.0), "{:?}", Share::of(10, 10));
    }

    #[test]
    fn the_range_of_the_net_mood_holds_it_and_narrows_with_more_mentions() {
        let range = |moods| Period::counted(moods).net_range().unwrap();
        assert!(range([10, 10, 20]).0 < 0.25 && range([10, 10, 20]).1 > 0.25);
        let width = |(low, high): (f64, f64)| high - low;
        assert!(width(range([100, 100, 200])) < width(range([10, 10, 20])) / 2.0);
        assert!(width(range([0, 0, 3])) > 0.3, "three voices that agree are no certainty");
        assert_eq!(Period::counted([0; 3]).net_range(), None);
    }

    #[test]
    fn a_period_without_mentions_has_no_shares() {
        let empty = Period::of(&[]);
        assert_eq!((empty.mentions, empty.first, empty.shares, empty.net()), (0, None, None, None));
    }
}
