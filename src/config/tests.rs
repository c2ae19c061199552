use std::time::Duration;

use super::*;
use crate::detect::{Finding, FindingKind};
use crate::mention::Timestamp;
use crate::urgent::Cause;

fn problems(text: &str) -> String {
    Config::parse(text, "sources.toml").unwrap_err().to_string()
}

#[test]
fn the_shipped_file_is_valid() {
    let config = Config::parse(include_str!("../../sources.toml"), "sources.toml").unwrap();
    assert!(!config.sources.is_empty() && !config.brands.is_empty() && !config.alert.to.is_empty());
}

#[test]
fn an_empty_file_is_a_valid_one_that_does_nothing() {
    let config = Config::parse("", "sources.toml").unwrap();
    assert!(config.sources.is_empty());
    assert!(config.listen.ip().is_loopback());
}

#[test]
fn a_source_that_hears_everybody_is_not_of_one_brand() {
    let source = |brand: &str| {
        format!(
            "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n[[source]]\nid = \"sky\"\nevery = \"1m\"\n\
             {brand}from.bluesky = {{ stream = {{}} }}\n"
        )
    };
    assert_eq!(Config::parse(&source(""), "sources.toml").unwrap().sources.len(), 1);
    insta::assert_snapshot!(problems(&source("brand = \"Lerchenbahn\"\n")), @r#"
    source `sky` hears everybody, not only who speaks of one brand
     --> sources.toml:7:9
      |
    7 | brand = "Lerchenbahn"
      |         ^^^^^^^^^^^^^
      hint: leave `brand` out: what names any of the brands is kept
    "#);
}

#[test]
fn a_source_is_kept_as_long_as_it_says_or_else_as_its_terms_allow() {
    let kept = |line: &str, from: &str| {
        let brand = "[[brand]]\nname = \"Lerchenbahn\"\nany = [\"Lerchenbahn\"]\n";
        let source = format!("{brand}[[source]]\nid = \"it\"\nevery = \"1h\"\n{line}from.{from}\n");
        let source = Config::parse(&source, "sources.toml").unwrap().sources.remove(0);
        source.keep_for.or(source.kind.longest_kept())
    };
    let (feed, youtube) =
        (r#"feed = { url = "https://example.org/" }"#, r#"youtube = { video = "dQw4w9WgXcQ", key_env = "KEY" }"#);
    let days = |days: u64| Some(Duration::from_hours(24 * days));
    assert_eq!((kept("", feed), kept("", youtube)), (None, days(30)));
    let written = "keep_for = \"7 days\"\n";
    assert_eq!((kept(written, feed), kept(written, youtube)), (days(7), days(7)));
}

#[test]
fn every_mistake_is_named_at_once_with_its_place() {
    insta::assert_snapshot!(problems(
        r#"
[[brand]]
name = "Hellbahn"
any = ["Hellbahn"]

[[source]]
id = "App Store"
every = "soon"
brand = "Helbahn"
from.feed = { url = "https://example.org/feed" }

[[source]]
id = "forum"
every = "15m"
cron = "*/5 * * * *"
from.feed = { url = "https://example.org/feed" }

[[source]]
id = "forum"
from.feed = { url = "https://example.org/feed", every = "1h" }

[alert]
to = ["nobody"]
time_zone = "Berlin"
at_most_one_false_alarm_per = "never"
direction = "sideways"
minimum_points = 500
quiet_hours = "late"

[webhook]
url = "x"
"#
    ));
}

#[test]
fn a_syntax_error_is_shown_where_it_is() {
    insta::assert_snapshot!(problems("[[brand]\nname = \"x\nany = [\"a\"]\n"));
}

#[test]
fn a_source_that_could_never_match_is_a_mistake() {
    let shown = problems("[[source]]\nid = \"a\"\nevery = \"1h\"\nfrom.feed = { url = \"https://example.org/\" }\n");
    assert!(shown.contains("no item of source `a` could ever be about a brand"), "{shown}");
}

#[test]
fn a_recipient_may_have_a_language_of_its_own() {
    let text =
        "[alert]\nlanguage = \"de\"\nto = [\"a@example.org\", { address = \"b@example.org\", language = \"en\" }]";
    let to = Config::parse(text, "f").unwrap().alert.to;
    assert_eq!(to.iter().map(|one| one.language).collect::<Vec<_>>(), [Language::GERMAN, Language::ENGLISH]);
}

#[test]
fn topics_of_ones_own_are_read_and_checked_against_one_another() {
    let good = "[[topic]]\nname = \"Sitzplatz\"\nunder = \"app\"\nany = [\"Reservierung*\"]\nnone = [\"Tisch\"]\n";
    assert_eq!(Config::parse(good, "f").unwrap().topics[0].under.as_deref(), Some("app"));
    insta::assert_snapshot!(problems(
        "[[topic]]\nname = \"price\"\nany = [\"teuer\"]\n\n[[topic]]\nname = \"Bord\"\nunder = \"Zug\"\nany = [\"Bistro\"]\n\n\
         [[topic]]\nname = \"Bord\"\nany = []\n"
    ));
}

#[test]
fn the_model_learns_unless_it_is_told_not_to() {
    assert!(Config::parse("", "f").unwrap().adapt);
    assert!(Config::parse("[analyse]\nlanguages = [\"de\"]\n", "f").unwrap().adapt);
    assert!(!Config::parse("[analyse]\nadapt = false\n", "f").unwrap().adapt);
}

const TRANSFORMER: &str = r#"
[analyse]
transformer.folder = "models/a--b"
transformer.labels = { LABEL_0 = "negative", "5 stars" = "positive" }
"#;

#[cfg(feature = "transformer")]
#[test]
fn a_transformer_has_a_folder_and_labels() {
    let transformer = Config::parse(TRANSFORMER, "f").unwrap().transformer.unwrap();
    assert_eq!(transformer.folder, Path::new("models/a--b"));
    let labels: Vec<_> = transformer.labels.iter().map(|(name, label)| (name.as_str(), *label)).collect();
    assert_eq!(labels, [("5 stars", Label::Positive), ("LABEL_0", Label::Negative)]);
    assert!(problems("[analyse]\ntransformer.folder = \"\"\n").contains("has no name"));
}

#[cfg(not(feature = "transformer"))]
#[test]
fn without_the_feature_a_transformer_is_a_mistake() {
    insta::assert_snapshot!(problems(TRANSFORMER), @r#"
    this program was built without the feature `transformer`
     --> sources.toml:3:22
      |
    3 | transformer.folder = "models/a--b"
      |                      ^^^^^^^^^^^^^
      hint: build it with `cargo build --release --features transformer`, or leave this out
    "#);
}

#[test]
fn a_label_is_one_of_three() {
    let text = "[analyse]\ntransformer = { folder = \"m\", labels = { angry = \"bad\" } }\n";
    insta::assert_snapshot!(problems(text), @r#"
    unknown variant `bad`, expected one of `negative`, `neutral`, `positive`
     --> sources.toml:2:50
      |
    2 | transformer = { folder = "m", labels = { angry = "bad" } }
      |                                                  ^^^^^
    "#);
}

const CHANNELS: &str = r#"
[[brand]]
name = "Hellbahn"
any = ["Hellbahn"]

[alert]
to = [{ address = "Erika <erika@example.org>", language = "en" }]

[[channel]]
name = "team"
teams.url_env = "TEAMS"

[[channel]]
name = "chat"
slack.url_file = "/run/secrets/slack"
language = "en"

[[channel]]
name = "desk"
webhook = { url = "https://desk.example/hook", secret_env = "DESK" }
"#;

#[test]
fn channels_and_routes_are_read() {
    let routes = "[[route]]\nbrand = [\"Hellbahn\"]\nkind = [\"burst\"]\nleast_rarity = \"180 days\"\nto = [\"team\", \"erika@example.org\"]\n";
    let config = Config::parse(&format!("{CHANNELS}{routes}"), "f").unwrap();
    assert_eq!(config.channels.iter().map(|channel| &*channel.name).collect::<Vec<_>>(), ["team", "chat", "desk"]);
    assert_eq!([Language::GERMAN, Language::ENGLISH], [config.channels[0].language, config.channels[1].language]);
    let erika = Recipient { address: "erika@example.org".to_owned(), language: Language::ENGLISH };
    assert_eq!(config.routes[0].to, [Target::Channel("team".to_owned()), Target::Mail(erika)]);
    assert!((config.routes[0].least_rarity_days - 180.0).abs() < 1e-9);
    assert_eq!(config.all_targets().len(), 2, "Erika once, with her name or without");
}

#[test]
fn every_mistake_of_channels_and_routes_is_named_with_its_place() {
    let wrong = r#"
[[channel]]
name = "mail"
teams.url_env = "A"
slack.url_env = "B"

[[channel]]
name = "chat"
slack = { url_env = "A", url_file = "b" }
language = "fr"

[[channel]]
name = "open"
webhook = { url = "http://desk.example/hook", secret_env = "DESK" }

[[route]]
brand = ["Helbahn"]
kind = ["mood_down", "mood"]
least_rarity = "often"
to = ["teem", "a@b@c"]

[[route]]
brand = []
to = []
"#;
    insta::assert_snapshot!(problems(&format!("{CHANNELS}{wrong}")));
}

fn found(kind: FindingKind, rarity_days: f64) -> Finding {
    let at = Timestamp::from_seconds(1_790_000_000);
    let (onset, onset_earliest, onset_latest) = (at, at, at);
    let (evidence, residual, place, extent) = (9.0, 0.0, None, None);
    Finding { kind, at, onset, onset_earliest, onset_latest, evidence, rarity_days, residual, place, extent }
}

#[test]
fn who_is_told_is_the_union_of_what_matching_routes_say() {
    let routes = "[[route]]\nto = [\"team\"]\n\
                  [[route]]\nkind = [\"burst\", \"volume\"]\nto = [\"chat\", \"team\"]\n\
                  [[route]]\nleast_rarity = \"1 year\"\nto = [\"desk\"]\n";
    let told = |text: &str, kind, rarity| {
        let targets = Config::parse(text, "f").unwrap().targets("Hellbahn", &found(kind, rarity));
        targets.iter().map(|target| target.recipient().to_owned()).collect::<Vec<_>>()
    };
    let routed = format!("{CHANNELS}{routes}");
    assert_eq!(told(&routed, FindingKind::MoodDown, 100.0), ["team"]);
    assert_eq!(told(&routed, FindingKind::MoodDown, 400.0), ["team", "desk"]);
    assert_eq!(told(&routed, FindingKind::Volume, 400.0), ["team", "chat", "desk"]);
    assert_eq!(told(&routed, FindingKind::Burst, 400.0), ["chat", "team"], "who did not ask for bursts hears of none");
    assert_eq!(told(CHANNELS, FindingKind::MoodDown, 100.0), ["Erika <erika@example.org>"]);
    assert_eq!(told(CHANNELS, FindingKind::Mix, 400.0), [""; 0]);
}

#[test]
fn who_is_told_at_once_is_read_and_belongs_to_those_who_can_be_told() {
    let config = Config::parse(
        &format!(
            "{CHANNELS}[urgent]\nto = [\"service@example.org\", \"team\", \"team\"]\ncauses = [\"safety\"]\n\
             at_most_every = \"1h\"\n"
        ),
        "f",
    )
    .unwrap();
    let to: Vec<&str> = config.urgent.to.iter().map(Target::recipient).collect();
    assert_eq!(to, ["service@example.org", "team"]);
    assert_eq!(config.urgent.causes, [Cause::Safety]);
    assert_eq!(config.urgent.at_most_every.as_secs(), 3600);
    assert!(config.urgent.to.iter().all(|target| config.all_targets().contains(target)));
    let usual = Config::parse(CHANNELS, "f").unwrap().urgent;
    assert_eq!((usual.to, usual.causes, usual.at_most_every.as_secs()), (vec![], Cause::ALL.to_vec(), 900));
}

#[test]
fn every_mistake_about_what_cannot_wait_is_named_with_its_place() {
    let brand = "[[brand]]\nname = \"x\"\nany = [\"x\"]\nurgent = [\"R*ckruf\"]\nlarge_accounts = [\"@\"]\n";
    let section = "[urgent]\nto = [\"desk\", \"a@b@c\"]\ncauses = [\"safety\", \"fire\"]\nat_most_every = \"soon\"\n";
    insta::assert_snapshot!(problems(&format!("{brand}{section}")));
    insta::assert_snapshot!(problems("[urgent]\nto = []\ncauses = []\n"));
}

const DIGESTS: &str = r#"
[[brand]]
name = "Hellbahn"
any = ["Hellbahn"]

[alert]
to = [{ address = "Erika <erika@example.org>", language = "en" }]
"#;

#[test]
fn digests_are_read_with_their_usual_times() {
    let digests = "[[digest]]\nperiod = \"day\"\nto = [\"erika@example.org\", \"Erika@example.org\"]\n\
                   [[digest]]\nperiod = \"week\"\ncron = \"0 9 * * tue\"\nbrand = [\"Hellbahn\"]\nto = [\"b@example.org\"]\n\
                   [[digest]]\nperiod = \"month\"\nto = [\"c@example.org\"]\n\
                   [service]\npublic_url = \"https://example.org/stimmung/\"\n";
    let config = Config::parse(&format!("{DIGESTS}{digests}"), "f").unwrap();
    let [daily, weekly, monthly] = &config.digests[..] else { panic!("three") };
    let monday_noon = Timestamp::parse_rfc3339("2026-03-09T12:00:00+01:00").unwrap();
    assert_eq!(daily.cron.next_after(monday_noon).to_string(), "2026-03-10T06:30:00Z", "07:30 in Berlin");
    assert_eq!(weekly.cron.next_after(monday_noon).to_string(), "2026-03-10T08:00:00Z");
    assert_eq!(monthly.cron.next_after(monday_noon).to_string(), "2026-04-01T05:30:00Z");
    assert_eq!((daily.brands.as_deref(), weekly.brands.as_ref().map(Vec::len)), (None, Some(1)));
    let erika = Recipient { address: "erika@example.org".to_owned(), language: Language::ENGLISH };
    assert_eq!(daily.to, [erika], "once, in the language of the alerts");
    assert_eq!(config.public_url.as_deref(), Some("https://example.org/stimmung"));
    assert!(config.listen.ip().is_loopback());
}

#[test]
fn every_mistake_of_digests_and_the_public_address_is_named_with_its_place() {
    let wrong = r#"
[[digest]]
period = "year"
to = ["team"]

[[digest]]
period = "day"
cron = "30 7 * *"
brand = ["Helbahn"]
to = []

[[digest]]
period = "week"
to = ["a@b@c"]
every = "1h"

[service]
public_url = "http://stimmung.example.org"
"#;
    insta::assert_snapshot!(problems(&format!("{DIGESTS}{wrong}")));
}

#[test]
fn a_public_address_is_one_that_mails_may_show() {
    let problem = |url: &str| Config::parse(&format!("[service]\npublic_url = \"{url}\"\n"), "f").err();
    for wrong in ["ftp://example.org", "https://a:b@example.org", "https://example.org/?a=1", "https://example.org/#a"]
    {
        assert!(problem(wrong).is_some(), "{wrong}");
    }
    for right in ["https://example.org", "http://127.0.0.1:8080", "http://localhost:8080/", "http://[::1]:8080"] {
        assert!(problem(right).is_none(), "{right}");
    }
}

#[test]
fn every_mistake_in_a_query_is_shown_where_it_stands() {
    insta::assert_snapshot!(problems(
        r#"
[[brand]]
name = "Größebahn"
query = '(Größe OR ~Bahn) AND lang:german'

[[brand]]
name = "Hellbahn"
query = "\"Hell Bahn\" OR Hell Bahn"

[[brand]]
name = "Nordbahn"
query = """
  Nordbahn
  OR (Bahn NEAR/5 Nord
"""
"#
    ));
}

#[test]
fn a_competitor_belongs_to_a_brand_of_ones_own_and_nobody_is_told_of_it() {
    let rivals = "[[brand]]\nname = \"Hellbahn\"\nquery = 'Hellbahn OR ~Hellbahn'\nurgent = [\"Rückruf\"]\n\
                  [[brand]]\nname = \"Nordbahn\"\nany = [\"Nordbahn\"]\ncompetitor_of = \"Hellbahn\"\n";
    let config = Config::parse(rivals, "f").unwrap();
    assert_eq!(config.own_brands().map(|brand| brand.name.as_str()).collect::<Vec<_>>(), ["Hellbahn"]);
    assert_eq!(config.rule_of_each(), config.alert.rule, "a competitor takes nothing of the promise");
    insta::assert_snapshot!(problems(&format!(
        "{rivals}urgent = [\"Rückruf\"]\n\
         [[brand]]\nname = \"Südbahn\"\ncompetitor_of = \"Nordbahn\"\n\
         [[brand]]\nname = \"Ostbahn\"\ncompetitor_of = \"Helbahn\"\n\
         [[route]]\nbrand = [\"Hellbahn\", \"Nordbahn\"]\nto = [\"desk@example.org\"]\n"
    )));
}

#[test]
fn what_people_are_shown_of_a_source_holds_no_key() {
    let written = r#"
        [[brand]]
        name = "Lerchenbahn"
        any = ["Lerchenbahn"]
        [[source]]
        id = "feed"
        cron = "5 * * * *"
        from.feed = { url = "https://jana:geheim@example.org/feed?token=geheim&page=1" }
        [[source]]
        id = "videos"
        every = "1h"
        from.youtube = { video = "Lerche_-001", key_file = "/run/secrets/youtube" }
    "#;
    let sources = Config::parse(written, "sources.toml").unwrap().sources;
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(sources[0].settings, [pair("url", "https://example.org/feed?token=…&page=…")]);
    assert_eq!(sources[0].asked, "5 * * * *");
    assert_eq!(sources[1].settings, [pair("key_file", "/run/secrets/youtube"), pair("video", "Lerche_-001")]);
}

#[test]
fn numbers_are_told_to_nobody_until_somebody_wants_it() {
    let metrics = |text: &str| Config::parse(text, "sources.toml").map(|config| config.metrics);
    assert_eq!(metrics("").unwrap(), None);
    assert_eq!(metrics("[service]\nmetrics = true").unwrap(), Some(Vec::new()));
    let from = metrics("[service]\nmetrics = true\nmetrics_from = [\"10.0.0.5\"]").unwrap();
    assert_eq!(from, Some(vec!["10.0.0.5".parse().unwrap()]));
    insta::assert_snapshot!(metrics("[service]\nmetrics_from = [\"10.0.0.5\"]").unwrap_err(), @r#"
    `metrics_from` has no effect: nobody is told any numbers
     --> sources.toml:2:16
      |
    2 | metrics_from = ["10.0.0.5"]
      |                ^^^^^^^^^^^^
      hint: write `metrics = true`, too
    "#);
}
