//! How often a model is right, and which moods there truly are if its mistakes are taken into account. Pure.
//!
//! A model that takes every fifth complaint for praise tells too few complaints, however many texts it reads. What it
//! mistakes for what is known from texts whose mood is known: the confusion matrix. The *adjusted count* (Forman 2008) is the
//! mix of moods that, seen through this matrix, looks like what was told.

use serde::{Deserialize, Serialize};

use crate::mention::Label;

/// Fewer texts whose mood is known tell nothing about a model.
pub const FEWEST: usize = 20;

/// How often the shares are computed anew from texts drawn at random, to see how far they stray.
const DRAWS: usize = 400;

/// The drawing is the same each time, so that the same texts give the same card.
const SEED: u64 = 1;

/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_964;

/// What texts cannot lie below or above, with 95 % confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Not less.
    pub low: f64,
    /// Not more.
    pub high: f64,
}

/// A text whose mood is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Its mood.
    pub is: Label,
    /// What the model says.
    pub told: Label,
}

/// What can be said of a model on one kind of texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// How many texts have a known mood.
    pub labelled: usize,
    /// How many texts there are.
    pub texts: usize,
    /// The shares of negative, neutral and positive as the model tells them.
    pub told: [f64; 3],
    /// `None`: cannot tell, for want of texts whose mood is known.
    pub known: Option<Known>,
}

/// What texts whose mood is known say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// How often the model is right.
    pub accuracy: f64,
    /// How often at least and at most (Wilson).
    pub accuracy_interval: Interval,
    /// The shares that there truly are.
    pub corrected: [f64; 3],
    /// How great they are at least and at most (bootstrap over both the known texts and the told ones).
    pub corrected_intervals: [Interval; 3],
}

/// What can be said of a model that reads beside the one of the card, on one kind of texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// How many texts with a known mood both have told.
    pub labelled: usize,
    /// `None`: cannot tell, for want of such texts.
    pub known: Option<Compared>,
}

/// Two models on the same texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// How often the model beside is right.
    pub accuracy: f64,
    /// How often at least and at most (Wilson).
    pub accuracy_interval: Interval,
    /// How often the model of the card is right on just these texts.
    pub other_accuracy: f64,
}

/// How often each mood (rows: told) was said of texts of each mood (columns: is).
type Confusion = [[usize; 3]; 3];

/// Makes the card from texts whose mood is known and from the numbers of texts by what the model says.
pub fn card(judged: &[Judged], told: [usize; 3]) -> Card {
    let texts = told.iter().sum();
    let known = (judged.len() >= FEWEST && texts > 0).then(|| known(judged, told));
    Card { labelled: judged.len(), texts, told: shares(told), known }
}

/// Compares another model with the one of the card: what each says of the same texts, in the same order.
///
/// A model that reads in the background has read only some texts: on others it cannot be compared.
pub fn beside(other: &[Judged], card: &[Judged]) -> Beside {
    let right = |judged: &[Judged]| judged.iter().filter(|one| one.is == one.told).count();
    let compared = || Compared {
        accuracy: share(right(other), other.len()),
        accuracy_interval: wilson(right(other), other.len()),
        other_accuracy: share(right(card), card.len()),
    };
    Beside { labelled: other.len(), known: (other.len() >= FEWEST).then(compared) }
}

fn known(judged: &[Judged], told: [usize; 3]) -> Known {
    let right = judged.iter().filter(|one| one.is == one.told).count();
    Known {
        accuracy: share(right, judged.len()),
        accuracy_interval: wilson(right, judged.len()),
        corrected: corrected(&confusion(judged.iter().copied()), shares(told)),
        corrected_intervals: intervals(judged, told),
    }
}

/// The interval of a share, also of few texts and near 0 and 1 (Wilson 1927).
pub fn wilson(right: usize, of: usize) -> Interval {
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let (n, p) = (real(of), share(right, of));
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // At the ends the formula gives 0 and 1 but for rounding.
    let low = if right == 0 { 0.0 } else { (middle - reach) / scale };
    let high = if right == of { 1.0 } else { (middle + reach) / scale };
    Interval { low, high }
}

fn confusion(judged: impl Iterator<Item = Judged>) -> Confusion {
    let mut confusion = Confusion::default();
    for Judged { is, told } in judged {
        confusion[told as usize][is as usize] += 1;
    }
    confusion
}

