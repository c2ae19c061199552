//! How good a model is on what it has not seen, and the constants that follow from that.

use super::HeldOut;
use super::extract::Example;
use crate::analyse::aspects::{self, COLUMNS, DISPUTED};
use crate::analyse::verdict::softmax;
use crate::mention::Label;

/// How well one class is found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Of those named, the right ones.
    pub precision: f64,
    /// Of those there are, the ones named.
    pub recall: f64,
    /// How many there are.
    pub support: usize,
}

impl Score {
    /// From the pairs of what is and what was named.
    pub fn of(pairs: impl Iterator<Item = (bool, bool)>) -> Self {
        let (mut right, mut named, mut support) = (0, 0, 0);
        for (is, said) in pairs {
            right += usize::from(is && said);
            named += usize::from(said);
            support += usize::from(is);
        }
        #[expect(clippy::cast_precision_loss, reason = "counts of texts")]
        let share = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
        Self { precision: share(named), recall: share(support), support }
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

/// How well a part of a corpus is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The domain, or the name of an aspect.
    pub name: String,
    /// Of negative, neutral and positive; or of the aspect alone.
    pub scores: Vec<Score>,
}

impl Figures {
    /// The mean of the F1 of the classes.
    pub fn macro_f1(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "three classes")]
        let count = self.scores.len().max(1) as f64;
        self.scores.iter().map(|score| score.f1()).sum::<f64>() / count
    }
}

/// By domain and over all, then by aspect.
pub(super) fn figures(examples: &[Example], held_out: &[HeldOut], thresholds: &[f32]) -> Vec<Figures> {
    let mut domains: Vec<&str> = held_out.iter().map(|it| examples[it.example].domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    let of = |name: &str, chosen: &dyn Fn(&&HeldOut) -> bool| {
        let pairs: Vec<_> =
            held_out.iter().filter(chosen).map(|it| (examples[it.example].label, said(it.mood))).collect();
        let score = |label: &Label| Score::of(pairs.iter().map(|(is, said)| (*is == Some(*label), said == label)));
        Figures { name: name.to_owned(), scores: Label::ALL.iter().map(score).collect() }
    };
    let mut figures: Vec<_> =
        domains.iter().map(|domain| of(domain, &|it| examples[it.example].domain == *domain)).collect();
    figures.push(of("all", &|_| true));
    let named = thresholds.iter().enumerate().take(DISPUTED + 1);
    figures.extend(named.map(|(column, threshold)| {
        let holds = |it: &HeldOut| examples[it.example].holds & (1 << column) != 0;
        let pairs = held_out.iter().map(|it| (holds(it), it.aspects[column] >= *threshold));
        Figures { name: aspects::name(column).to_owned(), scores: vec![Score::of(pairs)] }
    }));
    figures
}

/// The most probable label.
fn said(outputs: [f32; 3]) -> Label {
    let best = (0..3).max_by(|&a, &b| outputs[a].total_cmp(&outputs[b])).unwrap_or(1);
    Label::ALL[best]
}

/// What outputs are divided by for their probabilities to be true on domains that were held out: the one of the least log-loss.
pub(super) fn temperature(examples: &[Example], held_out: &[HeldOut]) -> f32 {
    let loss = |temperature: f32| -> f64 {
        let of = |it: &HeldOut| {
            let p = softmax(it.mood.map(|output| f64::from(output / temperature)));
            examples[it.example].label.map_or(0.0, |label| -p[label as usize].max(1e-12).ln())
        };
        held_out.iter().map(of).sum()
    };
    let candidates = (10..=60_u8).map(|tenths| f32::from(tenths) / 20.0);
    candidates.min_by(|&a, &b| loss(a).total_cmp(&loss(b))).unwrap_or(1.0)
}

/// For each aspect the output from which on naming it gives the best F1.
pub(super) fn thresholds(examples: &[Example], held_out: &[HeldOut]) -> Vec<f32> {
    let best = |column: usize| {
        let score = |threshold: f32| {
            let pairs = held_out
                .iter()
                .map(|it| (examples[it.example].holds & (1 << column) != 0, it.aspects[column] >= threshold));
            Score::of(pairs).f1()
        };
        let candidates = (-30..=20_i8).map(|tenths| f32::from(tenths) / 10.0);
        candidates.max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap_or(0.0)
    };
    (0..COLUMNS).map(best).collect()
}
