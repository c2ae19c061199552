use proptest::prelude::*;

use super::*;

mod kinds;

const RULE: Rule = Rule { days: 90.0, direction: None, minimum: 0.0 };
const FIRST_HOUR: i64 = 20_000 * HOURS_PER_DAY;
const CALM: Shares = Shares { negative: 20, neutral: 30 };
const UPSET: Shares = Shares { negative: 45, neutral: 30 };
const FURIOUS: Shares = Shares { negative: 85, neutral: 10 };

/// Shares in percent; the rest is positive.
#[derive(Clone, Copy)]
struct Shares {
    negative: u64,
    neutral: u64,
}

/// SplitMix64 (Steele, Lea and Flood 2014): simple enough to be written again wherever a stream is to be checked.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    fn label(&mut self, shares: Shares) -> Label {
        match self.roll(100) {
            roll if roll < shares.negative => Label::Negative,
            roll if roll < shares.negative + shares.neutral => Label::Neutral,
            _ => Label::Positive,
        }
    }
}

fn said(hour: i64, segment: &str, label: Label) -> Observation {
    Observation {
        arrived_at: at(hour),
        published_at: None,
        segment: segment.into(),
        author: None,
        text: 0,
        topics: Vec::new(),
        label,
        copy: false,
        backfill: false,
    }
}

/// The start of the hour, counted from the start of the stream.
fn at(hour: i64) -> Timestamp {
    Timestamp::from_seconds((FIRST_HOUR + hour) * SECONDS_PER_HOUR)
}

/// 36 mentions a day from three segments, whose mood changes at the start of day `change`.
fn stream(seed: u64, days: i64, change: i64, before: Shares, after: Shares) -> Vec<Observation> {
    let mut dice = Dice(seed);
    let mut mentions = Vec::new();
    for hour in 0..days * HOURS_PER_DAY {
        for _ in 0..dice.roll(4) {
            let segment = ["shop:de", "forum:de", "forum:en"][dice.roll(3) as usize];
            let shares = if hour < change * HOURS_PER_DAY { before } else { after };
            mentions.push(said(hour, segment, dice.label(shares)));
        }
    }
    mentions
}

fn findings(observations: &[Observation]) -> Vec<Finding> {
    let end = observations.last().map_or(at(0), |last| last.arrived_at.plus_seconds(SECONDS_PER_HOUR));
    found(Detector::default().run(RULE, observations, end))
}

/// The findings that a shift of the mood is.
fn found(reports: Vec<Report>) -> Vec<Finding> {
    reports.into_iter().filter_map(Report::finding).filter(|finding| finding.kind.direction().is_some()).collect()
}

#[test]
fn a_fall_and_a_rise_are_found_within_days() {
    for seed in 1..=5 {
        for (before, after, kind) in [(CALM, UPSET, FindingKind::MoodDown), (UPSET, CALM, FindingKind::MoodUp)] {
            let findings = findings(&stream(seed, 90, 50, before, after));
            let finding = findings.iter().find(|it| it.kind == kind && it.at >= at(50 * HOURS_PER_DAY)).unwrap();
            assert!((at(50 * HOURS_PER_DAY)..at(60 * HOURS_PER_DAY)).contains(&finding.at), "{finding:?}");
            assert!((0.1..0.8).contains(&finding.residual.abs()), "{finding:?}");
        }
    }
}

#[test]
fn the_onset_range_holds_the_day_of_the_change() {
    let true_onset = at(50 * HOURS_PER_DAY);
    for seed in 1..=10 {
        let finding = &findings(&stream(seed, 90, 50, CALM, UPSET))[0];
        assert!(finding.onset_earliest <= finding.onset && finding.onset <= finding.onset_latest, "{finding:?}");
        assert!(finding.onset_earliest <= true_onset && true_onset <= finding.onset_latest, "{finding:?}");
    }
}

