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
