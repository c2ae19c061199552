use proptest::prelude::*;

use super::*;

const DAY: i64 = 24 * 3600;

fn start(day: i64) -> Timestamp {
    Timestamp::from_seconds((20_500 + day) * DAY)
}

fn day(number: i64, counts: [u64; 3]) -> Day {
    let [negative, neutral, positive] = counts;
    Day { start: start(number), negative, neutral, positive }
}

/// Four calm weeks with a gap, then four days of anger.
fn days() -> Vec<Day> {
    let calm = |number: i64| {
        let wave = (number * 37 % 11) as u64;
        day(number, [5 + wave % 4, 6 + wave % 3, 14 + wave % 6])
    };
    let upset = |number: i64| day(number, [23 + (number % 3) as u64 * 6, 7, 5]);
    let all = (0..28).filter(|number| !(9..11).contains(number)).map(calm).chain((28..31).map(upset));
    all.chain([day(31, [9, 2, 1])]).collect()
}

fn series(days: &[Day], focus: Focus) -> Series<'_> {
    let onset = if focus == Focus::Mood { start(28) } else { start(28).plus_seconds(15 * 3600) };
    Series { days, onset, until: start(31).plus_seconds(9 * 3600), focus }
}

fn drawn(days: &[Day], focus: Focus, language: Language) -> String {
    svg(series(days, focus), language, Tz::Europe__Berlin)
}

fn size(png: &[u8]) -> [u32; 2] {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()))
}

#[test]
fn a_fall_is_drawn_in_both_languages() {
    for language in [Language::GERMAN, Language::ENGLISH] {
        insta::assert_snapshot!(format!("fall_{language}"), drawn(&days(), Focus::Mood, language));
    }
}

#[test]
fn where_much_is_said_the_mentions_stand_first() {
    insta::assert_snapshot!(drawn(&days(), Focus::Volume, Language::GERMAN));
}

#[test]
fn the_same_is_said_in_a_sentence() {
    let days = days();
    let all = [
        (&days[..], Focus::Mood, Language::GERMAN),
        (&days[..], Focus::Mood, Language::ENGLISH),
        (&days[..], Focus::Volume, Language::GERMAN),
        (&days[..], Focus::Volume, Language::ENGLISH),
        (&days[26..], Focus::Mood, Language::GERMAN),
        (&days[..26], Focus::Mood, Language::ENGLISH),
        (&[], Focus::Mood, Language::ENGLISH),
    ];
    let said = all.map(|(days, focus, language)| alternative(series(days, focus), language, Tz::Europe__Berlin));
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_picture_has_five_pixels_for_two_units_and_is_always_the_same() {
    let svg = drawn(&days(), Focus::Mood, Language::GERMAN);
    let picture = png(&svg).unwrap();
    assert_eq!(size(&picture), [WIDTH * 5 / 2, HEIGHT * 5 / 2]);
    assert_eq!(picture, png(&svg).unwrap());
    assert!(picture.len() < 100_000, "{} bytes are much for a mail", picture.len());
}

#[test]
fn letters_can_be_read_on_a_narrow_phone() {
    let drawn = drawn(&days(), Focus::Mood, Language::GERMAN);
    let sizes = drawn.split("font-size").skip(1).map(|rest| {
        let digits: String =
            rest.trim_start_matches([':', '=', '"', ' ']).chars().take_while(|c| !matches!(c, 'p' | '"')).collect();
        digits.parse::<f64>().unwrap()
    });
    let smallest = sizes.fold(f64::INFINITY, f64::min);
    assert!(smallest * 280.0 / f64::from(WIDTH) >= 9.0, "{smallest} units, where the picture is 280 pixels wide");
}

#[test]
fn letters_are_our_own_on_every_machine() {
    let bare = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'><text y='15' font-family='Stimmung Chart'>−7,5 ä</text></svg>";
    let blank = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='20'></svg>";
    assert_ne!(png(bare).unwrap(), png(blank).unwrap());
}

#[test]
fn a_day_that_has_hardly_begun_does_not_press_the_others_flat() {
    let mut days = days();
    let last = days.len() - 1;
    days[last] = day(31, [0, 0, 2]);
    let drawn = drawn(&days, Focus::Mood, Language::GERMAN);
    let without = svg(series(&days[..last], Focus::Mood), Language::GERMAN, Tz::Europe__Berlin);
    let bands = |svg: &str| svg.lines().filter(|line| line.starts_with("<poly")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(bands(&drawn), bands(&without));
    assert_eq!(drawn.matches("fill-opacity=\"0.5\"").count(), 1, "its bar is there, and pale");
}

#[test]
fn inside_a_page_a_drawing_brings_no_looks_that_the_page_would_refuse() {
    let days = days();
    let inside = inline(series(&days, Focus::Mood), Language::GERMAN, Tz::Europe__Berlin);
    assert!(!inside.contains("<style") && !inside.contains("style="));
    let alone = drawn(&days, Focus::Mood, Language::GERMAN);
    let (before, style_and_after) = alone.split_once("<style>").unwrap();
    let after = style_and_after.split_once("</style>").unwrap().1;
    assert_eq!(inside.trim(), format!("{}{after}", before.trim_end()), "and else it is the same");
}

#[test]
fn what_is_no_drawing_is_an_error() {
    assert!(png("").is_err() && png("<svg").is_err());
}

fn any_series() -> impl Strategy<Value = Vec<Day>> {
    let counts =
        || prop_oneof![Just([0, 0, 0]), Just([0, 0, 7]), Just([u64::MAX; 3]), prop::array::uniform3(0..500_u64)];
    prop_oneof![
        prop::collection::btree_map(0..40_i64, counts(), 0..30),
        (1..40_i64, counts()).prop_map(|(last, same)| (0..last).map(|number| (number, same)).collect()),
        prop::collection::btree_map(-30_000..30_000_i64, counts(), 0..5),
    ]
    .prop_map(|days| days.into_iter().map(|(number, counts)| day(number, counts)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_the_days_are_there_is_a_drawing_and_a_sentence(
        days in any_series(),
        onset in prop_oneof![(0..40_i64).prop_map(start), any::<i64>().prop_map(Timestamp::from_seconds)],
        until in prop_oneof![(0..40_i64).prop_map(start), any::<i64>().prop_map(Timestamp::from_seconds)],
        focus in prop::sample::select(&[Focus::Mood, Focus::Volume]),
    ) {
        let series = Series { days: &days, onset, until, focus };
        for language in [Language::GERMAN, Language::ENGLISH] {
            let drawn = svg(series, language, Tz::America__New_York);
            prop_assert!(drawn.ends_with("</svg>") && !drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
            prop_assert!(resvg::usvg::Tree::from_str(&drawn, &resvg::usvg::Options::default()).is_ok());
            prop_assert!(alternative(series, language, Tz::America__New_York).ends_with('.'));
        }
    }
}
