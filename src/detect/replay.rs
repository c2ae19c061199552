//! A history, lived through under several promises at once. Pure.

use super::{Detector, FindingKind, Observation, Report, Rule, SECONDS_PER_DAY, SECONDS_PER_HOUR, WARM_UP_DAYS};
use crate::mention::Timestamp;

/// Detectors on their way through one history.
#[derive(Clone, Debug)]
pub struct Replay {
    lanes: Vec<Lane>,
    /// The first and the last arrival.
    span: Option<(Timestamp, Timestamp)>,
    mentions: usize,
}

/// One promise.
#[derive(Clone, Debug)]
struct Lane {
    rule: Rule,
    detector: Detector,
    reports: Vec<Report>,
}

impl Replay {
    /// A detector for each of the promises, none of which has heard anything yet.
    pub fn new(rules: &[Rule]) -> Self {
        let lane = |rule: &Rule| Lane { rule: *rule, detector: Detector::default(), reports: Vec::new() };
        Self { lanes: rules.iter().map(lane).collect(), span: None, mentions: 0 }
    }

    /// Lets them hear what arrived next, in the order of arrival.
    pub fn take(&mut self, observations: &[Observation]) {
        let (Some(first), Some(last)) = (observations.first(), observations.last()) else { return };
        let since = self.span.map_or(first.arrived_at, |(since, _)| since);
        self.span = Some((since, last.arrived_at));
        self.mentions += observations.len();
        self.run(observations, last.arrived_at);
    }

    /// Lets them judge the hour of the last arrival, too.
    pub fn close(&mut self) {
        let Some((_, last)) = self.span else { return };
        self.run(&[], Timestamp::from_seconds((last.hour() + 1) * SECONDS_PER_HOUR));
    }

    /// Lets them forget what they have heard: another model reads what comes next.
    pub fn start_anew(&mut self) {
        self.close();
        self.lanes.iter_mut().for_each(|lane| lane.detector = Detector::default());
    }

    /// What each has reported since this was last asked.
    pub fn reports(&mut self) -> Vec<Vec<Report>> {
        self.lanes.iter_mut().map(|lane| std::mem::take(&mut lane.reports)).collect()
    }

    /// The first and the last arrival; `None` before anything was heard.
    pub const fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.span
    }

    /// How many mentions were heard.
    pub const fn mentions(&self) -> usize {
        self.mentions
    }

    fn run(&mut self, observations: &[Observation], now: Timestamp) {
        for lane in &mut self.lanes {
            lane.reports.extend(lane.detector.run(lane.rule, observations, now));
        }
    }
}

/// How many of the reports are findings of a kind.
pub fn count(reports: &[Report], kind: FindingKind) -> usize {
    reports.iter().filter(|it| matches!(it, Report::Found(finding) if finding.kind == kind)).count()
}

/// How many shifts of the mood that makes in 90 days; `None` where the history is too short. The days that only teach what
/// is usual do not count.
#[expect(clippy::cast_precision_loss, reason = "numbers of findings and seconds")]
pub fn shifts_in_90_days(reports: &[Report], (from, to): (Timestamp, Timestamp)) -> Option<f64> {
    let shifts = count(reports, FindingKind::MoodDown) + count(reports, FindingKind::MoodUp);
    let days = (to.seconds() - from.seconds()) as f64 / SECONDS_PER_DAY as f64 - WARM_UP_DAYS as f64;
    (days >= 1.0).then(|| shifts as f64 * 90.0 / days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::Label;

    /// Ten mentions a day for so many days, of which those of the last ten are negative.
    fn history(days: i64) -> Vec<Observation> {
        let mention = |number: i64| Observation {
            arrived_at: Timestamp::from_seconds(number * SECONDS_PER_DAY / 10),
            published_at: None,
            segment: "forum:de".to_owned(),
            author: Some(number.cast_unsigned()),
            text: number.cast_unsigned(),
            topics: Vec::new(),
            label: if number >= (days - 10) * 10 || number % 3 == 0 { Label::Negative } else { Label::Positive },
            copy: false,
            backfill: false,
        };
        (0..days * 10).map(mention).collect()
    }

    #[test]
    fn several_promises_report_what_each_would_by_itself_however_the_history_is_cut() {
        let rules = [30.0, 365.0].map(|days| Rule { days, ..Rule::default() });
        let (history, mut replay) = (history(120), Replay::new(&rules));
        let mut told = vec![Vec::new(); 2];
        for chunk in history.chunks(97) {
            replay.take(chunk);
            told.iter_mut().zip(replay.reports()).for_each(|(told, reports)| told.extend(reports));
        }
        replay.close();
        told.iter_mut().zip(replay.reports()).for_each(|(told, reports)| told.extend(reports));
        let last = history.last().unwrap().arrived_at;
        let end = Timestamp::from_seconds((last.hour() + 1) * SECONDS_PER_HOUR);
        for (rule, reports) in rules.iter().zip(&told) {
            assert_eq!(*reports, Detector::default().run(*rule, &history, end));
            assert_eq!(count(reports, FindingKind::MoodDown), 1);
        }
        assert_eq!((replay.mentions(), replay.span()), (1200, Some((Timestamp::from_seconds(0), last))));
        let shifts = shifts_in_90_days(&told[0], replay.span().unwrap()).unwrap();
        assert!((shifts - 1.0).abs() < 0.01, "120 days, of which 30 only teach: {shifts}");
        assert_eq!(shifts_in_90_days(&[], (Timestamp::from_seconds(0), Timestamp::from_seconds(86_400))), None);
    }

    #[test]
    fn who_starts_anew_has_forgotten_what_is_usual() {
        let (history, mut replay) = (history(120), Replay::new(&[Rule::default()]));
        let (before, since) = history.split_at(1100);
        replay.take(before);
        replay.start_anew();
        replay.take(since);
        replay.close();
        assert_eq!(replay.reports(), [Vec::new()]);
    }
}
