//! The days around a finding, and the picture of them.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::heard::COMPARED_DAYS;
use super::{Alert, Excerpt, Picture};
use crate::chart::{self, Day, Focus, Series};
use crate::detect::{Finding, FindingKind};
use crate::mention::{Label, Language, Timestamp};

const DAY: i64 = 24 * 3600;

/// Fewer days are no course of things.
const FEWEST_DAYS: usize = 5;

/// Counts what was heard on each day (UTC), from four weeks before the onset up to the finding; silent days are left out.
pub(super) fn by_day<'a>(finding: &Finding, excerpts: impl Iterator<Item = &'a Excerpt>) -> Vec<Day> {
    let from = midnight(finding.onset).plus_seconds(-COMPARED_DAYS * DAY);
    let mut days: BTreeMap<Timestamp, Day> = BTreeMap::new();
    for excerpt in excerpts.filter(|excerpt| (from..finding.at).contains(&excerpt.arrived_at)) {
        let start = midnight(excerpt.arrived_at);
        let day = days.entry(start).or_insert(Day { start, negative: 0, neutral: 0, positive: 0 });
        match excerpt.label {
            Label::Negative => day.negative += 1,
            Label::Neutral => day.neutral += 1,
            Label::Positive => day.positive += 1,
        }
    }
    days.into_values().collect()
}

const fn midnight(at: Timestamp) -> Timestamp {
    Timestamp::from_seconds(at.seconds().div_euclid(DAY).saturating_mul(DAY))
}

/// What is drawn of a finding; `None` where days show nothing of it, or are too few.
fn series(alert: &Alert) -> Option<Series<'_>> {
    let focus = match alert.finding.kind {
        FindingKind::MoodDown | FindingKind::MoodUp => Focus::Mood,
        FindingKind::Volume => Focus::Volume,
        FindingKind::Burst | FindingKind::Mix | FindingKind::Gap => return None,
    };
    let series = Series { days: &alert.days, onset: alert.finding.onset, until: alert.finding.at, focus };
    (alert.days.len() >= FEWEST_DAYS).then_some(series)
}

/// For mails. A picture that cannot be painted is no reason to lose the mail.
pub(super) fn picture(alert: &Alert, language: Language, zone: Tz) -> Option<Picture> {
    let series = series(alert)?;
    let png = chart::png(&chart::svg(series, language, zone)).ok()?;
    Some(Picture { png, alternative: chart::alternative(series, language, zone) })
}

/// For pages: an SVG that has the looks of the page around it, and what it shows, in a sentence.
pub(crate) fn drawing(alert: &Alert, language: Language, zone: Tz) -> Option<(String, String)> {
    let series = series(alert)?;
    Some((chart::inline(series, language, zone), chart::alternative(series, language, zone)))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz::Europe__Berlin;

    use super::*;
    use crate::alert::{Heard, PICTURE, explain, mail};
    use crate::detect::Rule;

    fn at(day: i64, hour: i64) -> Timestamp {
        Timestamp::from_seconds((20_500 + day) * DAY + hour * 3600)
    }

    fn heard(day: i64, hour: i64, label: Label) -> Excerpt {
        Excerpt {
            arrived_at: at(day, hour),
            source: "forum".to_owned(),
            language: None,
            topics: Vec::new(),
            label,
            score: 0.0,
            text: "Der Zug".to_owned(),
            url: None,
        }
    }

    /// Two mentions every other day, before and since.
    fn alert(kind: FindingKind, days: i64) -> Alert {
        let finding = Finding {
            kind,
            at: at(33, 9),
            onset: at(30, 0),
            onset_earliest: at(29, 0),
            onset_latest: at(31, 0),
            evidence: 6.0,
            rarity_days: 200.0,
            residual: 0.4,
            place: None,
            extent: None,
        };
        let on = |day| [heard(day, 0, Label::Negative), heard(day, 23, Label::Positive)];
        let (before, since): (Vec<Excerpt>, Vec<Excerpt>) =
            (0..days).flat_map(|index| on(33 - 2 * index)).partition(|excerpt| excerpt.arrived_at < finding.onset);
        let rule = Rule { days: 90.0, direction: None, minimum: 0.0 };
        explain("Hellbahn", &finding, rule, &Heard { before, since, ..Heard::default() })
    }

    #[test]
    fn days_are_counted_from_four_weeks_before_up_to_the_finding() {
        let days = alert(FindingKind::MoodDown, 30).days;
        let numbers: Vec<i64> = days.iter().map(|day| day.start.seconds() / DAY - 20_500).collect();
        assert_eq!(numbers, (3..=33).step_by(2).collect::<Vec<_>>(), "silent days are left out");
        assert!(days[..15].iter().all(|day| (day.negative, day.neutral, day.positive) == (1, 0, 1)));
        assert_eq!((days[15].negative, days[15].positive), (1, 0), "the other came after the finding");
    }

    #[test]
    fn a_mail_has_a_picture_where_days_show_what_was_found() {
        let is_drawn = |kind, days| {
            let mail = mail(&alert(kind, days), Language::GERMAN, Europe__Berlin);
            assert_eq!(mail.html.contains(PICTURE), mail.picture.is_some());
            mail.picture.is_some_and(|picture| mail.html.contains(&picture.alternative))
        };
        let drawn = FindingKind::ALL.into_iter().filter(|kind| is_drawn(*kind, 9));
        assert_eq!(drawn.collect::<Vec<_>>(), [FindingKind::MoodDown, FindingKind::MoodUp, FindingKind::Volume]);
        assert!(is_drawn(FindingKind::MoodDown, 5) && !is_drawn(FindingKind::MoodDown, 4), "four days are too few");
    }

    #[test]
    fn alerts_that_were_stored_without_days_are_read() {
        let mut stored = serde_json::to_value(alert(FindingKind::MoodDown, 9)).unwrap();
        stored.as_object_mut().unwrap().remove("days");
        assert_eq!(serde_json::from_value::<Alert>(stored).unwrap().days, []);
    }
}
