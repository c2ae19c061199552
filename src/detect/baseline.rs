//! How far today is from the usual, segment by segment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ledger::{Parts, Tally, sum};

/// Mentions' worth of the brand's own mean that every segment starts from: the strength of the shrinkage (an empirical Bayes
/// estimate with the brand as the prior; James and Stein 1961, Efron and Morris 1975).
const SHRINKAGE_MENTIONS: f64 = 8.0;

/// Mentions below which a segment learns but does not speak. A source that has just appeared may be as angry as it likes: it
/// is no change in anybody's mood (Simpson 1951).
pub(super) const SPEAKING_MENTIONS: f64 = 4.0;

/// The brand's own prior, in mentions: net mood zero, half of them with an opinion.
const PRIOR_MENTIONS: f64 = 5.0;
const PRIOR_OPINIONATED: f64 = 2.5;

/// The least variance of one mention's sign (−1, 0, 1), however unanimous a segment has been.
const LEAST_VARIANCE: f64 = 0.15;

/// How much larger the variance of a mean is than independent mentions would have it: replies echo what they reply to
/// (the design effect of cluster sampling; Kish 1965).
pub(super) const DESIGN_EFFECT: f64 = 1.3;

/// Mean and variance of one mention's sign, and how many mentions they are known from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Normal {
    pub(super) mean: f64,
    variance: f64,
    certainty: f64,
}

/// How far a day's net mood is from the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Residual {
    /// The distance, −2…2; each segment is compared with itself and weighs as much as it spoke.
    pub(super) mean: f64,
    /// The variance that the number of mentions, today's and the usual's, leaves to chance.
    pub(super) variance: f64,
}

/// What is usual for each segment that is known well enough to speak.
pub(super) fn normals(usual: &Parts) -> BTreeMap<String, Normal> {
    let brand = brand(usual);
    let known = usual.iter().filter(|(_, tally)| tally.mentions >= SPEAKING_MENTIONS);
    known.map(|(segment, tally)| (segment.clone(), shrunk(tally, brand))).collect()
}

/// A day's net mood minus the usual one of the segments that spoke; `None` if none of them is known well enough.
pub(super) fn residual(today: &Parts, usual: &Parts) -> Option<Residual> {
    let brand = brand(usual);
    distance(today.iter().filter_map(|(segment, today)| {
        let usual = usual.get(segment).filter(|usual| usual.mentions >= SPEAKING_MENTIONS)?;
        Some((*today, shrunk(usual, brand)))
    }))
}

/// The same for one segment alone.
pub(super) fn residual_in(segment: &str, today: &Parts, usual: &Parts) -> Option<Residual> {
    let usual_here = usual.get(segment).filter(|usual| usual.mentions >= SPEAKING_MENTIONS)?;
    distance(std::iter::once((*today.get(segment)?, shrunk(usual_here, brand(usual)))))
}

/// The same against what was usual at another time.
pub(super) fn residual_from(today: &Parts, normals: &BTreeMap<String, Normal>) -> Option<Residual> {
    distance(today.iter().filter_map(|(segment, today)| Some((*today, *normals.get(segment)?))))
}

fn distance(segments: impl Iterator<Item = (Tally, Normal)>) -> Option<Residual> {
    let (mut mentions, mut distance, mut variance) = (0.0, 0.0, 0.0);
    for (today, normal) in segments {
        mentions += today.mentions;
        distance += today.net - today.mentions * normal.mean;
        variance +=
            today.mentions * normal.variance + today.mentions * today.mentions * normal.variance / normal.certainty;
    }
    (mentions > 0.0)
        .then(|| Residual { mean: distance / mentions, variance: DESIGN_EFFECT * variance / mentions / mentions })
}

/// What is usual for the brand as a whole.
fn brand(usual: &Parts) -> Normal {
    let sum = sum(usual);
    let mentions = sum.mentions + PRIOR_MENTIONS;
    let mean = sum.net / mentions;
    let square = (sum.opinionated + PRIOR_OPINIONATED) / mentions;
    Normal { mean, variance: (square - mean * mean).max(LEAST_VARIANCE), certainty: mentions }
}

/// What is usual for a segment: its own past, pulled towards the brand's mean while there is little of it.
fn shrunk(usual: &Tally, brand: Normal) -> Normal {
    let mentions = usual.mentions + SHRINKAGE_MENTIONS;
    let mean = (usual.net + SHRINKAGE_MENTIONS * brand.mean) / mentions;
    let brand_square = brand.variance + brand.mean * brand.mean;
    let square = (usual.opinionated + SHRINKAGE_MENTIONS * brand_square) / mentions;
    Normal { mean, variance: (square - mean * mean).max(LEAST_VARIANCE), certainty: mentions }
}
