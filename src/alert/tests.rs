use proptest::prelude::*;

use super::*;
use crate::detect::rehearsal::Trial;
use crate::detect::{Extent, FindingKind};

const RULE: Rule = Rule { days: 90.0, direction: None, minimum: 0.0 };
const LEFT_OUT: LeftOut = LeftOut { copies: 11, same_author: 3, stale: 0, backfill: 1240 };
const DAY: i64 = 24 * 3600;

/// Texts by mood, and the source that they come from.
type Voices = [(Label, &'static str, &'static str)];

const CALM: &Voices = &[
    (
        Label::Positive,
        "app-store-de",
        "Die Fahrkarte war in zwei Minuten gekauft, die App ist übersichtlich und schnell.",
    ),
    (Label::Positive, "app-store-de", "Platzreservierung klappt endlich ohne Umwege, dafür gern fünf Sterne!"),
    (Label::Negative, "app-store-de", "Die Suche findet meinen Bahnhof nur mit der genauen Schreibweise, das nervt."),
    (Label::Neutral, "forum", "Weiß jemand, ob die Fahrkarte auch im Regionalverkehr gilt?"),
    (Label::Positive, "forum", "Der Kundendienst hat mir die Erstattung am selben Tag überwiesen."),
    (Label::Neutral, "blog-en", "The operator has published its timetable for the winter season."),
    (Label::Positive, "blog-en", "Booking a seat took me less than a minute, and the conductor was lovely."),
    (Label::Negative, "forum", "Wieder zwanzig Minuten Verspätung und keine Durchsage im Zug."),
];

const LOCKED_OUT: &Voices = &[
    (Label::Negative, "app-store-de", "Seit dem Update ist der Login kaputt, ich komme nicht mehr an meine Fahrkarte."),
    (
        Label::Negative,
        "app-store-de",
        "Login unmöglich: Nach der Anmeldung erscheint nur ein weißer Bildschirm. Update bitte zurückziehen!",
    ),
    (
        Label::Negative,
        "forum",
        "Hat noch jemand das Problem, dass der Login nach dem Update eine Fehlermeldung bringt?",
    ),
    (Label::Negative, "blog-en", "The latest update broke the login, so half of the carriage could not show a ticket."),
    (Label::Neutral, "forum", "Der Betreiber meldet eine Störung der Anmeldung."),
    (
        Label::Positive,
        "app-store-de",
        "Bei mir läuft nach einer Neuinstallation alles, die neue Karte gefällt mir sogar besser.",
    ),
    (
        Label::Negative,
        "app-store-de",
        "<script>alert('Login')</script> & <b>Update</b>\r\nBcc: jemand@example.org\n=cmd()|' /C calc'!A0 \u{202e}kaputt, Bildschirm erscheint weiß",
    ),
];

fn at(day: i64, hour: i64) -> Timestamp {
    Timestamp::from_seconds(20_500 * DAY + day * DAY + hour * 3600)
}

/// `count` mentions that repeat the voices, from `day` on, `per_day` a day.
fn heard(voices: &Voices, day: i64, per_day: i64, count: usize) -> Vec<Excerpt> {
    let say = |(index, (label, source, text)): (usize, &(Label, &str, &str))| Excerpt {
        arrived_at: at(day + index as i64 / per_day, 6 + index as i64 % per_day),
        source: (*source).to_owned(),
        language: Some(if source.ends_with("-en") { Language::ENGLISH } else { Language::GERMAN }),
        topics: vec![if text.contains("Login") || text.contains("login") { "app" } else { "quality" }.to_owned()],
        label: *label,
        score: f64::from(label.sign()) * 0.7,
        text: (*text).to_owned(),
        url: (index % 3 != 2).then(|| format!("https://example.org/{source}?id={index}&view=\"1\"")),
    };
    voices.iter().cycle().take(count).enumerate().map(say).collect()
}

fn around(before: Vec<Excerpt>, since: Vec<Excerpt>) -> Heard {
    Heard { before, since, left_out: LEFT_OUT, ..Heard::default() }
}