/// The mix of moods that looks like this; what is told, where the matrix hides the moods altogether.
///
/// Each count is one more than it is, so that a mistake that was not met is rare and not impossible.
fn corrected(confusion: &Confusion, told: [f64; 3]) -> [f64; 3] {
    let sums: [f64; 3] = std::array::from_fn(|is| real(confusion.iter().map(|row| row[is] + 1).sum()));
    let matrix = confusion.map(|row| std::array::from_fn(|is| real(row[is] + 1) / sums[is]));
    let Some(solved) = solve(&matrix, told) else { return told };
    let clipped = solved.map(|share| share.clamp(0.0, 1.0));
    let sum: f64 = clipped.iter().sum();
    if sum > 0.0 { clipped.map(|share| share / sum) } else { told }
}

/// Cramer's rule.
fn solve(matrix: &[[f64; 3]; 3], right: [f64; 3]) -> Option<[f64; 3]> {
    let whole = determinant(matrix);
    if whole.abs() < 1e-9 {
        return None;
    }
    Some(std::array::from_fn(|column| {
        let mut replaced = *matrix;
        for (row, value) in replaced.iter_mut().zip(right) {
            row[column] = value;
        }
        determinant(&replaced) / whole
    }))
}

fn determinant([a, b, c]: &[[f64; 3]; 3]) -> f64 {
    a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])
}

/// How far the corrected shares stray when other texts had been known, and others told.
fn intervals(judged: &[Judged], told: [usize; 3]) -> [Interval; 3] {
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut draws: [Vec<f64>; 3] = std::array::from_fn(|_| Vec::with_capacity(DRAWS));
    for _ in 0..DRAWS {
        let known = confusion((0..judged.len()).map(|_| judged[random.usize(..judged.len())]));
        let drawn = corrected(&known, shares(redrawn(told, &mut random)));
        draws.iter_mut().zip(drawn).for_each(|(draws, share)| draws.push(share));
    }
    draws.map(middle)
}

/// As many texts, each drawn at random from all.
fn redrawn(told: [usize; 3], random: &mut fastrand::Rng) -> [usize; 3] {
    let (first, second) = (told[0], told[0] + told[1]);
    let mut drawn = [0; 3];
    let texts = second + told[2];
    for _ in 0..texts {
        let text = random.usize(..texts);
        drawn[usize::from(text >= first) + usize::from(text >= second)] += 1;
    }
    drawn
}

/// What 95 % of them lie within.
fn middle(mut draws: Vec<f64>) -> Interval {
    draws.sort_by(f64::total_cmp);
    let cut = draws.len() / 40;
    match draws.get(cut..draws.len() - cut) {
        Some([low, .., high]) => Interval { low: *low, high: *high },
        _ => Interval { low: 0.0, high: 1.0 },
    }
}

