//! From stored mentions to the mail in the inbox, on a simulated clock, through a real SMTP conversation.

use std::path::Path;

use mail_parser::{MessageParser, MimeHeaders};
use stimmung::alert::Verdict;
use stimmung::analyse::{Analysis, Model, Mood};
use stimmung::config::Config;
use stimmung::mention::{Author, Label, Language, Mention, SourceId, Timestamp};
use stimmung::service::{Delivered, Service};
use stimmung::store::{Item, News};

use crate::smtp_server::{Act, Script, SmtpServer};

pub(crate) const HOUR: i64 = 3600;

/// 2026-01-05T00:00:00Z, a Monday.
pub(crate) const START: Timestamp = Timestamp::from_seconds(1_767_571_200);

/// The mood turns on this day at noon, and back on that.
const TURN: i64 = 45;
const BACK: i64 = 56;

const GOOD: [&str; 4] =
    ["Pünktlich und sauber, gerne wieder.", "Sehr nettes Personal.", "Alles bestens.", "Läuft prima."];
const FAIR: [&str; 3] = ["Der Fahrplan wechselt.", "Fährt der Zug auch sonntags?", "Neue Wagen angekündigt."];
const BAD: [&str; 4] = [
    "Der Login geht nicht mehr.",
    "Seit dem Update komme ich nicht rein.",
    "Login kaputt, Support schweigt!",
    "Schon wieder zu spät.",
];

fn configuration(mail: &str) -> Config {
    let text = format!(
        "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n\
         [[source]]\nid = \"forum\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nfrom.feed = {{ url = \"http://localhost/\" }}\n\
         [alert]\nto = [\"mk@example.org\", {{ address = \"Press <press@example.org>\", language = \"en\" }}]\n\
         [mail]\nfrom = \"Stimmung <stimmung@example.org>\"\n{mail}"
    );
    Config::parse(&text, "sources.toml").unwrap()
}

async fn open(data: &Path, mail: &str) -> Service {
    Service::open(configuration(mail), data, "test.db").await.unwrap()
}

/// What arrives in an hour: two mentions, most of them content before the turn and most of them upset after it.
fn arrivals(hour: i64) -> Vec<Item> {
    arrivals_of(hour, if (TURN * 24 + 12..BACK * 24).contains(&hour) { 7 } else { 2 })
}

/// Two mentions, so many of ten upset.
pub(crate) fn arrivals_of(hour: i64, upset: usize) -> Vec<Item> {
    (0..2)
        .map(|n| {
            let number = usize::try_from(hour * 2 + n).unwrap();
            let dice = number * 7 % 10;
            let (label, text) = match dice {
                dice if dice < upset => (Label::Negative, BAD[number % BAD.len()]),
                dice if dice < upset + 2 => (Label::Neutral, FAIR[number % FAIR.len()]),
                _ => (Label::Positive, GOOD[number % GOOD.len()]),
            };
            item(number, hour, label, text)
        })
        .collect()
}

fn item(number: usize, hour: i64, label: Label, text: &str) -> Item {
    let score = f64::from(label.sign()) * 0.8;
    let mut probabilities = [0.1; 3];
    probabilities[usize::try_from(label.sign() + 1).unwrap()] = 0.8;
    let mention = Mention {
        native_id: number.to_string(),
        url: Some(format!("https://forum.example/{number}")),
        author: Some(Author { key: format!("a{number}"), name: format!("Name {number}") }),
        text: text.to_owned(),
        published_at: Some(START.plus_seconds(hour * HOUR)),
        ..Mention::default()
    };
    let mood = Mood { label, score, probabilities, why: Vec::new() };
    let analysis = Analysis { language: Some(Language::GERMAN), mood: Some(mood), ..Analysis::default() };
    Item { mention, analysis, model_version: Model::VERSION.into(), brands: vec!["Hellbahn".to_owned()] }
}

/// Lives through these hours: saves what arrives and looks at the mood.
pub(crate) async fn live(service: &Service, hours: std::ops::Range<i64>) -> Vec<News> {
    live_with(service, hours, arrivals).await
}