fn finding(kind: FindingKind) -> Finding {
    Finding {
        kind,
        at: at(33, 9),
        onset: at(30, 0),
        onset_earliest: at(29, 0),
        onset_latest: at(31, 0),
        evidence: 6.04,
        rarity_days: 209.9,
        residual: 0.4,
        place: None,
        extent: None,
    }
}

fn alert(kind: FindingKind, before: &Voices, since: &Voices) -> Alert {
    explain("Beispiel Bahn", &finding(kind), RULE, &around(heard(before, 0, 10, 300), heard(since, 30, 10, 33)))
}

fn fall() -> Alert {
    alert(FindingKind::MoodDown, CALM, LOCKED_OUT)
}

fn rise() -> Alert {
    alert(FindingKind::MoodUp, LOCKED_OUT, CALM)
}

fn in_berlin(alert: &Alert, language: Language) -> Mail {
    mail(alert, language, Tz::Europe__Berlin)
}

#[test]
fn a_fall_is_told_in_both_languages() {
    for language in [Language::GERMAN, Language::ENGLISH] {
        let Mail { subject, text, html, .. } = in_berlin(&fall(), language);
        insta::assert_snapshot!(format!("fall_{language}_text"), format!("{subject}\n\n{text}"));
        insta::assert_snapshot!(format!("fall_{language}_html"), html);
    }
}

#[test]
fn a_rise_is_told_in_both_languages() {
    for language in [Language::GERMAN, Language::ENGLISH] {
        let Mail { subject, text, html, .. } = in_berlin(&rise(), language);
        insta::assert_snapshot!(format!("rise_{language}_text"), format!("{subject}\n\n{text}"));
        insta::assert_snapshot!(format!("rise_{language}_html"), html);
    }
}

#[test]
fn what_would_have_been_told_is_told_in_both_languages() {
    let found = |kind, day: i64| Finding { at: at(day, 9), ..finding(kind) };
    let trial = |days: f64, findings: Vec<Finding>| Trial { rule: Rule { days, ..RULE }, findings };
    let (down, up, volume) = (FindingKind::MoodDown, FindingKind::MoodUp, FindingKind::Volume);
    let both = vec![found(down, 12), found(volume, 15), found(up, 28)];
    let sources = vec!["app-store-de".to_owned(), "forum".to_owned()];
    let trials = vec![trial(90.0, both.clone()), trial(30.0, both), trial(365.0, vec![])];
    let noisy = Rehearsal { from: at(-60, 0), to: at(30, 0), mentions: 1204, sources, trials };
    let calm = Rehearsal { trials: vec![trial(30.0, vec![])], ..noisy.clone() };
    for language in [Language::GERMAN, Language::ENGLISH] {
        let written = |rehearsal| super::rehearsal("Beispiel Bahn", rehearsal, language, Tz::Europe__Berlin);
        let (noisy, calm) = (written(&noisy), written(&calm));
        assert!(noisy.html.contains(&noisy.subject) && noisy.html.contains("</html>"));
        insta::assert_snapshot!(
            format!("rehearsal_{language}"),
            format!("{}\n\n{}\n{}", noisy.subject, noisy.text, calm.text)
        );
    }
}

#[test]
fn rarity_is_told_in_the_unit_that_people_would_choose() {
    let told = |days: f64, language| {
        let finding = Finding { rarity_days: days, ..finding(FindingKind::MoodDown) };
        let alert = explain("B", &finding, Rule { days: 1.0, ..RULE }, &Heard::default());
        let text = in_berlin(&alert, language).text.replace('\n', " ");
        let (from, to) = if language == Language::GERMAN { ("Schnitt ", " vor.") } else { ("chance ", ", on") };
        text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default().to_owned()
    };
    let all = |language| [1.2, 9.0, 30.0, 210.0, 1000.0, 1e9].map(|days| told(days, language)).join(" | ");
    insta::assert_snapshot!(all(Language::GERMAN), @"höchstens einmal in einem Tag | höchstens einmal in 9 Tagen | höchstens einmal in 4 Wochen | höchstens einmal in 7 Monaten | höchstens einmal in 3 Jahren | seltener als einmal in 100 Jahren");
    insta::assert_snapshot!(all(Language::ENGLISH), @"at most once in one day | at most once in 9 days | at most once in 4 weeks | at most once in 7 months | at most once in 3 years | less often than once in 100 years");
}

