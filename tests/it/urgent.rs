//! Mentions that cannot wait, from the feed to the mail.

use std::path::Path;

use mail_parser::MessageParser;
use stimmung::config::Config;
use stimmung::mention::Timestamp;
use stimmung::service::Service;

use crate::program::{Program, stderr};
use crate::site::{Answer, Site, rss};

/// When the items of the feeds say that they were published.
const PUBLISHED: Timestamp = Timestamp::from_seconds(1_793_602_800);

const FIRE: &str =
    "Gestern Abend hat der Akku in meiner Hand Feuer gefangen, mein Kind saß direkt daneben auf dem Sofa.";
const LAWYER: &str = "Meine Anwältin meldet sich bei Ihnen, so lasse ich nicht mit mir umgehen.";
const LEAK: &str = "In der App sehe ich die Rechnungen fremder Kunden mit Namen und Anschrift.";
const USUAL: [&str; 4] = [
    "Heute wieder zu spät, schade.",
    "Nettes Personal und saubere Wagen.",
    "Anwälte verklagen Hellbahn wegen der Preise",
    "Feuer und Flamme für das neue Ticket!",
];

fn configuration(site: &Site, more: &str) -> String {
    let source = |id: &str| {
        let url = site.on(&format!("/{id}"), Answer::Feed(feed(id, &[])));
        format!(
            "[[source]]\nid = \"{id}\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nlanguage = \"de\"\n\
             allow_private_network = true\nfrom.feed = {{ url = \"{url}\" }}\n"
        )
    };
    format!(
        "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n{}{}\n\
         [urgent]\nto = [\"service@example.org\"]\n[fetch]\ngap_per_host = \"0s\"\n{more}",
        source("forum"),
        source("shop")
    )
}

/// What is always there, and these.
fn feed(id: &str, more: &[&str]) -> String {
    let texts = USUAL.iter().chain(more).enumerate();
    rss(texts.map(|(number, &text)| (format!("{id}-{number}"), text)))
}

async fn open(folder: &Path, configuration: &str) -> Service {
    Service::open(Config::parse(configuration, "sources.toml").unwrap(), folder, "test.db").await.unwrap()
}

fn minute(minutes: i64) -> Timestamp {
    PUBLISHED.plus_seconds(minutes * 60)
}

/// A round of both sources, the look for what cannot wait, and delivery; how many were found and how many mails left.
async fn round(service: &Service, now: Timestamp) -> (usize, usize) {
    for source in &service.config.sources {
        let report = service.collect_once(source, now).await.unwrap();
        assert!(report.error.is_none(), "{report:?}");
    }
    let alarm = service.urgent_once(now).await.unwrap();
    let delivered = service.deliver_once(now).await.unwrap();
    assert_eq!(alarm.letters.len(), delivered.sent);
    (alarm.found, delivered.sent)
}

/// Subject and text of each mail, by subject.
fn mails(folder: &Path) -> Vec<(String, String)> {
    let Ok(files) = std::fs::read_dir(folder.join("outbox")) else { return Vec::new() };
    let mut mails: Vec<_> = files
        .map(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let message = MessageParser::default().parse(&bytes).unwrap();
            (message.subject().unwrap().to_owned(), message.body_text(0).unwrap().into_owned())
        })
        .collect();
    mails.sort();
    mails
}

