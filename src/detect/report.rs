//! From what a part of the detector says to a finding.

use super::burst::Burst;
use super::ledger::LAG_DAYS;
use super::mix::Mix;
use super::mood::Shift;
use super::volume::Unusual;
use super::{
    Blend, Extent, Finding, FindingKind, HOURS_PER_DAY, Observation, RAREST_DAYS, Rule, SECONDS_PER_HOUR, end_of,
    start_of,
};
use crate::mention::Timestamp;

pub(super) fn of_shift(shift: Shift, hour: i64, rule: Rule) -> Finding {
    Finding {
        kind: shift.direction.finding(),
        at: end_of(hour),
        onset: start_of(shift.onset.most_likely),
        onset_earliest: start_of(shift.onset.earliest),
        onset_latest: start_of(shift.onset.latest),
        evidence: shift.evidence,
        rarity_days: rule.rarity_days(shift.evidence).min(RAREST_DAYS),
        residual: shift.size,
        place: shift.place,
        extent: None,
    }
}

/// What is told by the hour.
fn told(kind: FindingKind, hour: i64, since: i64, extent: Extent) -> Finding {
    let onset = Timestamp::from_seconds(since.saturating_mul(SECONDS_PER_HOUR));
    Finding {
        kind,
        at: end_of(hour),
        onset,
        onset_earliest: onset,
        onset_latest: onset,
        evidence: 0.0,
        rarity_days: 0.0,
        residual: 0.0,
        place: None,
        extent: Some(extent),
    }
}

pub(super) fn of_volume(unusual: Unusual, hour: i64) -> Finding {
    let kind = match unusual.extent {
        Extent::Silence { .. } => FindingKind::Gap,
        _ => FindingKind::Volume,
    };
    Finding {
        evidence: unusual.evidence,
        rarity_days: unusual.rarity_days.min(RAREST_DAYS),
        place: unusual.place,
        ..told(kind, hour, unusual.since, unusual.extent)
    }
}

pub(super) fn of_burst(burst: Burst, observation: &Observation, hour: i64) -> Finding {
    let place = Some(observation.segment.clone());
    Finding { place, ..told(FindingKind::Burst, hour, burst.since, burst.extent) }
}

pub(super) fn of_mix(mix: Mix, of: Blend, hour: i64) -> Finding {
    let Mix { part, before, since, effect, .. } = mix;
    let extent = Extent::Mix { of, part, before, since, effect };
    let lately = hour - LAG_DAYS * HOURS_PER_DAY;
    Finding { residual: mix.own, ..told(FindingKind::Mix, hour, lately, extent) }
}