pub(crate) async fn live_with(
    service: &Service,
    hours: std::ops::Range<i64>,
    arrivals: impl Fn(i64) -> Vec<Item>,
) -> Vec<News> {
    let mut news = Vec::new();
    for hour in hours {
        let now = START.plus_seconds(hour * HOUR + 1800);
        let end = stimmung::collect::Cursor::default();
        let forum = SourceId::parse("forum").unwrap();
        service.store.save(&forum, &arrivals(hour), Some((&end, now).into()), true, now).await.unwrap();
        news.extend(service.detect_once(now).await.unwrap());
    }
    news
}

pub(crate) const END: i64 = 52 * 24;

pub(crate) fn at_the_end() -> Timestamp {
    START.plus_seconds(END * HOUR)
}

#[tokio::test]
async fn a_turn_of_the_mood_reaches_each_recipient_once_in_their_language() {
    let server = SmtpServer::start([Script::default()]).await;
    let folder = tempfile::tempdir().unwrap();
    let port = server.address.port();
    let mail = format!("smtp.host = \"127.0.0.1\"\nsmtp.port = {port}\nsmtp.tls = \"none\"\n");
    let service = open(folder.path(), &mail).await;
    let news = live(&service, 0..END).await;
    assert_eq!(news.iter().filter(|one| !one.letters.is_empty()).count(), 1, "one mail about one turn");
    let turn = START.plus_seconds((TURN * 24 + 12) * HOUR);
    let delay = news[0].finding.at.seconds() - turn.seconds();
    assert!((0..72 * HOUR).contains(&delay), "found {} h after the turn", delay / HOUR);
    for _ in 0..2 {
        service.deliver_once(at_the_end()).await.unwrap();
    }
    let letters = server.seen().letters;
    assert_eq!(letters.len(), 2);
    let mut shown = String::new();
    for letter in &letters {
        let message = MessageParser::default().parse(&letter.content).unwrap();
        shown += &format!("Subject: {}\n\n{}\n\n", message.subject().unwrap(), message.body_text(0).unwrap());
        let picture = message.attachment(0).unwrap();
        assert!(picture.contents().starts_with(b"\x89PNG") && picture.contents().len() < 100_000);
        let shown_there = format!("src=\"cid:{}\"", picture.content_id().unwrap());
        assert!(message.body_html(0).unwrap().contains(&shown_there), "what the database kept is what is shown");
    }
    insta::assert_snapshot!(shown);
}

#[tokio::test]
async fn a_turn_that_is_over_is_told_once_in_the_same_thread() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path(), "").await;
    live(&service, 0..70 * 24).await;
    service.deliver_once(START.plus_seconds(70 * 24 * HOUR)).await.unwrap();
    let mut letters: Vec<(String, String, String)> = Vec::new();
    for file in std::fs::read_dir(folder.path().join("outbox")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let earlier = message.in_reply_to().as_text().unwrap_or_default().to_owned();
        letters.push((message.message_id().unwrap().to_owned(), earlier, message.subject().unwrap().to_owned()));
    }
    let (first, later): (Vec<_>, Vec<_>) = letters.into_iter().partition(|(_, earlier, _)| earlier.is_empty());
    assert_eq!((first.len(), later.len()), (2, 2), "{first:?} {later:?}");
    for (_, earlier, subject) in &later {
        assert!(first.iter().any(|(id, ..)| id == earlier), "the same thread");
        assert!(subject.contains("wieder wie zuvor") || subject.contains("back to where it was"), "{subject}");
    }
    let listed = service.store.findings(None).await.unwrap();
    let down = listed.iter().find(|one| one.kind == "mood_down").unwrap();
    assert_eq!((down.stage.as_deref(), down.letters), (Some("over"), 4));
}

#[tokio::test]
async fn in_quiet_hours_things_are_found_and_not_delivered() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = configuration("");
    config.alert.quiet_hours = Some("20:00-08:00".parse().unwrap());
    let service = Service::open(config, folder.path(), "test.db").await.unwrap();
    assert!(!live(&service, 0..END).await.is_empty());
    let (night, morning) = (at_the_end(), at_the_end().plus_seconds(8 * HOUR));
    assert_eq!(service.deliver_once(night).await.unwrap(), Delivered::default());
    assert_eq!(service.deliver_once(morning).await.unwrap().sent, 2);
}

