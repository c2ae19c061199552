//! What an explanation is made of: what was heard before a finding and since, as far as the detector counted it.

use super::Excerpt;
use crate::detect::{Hygiene, LeftOut, Observation};
use crate::mention::Timestamp;

const DAY: i64 = 86_400;

/// How many days before its onset a shift is compared with.
pub(super) const COMPARED_DAYS: i64 = 28;
/// From so many days before its onset on, whatever was heard helps to tell whose mood it was that turned.
const KNOWN_DAYS: i64 = 90;

/// What was heard around the onset of a finding.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// The moods of the weeks before those of `before`: nobody is quoted with them, but who knows what was usual in a source
    /// sees sooner that it has turned.
    pub earlier: Vec<Observation>,
    /// What the shift is compared with.
    pub before: Vec<Excerpt>,
    /// What was said since the onset.
    pub since: Vec<Excerpt>,
    /// What [`Hygiene`] kept out since the onset.
    pub left_out: LeftOut,
}

impl Heard {
    /// When `earlier` and `before` begin.
    pub fn spans(onset: Timestamp) -> [Timestamp; 2] {
        [KNOWN_DAYS, COMPARED_DAYS].map(|days| onset.plus_seconds(-days * DAY))
    }

    /// Keeps what the detector counted; both in the order of arrival, `arrivals` after `earlier`.
    pub fn new(onset: Timestamp, earlier: Vec<Observation>, arrivals: Vec<(Observation, Excerpt)>) -> Self {
        let (mut heard, mut hygiene) = (Self::default(), Hygiene::default());
        heard.earlier = earlier;
        heard.earlier.retain(|observation| hygiene.exclude(observation).is_none());
        for (observation, excerpt) in arrivals {
            let is_since = observation.arrived_at >= onset;
            match hygiene.exclude(&observation) {
                Some(exclusion) if is_since => heard.left_out.add(exclusion),
                Some(_) => {}
                None if is_since => heard.since.push(excerpt),
                None => heard.before.push(excerpt),
            }
        }
        heard
    }
}