#[test]
fn a_brand_cannot_add_a_header_or_markup() {
    let (before, since) = (heard(CALM, 0, 10, 30), heard(LOCKED_OUT, 30, 10, 14));
    let brand = "A\r\nBcc: b@example.org\u{0}<i>";
    let alert = explain(brand, &finding(FindingKind::MoodDown), RULE, &around(before, since));
    let mail = in_berlin(&alert, Language::GERMAN);
    assert!(mail.subject.starts_with("A Bcc: b@example.org <i>: Stimmung"), "{}", mail.subject);
    assert!(!mail.subject.contains(char::is_control) && !mail.html.contains("<i>"));
}

#[test]
fn of_silence_no_numbers_are_shown_and_the_source_is_named() {
    let extent = Some(Extent::Silence { expected: 39.2 });
    let gap = Finding { place: Some("app-store-de".into()), extent, ..finding(FindingKind::Gap) };
    let alert = explain("Beispiel Bahn", &gap, RULE, &around(heard(CALM, 0, 10, 300), heard(CALM, 30, 10, 33)));
    assert_eq!((alert.before.mentions, alert.since.mentions, alert.words.len()), (0, 0, 0));
    insta::assert_snapshot!(in_berlin(&alert, Language::GERMAN).text);
    assert!(in_berlin(&alert, Language::ENGLISH).subject.contains("app-store-de is silent"));
}

#[test]
fn far_more_than_usual_is_told_with_what_is_said_and_what_was_to_be_expected() {
    let extent = Some(Extent::Volume { hours: 24, mentions: 161, expected: 33.3 });
    let volume = Finding { extent, ..finding(FindingKind::Volume) };
    let alert =
        explain("Beispiel Bahn", &volume, RULE, &around(heard(CALM, 0, 10, 300), heard(LOCKED_OUT, 30, 10, 33)));
    insta::assert_snapshot!(in_berlin(&alert, Language::GERMAN).text);
}

#[test]
fn a_shift_that_is_over_is_told_in_a_few_words() {
    let over = Development {
        kind: FindingKind::MoodDown,
        found_at: at(33, 9),
        at: at(41, 23),
        stage: crate::detect::Stage::Over,
        residual: -0.03,
    };
    let mail = recovery(&fall(), &over, Language::GERMAN, Tz::Europe__Berlin);
    insta::assert_snapshot!(format!("{}\n\n{}", mail.subject, mail.text));
}

#[test]
fn other_languages_get_english() {
    let french = Language::parse("fr").unwrap();
    assert_eq!(in_berlin(&fall(), french), in_berlin(&fall(), Language::ENGLISH));
}

#[test]
fn quotes_of_somebody_who_was_erased_are_taken_out() {
    let mut alert = fall();
    assert!(!alert.forget(|_| false), "nobody was erased");
    let quoted = alert.supporting[0].url.clone().unwrap();
    assert!(alert.forget(|address| address == quoted));
    assert!(alert.supporting.iter().chain(&alert.opposing).all(|quote| quote.url.as_ref() != Some(&quoted)));
}

#[test]
fn without_mentions_before_the_mail_says_what_it_can() {
    let since = heard(LOCKED_OUT, 30, 10, 1);
    let alert = explain("Beispiel Bahn", &finding(FindingKind::MoodDown), RULE, &Heard { since, ..Heard::default() });
    let mail = in_berlin(&alert, Language::ENGLISH);
    insta::assert_snapshot!(format!("{}\n\n{}", mail.subject, mail.text));
}

