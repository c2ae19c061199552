//! Stochastic gradient descent with a quadratic penalty and shrinking steps (Bottou 2012, "Stochastic Gradient Descent
//! Tricks"), the same for every run: texts are visited in an order that the seed gives.

use crate::analyse::hash::Hash;
use crate::analyse::linear::{Linear, Table, bucket};
use crate::analyse::signals::{SIGNALS, Signals};

/// A text as numbers.
#[derive(Clone, Debug)]
pub(in crate::analyse) struct Row {
    pub(in crate::analyse) features: Vec<Hash>,
    pub(in crate::analyse) share: f32,
    pub(in crate::analyse) signals: Signals,
}

/// How to learn.
#[derive(Clone, Copy, Debug)]
pub(in crate::analyse) struct Settings {
    /// Two to this power buckets.
    pub(in crate::analyse) bits: u32,
    /// How often every text is visited.
    pub(in crate::analyse) epochs: usize,
    /// The first step for hashed features; it shrinks as texts are visited.
    pub(in crate::analyse) rate: f32,
    /// λ: half of this times the squared weights of hashed features is added to the mean loss.
    pub(in crate::analyse) penalty: f32,
}

/// What the steps for signals are, which are few, unlike in frequency and not penalised.
const SIGNAL_RATE: f32 = 0.03;

/// Weights as they are learned.
pub(in crate::analyse) struct Learned<const N: usize> {
    bits: u32,
    /// To be multiplied by `scale`, so that the penalty shrinks all of them at once.
    rows: Vec<f32>,
    scale: f32,
    pub(in crate::analyse) signals: [[f32; N]; SIGNALS],
    signal_squares: [[f32; N]; SIGNALS],
    /// The signals whose weights are given, as bits.
    held: u32,
}

impl<const N: usize> Learned<N> {
    pub(in crate::analyse) fn new(bits: u32) -> Self {
        Self {
            bits,
            rows: vec![0.0; N << bits],
            scale: 1.0,
            signals: [[0.0; N]; SIGNALS],
            signal_squares: [[1e-4; N]; SIGNALS],
            held: 0,
        }
    }

    /// Gives a signal its weights for good.
    pub(in crate::analyse) fn hold(mut self, signal: usize, weights: [f32; N]) -> Self {
        self.signals[signal] = weights;
        self.held |= 1 << signal;
        self
    }

    /// The outputs for a row.
    pub(in crate::analyse) fn outputs(&self, row: &Row) -> [f32; N] {
        let mut sums = [0.0; N];
        for feature in &row.features {
            let start = bucket(self.bits, *feature) * N;
            sums.iter_mut().zip(&self.rows[start..start + N]).for_each(|(sum, weight)| *sum += weight);
        }
        let mut outputs = sums.map(|sum| sum * row.share * self.scale);
        for (signal, weights) in row.signals.iter().zip(&self.signals) {
            outputs.iter_mut().zip(weights).for_each(|(output, weight)| *output += signal * weight);
        }
        outputs
    }

    fn step(&mut self, row: &Row, gradient: &[f32; N], rate: f32, penalty: f32) {
        self.scale *= 1.0 - rate * penalty;
        let steps = gradient.map(|gradient| rate * gradient * row.share / self.scale);
        for feature in &row.features {
            let start = bucket(self.bits, *feature) * N;
            self.rows[start..start + N].iter_mut().zip(steps).for_each(|(weight, step)| *weight -= step);
        }
        for (at, signal) in row.signals.iter().enumerate().filter(|(_, signal)| **signal != 0.0) {
            if self.held & (1 << at) != 0 {
                continue;
            }
            let weights = self.signals[at].iter_mut().zip(&mut self.signal_squares[at]);
            for ((weight, square), gradient) in weights.zip(gradient) {
                let gradient = gradient * signal;
                *square += gradient * gradient;
                *weight -= SIGNAL_RATE * gradient / square.sqrt();
            }
        }
    }

    fn rescale(&mut self) {
        let scale = std::mem::replace(&mut self.scale, 1.0);
        self.rows.iter_mut().for_each(|weight| *weight *= scale);
    }

    /// As the model keeps it: outputs divided by `temperature`, weights as bytes.
    pub(in crate::analyse) fn finished(&self, temperature: f32) -> Linear<N> {
        let rows: Vec<f32> = self.rows.iter().map(|weight| weight / temperature).collect();
        Linear {
            table: Table::quantised(self.bits, &rows),
            signals: self.signals.iter().map(|row| row.iter().map(|weight| weight / temperature).collect()).collect(),
        }
    }
}

/// Learns from rows; `gradient` tells for the number of a row and its outputs what is wrong with them.
pub(in crate::analyse) fn learn<const N: usize>(
    rows: &[&Row],
    mut learned: Learned<N>,
    settings: Settings,
    gradient: impl Fn(usize, [f32; N]) -> [f32; N],
) -> Learned<N> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let mut chance = fastrand::Rng::with_seed(1848);
    let mut time = 0.0;
    for _ in 0..settings.epochs {
        chance.shuffle(&mut order);
        for &at in &order {
            let rate = settings.rate / (1.0 + settings.rate * settings.penalty * time);
            let gradient = gradient(at, learned.outputs(rows[at]));
            learned.step(rows[at], &gradient, rate, settings.penalty);
            time += 1.0;
        }
        learned.rescale();
    }
    learned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(features: &[Hash]) -> Row {
        Row { features: features.iter().map(|feature| feature << 50).collect(), share: 1.0, signals: [0.0; SIGNALS] }
    }

    /// Two features, of which the first decides.
    fn learned(penalty: f32) -> Learned<1> {
        let rows = [row(&[1]), row(&[1, 3]), row(&[2]), row(&[2, 3])];
        let rows: Vec<&Row> = rows.iter().cycle().take(400).collect();
        let settings = Settings { bits: 14, epochs: 5, rate: 0.1, penalty };
        learn(&rows, Learned::new(14), settings, |at, [output]| {
            [1.0 / (1.0 + (-output).exp()) - f32::from(u8::from(at % 4 < 2))]
        })
    }

    #[test]
    fn what_decides_is_learned_and_what_does_not_is_left() {
        let learned = learned(1e-3);
        let [first, second, other] = [1, 2, 3].map(|feature| learned.outputs(&row(&[feature]))[0]);
        assert!(first > 1.0 && second < -1.0 && other.abs() < 0.2, "{first} {second} {other}");
    }

    #[test]
    fn a_penalty_keeps_weights_small() {
        let strength = |penalty| learned(penalty).outputs(&row(&[1]))[0];
        assert!(strength(0.1) < strength(0.01) && strength(0.01) < strength(1e-4));
    }

    #[test]
    fn bytes_say_nearly_what_was_learned() {
        let learned = learned(1e-3);
        let linear = learned.finished(1.0);
        let mut sums = [0];
        linear.table.add(1 << 50, &mut sums);
        let exact = learned.outputs(&row(&[1]))[0];
        assert!((linear.table.worth(0, sums[0]) - exact).abs() < exact.abs() / 100.0);
    }
}
