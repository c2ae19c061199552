//! Which brands a text is about: from the file to what is kept, and `stimmung brand test`.

use std::path::Path;

use stimmung::config::Config;
use stimmung::digest::Length;
use stimmung::mention::{Language, Timestamp};
use stimmung::service::Service;

use crate::program::{Program, stderr, stdout};
use crate::site::{Answer, Site, rss};

const BRANDS: &str = r#"
[[brand]]
name = "Kronbahn"
query = '("Kron Bahn" OR ~Kronbahn OR KB NEAR/3 zug*) AND NOT (modell- OR *spiel) AND lang:de'

[[brand]]
name = "Nordbahn"
any = ["Nordbahn"]
none = ["Modellbahn*"]
query = "Nordbahn AND source:forum*"
competitor_of = "Kronbahn"
"#;

/// The first in German, the second in English; neither feed says so.
const GERMAN: &str = "Die Kronbahn war heute schon wieder viel zu spät, und niemand hat sich entschuldigt.";
const ENGLISH: &str = "The Kronbahn was late again today, and nobody of the staff told us anything about the reason.";

async fn open(folder: &Path, site: &Site, language: &str) -> Service {
    let url = site.on("/forum", Answer::Feed(feed(&[GERMAN, ENGLISH])));
    let source = format!(
        "[[source]]\nid = \"forum\"\nevery = \"1h\"\nlanguage = \"{language}\"\nallow_private_network = true\n\
         from.feed = {{ url = \"{url}\" }}\n"
    );
    let more = "[urgent]\nto = [\"service@example.org\"]\n[fetch]\ngap_per_host = \"0s\"\n";
    let config = Config::parse(&format!("{BRANDS}{source}{more}"), "sources.toml").unwrap();
    Service::open(config, folder, "test.db").await.unwrap()
}

fn feed(texts: &[&'static str]) -> String {
    rss(texts.iter().enumerate().map(|(number, &text)| (format!("post-{number}"), text)))
}

/// After the items of the feeds were published.
fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_seconds(1_793_602_800 + minutes * 60)
}

#[tokio::test]
async fn a_clause_about_the_language_is_decided_by_the_analysis_whatever_the_source_says() {
    for wrong in ["en", "de"] {
        let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
        let service = open(folder.path(), &site, wrong).await;
        let report = service.collect_once(&service.config.sources[0], minute(0)).await.unwrap();
        assert_eq!((report.matched, report.saved.new), (2, 1), "both could be in German, one is");
        let kept = service.store.excerpts("Kronbahn", minute(-60)..minute(60)).await.unwrap();
        assert!(kept.len() == 1 && kept[0].1.text.ends_with(GERMAN), "{kept:?}");
        assert_eq!(kept[0].1.language, Some(Language::GERMAN));
    }
}

#[tokio::test]
async fn nobody_is_told_of_a_competitor() {
    const FIRE: &str = "In der Nordbahn hat der Akku in meiner Hand Feuer gefangen, mein Kind saß daneben.";
    const LEAK: &str = "In der App der Kronbahn sehe ich die Rechnungen fremder Kunden mit Namen und Anschrift.";
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &site, "de").await;
    let source = &service.config.sources[0];
    service.collect_once(source, minute(0)).await.unwrap();
    service.urgent_once(minute(0)).await.unwrap();
    site.on("/forum", Answer::Feed(feed(&[GERMAN, ENGLISH, FIRE, LEAK])));
    assert_eq!(service.collect_once(source, minute(10)).await.unwrap().saved.new, 2);
    let alarm = service.urgent_once(minute(10)).await.unwrap();
    assert_eq!((alarm.found, alarm.letters.len()), (1, 1), "of one's own brand only");
    assert_eq!(
        service.store.excerpts("Nordbahn", minute(-60)..minute(60)).await.unwrap().len(),
        1,
        "it is listened to"
    );
    let rival = ["Nordbahn".to_owned()];
    for (asked, told) in [(None, "Kronbahn"), (Some(&rival[..]), "Nordbahn")] {
        let preview = service.preview_digest(Length::Day, asked, Language::GERMAN, minute(24 * 60)).await.unwrap();
        let brands: Vec<&str> = preview.0.brands.iter().map(|section| section.brand.as_str()).collect();
        assert_eq!(brands, [told], "a digest has it only where it is asked for");
    }
}

#[test]
fn brand_test_shows_what_was_found_where_or_why_not() {
    let program = Program::with(BRANDS);
    let texts = [
        GERMAN,
        ENGLISH,
        "Die Kronban auf dem Handyspiel: ein Traum für alle Modellbahner und ihre Kinder.",
        "KB fährt heute leider gar keinen einzigen Zug mehr, nicht einmal ab Nordbahnhof.",
        "Nordbahn",
    ];
    let output = program.run(&[&["brand", "test"], &texts[..]].concat());
    assert!(output.status.success(), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output));
    let piped = program.feed(&["brand", "test", "-"], &texts.join("\n"));
    assert_eq!(stdout(&piped), stdout(&output), "a text a line");
}

#[test]
fn brand_test_answers_in_json_for_one_brand_source_and_language() {
    let program = Program::with(BRANDS);
    let arguments = ["brand", "test", "--json", "--brand", "Nordbahn", "--source", "forum-de", "--language", "pl"];
    let output = program.feed(&arguments, "Größe Nordbahn\n\nModellbahnen\n");
    insta::assert_snapshot!(stdout(&output));
    let unknown = program.run(&["brand", "test", "--brand", "Nirgends", "Bahn"]);
    assert_eq!(unknown.status.code(), Some(2));
}
