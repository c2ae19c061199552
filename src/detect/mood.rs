//! Whether the mood has shifted: in the brand as a whole, or in one segment.
//!
//! The whole brand and each segment that speaks enough are weighed on their own. Their Shiryaev–Roberts sums are added up with
//! weights that sum to one; the sum of a brand without a shift grows by one a day then, just as that of a single series does.
//! So all of them together keep the promise that one would keep alone, however many they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::baseline::{Residual, residual, residual_in};
use super::evidence::{Block, Evidence, Onset, log_add};
use super::ledger::{Ledger, Parts};
use super::wobble::Wobble;
use super::{Direction, Rule};

/// The weight of the whole brand; the segments share the rest.
const BRAND_WEIGHT: f64 = 0.75;

/// Mentions a day from which on a segment is weighed on its own, and below which it no longer is.
const COMPANION_MENTIONS: f64 = 5.0;
const COMPANION_MENTIONS_LEFT: f64 = 2.5;

/// One run of evidence.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Series {
    wobble: Wobble,
    evidence: Evidence,
}

impl Series {
    fn weigh(&self, day: i64, today: Option<Residual>) -> Option<Block> {
        Some(self.wobble.weigh(day, today?))
    }

    fn close_day(&mut self, day: i64, today: Option<Residual>, counts: bool) {
        if let Some(today) = today.filter(|_| counts) {
            self.evidence.add(self.wobble.weigh(day, today));
            self.wobble.learn(today);
        }
        self.wobble.yesterday = today;
    }

    fn start_over(&mut self) {
        self.evidence = Evidence::default();
        self.wobble.yesterday = None;
    }
}

/// The evidence about the whole brand and its segments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mood {
    brand: Series,
    companions: BTreeMap<String, Series>,
}

/// A shift, as far as the evidence goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shift {
    pub(super) direction: Direction,
    pub(super) evidence: f64,
    /// The segment that carries the evidence; `None`: the whole brand.
    pub(super) place: Option<String>,
    pub(super) onset: Onset,
    /// The mean distance from the usual net mood since the onset.
    pub(super) size: f64,
    /// The standard deviation of that.
    pub(super) deviation: f64,
}

impl Mood {
    /// The direction for which most speaks, with the unfinished day added on trial; `None` before there is any evidence.
    pub(super) fn strongest(&self, day: i64, ledger: &Ledger, rule: Rule) -> Option<Shift> {
        let brand = self.brand.weigh(day, residual(&ledger.today, &ledger.usual));
        let rest = match self.companions.len() {
            0 => 0.0,
            #[expect(clippy::cast_precision_loss, reason = "a number of segments")]
            count => (1.0 - BRAND_WEIGHT) / count as f64,
        };
        let mut all = vec![(None, &self.brand, brand, if rest > 0.0 { BRAND_WEIGHT } else { 1.0 })];
        for (segment, series) in &self.companions {
            let today = series.weigh(day, residual_in(segment, &ledger.today, &ledger.usual));
            all.push((Some(segment), series, today, rest));
        }
        let mut strongest: Option<Shift> = None;
        for direction in rule.directions() {
            let mut total = f64::NEG_INFINITY;
            let mut loudest = (f64::NEG_INFINITY, 0);
            for (index, (_, series, today, weight)) in all.iter().enumerate() {
                let Some(sum) = series.evidence.sum_with(*direction, today.as_ref()) else { continue };
                let weighted = sum + weight.ln();
                total = if total.is_finite() { log_add(total, weighted) } else { weighted };
                loudest = if weighted > loudest.0 { (weighted, index) } else { loudest };
            }
            if total > strongest.as_ref().map_or(f64::NEG_INFINITY, |shift| shift.evidence) {
                let (place, series, today, _) = &all[loudest.1];
                let onset = series.evidence.onset(*direction, today.as_ref(), day);
                let (size, deviation) = series.evidence.size_since(onset.most_likely, today.as_ref());
                let place = place.cloned();
                strongest = Some(Shift { direction: *direction, evidence: total, place, onset, size, deviation });
            }
        }
        strongest
    }

    /// Adds the day that is over to the evidence, if it counts.
    pub(super) fn close_day(&mut self, day: i64, age: i64, ledger: &Ledger, counts: bool) {
        self.brand.close_day(day, residual(&ledger.today, &ledger.usual), counts);
        for (segment, series) in &mut self.companions {
            series.close_day(day, residual_in(segment, &ledger.today, &ledger.usual), counts);
        }
        self.choose_companions(&ledger.usual, age);
    }

    fn choose_companions(&mut self, usual: &Parts, age: i64) {
        let days = Ledger::usual_days(age);
        let a_day = |segment: &String| usual.get(segment).map_or(0.0, |tally| tally.mentions / days);
        self.companions.retain(|segment, _| a_day(segment) >= COMPANION_MENTIONS_LEFT);
        for segment in usual.keys().filter(|segment| a_day(segment) >= COMPANION_MENTIONS) {
            if !self.companions.contains_key(segment) {
                self.companions.insert(segment.clone(), Series::default());
            }
        }
        if self.companions.len() == 1 && usual.len() == 1 {
            self.companions.clear(); // the one segment is the brand
        }
    }

    /// After a finding nothing of the old evidence counts.
    pub(super) fn start_over(&mut self) {
        self.brand.start_over();
        self.companions.values_mut().for_each(Series::start_over);
    }
}
