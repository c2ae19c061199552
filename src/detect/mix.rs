//! Whether the blend of those who speak, or of what they speak about, has changed so much that the net mood moved with it,
//! although nobody changed theirs (Simpson 1951).

use super::baseline::{DESIGN_EFFECT, SPEAKING_MENTIONS};
use super::ledger::{Ledger, Parts, Tally, sum};

/// How far the blend must have moved the net mood, and how surely, in standard deviations.
const LEAST_EFFECT: f64 = 0.05;
const LEAST_Z: f64 = 4.0;

/// How far the blend of several days strays when nothing happens: weekends, a lively day here or there.
const STRAY: f64 = 0.012;

/// So many mentions there must have been lately.
const LEAST_MENTIONS: f64 = 20.0;

/// What another blend makes of the net mood.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mix {
    /// The part that weighs most.
    pub(super) part: String,
    pub(super) before: f64,
    pub(super) since: f64,
    /// On the net mood, −2…2.
    pub(super) effect: f64,
    pub(super) z: f64,
    /// What the parts' own moods make of it.
    pub(super) own: f64,
}

/// The change of the blend between the usual and the last four or five days; `None` if there is too little to compare.
///
/// The change of the net mood is split as in `alert::Contribution` (Kitagawa 1955); a part that was hardly known before
/// changes the blend only.
pub(super) fn mix(ledger: &Ledger) -> Option<Mix> {
    let lately = ledger.lately();
    let (before, since) = (sum(&ledger.usual), sum(&lately));
    let (net_before, net_since) = (before.mean()?, since.mean()?);
    if since.mentions < LEAST_MENTIONS || before.mentions < LEAST_MENTIONS {
        return None;
    }
    let mean = f64::midpoint(net_before, net_since);
    let (mut effect, mut own, mut square) = (0.0, 0.0, 0.0);
    let mut largest = (0.0, "", 0.0, 0.0);
    for name in names(&ledger.usual, &lately) {
        let tally = |parts: &Parts| parts.get(name).copied().unwrap_or_default();
        let (then, now) = (tally(&ledger.usual), tally(&lately));
        let (share_then, share_now) = (then.mentions / before.mentions, now.mentions / since.mentions);
        let Some((mood_then, mood_now)) = moods(then, now) else { continue };
        let here = (share_now - share_then) * (f64::midpoint(mood_then, mood_now) - mean);
        effect += here;
        own += f64::midpoint(share_then, share_now) * (mood_now - mood_then);
        square += share_then.max(share_now) * (f64::midpoint(mood_then, mood_now) - mean).powi(2);
        if here.abs() > f64::abs(largest.0) {
            largest = (here, name.as_str(), share_then, share_now);
        }
    }
    let chance = DESIGN_EFFECT * square * (1.0 / since.mentions + 1.0 / before.mentions);
    let z = effect.abs() / (chance + STRAY * STRAY).sqrt();
    let (_, part, before, since) = largest;
    Some(Mix { part: part.to_owned(), before, since, effect, z, own })
}

fn names<'a>(before: &'a Parts, since: &'a Parts) -> impl Iterator<Item = &'a String> {
    before.keys().chain(since.keys().filter(|name| !before.contains_key(*name)))
}

fn moods(then: Tally, now: Tally) -> Option<(f64, f64)> {
    let known = then.mean().filter(|_| then.mentions >= SPEAKING_MENTIONS).or(now.mean())?;
    Some((known, now.mean().unwrap_or(known)))
}

impl Mix {
    /// Large and sure enough to be told.
    pub(super) fn is_news(&self) -> bool {
        self.effect.abs() >= LEAST_EFFECT && self.z >= LEAST_Z
    }

    /// The blend, more than the moods, is what changed.
    pub(super) fn prevails(&self) -> bool {
        self.own.abs() < 0.5 * self.effect.abs()
    }
}
