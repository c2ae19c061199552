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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::Label;

    fn seen(day: i64, text: u64, copy: bool) -> (Observation, Excerpt) {
        let arrived_at = Timestamp::from_seconds(day * DAY);
        let observation = Observation {
            arrived_at,
            published_at: None,
            segment: "forum:de".to_owned(),
            author: Some(7),
            text,
            topics: Vec::new(),
            label: Label::Negative,
            copy,
            backfill: false,
        };
        let excerpt = Excerpt {
            arrived_at,
            source: "forum".to_owned(),
            language: None,
            topics: Vec::new(),
            label: Label::Negative,
            score: -0.5,
            text: text.to_string(),
            url: None,
        };
        (observation, excerpt)
    }

    #[test]
    fn what_the_detector_did_not_count_is_nowhere_and_is_told_of_since_the_onset_only() {
        let onset = Timestamp::from_seconds(100 * DAY);
        let [known, compared] = Heard::spans(onset);
        assert_eq!((known.seconds() / DAY, compared.seconds() / DAY), (10, 72));
        let earlier = [(20, 1, false), (21, 1, true)].map(|(day, text, copy)| seen(day, text, copy).0);
        let arrivals = [(80, 2, false), (81, 2, true), (100, 3, false), (101, 1, true)];
        let heard = Heard::new(onset, earlier.into(), arrivals.map(|(day, text, copy)| seen(day, text, copy)).into());
        let texts = |excerpts: &[Excerpt]| excerpts.iter().map(|it| it.text.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(heard.earlier.iter().map(|it| it.text).collect::<Vec<_>>(), [1]);
        assert_eq!((texts(&heard.before).as_str(), texts(&heard.since).as_str()), ("2", "3"));
        assert_eq!(heard.left_out, LeftOut { copies: 1, ..LeftOut::default() });
    }
}
