//! Channels beside mail, and routes: from stored mentions to the request that arrives, on a simulated clock.

use std::path::Path;

use serde_json::Value;
use stimmung::config::Config;
use stimmung::detect::FindingKind;
use stimmung::mention::Timestamp;
use stimmung::service::Service;

use crate::alert::{END, HOUR, START, arrivals_of, at_the_end, live, live_with};
use crate::program::{Program, stderr, stdout};
use crate::site::{Answer, Seen, Site};

/// A brand, two channels on loopback whose secrets lie in `folder`, and these routes.
pub(crate) fn configuration(folder: &Path, site: &Site, routes: &str) -> String {
    std::fs::write(folder.join("slack"), site.on("/slack", Answer::Page("text/plain", "ok".to_owned()))).unwrap();
    std::fs::write(folder.join("secret"), "geheim\n").unwrap();
    let url = site.on("/hook", Answer::Status(202));
    let folder = folder.display();
    format!(
        "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n\
         [[source]]\nid = \"forum\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nfrom.feed = {{ url = \"http://localhost/\" }}\n\
         [alert]\nto = [\"mk@example.org\"]\n\
         [[channel]]\nname = \"chat\"\nslack.url_file = \"{folder}/slack\"\nallow_private_network = true\n\
         [[channel]]\nname = \"hook\"\nwebhook = {{ url = \"{url}\", secret_file = \"{folder}/secret\" }}\n\
         allow_private_network = true\nlanguage = \"en\"\n{routes}\n[fetch]\ngap_per_host = \"0s\"\ntimeout = \"1s\"\n"
    )
}

async fn open(folder: &Path, configuration: &str) -> Service {
    Service::open(Config::parse(configuration, "sources.toml").unwrap(), &folder.join("data"), "test.db").await.unwrap()
}

fn mails(folder: &Path) -> usize {
    std::fs::read_dir(folder.join("data/outbox")).map_or(0, Iterator::count)
}

fn json(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

async fn states(service: &Service) -> Vec<(String, i64)> {
    service.store.letters_by_state().await.unwrap()
}

const EVERYONE: &str = "[[route]]\nto = [\"chat\", \"hook\", \"mk@example.org\"]\n[[route]]\nto = [\"Marketing <mk@example.org>\", \"chat\"]\n";

#[tokio::test]
async fn a_finding_reaches_each_channel_once_and_signed() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(folder.path(), &site, EVERYONE)).await;
    live(&service, 0..END).await;
    for _ in 0..2 {
        service.deliver_once(at_the_end()).await.unwrap();
    }
    assert_eq!((site.seen("/slack").len(), site.seen("/hook").len(), mails(folder.path())), (1, 1, 1));
    assert!(json(&site.seen("/slack")[0])["text"].as_str().unwrap().contains("Hellbahn"));
    let hook = &site.seen("/hook")[0];
    let header = |name: &str| hook.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(json(hook)["event"], "finding");
    assert_eq!(json(hook)["language"], "en");
    assert_eq!(header("stimmung-timestamp"), at_the_end().seconds().to_string());
    assert_eq!(header("stimmung-delivery").len(), 40);
    assert!(header("stimmung-signature").starts_with("v1="));
    assert_eq!(header("content-type"), "application/json");
}

#[tokio::test]
async fn a_busy_channel_is_asked_again_after_the_pause_it_asked_for() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(folder.path(), &site, "[[route]]\nto = [\"hook\"]\n")).await;
    live(&service, 0..END).await;
    site.on("/hook", Answer::Status(503));
    let first = service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!((first.sent, first.postponed), (0, 1), "{first:?}");
    site.on("/hook", Answer::Status(202));
    service.deliver_once(at_the_end().plus_seconds(3599)).await.unwrap();
    assert_eq!(site.seen("/hook").len(), 1, "too early");
    let second = service.deliver_once(at_the_end().plus_seconds(3600)).await.unwrap();
    assert_eq!(second.sent, 1);
    let [first, second] = &site.seen("/hook")[..] else { panic!("two attempts") };
    assert_eq!(first.body, second.body);
    assert_eq!(first.headers["stimmung-delivery"], second.headers["stimmung-delivery"]);
    assert_ne!(first.headers["stimmung-signature"], second.headers["stimmung-signature"], "the time is part of it");
}

#[tokio::test]
async fn one_that_refuses_holds_up_no_other() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(folder.path(), &site, EVERYONE)).await;
    live(&service, 0..END).await;
    site.on("/slack", Answer::Status(404));
    let delivered = service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!((delivered.sent, delivered.given_up), (2, 1), "{delivered:?}");
    assert!(delivered.errors[0].contains("channel `chat` answered 404"), "{delivered:?}");
    assert_eq!((site.seen("/hook").len(), mails(folder.path())), (1, 1));
    assert!(!format!("{delivered:?}").contains("/slack"), "the address is a secret");
}

