//! Findings of the right kind, and what becomes of them.

use super::*;

fn sorted(mut mentions: Vec<Observation>) -> Vec<Observation> {
    mentions.sort_by_key(|mention| mention.arrived_at);
    mentions
}

fn reports(observations: &[Observation], days: i64) -> Vec<Report> {
    Detector::default().run(RULE, observations, at(days * HOURS_PER_DAY))
}

fn kinds(observations: &[Observation], days: i64) -> Vec<FindingKind> {
    reports(observations, days).into_iter().filter_map(Report::finding).map(|finding| finding.kind).collect()
}

/// As a stream, but without what is said from one day to another.
fn silent(seed: u64, from: i64, to: i64, days: i64) -> Vec<Observation> {
    let silence = at(from * HOURS_PER_DAY)..at(to * HOURS_PER_DAY);
    let mut mentions = stream(seed, days, days, CALM, CALM);
    mentions.retain(|mention| !silence.contains(&mention.arrived_at));
    mentions
}

#[test]
fn five_times_as_much_with_the_same_mood_is_volume() {
    let mut mentions = stream(4, 60, 60, CALM, CALM);
    for seed in 5..9 {
        let spike = at(50 * HOURS_PER_DAY)..at(51 * HOURS_PER_DAY);
        mentions.extend(stream(seed, 60, 60, CALM, CALM).into_iter().filter(|it| spike.contains(&it.arrived_at)));
    }
    let found = reports(&sorted(mentions), 60).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    let [
        Finding {
            kind: FindingKind::Volume, at: noticed, extent: Some(Extent::Volume { mentions, expected, .. }), ..
        },
    ] = &found[..]
    else {
        panic!("{found:?}")
    };
    assert!(*noticed < at(51 * HOURS_PER_DAY), "within the day");
    assert!(*mentions as f64 > 2.0 * expected, "{mentions} for {expected}");
}

#[test]
fn a_silence_that_never_is_is_a_gap_and_told_once() {
    let found = reports(&silent(4, 50, 53, 60), 60).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    let [Finding { kind: FindingKind::Gap, onset, place: None, extent: Some(Extent::Silence { .. }), .. }] = &found[..]
    else {
        panic!("{found:?}")
    };
    assert!((at(49 * HOURS_PER_DAY)..=at(50 * HOURS_PER_DAY)).contains(onset), "since the last word: {onset}");
}

#[test]
fn who_never_spoke_is_not_silent() {
    assert_eq!(reports(&[], 60), []);
}

#[test]
fn one_source_that_falls_silent_among_others_is_named() {
    let mut mentions = stream(4, 60, 60, CALM, CALM);
    mentions.retain(|it| source_of(&it.segment) != "shop" || it.arrived_at < at(50 * HOURS_PER_DAY));
    let found = reports(&mentions, 60).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    assert_eq!(
        found.iter().map(|it| (it.kind, it.place.as_deref())).collect::<Vec<_>>(),
        [(FindingKind::Gap, Some("shop"))]
    );
}

#[test]
fn what_comes_at_once_after_a_gap_is_no_volume() {
    let mut mentions = silent(4, 50, 52, 60);
    let missed = at(50 * HOURS_PER_DAY)..at(52 * HOURS_PER_DAY);
    mentions.extend(
        stream(4, 60, 60, CALM, CALM).into_iter().filter(|it| missed.contains(&it.arrived_at)).map(|it| Observation {
            published_at: Some(it.arrived_at),
            arrived_at: at(52 * HOURS_PER_DAY),
            ..it
        }),
    );
    assert_eq!(kinds(&sorted(mentions), 60), [FindingKind::Gap]);
}

#[test]
fn one_author_over_and_over_is_a_burst_and_no_shift() {
    let mut mentions = stream(4, 60, 60, CALM, CALM);
    let noon = 50 * HOURS_PER_DAY + 12;
    mentions.extend((0..40).map(|_| Observation { author: Some(7), ..said(noon, "shop:de", Label::Negative) }));
    let found = reports(&sorted(mentions), 60).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    assert!(
        matches!(
            &found[..],
            [Finding { kind: FindingKind::Burst, extent: Some(Extent::Author { author: 7, .. }), .. }]
        ),
        "{found:?}"
    );
}

#[test]
fn one_text_in_many_places_is_a_burst_and_no_shift() {
    let mut mentions = stream(4, 60, 60, CALM, CALM);
    let noon = 50 * HOURS_PER_DAY + 12;
    let copy = |n: i64| Observation { text: 99, copy: n > 0, ..said(noon + n / 8, "press:de", Label::Negative) };
    mentions.extend((0..40).map(copy));
    let found = reports(&sorted(mentions), 60).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    assert!(
        matches!(&found[..], [Finding { kind: FindingKind::Burst, extent: Some(Extent::Text { text: 99, .. }), .. }]),
        "{found:?}"
    );
}

#[test]
fn a_new_angry_forum_is_another_blend_and_no_shift() {
    let mut mentions = stream(4, 70, 70, CALM, CALM);
    let angry = stream(5, 70, 70, UPSET, UPSET).into_iter().filter(|it| it.arrived_at >= at(50 * HOURS_PER_DAY));
    mentions.extend(angry.map(|it| Observation { segment: "angry:de".into(), label: Label::Negative, ..it }));
    let found = reports(&sorted(mentions), 70).into_iter().filter_map(Report::finding).collect::<Vec<_>>();
    let [Finding { kind: FindingKind::Mix, at: noticed, extent: Some(Extent::Mix { of, part, effect, .. }), .. }] =
        &found[..]
    else {
        panic!("{found:?}")
    };
    assert!(*noticed < at(57 * HOURS_PER_DAY) && *effect < -0.08);
    assert_eq!((*of, part.as_str()), (Blend::Segments, "angry:de"));
}