#[tokio::test]
async fn what_people_say_of_a_finding_is_kept_and_who_snoozes_it_hears_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path(), "").await;
    live(&service, 0..END).await;
    let finding = service.store.findings(Some("Hellbahn")).await.unwrap().pop().unwrap();
    let incident = Verdict::Incident { name: "Login".into(), at: Some(at_the_end()) };
    assert!(service.store.judge(finding.id, &incident, at_the_end()).await.unwrap());
    assert!(service.store.snooze(finding.id, at_the_end().plus_seconds(30 * 24 * HOUR)).await.unwrap());
    assert!(!service.store.judge(999, &Verdict::Seen, at_the_end()).await.unwrap(), "there is none");
    let known = service.store.incidents("Hellbahn").await.unwrap();
    assert_eq!(known.iter().map(|it| (it.name.as_str(), it.at)).collect::<Vec<_>>(), [("Login", at_the_end())]);
    let again = service.store.findings(None).await.unwrap();
    let judged = again.iter().find(|one| one.id == finding.id).unwrap();
    assert_eq!(judged.verdict, Some(incident));
    let [record] = &service.track_record(None, at_the_end()).await.unwrap()[..] else { panic!("52 days are one span") };
    assert_eq!((record.days, record.told, record.incidents, record.unjudged), (52, 1, 1, 0));
    #[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
    let lead = (at_the_end().seconds() - finding.at.seconds()) as f64 / 3600.0;
    assert_eq!(record.lead_hours, Some(lead));
    assert!(service.track_record(Some("Another"), at_the_end()).await.unwrap().is_empty(), "nothing was heard of it");
    assert!(service.store.snoozed_until("Hellbahn", &finding.kind).await.unwrap() > Some(at_the_end()));
}

/// A first import of so many days, all of it now.
async fn first_import(service: &Service, days: i64) {
    let forum = SourceId::parse("forum").unwrap();
    let past: Vec<Item> = (0..days * 24).flat_map(arrivals).collect();
    let end = stimmung::collect::Cursor::default();
    let now = START.plus_seconds(days * 24 * HOUR);
    service.store.save(&forum, &past, Some((&end, now).into()), false, now).await.unwrap();
}

#[tokio::test]
async fn what_was_said_before_anybody_listened_is_lived_through_and_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path(), "").await;
    first_import(&service, 62).await;
    let now = START.plus_seconds(62 * 24 * HOUR);
    assert!(service.detect_once(now).await.unwrap().is_empty(), "the past raises no alert");
    let rehearsed = service.rehearse_once(now).await.unwrap();
    let (brand, rehearsal) = &rehearsed[0];
    assert_eq!((brand.as_str(), rehearsal.sources.as_slice()), ("Hellbahn", &["forum".to_owned()][..]));
    assert!(rehearsal.trials[0].findings.iter().any(|finding| finding.kind.name() == "mood_down"));
    assert!(service.rehearse_once(now).await.unwrap().is_empty(), "once");
    service.deliver_once(now).await.unwrap();
    let mut shown: Vec<String> = Vec::new();
    for file in std::fs::read_dir(folder.path().join("outbox")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        shown.push(format!("Subject: {}\n\n{}", message.subject().unwrap(), message.body_text(0).unwrap()));
    }
    shown.sort();
    insta::assert_snapshot!(shown.join("\n\n"));
}

#[tokio::test]
async fn a_past_of_less_than_two_months_waits_until_it_is_long_enough() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path(), "").await;
    first_import(&service, 30).await;
    for (day, is_enough) in [(30, false), (59, false), (61, true)] {
        live(&service, if day == 61 { 30 * 24..61 * 24 } else { 0..0 }).await;
        let rehearsed = service.rehearse_once(START.plus_seconds(day * 24 * HOUR)).await.unwrap();
        assert_eq!(!rehearsed.is_empty(), is_enough, "on day {day}");
    }
}