#[tokio::test]
async fn silence_after_the_request_leaves_it_open_and_is_tried_once_more() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(folder.path(), &site, "[[route]]\nto = [\"hook\"]\n")).await;
    live(&service, 0..END).await;
    site.on("/hook", Answer::Stalled);
    for day in 0..3 {
        service.deliver_once(at_the_end().plus_seconds(day * 86_400)).await.unwrap();
    }
    assert_eq!(site.seen("/hook").len(), 2);
    assert_eq!(states(&service).await, [("unknown".to_owned(), 1)]);
}

#[tokio::test]
async fn a_channel_that_is_gone_is_refused_with_a_hint() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let with_channels = configuration(folder.path(), &site, "[[route]]\nto = [\"hook\"]\n");
    let service = open(folder.path(), &with_channels).await;
    live(&service, 0..END).await;
    service.store.close().await;
    let without: String = with_channels.split("[[channel]]").next().unwrap().to_owned();
    let service = open(folder.path(), &without).await;
    let delivered = service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!(delivered.given_up, 1);
    assert!(delivered.errors[0].contains("add it again"), "{delivered:?}");
}

#[tokio::test]
async fn a_finding_goes_only_where_a_route_leads() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let routes = "[[route]]\nkind = [\"mood_up\", \"burst\"]\nto = [\"chat\"]\n\
                  [[route]]\nleast_rarity = \"100 years\"\nto = [\"mk@example.org\"]\n\
                  [[route]]\nbrand = [\"Hellbahn\"]\nkind = [\"mood_down\"]\nleast_rarity = \"30 days\"\nto = [\"hook\"]\n";
    let service = open(folder.path(), &configuration(folder.path(), &site, routes)).await;
    live(&service, 0..END).await;
    service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!((site.seen("/slack").len(), site.seen("/hook").len(), mails(folder.path())), (0, 1, 0));
    let told = |since| service.store.told_since("Hellbahn", FindingKind::MoodDown, since);
    let who: Vec<String> = told(START).await.unwrap().into_iter().map(|reader| reader.recipient).collect();
    assert_eq!(who, ["hook"], "only who was told waits for the cool-down");
    assert!(told(at_the_end()).await.unwrap().is_empty());
}

#[tokio::test]
async fn without_a_route_everything_goes_by_mail() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let service = open(folder.path(), &configuration(folder.path(), &site, "")).await;
    live(&service, 0..END).await;
    service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!((site.seen("/slack").len(), site.seen("/hook").len(), mails(folder.path())), (0, 0, 1));
}

#[tokio::test]
async fn that_it_is_over_is_told_where_the_finding_was() {
    let (folder, site) = (tempfile::tempdir().unwrap(), Site::start().await);
    let routes = "[[route]]\nkind = [\"mood_down\"]\nto = [\"hook\"]\n";
    let service = open(folder.path(), &configuration(folder.path(), &site, routes)).await;
    let mood = |hour: i64| arrivals_of(hour, if (45 * 24..55 * 24).contains(&hour) { 7 } else { 2 });
    live_with(&service, 0..75 * 24, mood).await;
    let end: Timestamp = START.plus_seconds(75 * 24 * HOUR);
    service.deliver_once(end).await.unwrap();
    let mut events: Vec<String> =
        site.seen("/hook").iter().map(|seen| json(seen)["event"].as_str().unwrap().to_owned()).collect();
    events.sort();
    assert_eq!(events, ["finding", "recovery"]);
    assert_eq!((site.seen("/slack").len(), mails(folder.path())), (0, 0));
}

#[tokio::test]
async fn the_sample_reaches_everybody_and_says_who_did_not_get_it() {
    let site = Site::start().await;
    let program = Program::with("");
    let routes = "[[route]]\nto = [\"chat\", \"hook\", \"Press <press@example.org>\"]\n";
    let text = configuration(program.folder(), &site, routes);
    std::fs::write(program.folder().join("sources.toml"), text).unwrap();
    let output = program.run_beside(&["alert", "test"]).await;
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    insta::assert_snapshot!(stdout(&output), @"
    ok    mk@example.org: sent
    ok    chat: sent
    ok    hook: sent
    ok    Press <press@example.org>: sent
    ");
    assert_eq!(mails(program.folder()), 2);
    assert!(json(&site.seen("/slack")[0])["text"].as_str().unwrap().contains("Probe"));
    let hook = json(&site.seen("/hook")[0]);
    assert_eq!(hook["sample"], true);
    assert!(hook["subject"].as_str().unwrap().contains("Sample") && hook["text"].as_str().unwrap().contains("Sample"));
    site.on("/slack", Answer::Status(403));
    let output = program.run_beside(&["alert", "test"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error chat: channel `chat` answered 403"), "{}", stdout(&output));
    assert!(stdout(&output).contains("ok    hook: sent"));
}
