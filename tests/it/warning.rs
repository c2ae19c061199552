//! Answers that are due soon, from the feed to the mail; and rules tried on what was said.

use std::path::Path;

use mail_parser::MessageParser;
use stimmung::account::Actor;
use stimmung::config::Config;
use stimmung::mention::Timestamp;
use stimmung::service::Service;
use stimmung::store::outreach::Change;

use crate::program::{Program, stderr, stdout};
use crate::site::{Answer, Site, rss};

/// When the items of the feeds say that they were published: a Monday, 8 o'clock in Berlin.
const PUBLISHED: Timestamp = Timestamp::from_seconds(1_793_602_800);

const UPSET: &str = "Die Rechnung stimmt hinten und vorne nicht, seit Wochen meldet sich niemand. Ich bin stinksauer!";
const LEAVING: &str = "Schon wieder ausgefallen, furchtbar. Mir reicht es, ich kündige das Abo bei der Hellbahn.";

fn configuration(site: &Site, texts: &[&str]) -> String {
    let items = texts.iter().enumerate().map(|(number, &text)| (format!("forum-{number}"), text));
    let url = site.on("/forum", Answer::Feed(rss(items)));
    format!(
        "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n\
         [[source]]\nid = \"forum\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nlanguage = \"de\"\n\
         allow_private_network = true\nfrom.feed = {{ url = \"{url}\" }}\n\
         [service]\npublic_url = \"https://stimmung.example\"\n[fetch]\ngap_per_host = \"0s\"\n\
         [outreach]\nhours = \"Mo-So 0-24\"\nanswer_within = {{ high = \"4h\", normal = \"4h\", low = \"4h\" }}\n\
         warn = [\"service@example.org\", {{ address = \"desk@example.org\", language = \"en\" }}]\n"
    )
}

fn minute(minutes: i64) -> Timestamp {
    PUBLISHED.plus_seconds(minutes * 60)
}

/// A round, the look for cases, the warning, and delivery; how many mails left.
async fn round(service: &Service, now: Timestamp) -> usize {
    let report = service.collect_once(&service.config.sources[0], now).await.unwrap();
    assert!(report.error.is_none(), "{report:?}");
    service.cases_once(now).await.unwrap();
    warn(service, now).await
}

async fn warn(service: &Service, now: Timestamp) -> usize {
    let letters = service.warn_of_due_once(now).await.unwrap();
    assert_eq!(service.deliver_once(now).await.unwrap().sent, letters.len());
    letters.len()
}

/// Recipient, subject and text of each mail, in order.
fn mails(folder: &Path) -> Vec<(String, String, String)> {
    let files = std::fs::read_dir(folder.join("outbox")).unwrap();
    let mut mails: Vec<_> = files
        .map(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let message = MessageParser::default().parse(&bytes).unwrap();
            let to = message.to().unwrap().first().unwrap().address().unwrap().to_owned();
            (to, message.subject().unwrap().to_owned(), message.body_text(0).unwrap().into_owned())
        })
        .collect();
    mails.sort();
    mails
}

async fn open(folder: &Path, configuration: &str) -> Service {
    Service::open(Config::parse(configuration, "sources.toml").unwrap(), folder, "stimmung.db").await.unwrap()
}

#[tokio::test]
async fn whoever_is_due_within_half_an_hour_is_mailed_once_to_each_reader_and_not_who_was_answered() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(&site, &[UPSET, LEAVING])).await;
    assert_eq!(round(&service, minute(5)).await, 0, "there is time");
    let erika = Actor { account: None, who: "erika".to_owned() };
    service.store.change_case(1, &Change::Claim, &erika, minute(6)).await.unwrap().unwrap();
    assert_eq!(warn(&service, minute(209)).await, 0, "not yet");
    assert_eq!(warn(&service, minute(211)).await, 2, "both cases, to each reader");
    assert_eq!(warn(&service, minute(230)).await, 0, "once for each time limit");
    let mails = mails(folder.path());
    assert_eq!(mails[0].1, "Hellbahn: 2 answers are due soon");
    assert_eq!(mails[1].1, "Hellbahn: 2 Antworten sind bald fällig");
    assert!(mails[1].2.contains("übernommen von erika") && mails[1].2.contains("https://stimmung.example/cases/2"));
    service.store.close().await;
}

#[tokio::test]
async fn what_is_answered_late_or_put_off_is_told_to_nobody_and_what_comes_near_soon_after_waits_a_quarter_of_an_hour()
{
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let texts = [UPSET, LEAVING, "Niemand geht ans Telefon, eine Frechheit. Nie wieder Hellbahn, ich kündige!"];
    let service = open(folder.path(), &configuration(&site, &texts)).await;
    assert_eq!(round(&service, minute(5)).await, 0);
    let erika = Actor { account: None, who: "erika".to_owned() };
    service.store.change_case(1, &Change::Answer, &erika, minute(6)).await.unwrap().unwrap();
    service.store.change_case(2, &Change::Snooze(minute(225)), &erika, minute(6)).await.unwrap().unwrap();
    assert_eq!(warn(&service, minute(220)).await, 2);
    assert_eq!(warn(&service, minute(226)).await, 0, "the one that was put off is back, and waits for the next letter");
    assert_eq!(warn(&service, minute(235)).await, 2);
    assert_eq!(warn(&service, minute(260)).await, 0, "what is late is no news");
    assert!(
        mails(folder.path()).iter().all(|(_, subject, _)| subject.contains("an answer") || subject.contains("eine"))
    );
    service.store.close().await;
}

#[tokio::test]
async fn rules_are_tried_on_what_was_said_and_nothing_is_written() {
    let site = Site::start().await;
    let configuration = configuration(&site, &[UPSET, LEAVING]);
    let rules = "[[case]]\nname = \"forum\"\nseverity = \"none\"\nwhen = { sources = [\"forum\"] }\n";
    let program = Program::with(&format!("{configuration}{rules}"));
    let service = open(&program.data(), &configuration).await;
    round(&service, minute(5)).await;
    service.store.close().await;
    let output = program.run(&["case", "try", "--since", "100 years", "--json"]);
    assert!(output.status.success(), "{}", stderr(&output));
    let tried: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&tried["mentions"], &tried["cases"]), (&2.into(), &0.into()), "{tried}");
    assert_eq!(tried["rules"][0]["mentions"], 2, "{tried}");
    assert_eq!(tried["difference"]["cases_gone"], serde_json::json!([1, 2]));
    let shown = stdout(&program.run(&["case", "try", "--since", "100 years"]));
    assert!(shown.contains("2 cases of which nothing would be left: #1, #2"), "{shown}");
    let service = open(&program.data(), &configuration).await;
    assert!(service.store.case(2).await.unwrap().is_some(), "nothing is written");
    service.store.close().await;
    let none = Program::with("").run(&["case", "try"]);
    assert_eq!(none.status.code(), Some(2));
}
