//! A linear model over hashed features and a few numbers: what is added up, and nothing else.
//!
//! A weight of a hashed feature is one byte, scaled by column; so sums of them are whole numbers, exact in any order.

use serde::{Deserialize, Serialize};

use super::hash::Hash;
use super::signals::Signals;

/// Sums of table weights, one a column.
pub(super) type Sums<const N: usize> = [i32; N];

/// Weights of hashed features, a row of `N` columns for each bucket.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Table<const N: usize> {
    /// There are two to this power rows.
    bits: u32,
    /// What one unit of a column's bytes is worth.
    scales: Vec<f32>,
    /// Row by row, each byte an `i8`.
    #[serde(with = "serde_bytes")]
    rows: Vec<u8>,
}

impl<const N: usize> Table<N> {
    /// From weights as they were learned: `N` for each of two to the power of `bits` buckets.
    pub(super) fn quantised(bits: u32, rows: &[f32]) -> Self {
        let greatest = |column: usize| rows.iter().skip(column).step_by(N).fold(0.0_f32, |most, w| most.max(w.abs()));
        let scales: Vec<f32> = (0..N).map(|column| (greatest(column) / 127.0).max(f32::MIN_POSITIVE)).collect();
        #[expect(clippy::cast_possible_truncation, reason = "at most 127 by the scale")]
        let byte = |(at, weight): (usize, &f32)| ((weight / scales[at % N]).round() as i8).cast_unsigned();
        let rows = rows.iter().enumerate().map(byte).collect();
        Self { bits, scales, rows }
    }

    /// Adds the weights of a feature.
    pub(super) fn add(&self, feature: Hash, sums: &mut Sums<N>) {
        let start = bucket(self.bits, feature) * N;
        if let Some(row) = self.rows.get(start..start + N) {
            sums.iter_mut().zip(row).for_each(|(sum, byte)| *sum += i32::from(byte.cast_signed()));
        }
    }

    /// What a sum of bytes is worth in a column.
    #[expect(clippy::cast_precision_loss, reason = "sums of a text stay far below 2^24")]
    pub(super) fn worth(&self, column: usize, sum: i32) -> f32 {
        sum as f32 * self.scales.get(column).copied().unwrap_or_default()
    }
}

/// The bucket of a feature among two to the power of `bits`.
#[allow(clippy::cast_possible_truncation, reason = "at most 32 bits are left, whatever the width of usize")]
pub(super) const fn bucket(bits: u32, feature: Hash) -> usize {
    (feature >> (63 - bits) >> 1) as usize
}

/// A linear model of hashed features and signals with `N` outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Linear<const N: usize> {
    pub(super) table: Table<N>,
    /// The weights of each signal, one a column.
    pub(super) signals: Vec<Vec<f32>>,
}

impl<const N: usize> Linear<N> {
    /// The outputs for sums that count `share` each, and the signals.
    pub(super) fn outputs(&self, sums: &Sums<N>, share: f32, signals: &Signals) -> [f32; N] {
        let mut outputs = std::array::from_fn(|column| self.table.worth(column, sums[column]) * share);
        for (signal, weights) in signals.iter().zip(&self.signals).filter(|(signal, _)| **signal != 0.0) {
            outputs.iter_mut().zip(weights).for_each(|(output, weight)| *output += signal * weight);
        }
        outputs
    }
}
