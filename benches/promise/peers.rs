//! How others decide that the mood fell: their rules on the very same streams, with every copy and every author counted.

use stimmung::detect::Observation;
use stimmung::mention::Label;

use crate::stream::{DAYS, hours_since_start};

/// A rule of others.
#[derive(Clone, Copy)]
pub(crate) enum Peer {
    /// The share of negatives of the last 24 hours against the seven days before, in standard deviations of their daily shares.
    LastDay {
        /// How many are too many.
        deviations: f64,
    },
    /// The smoothed z-score of daily shares: 14 days, an alarm beyond 3.5 deviations, which then counts a tenth.
    Peak,
}

impl Peer {
    pub(crate) const ALL: [Self; 3] =
        [Self::LastDay { deviations: 2.0 }, Self::LastDay { deviations: 3.0 }, Self::Peak];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::LastDay { deviations: 2.0 } => "24 h against 7 days, 2 sd",
            Self::LastDay { .. } => "24 h against 7 days, 3 sd",
            Self::Peak => "smoothed z-score",
        }
    }

    /// Days on which it raises an alarm about a worse mood, three days apart at least.
    pub(crate) fn alarms(self, observations: &[Observation]) -> Vec<i64> {
        let mut counts = vec![[0.0, 0.0]; DAYS as usize];
        for seen in observations {
            let day = &mut counts[(hours_since_start(seen.arrived_at) / 24.0) as usize];
            day[0] += f64::from(seen.label == Label::Negative);
            day[1] += 1.0;
        }
        let shares: Vec<f64> = counts.iter().map(|[bad, all]| if *all > 0.0 { bad / all } else { 0.0 }).collect();
        let alarms = match self {
            Self::LastDay { deviations } => last_day(&shares, deviations),
            Self::Peak => peak(&shares),
        };
        let mut apart: Vec<i64> = Vec::new();
        for day in alarms {
            if apart.last().is_none_or(|last| day - last >= 3) {
                apart.push(day);
            }
        }
        apart
    }
}

fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let square = values.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / values.len() as f64;
    (mean, square.sqrt())
}

fn last_day(shares: &[f64], deviations: f64) -> Vec<i64> {
    let is_alarm = |day: &usize| {
        let (mean, deviation) = mean_and_deviation(&shares[day - 7..*day]);
        shares[*day] > mean + deviations * deviation
    };
    (7..shares.len()).filter(is_alarm).map(|day| day as i64).collect()
}

fn peak(shares: &[f64]) -> Vec<i64> {
    const LAG: usize = 14;
    let mut smoothed = shares[..LAG].to_vec();
    let mut alarms = Vec::new();
    for day in LAG..shares.len() {
        let (mean, deviation) = mean_and_deviation(&smoothed[day - LAG..]);
        let strays = (shares[day] - mean).abs() > 3.5 * deviation;
        if strays && shares[day] > mean {
            alarms.push(day as i64);
        }
        smoothed.push(if strays { 0.1 * shares[day] + 0.9 * smoothed[day - 1] } else { shares[day] });
    }
    alarms
}
