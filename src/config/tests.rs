use super::*;

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