#[tokio::test]
async fn a_restart_at_any_time_changes_no_finding() {
    let whole = tempfile::tempdir().unwrap();
    let expected = live(&open(whole.path(), "").await, 0..END).await;
    let parts = tempfile::tempdir().unwrap();
    let mut found = Vec::new();
    for start in (0..END).step_by(31) {
        let service = open(parts.path(), "").await;
        found.extend(live(&service, start..END.min(start + 31)).await);
        service.store.close().await;
    }
    let findings = |news: &[News]| news.iter().map(|one| one.finding.clone()).collect::<Vec<_>>();
    assert_eq!(findings(&found), findings(&expected));
    assert_eq!(found[0].letters, expected[0].letters);
}

/// So many mentions by one author in an hour.
fn flood(author: &str, hour: i64) -> Vec<Item> {
    let of_author = |number: usize| {
        let number = number + usize::from(author.as_bytes()[0]) * 100_000;
        let mut item = item(number, hour, Label::Negative, &format!("Beschwerde {number} von vielen"));
        item.mention.author = Some(Author { key: author.to_owned(), name: author.to_owned() });
        item
    };
    (0..20).map(of_author).collect()
}

#[tokio::test]
async fn two_bursts_in_one_hour_are_both_kept_whenever_the_service_restarts() {
    let folder = tempfile::tempdir().unwrap();
    let hour = 10 * 24;
    live(&open(folder.path(), "").await, 0..hour).await;
    for author in ["Anna", "Zoe"] {
        let service = open(folder.path(), "").await;
        live_with(&service, hour..hour + 1, |hour| flood(author, hour)).await;
        service.store.close().await;
    }
    let service = open(folder.path(), "").await;
    live(&service, hour + 1..hour + 24).await;
    let found = service.store.findings(None).await.unwrap();
    let bursts: Vec<_> = found.iter().filter(|one| one.kind == "burst").map(|one| one.at).collect();
    assert_eq!(bursts, [START.plus_seconds((hour + 1) * HOUR); 2]);
}

#[tokio::test]
async fn letters_wait_until_the_server_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let down = Script { greeting: Act::HangUp, ..Script::default() };
    let server = SmtpServer::start([down.clone(), down, Script::default()]).await;
    let port = server.address.port();
    let mail = format!("smtp.host = \"127.0.0.1\"\nsmtp.port = {port}\nsmtp.tls = \"none\"\n");
    let service = open(folder.path(), &mail).await;
    live(&service, 0..END).await;
    let first = service.deliver_once(at_the_end()).await.unwrap();
    assert_eq!((first.sent, first.postponed), (0, 2));
    assert_eq!(service.deliver_once(at_the_end()).await.unwrap(), Delivered::default(), "too early");
    service.store.close().await;
    let service = open(folder.path(), &mail).await;
    let later = at_the_end().plus_seconds(600);
    assert_eq!(service.deliver_once(later).await.unwrap().sent, 2);
    assert_eq!(server.seen().letters.len(), 2);
}

#[tokio::test]
async fn a_letter_of_unknown_fate_is_repeated_once_under_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let server = SmtpServer::start([Script { content: Act::HangUp, ..Script::default() }]).await;
    let port = server.address.port();
    let mail = format!("smtp.host = \"127.0.0.1\"\nsmtp.port = {port}\nsmtp.tls = \"none\"\n");
    let service = open(folder.path(), &mail).await;
    live(&service, 0..END).await;
    for day in 0..4 {
        service.deliver_once(at_the_end().plus_seconds(day * 86_400)).await.unwrap();
    }
    assert_eq!(server.seen().connections, 4, "two letters, twice each");
    assert_eq!(service.store.letters_by_state().await.unwrap(), [("unknown".to_owned(), 2)]);
}

#[tokio::test]
async fn a_letter_that_was_being_sent_when_the_service_died_is_not_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path(), "").await;
    live(&service, 0..END).await;
    let taken = service.store.next_letter(at_the_end()).await.unwrap().unwrap();
    service.store.close().await;
    let service = open(folder.path(), "").await;
    service.settle_interrupted(at_the_end()).await.unwrap();
    let later = at_the_end().plus_seconds(3600);
    assert_eq!(service.deliver_once(later).await.unwrap().sent, 2);
    let names: Vec<String> = std::fs::read_dir(folder.path().join("outbox"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    assert!(names.iter().any(|name| name.contains(&taken.letter.id)));
}