#[test]
fn calm_brands_stay_below_the_promised_number_of_false_alarms() {
    let alarms: usize = (0..20).map(|seed| findings(&stream(seed, 120, 120, CALM, CALM)).len()).sum();
    assert!(alarms <= 20, "{alarms} alarms in twenty times 90 watched days");
}

#[test]
fn nothing_is_found_in_the_first_thirty_days() {
    let mentions = stream(1, 40, 10, Shares { negative: 5, neutral: 10 }, Shares { negative: 80, neutral: 10 });
    let found = findings(&mentions);
    assert_eq!(found[0].at, at(WARM_UP_DAYS * HOURS_PER_DAY + 1), "as soon as it may be said");
}

#[test]
fn a_new_angry_source_is_no_change_of_anybodys_mood() {
    let mut mentions = stream(4, 60, 60, CALM, CALM);
    assert_eq!(findings(&mentions), []);
    mentions.extend((50 * HOURS_PER_DAY..60 * HOURS_PER_DAY).map(|hour| said(hour, "angry:de", Label::Negative)));
    mentions.sort_by_key(|mention| mention.arrived_at);
    assert_eq!(findings(&mentions), []);
}

#[test]
fn one_furious_author_raises_no_alarm_but_a_hundred_do() {
    let storm = |authors: u64| {
        let mut mentions = stream(4, 60, 60, CALM, CALM);
        let noon = 50 * HOURS_PER_DAY + 12;
        mentions.extend(
            (0..100)
                .map(|index| Observation { author: Some(index % authors), ..said(noon, "shop:de", Label::Negative) }),
        );
        mentions.sort_by_key(|mention| mention.arrived_at);
        findings(&mentions).len()
    };
    assert_eq!((storm(1), storm(100)), (0, 1));
}

#[test]
fn neither_copies_nor_old_news_nor_a_backfill_raise_an_alarm() {
    type Spoil = fn(&mut Observation);
    let spoils: [Spoil; 3] = [
        |mention| mention.copy = true,
        |mention| mention.backfill = true,
        |mention| mention.published_at = Some(mention.arrived_at.plus_seconds(-49 * 3600)),
    ];
    for spoil in spoils {
        let mut mentions = stream(4, 60, 60, CALM, CALM);
        let mut storm = vec![said(50 * HOURS_PER_DAY, "shop:de", Label::Negative); 500];
        storm.iter_mut().for_each(spoil);
        mentions.extend(storm);
        mentions.sort_by_key(|mention| mention.arrived_at);
        assert_eq!(findings(&mentions), []);
    }
}

#[test]
fn a_late_mention_counts_into_the_hour_that_is_open() {
    let (mut late, mut punctual) = (Detector::default(), Detector::default());
    let now = at(11);
    late.run(RULE, &[said(10, "a:de", Label::Positive)], now);
    punctual.clone_from(&late);
    late.run(RULE, &[said(3, "a:de", Label::Negative)], now);
    punctual.run(RULE, &[said(11, "a:de", Label::Negative)], now);
    assert_eq!(late, punctual);
}

#[test]
fn a_thousand_years_of_silence_cost_nothing_and_are_no_evidence() {
    let mentions = stream(5, 40, 40, CALM, CALM);
    let later = at(1000 * 365 * HOURS_PER_DAY);
    let mut detector = Detector::default();
    assert_eq!(found(detector.run(RULE, &mentions, later)), []);
    assert_eq!(detector.run(RULE, &[], later.plus_seconds(3600)), []);
    assert_eq!(detector, Detector { hygiene: detector.hygiene.clone(), ..Detector::default() }, "all is forgotten");
}

#[test]
fn the_state_stays_small() {
    let mentions = stream(6, 120, 120, CALM, CALM);
    let mut detector = Detector::default();
    detector.run(RULE, &mentions, at(120 * HOURS_PER_DAY));
    let size = serde_json::to_string(&detector).unwrap().len();
    assert!(size < 4 * 4096, "{size} bytes for a brand and three segments");
}