#[test]
fn many_sources_share_one_row_and_the_rows_still_sum_to_the_change() {
    let mut since = heard(LOCKED_OUT, 30, 10, 33);
    for (index, excerpt) in since.iter_mut().enumerate() {
        excerpt.source = format!("source-{}", index % 9);
    }
    let mut before = since.clone();
    before.iter_mut().step_by(2).for_each(|excerpt| excerpt.label = Label::Positive);
    let alert = explain("B", &finding(FindingKind::MoodDown), RULE, &around(before, since));
    let text = in_berlin(&alert, Language::ENGLISH).text;
    assert!(text.contains("Other sources (3)"), "{text}");
}

/// What a stranger may write, whole or in shreds.
fn strangers_text() -> impl Strategy<Value = String> {
    const SHREDS: &[&str] = &[
        "<script>",
        "</td>",
        "<img src=x onerror=alert(1)>",
        "\"'",
        "&amp;",
        "\r\n",
        "=cmd()",
        "Login",
        " ",
        "\u{202e}",
        "-- ",
    ];
    let shred = prop_oneof![prop::sample::select(SHREDS).prop_map(str::to_owned), "\\PC{0,40}"];
    prop::collection::vec(shred, 0..12).prop_map(|shreds| shreds.concat())
}

prop_compose! {
    fn strangers_excerpt()(
        at in 0..4_000_000_000_i64,
        source in 0..5,
        language in prop::sample::select(&[None, Some(Language::GERMAN), Some(Language::ENGLISH)]),
        label in prop::sample::select(&Label::ALL),
        score in any::<f64>(),
        text in strangers_text(),
        url in prop::option::of(prop_oneof![strangers_text(), strangers_text().prop_map(|path| format!("https://a.example/{path}"))]),
    ) -> Excerpt {
        Excerpt { arrived_at: Timestamp::from_seconds(at), source: format!("source-{source}"), language, topics: Vec::new(), label, score, text, url }
    }
}

fn strangers() -> impl Strategy<Value = Vec<Excerpt>> {
    prop::collection::vec(strangers_excerpt(), 0..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_parts_sum_to_the_change(before in strangers(), since in strangers()) {
        let alert = explain("B", &finding(FindingKind::MoodDown), RULE, &around(before, since));
        for parts in [&alert.sources, &alert.languages] {
            let sum: f64 = parts.iter().map(Contribution::total).sum();
            prop_assert!((sum - alert.net_change().unwrap_or(0.0)).abs() < 1e-9);
        }
    }

    #[test]
    fn an_alert_is_stored_and_read_back_unchanged(before in strangers(), since in strangers()) {
        let alert = explain("B", &finding(FindingKind::MoodUp), RULE, &around(before, since));
        let stored = serde_json::to_string(&alert).unwrap();
        prop_assert_eq!(serde_json::from_str::<Alert>(&stored).unwrap(), alert);
    }

    #[test]
    fn what_strangers_write_is_never_markup_nor_passes_for_ours(
        brand in strangers_text(),
        before in strangers(),
        since in strangers(),
        kind in prop::sample::select(&[FindingKind::MoodDown, FindingKind::MoodUp]),
    ) {
        let alert = explain(&brand, &finding(kind), RULE, &around(before, since));
        for language in [Language::GERMAN, Language::ENGLISH] {
            let Mail { subject, text, html, .. } = in_berlin(&alert, language);
            prop_assert!(!subject.contains(char::is_control));
            prop_assert!(html.contains("</html>"), "whatever they write, it can be set");
            prop_assert!(!html.contains("<script") && html.matches("<img").count() <= 1);
            prop_assert_eq!(html.matches("<img").count(), html.matches(PICTURE).count(), "only ours");
            for link in html.split("href=\"").skip(1) {
                prop_assert!(link.starts_with("https://") || link.starts_with("http://"));
            }
            for quote in alert.supporting.iter().chain(&alert.opposing) {
                let first = quote.text.split(' ').next().unwrap_or_default();
                prop_assert!(text.lines().any(|line| line.starts_with("> ") && line.contains(first)));
            }
            prop_assert_eq!(text.lines().filter(|line| *line == "-- ").count(), 1, "one signature, ours");
        }
    }
}