#[test]
fn a_fall_in_one_segment_names_it() {
    let mut mentions = stream(4, 70, 70, CALM, CALM);
    let upset = stream(4, 70, 50, CALM, Shares { negative: 80, neutral: 10 });
    mentions.retain(|it| it.segment != "forum:de");
    mentions.extend(upset.into_iter().filter(|it| it.segment == "forum:de"));
    let finding = &findings(&sorted(mentions))[0];
    assert_eq!((finding.kind, finding.place.as_deref()), (FindingKind::MoodDown, Some("forum:de")));
}

#[test]
fn a_fall_that_passes_is_over_once_and_is_no_rise() {
    let mut mentions = stream(4, 90, 50, CALM, UPSET);
    mentions.retain(|it| it.arrived_at < at(60 * HOURS_PER_DAY));
    mentions.extend(stream(5, 90, 90, CALM, CALM).into_iter().filter(|it| it.arrived_at >= at(60 * HOURS_PER_DAY)));
    let reports = reports(&mentions, 90);
    let told: Vec<_> = reports
        .iter()
        .map(|report| match report {
            Report::Found(finding) => finding.kind.name(),
            Report::Developed(development) => development.stage.name(),
        })
        .collect();
    assert_eq!(told.iter().filter(|name| **name == "over").count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|name| **name == "mood_down").count(), 1, "{told:?}");
    assert!(!told.contains(&"mood_up"), "{told:?}");
}

#[test]
fn a_fall_that_turns_into_a_rise_ends_once_and_the_rise_is_found() {
    let delighted = Shares { negative: 2, neutral: 10 };
    let mut mentions = stream(4, 90, 50, CALM, UPSET);
    mentions.retain(|it| it.arrived_at < at(58 * HOURS_PER_DAY));
    let rest = stream(5, 90, 0, delighted, delighted);
    mentions.extend(rest.into_iter().filter(|it| it.arrived_at >= at(58 * HOURS_PER_DAY)));
    let told: Vec<_> = reports(&mentions, 75)
        .into_iter()
        .map(|report| match report {
            Report::Found(finding) => finding.kind.name(),
            Report::Developed(development) => development.stage.name(),
        })
        .collect();
    // Whether it is seen at the usual level on its way, or only when it is beyond, is a matter of hours.
    let ends: Vec<_> = told.iter().enumerate().filter(|(_, name)| ["over", "reversed"].contains(name)).collect();
    assert!(ends.len() == 1 && told.get(ends[0].0 + 1) == Some(&"mood_up"), "{told:?}");
}

#[test]
fn a_fall_that_stays_becomes_the_usual() {
    let reports = reports(&stream(4, 100, 50, CALM, UPSET), 100);
    let Some(Report::Developed(last)) = reports.last() else { panic!("{reports:?}") };
    assert_eq!((last.kind, last.stage), (FindingKind::MoodDown, Stage::Settled));
    assert!(last.residual < -0.1, "{last:?}");
}

/// The mood turns bad on day 50, and far worse on the day given.
fn two_falls(second: i64) -> Vec<Observation> {
    let mut mentions = stream(4, 80, 50, CALM, UPSET);
    mentions.retain(|mention| mention.arrived_at < at(second * HOURS_PER_DAY));
    let worse = stream(5, 80, second, UPSET, FURIOUS);
    mentions.extend(worse.into_iter().filter(|mention| mention.arrived_at >= at(second * HOURS_PER_DAY)));
    mentions
}

#[test]
fn one_great_fall_is_one_finding_though_the_usual_takes_days_to_follow() {
    for seed in 1..6 {
        assert_eq!(kinds(&stream(seed, 80, 50, CALM, FURIOUS), 80), [FindingKind::MoodDown], "seed {seed}");
    }
}

#[test]
fn what_falls_again_weeks_later_is_found_again_and_the_first_fall_was_the_usual_by_then() {
    let reports = reports(&two_falls(64), 80);
    let found: Vec<_> = reports.iter().cloned().filter_map(Report::finding).map(|finding| finding.at).collect();
    let [first, second] = found[..] else { panic!("{reports:?}") };
    assert!(first < at(55 * HOURS_PER_DAY) && (at(64 * HOURS_PER_DAY)..at(75 * HOURS_PER_DAY)).contains(&second));
    let settled = |report: &Report| matches!(report, Report::Developed(it) if it.stage == Stage::Settled);
    assert!(reports.iter().any(settled), "{reports:?}");
}

#[test]
fn a_shift_smaller_than_asked_for_is_not_told() {
    let rule = Rule { minimum: 0.6, ..RULE };
    let found = Detector::default().run(rule, &stream(4, 90, 50, CALM, UPSET), at(90 * HOURS_PER_DAY));
    assert_eq!(found.into_iter().filter_map(Report::finding).collect::<Vec<_>>(), []);
}

#[test]
fn who_asks_for_falls_only_hears_of_no_rise() {
    let rule = Rule { direction: Some(Direction::Down), ..RULE };
    let found = Detector::default().run(rule, &stream(2, 90, 50, UPSET, CALM), at(90 * HOURS_PER_DAY));
    assert_eq!(found.into_iter().filter_map(Report::finding).collect::<Vec<_>>(), []);
}