#[tokio::test]
async fn what_cannot_wait_is_mailed_in_the_same_round_its_copy_never_and_three_in_a_quarter_of_an_hour_in_two_mails() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(&site, "")).await;
    assert_eq!(round(&service, minute(0)).await, (0, 0));
    site.on("/forum", Answer::Feed(feed("forum", &[FIRE, "Alles bestens."])));
    assert_eq!(round(&service, minute(10)).await, (1, 1), "at once");
    site.on("/shop", Answer::Feed(feed("shop", &[FIRE, LAWYER])));
    assert_eq!(round(&service, minute(15)).await, (1, 0), "the copy is nobody's news, the other waits");
    site.on("/shop", Answer::Feed(feed("shop", &[FIRE, LAWYER, LEAK])));
    assert_eq!(round(&service, minute(20)).await, (1, 0));
    assert_eq!(round(&service, minute(24)).await, (0, 0), "not yet");
    assert_eq!(round(&service, minute(25)).await, (0, 1), "both in one mail");
    assert_eq!(round(&service, minute(90)).await, (0, 0), "never again");
    let mails = mails(folder.path());
    let subjects: Vec<&str> = mails.iter().map(|(subject, _)| subject.as_str()).collect();
    let both = "Dringend bei Hellbahn: Datenschutz, rechtliche Schritte (2)";
    assert_eq!(subjects, [both, "Dringend bei Hellbahn: Sicherheit"]);
    assert!(mails[1].1.contains("Feuer gefangen") && !mails[0].1.contains("Feuer gefangen"));
    assert!(mails[0].1.find("Rechnungen fremder").unwrap() < mails[0].1.find("Meine Anwältin").unwrap());
}

#[tokio::test]
async fn what_was_there_before_or_is_old_on_arrival_is_told_to_nobody() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(&site, "")).await;
    site.on("/forum", Answer::Feed(feed("forum", &[FIRE])));
    assert_eq!(round(&service, minute(0)).await, (0, 0), "a first import");
    site.on("/forum", Answer::Feed(feed("forum", &[FIRE, LAWYER])));
    assert_eq!(round(&service, minute(49 * 60)).await, (0, 0), "two days late");
    site.on("/shop", Answer::Feed(feed("shop", &[LEAK])));
    let late = minute(47 * 60);
    assert_eq!(round(&service, late).await, (1, 1), "just in time");
}

#[tokio::test]
async fn what_cannot_wait_does_not_wait_for_the_morning() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let quiet = "[alert]\nto = [\"mk@example.org\"]\nquiet_hours = \"00:00-23:59\"\n";
    let service = open(folder.path(), &configuration(&site, quiet)).await;
    round(&service, minute(0)).await;
    site.on("/forum", Answer::Feed(feed("forum", &[FIRE])));
    assert_eq!(round(&service, minute(1)).await, (1, 1));
}

#[tokio::test]
async fn an_interruption_between_any_two_steps_loses_nothing_and_repeats_nothing() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let configuration = configuration(&site, "");
    let service = open(folder.path(), &configuration).await;
    round(&service, minute(0)).await;
    site.on("/forum", Answer::Feed(feed("forum", &[FIRE])));
    service.collect_once(&service.config.sources[0], minute(1)).await.unwrap();
    service.store.close().await;
    let service = open(folder.path(), &configuration).await;
    assert_eq!(service.urgent_once(minute(2)).await.unwrap().letters.len(), 1, "collected before, found after");
    service.store.close().await;
    let service = open(folder.path(), &configuration).await;
    assert!(service.urgent_once(minute(30)).await.unwrap().letters.is_empty(), "it is queued already");
    assert_eq!(service.deliver_once(minute(30)).await.unwrap().sent, 1);
}

#[tokio::test]
async fn the_command_that_collects_tells_of_what_cannot_wait() {
    let site = Site::start().await;
    let program = Program::with(&configuration(&site, ""));
    // Of items without a date the arrival counts: this test reads the real clock.
    let undated = |texts: &[&str]| {
        let dated = feed("forum", texts);
        dated
            .lines()
            .map(|line| {
                line.split("<pubDate>").next().unwrap().to_owned()
                    + if line.contains("<pubDate>") { "</item>\n" } else { "\n" }
            })
            .collect::<String>()
    };
    for texts in [&[][..], &[FIRE][..]] {
        site.on("/forum", Answer::Feed(undated(texts)));
        let output = program.run_beside(&["collect"]).await;
        assert!(output.status.success(), "{}", stderr(&output));
    }
    let mails = mails(&program.data());
    assert_eq!(
        mails.iter().map(|(subject, _)| subject.as_str()).collect::<Vec<_>>(),
        ["Dringend bei Hellbahn: Sicherheit"]
    );
}
