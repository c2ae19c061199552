use proptest::prelude::*;

use super::*;
use crate::alert::{Judged, Verdict, track_record};
use crate::detect::{FindingKind, Rule};
use crate::mention::Label;

const BERLIN: Tz = Tz::Europe__Berlin;

/// Thursday, 12 March 2026.
fn thursday() -> Window {
    Window::before(at("2026-03-13T07:30:00+01:00"), Length::Day, BERLIN)
}

/// 23 to 29 March 2026, the week in which clocks go forward.
fn week() -> Window {
    Window::before(at("2026-03-30T07:30:00+02:00"), Length::Week, BERLIN)
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

fn day(negative: u64, neutral: u64, positive: u64) -> Tally {
    Tally { moods: [negative, neutral, positive], untold: 0, copies: 0 }
}

fn excerpt(label: Label, source: &str, text: &str, at: Timestamp) -> Excerpt {
    Excerpt {
        arrived_at: at,
        source: source.to_owned(),
        language: Some(Language::GERMAN),
        topics: Vec::new(),
        label,
        score: f64::from(label.sign()) * 0.9,
        text: text.to_owned(),
        url: Some(format!("https://{source}.example/1?a=1&b=\"2\"")),
    }
}

/// A brand of about ten mentions a day, as heard for half a year; `own` are the days of the period.
fn facts(brand: &str, own: &[Tally]) -> Facts {
    let before = (0..28).map(|number| day(3 + number % 2, 2, 5 - number % 3));
    Facts {
        brand: brand.to_owned(),
        days: before.chain(own.iter().copied()).collect(),
        heard_since: Some(at("2025-09-01T00:00:00Z")),
        ..Facts::default()
    }
}

fn found(kind: FindingKind, found_at: &str, is_new: bool) -> Found {
    let at = at(found_at);
    let onset = Timestamp::from_seconds(at.seconds() / 86_400 * 86_400);
    let finding = Finding {
        kind,
        at,
        onset,
        onset_earliest: onset,
        onset_latest: onset,
        evidence: 7.0,
        rarity_days: 300.0,
        residual: -0.4,
        place: None,
        extent: None,
    };
    Found { finding, is_new, stage: None, judgement: None }
}

/// A week with everything in it, and a brand beside it of which nothing was heard.
fn eventful() -> Digest {
    let own: Vec<Tally> = (0..7).map(|number| Tally { copies: number % 2, ..day(6 + number * 2, 2, 2) }).collect();
    let noon = at("2026-03-29T12:00:00+02:00");
    let upset = [
        excerpt(Label::Negative, "forum", "Seit dem Update ist der Login kaputt, und niemand antwortet mir.", noon),
        excerpt(
            Label::Negative,
            "app-store-de",
            "<script>alert('x')</script> & <b>Frechheit</b>\r\nBcc: jemand@example.org \u{202e}nie wieder diese App!",
            noon.plus_seconds(-86_400),
        ),
    ];
    let blind = vec![Blind { source: "press".into(), seconds: 12_000, lasts: false }];
    let mut old = found(FindingKind::MoodDown, "2026-03-10T14:00:00+01:00", false);
    old.stage = Some((Stage::Over, at("2026-03-24T10:00:00Z")));
    old.judgement = Some(Judgement::Incident("Login <kaputt>".into()));
    let topic = |name: &str, mentions, negative| Topic { name: name.into(), mentions, negative };
    let told = Facts {
        contradictions: 2,
        topics: vec![topic("Sitzplatz", 4, 0), topic("app", 41, 33), topic("price", 1, 1), topic("support", 12, 9)],
        upset: upset.to_vec(),
        content: vec![excerpt(
            Label::Positive,
            "forum",
            "Der Schaffner hat mir sehr freundlich geholfen, danke dafür!",
            noon,
        )],
        findings: vec![old, found(FindingKind::MoodDown, "2026-03-27T09:00:00+01:00", true)],
        blind: blind.clone(),
        ..facts("Hellbahn", &own)
    };
    let silent = Facts { days: vec![Tally::default(); 35], ..facts("Dunkelbahn", &[]) };
    let now = week().to(BERLIN);
    let judged = |days: i64, verdict| Judged { at: now.plus_seconds(-days * 86_400), verdict };
    let known_at = Some(now.plus_seconds(-30 * 86_400 + 40 * 3600));
    let incident = Verdict::Incident { name: "Login".to_owned(), at: known_at };
    let alarms = [judged(30, Some(incident)), judged(50, Some(Verdict::FalseAlarm)), judged(60, None)];
    let record = track_record(&alarms, Rule::default(), now.plus_seconds(-90 * 86_400), now).pop();
    tell(week(), BERLIN, vec![told, silent], record)
}

fn quiet() -> Digest {
    tell(thursday(), BERLIN, vec![facts("Hellbahn", &[day(3, 2, 5)])], None)
}

/// March 2026, of which the second half was worse than the months before.
fn month() -> Digest {
    let window = Window::before(at("2026-04-01T07:30:00+02:00"), Length::Month, BERLIN);
    let before = (0..window.compared_days() as u64).map(|number| day(3 + number % 2, 2, 5 - number % 3));
    let own = (0..31).map(|number| if number < 15 { day(3, 2, 5) } else { day(9, 2, 2) });
    let topics = vec![Topic { name: "app".into(), mentions: 91, negative: 74 }];
    let facts = Facts { days: before.chain(own).collect(), topics, ..facts("Hellbahn", &[]) };
    let now = window.to(BERLIN);
    let record = track_record(&[], Rule::default(), now.plus_seconds(-90 * 86_400), now).pop();
    tell(window, BERLIN, vec![facts], record)
}

fn written(digest: &Digest, language: Language) -> Mail {
    let site = "https://stimmung.example.org";
    let links = Links { unsubscribe: Some("https://stimmung.example.org/unsubscribe/65-ab"), site: Some(site) };
    mail(digest, language, BERLIN, links)
}

#[test]
fn an_eventful_week_is_told_in_both_languages() {
    for language in [Language::GERMAN, Language::ENGLISH] {
        let Mail { subject, text, html, .. } = written(&eventful(), language);
        insta::assert_snapshot!(format!("week_{language}_text"), format!("{subject}\n\n{text}"));
        insta::assert_snapshot!(format!("week_{language}_html"), html);
    }
}

#[test]
fn a_month_is_told_week_by_week_against_the_months_before() {
    let section = &month().brands[0];
    assert_eq!((section.mentions, section.level), (16 * 13 + 15 * 10, Level::Usual));
    assert_eq!(section.before.mentions, 265, "the mood of February alone");
    assert_eq!(section.days.iter().map(|(_, week)| week.mentions()).collect::<Vec<_>>(), [67, 70, 76, 91, 91]);
    for language in [Language::GERMAN, Language::ENGLISH] {
        let Mail { subject, text, html, .. } = written(&month(), language);
        insta::assert_snapshot!(format!("month_{language}_text"), format!("{subject}\n\n{text}"));
        insta::assert_snapshot!(format!("month_{language}_html"), html);
    }
}

#[test]
fn months_that_were_not_heard_from_their_beginning_are_no_measure() {
    let usual = |since: &str| {
        let window = Window::before(at("2026-04-01T07:30:00+02:00"), Length::Month, BERLIN);
        let days = vec![day(0, 1, 0); window.compared_days() + 31];
        let facts = Facts { days, heard_since: Some(at(since)), ..facts("Hellbahn", &[]) };
        tell(window, BERLIN, vec![facts], None).brands[0].usual
    };
    assert_eq!(usual("2025-10-31T00:00:00Z"), Some((30 + 31 + 31 + 28) as f64 / 4.0));
    assert_eq!(usual("2025-12-02T00:00:00Z"), Some((31 + 28) as f64 / 2.0), "January and February");
    assert_eq!(usual("2026-01-02T00:00:00Z"), None, "February alone tells nothing of what is usual");
}

#[test]
fn a_quiet_day_is_called_quiet() {
    assert!(quiet().is_quiet() && !quiet().is_empty());
    for language in [Language::GERMAN, Language::ENGLISH] {
        let Mail { subject, text, .. } = written(&quiet(), language);
        insta::assert_snapshot!(format!("day_{language}_text"), format!("{subject}\n\n{text}"));
    }
}

#[test]
fn a_day_on_which_something_was_out_of_the_ordinary_is_not_called_quiet() {
    let digest = |facts| tell(thursday(), BERLIN, vec![facts], None);
    let busy = digest(facts("Hellbahn", &[day(30, 20, 50)]));
    assert_eq!((busy.brands[0].level, busy.brands[0].movement), (Level::More, Movement::Usual));
    let upset = digest(facts("Hellbahn", &[day(14, 0, 0)]));
    assert_eq!((upset.brands[0].level, upset.brands[0].movement), (Level::Usual, Movement::Worse));
    let finding = vec![found(FindingKind::Gap, "2026-03-12T10:00:00Z", true)];
    let noticed = digest(Facts { findings: finding, ..facts("Hellbahn", &[day(3, 2, 5)]) });
    let blind = vec![Blind { source: "forum".into(), seconds: 600, lasts: true }];
    let deaf = digest(Facts { blind, ..facts("Hellbahn", &[day(3, 2, 5)]) });
    let young = digest(Facts { heard_since: Some(at("2026-03-10T00:00:00Z")), ..facts("Hellbahn", &[day(3, 2, 5)]) });
    for digest in [&busy, &upset, &noticed, &deaf, &young] {
        assert!(!digest.is_quiet(), "{digest:?}");
        assert!(!written(digest, Language::ENGLISH).text.contains("quiet"));
    }
}

#[test]
fn where_nothing_was_said_found_or_missed_there_is_nothing_to_tell() {
    let silent = |brand: &str| Facts { days: vec![Tally::default(); 29], ..facts(brand, &[]) };
    let digest = |facts| tell(thursday(), BERLIN, facts, None);
    assert!(digest(vec![]).is_empty());
    assert!(digest(vec![silent("Hellbahn"), silent("Dunkelbahn")]).is_empty());
    assert!(!digest(vec![silent("Hellbahn"), facts("Dunkelbahn", &[day(0, 1, 0)])]).is_empty());
    let copied = Tally { copies: 1, ..Tally::default() };
    assert!(!digest(vec![facts("Hellbahn", &[copied])]).is_empty(), "somebody said it again");
    let blind = vec![Blind { source: "forum".into(), seconds: 60, lasts: false }];
    assert!(!digest(vec![Facts { blind, ..silent("Hellbahn") }]).is_empty(), "silence is not taken for calm");
}

#[test]
fn a_day_is_compared_with_the_same_weekday_and_a_week_with_weeks() {
    let mut days = vec![day(0, 1, 0); 28];
    (0..28).step_by(7).for_each(|thursday| days[thursday] = day(0, 50, 0));
    let facts = |own: &[Tally]| Facts { days: [&days[..], own].concat(), ..facts("Hellbahn", &[]) };
    let thursday = tell(thursday(), BERLIN, vec![facts(&[day(0, 50, 0)])], None);
    assert_eq!((thursday.brands[0].usual, thursday.brands[0].level), (Some(50.0), Level::Usual));
    let week = tell(week(), BERLIN, vec![facts(&[day(0, 8, 0); 7])], None);
    assert_eq!((week.brands[0].usual, week.brands[0].level), (Some(56.0), Level::Usual));
}

#[test]
fn what_lies_before_the_first_mention_is_no_measure() {
    let since = |date: &str| Facts { heard_since: Some(at(date)), ..facts("Hellbahn", &[day(3, 2, 5)]) };
    let usual = |date: &str| tell(thursday(), BERLIN, vec![since(date)], None).brands[0].usual;
    assert_eq!(usual("2026-03-05T08:00:00Z"), None, "one Thursday, and that one not as a whole");
    assert_eq!(usual("2026-02-26T08:00:00Z"), None);
    assert_eq!(usual("2026-02-19T08:00:00Z"), Some(9.5), "the first Thursday is not whole, the two after it are");
}

#[test]
fn the_dates_are_those_of_the_reader_when_clocks_change() {
    let autumn = Window::before(at("2026-10-26T07:30:00+01:00"), Length::Day, BERLIN);
    let digest = tell(autumn, BERLIN, vec![facts("Hellbahn", &[day(3, 2, 5)])], None);
    let shown: Vec<String> = digest.brands[0].days.iter().map(|(date, _)| date.to_string()).collect();
    assert_eq!(shown.first().zip(shown.last()), Some((&"2026-10-19".to_owned(), &"2026-10-25".to_owned())));
    assert!(written(&digest, Language::GERMAN).text.starts_with("Sonntag, 25.10.2026"));
    assert!(written(&eventful(), Language::ENGLISH).text.contains("Week 13: 23 Mar 2026 to 29 Mar 2026"));
}

#[test]
fn a_source_that_speaks_about_two_brands_is_missed_once() {
    let blind = vec![Blind { source: "press".into(), seconds: 60, lasts: false }];
    let two = ["Hellbahn", "Dunkelbahn"].map(|brand| Facts { blind: blind.clone(), ..facts(brand, &[day(1, 1, 1)]) });
    assert_eq!(tell(thursday(), BERLIN, two.to_vec(), None).blind, blind);
}

#[test]
fn a_digest_survives_its_way_through_json() {
    let json = serde_json::to_string(&eventful()).unwrap();
    assert_eq!(serde_json::from_str::<Digest>(&json).unwrap(), eventful());
}

proptest! {
    #[test]
    fn whatever_was_said_the_html_holds_no_markup_of_it_and_the_text_is_whole(
        brand in any::<String>(), text in any::<String>(), counts in prop::array::uniform3(0_u64..1_000_000),
    ) {
        let noon = at("2026-03-12T12:00:00Z");
        let mut facts = facts(&format!("{brand}<i id=x>"), &[day(counts[0], counts[1], counts[2])]);
        facts.upset = vec![excerpt(Label::Negative, "forum", &format!("{text}<i id=x>"), noon)];
        for language in [Language::GERMAN, Language::ENGLISH] {
            let digest = tell(thursday(), BERLIN, vec![facts.clone()], None);
            let Mail { subject, text, html, .. } = written(&digest, language);
            prop_assert!(!html.is_empty() && !html.contains("<i id"));
            prop_assert!(!subject.contains(char::is_control) && text.contains("https://stimmung.example.org/"));
        }
    }
}