fn shares(counts: [usize; 3]) -> [f64; 3] {
    let sum = counts.iter().sum();
    counts.map(|count| share(count, sum))
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { real(part) / real(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "a number of texts")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A brand whose true mix of moods is known, and a model that mistakes some of them.
    struct World {
        mix: [f64; 3],
        /// What is said of each mood.
        model: [[f64; 3]; 3],
    }

    fn drawn(shares: [f64; 3], random: &mut fastrand::Rng) -> Label {
        let dice = random.f64();
        Label::ALL[usize::from(dice >= shares[0]) + usize::from(dice >= shares[0] + shares[1])]
    }

    /// Three shares, none of them rare.
    fn mix(random: &mut fastrand::Rng) -> [f64; 3] {
        let parts: [f64; 3] = std::array::from_fn(|_| 0.25 + random.f64());
        parts.map(|part| part / parts.iter().sum::<f64>())
    }

    impl World {
        fn invented(random: &mut fastrand::Rng) -> Self {
            let model = std::array::from_fn(|is| {
                let right = 0.55 + 0.3 * random.f64();
                let aside = random.f64();
                let mut said = [(1.0 - right) * aside, (1.0 - right) * (1.0 - aside), 0.0];
                said[2] = right;
                said.swap(2, is);
                said
            });
            Self { mix: mix(random), model }
        }

        fn judged(&self, mix: [f64; 3], random: &mut fastrand::Rng) -> Judged {
            let is = drawn(mix, random);
            Judged { is, told: drawn(self.model[is as usize], random) }
        }

        /// The card of this world, from 300 known and 1,000 told texts; who labels does not draw from the true mix.
        fn card(&self, random: &mut fastrand::Rng) -> Card {
            let labelled = mix(random);
            let judged: Vec<Judged> = (0..300).map(|_| self.judged(labelled, random)).collect();
            let mut told = [0; 3];
            (0..1000).for_each(|_| told[self.judged(self.mix, random).told as usize] += 1);
            card(&judged, told)
        }
    }

    #[test]
    fn in_invented_worlds_the_interval_holds_the_truth_in_about_95_of_100_and_the_correction_comes_closer() {
        const WORLDS: usize = 80;
        let mut random = fastrand::Rng::with_seed(7);
        let (mut covered, mut error_told, mut error_corrected) = (0, 0.0, 0.0);
        for _ in 0..WORLDS {
            let world = World::invented(&mut random);
            let card = world.card(&mut random);
            let known = card.known.unwrap();
            for mood in 0..3 {
                let (truth, interval) = (world.mix[mood], known.corrected_intervals[mood]);
                covered += usize::from((interval.low..=interval.high).contains(&truth));
                error_told += (card.told[mood] - truth).abs();
                error_corrected += (known.corrected[mood] - truth).abs();
            }
        }
        let coverage = share(covered, 3 * WORLDS);
        assert!((0.91..=0.985).contains(&coverage), "{coverage}");
        assert!(error_corrected < error_told, "{error_corrected} against {error_told}");
    }

    #[test]
    fn a_perfect_model_is_believed() {
        let judged: Vec<Judged> = (0..3000).map(|n| Label::ALL[n % 3]).map(|is| Judged { is, told: is }).collect();
        let known = card(&judged, [100, 300, 600]).known.unwrap();
        for (corrected, told) in known.corrected.into_iter().zip([0.1, 0.3, 0.6]) {
            assert!((corrected - told).abs() < 0.005, "{corrected}");
        }
        assert!((known.accuracy, known.accuracy_interval.high) == (1.0, 1.0));
    }

    #[test]
    fn wilsons_interval_is_as_in_the_books() {
        let Interval { low, high } = wilson(8, 10);
        assert!((low - 0.4902).abs() < 1e-3 && (high - 0.9433).abs() < 1e-3, "{low} {high}");
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
        assert_eq!(wilson(0, 9).low, 0.0);
    }

    #[test]
    fn of_few_known_texts_nothing_is_told() {
        let judged = vec![Judged { is: Label::Neutral, told: Label::Neutral }; FEWEST - 1];
        assert_eq!(card(&judged, [1, 1, 2]).known, None);
        assert_eq!(card(&judged, [1, 1, 2]).told, [0.25, 0.25, 0.5]);
        assert_eq!(card(&judged, [0; 3]).told, [0.0; 3]);
    }

    #[test]
    fn a_model_beside_is_compared_on_enough_texts_only() {
        let judged = |told| Judged { is: Label::Positive, told };
        let other: Vec<Judged> = Label::ALL.into_iter().cycle().take(30).map(judged).collect();
        let card = vec![judged(Label::Positive); 30];
        let few = beside(&other[..FEWEST - 1], &card[..FEWEST - 1]);
        assert_eq!((few.labelled, few.known), (FEWEST - 1, None));
        let compared = beside(&other, &card).known.unwrap();
        assert!((compared.accuracy - 1.0 / 3.0).abs() < 1e-9 && (compared.other_accuracy - 1.0).abs() < 1e-9);
        assert_eq!(compared.accuracy_interval, wilson(10, 30));
    }

    fn judged() -> impl Strategy<Value = Judged> {
        let label = || prop::sample::select(&Label::ALL[..]);
        (label(), label()).prop_map(|(is, told)| Judged { is, told })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn shares_are_shares_whatever_the_texts(
            judged in prop::collection::vec(judged(), FEWEST..60),
            told in prop::array::uniform3(0..40_usize),
        ) {
            let Some(known) = card(&judged, told).known else {
                prop_assert_eq!(told, [0; 3]);
                return Ok(());
            };
            prop_assert!((known.corrected.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            for (share, interval) in known.corrected.into_iter().zip(known.corrected_intervals) {
                prop_assert!((0.0..=1.0).contains(&share));
                prop_assert!(0.0 <= interval.low && interval.low <= interval.high && interval.high <= 1.0);
            }
            let Interval { low, high } = known.accuracy_interval;
            prop_assert!(low <= known.accuracy && known.accuracy <= high);
        }
    }
}