#[test]
fn a_finding_is_stored_in_words_that_people_can_read() {
    let finding = Finding {
        kind: FindingKind::MoodDown,
        at: at(50),
        onset: at(24),
        onset_earliest: at(0),
        onset_latest: at(24),
        evidence: 5.5,
        rarity_days: 122.25,
        residual: -0.3,
        place: None,
        extent: None,
    };
    insta::assert_snapshot!(serde_json::to_string(&finding).unwrap(), @r#"{"kind":"mood_down","at":"2024-10-06T02:00:00Z","onset":"2024-10-05T00:00:00Z","onset_earliest":"2024-10-04T00:00:00Z","onset_latest":"2024-10-05T00:00:00Z","evidence":5.5,"rarity_days":122.25,"residual":-0.3}"#);
}

/// A stream whose mentions come in arrival order, some stamped with an hour that is over, with a shift in it.
fn unruly_stream(seed: u64) -> Vec<Observation> {
    let mut dice = Dice(seed);
    let mut mentions = stream(seed, 70, 45, CALM, UPSET);
    for mention in &mut mentions {
        mention.author = Some(dice.roll(40));
        mention.copy = dice.roll(20) == 0;
        mention.arrived_at = mention.arrived_at.plus_seconds(dice.roll(3600) as i64);
    }
    mentions.sort_by_key(|mention| mention.arrived_at);
    for mention in mentions.iter_mut().skip(1).step_by(17) {
        mention.arrived_at = mention.arrived_at.plus_seconds(-7200);
    }
    mentions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_restart_at_any_point_changes_no_finding(
        seed in 0_u64..6,
        cuts in prop::collection::btree_set(0_usize..1000, 1..8),
        wait in 0.0_f64..=1.0,
    ) {
        let mentions = unruly_stream(seed);
        let end = at(71 * HOURS_PER_DAY);
        let whole = Detector::default().run(RULE, &mentions, end);
        prop_assert!(!whole.is_empty());

        let (mut detector, mut parts, mut done) = (Detector::default(), Vec::new(), 0);
        for cut in cuts {
            let next = cut * mentions.len() / 1000;
            let clock = mentions[..next].iter().map(|mention| mention.arrived_at).max().unwrap_or(at(0));
            let gap = mentions[next].arrived_at.seconds() - clock.seconds();
            let now = clock.plus_seconds((gap.max(0) as f64 * wait) as i64);
            parts.extend(detector.run(RULE, &mentions[done..next], now));
            let stored = serde_json::to_string(&detector).unwrap();
            let restored: Detector = serde_json::from_str(&stored).unwrap();
            prop_assert_eq!(&restored, &detector, "the state survives storage to the last bit");
            (detector, done) = (restored, next);
        }
        parts.extend(detector.run(RULE, &mentions[done..], end));
        prop_assert_eq!(parts, whole);
    }

    #[test]
    fn the_order_of_segments_within_an_hour_does_not_matter(seed in 0_u64..6) {
        let mentions = stream(seed, 60, 45, CALM, UPSET);
        let mut reversed = mentions.clone();
        reversed.reverse();
        reversed.sort_by_key(|mention| mention.arrived_at);
        prop_assert_eq!(findings(&reversed), findings(&mentions));
    }

    #[test]
    fn no_clock_however_wrong_makes_it_panic(
        times in prop::collection::vec((any::<i64>(), any::<Option<i64>>(), any::<i64>()), 1..6),
    ) {
        let mut detector = Detector::default();
        for (arrived, published, now) in times {
            let mut mention = said(0, "a:de", Label::Negative);
            mention.arrived_at = Timestamp::from_seconds(arrived);
            mention.published_at = published.map(Timestamp::from_seconds);
            mention.author = Some(1);
            detector.run(RULE, &[mention], Timestamp::from_seconds(now));
        }
        prop_assert!(serde_json::from_str::<Detector>(&serde_json::to_string(&detector).unwrap()).is_ok());
    }
}
