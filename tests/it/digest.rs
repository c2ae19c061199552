//! Digests: from stored mentions to the mail and the way out of the list, on a simulated clock and with the real
//! program.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use mail_parser::MessageParser;
use stimmung::collect::Cursor;
use stimmung::config::Config;
use stimmung::digest::{Digest, Length};
use stimmung::mention::{Language, SourceId, Timestamp};
use stimmung::notify::{Letter, unsubscribe};
use stimmung::service::Service;
use stimmung::tongue::said;

use crate::alert::{self, arrivals_of};
use crate::program::{Program, stderr, stdout};

const CONFIGURATION: &str = r#"
[[brand]]
name = "Hellbahn"
any = ["Hellbahn"]

[[source]]
id = "forum"
every = "1h"
brand = "Hellbahn"
from.feed = { url = "http://127.0.0.1:9/" }

[[digest]]
period = "day"
to = ["Erika <Erika@example.org>", { address = "press@example.org", language = "en" }]

[[digest]]
period = "week"
brand = ["Hellbahn"]
to = ["erika@example.org"]

[mail]
from = "Stimmung <stimmung@example.org>"

[service]
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1:8080"
"#;

async fn open(data: &Path) -> Service {
    let config = Config::parse(CONFIGURATION, "sources.toml").unwrap();
    Service::open(config, data, "stimmung.db").await.unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse_rfc3339(text).unwrap()
}

/// Two mentions each hour of so many days from the 5th of January 2026 (a Monday) on.
async fn live(service: &Service, days: std::ops::Range<i64>) {
    let (forum, end) = (SourceId::parse("forum").unwrap(), Cursor::default());
    for hour in days.start * 24..days.end * 24 {
        let now = at("2026-01-05T00:30:00Z").plus_seconds(hour * 3600);
        service.store.save(&forum, &arrivals_of(hour, 3), Some((&end, now).into()), true, now).await.unwrap();
    }
}

fn readers(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.as_str()).collect()
}

const BOTH: [&str; 2] = ["Erika <Erika@example.org>", "press@example.org"];

#[tokio::test]
async fn each_reader_gets_a_day_once_and_in_the_right_language() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    live(&service, 0..36).await;
    // Tuesday, 10 February.
    assert!(service.digest_once(at("2026-02-10T07:29:00+01:00")).await.unwrap().iter().all(|it| it.to != BOTH[1]));
    let letters = service.digest_once(at("2026-02-10T07:30:00+01:00")).await.unwrap();
    assert_eq!(readers(&letters), BOTH);
    assert!(letters[0].mail.subject.starts_with("Tagesbericht Mo 09.02.: Hellbahn, 48 Erwähnungen"), "{letters:?}");
    assert!(letters[1].mail.subject.starts_with("Daily digest, Mon 9 Feb: Hellbahn, 48 mentions"));
    assert_eq!(service.digest_once(at("2026-02-10T07:31:00+01:00")).await.unwrap(), []);
    service.store.close().await;
    let service = open(folder.path()).await;
    assert_eq!(service.digest_once(at("2026-02-10T12:00:00+01:00")).await.unwrap(), [], "after a restart neither");
    assert_eq!(
        service.digest_once(at("2026-02-12T07:30:00+01:00")).await.unwrap(),
        [],
        "nothing was said on Wednesday"
    );
}

#[tokio::test]
async fn a_service_that_was_down_in_the_morning_writes_when_it_is_up_again_but_not_by_night() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    live(&service, 0..36).await;
    assert_eq!(readers(&service.digest_once(at("2026-02-06T20:00:00+01:00")).await.unwrap()), [""; 0], "too late");
    assert_eq!(readers(&service.digest_once(at("2026-02-07T18:00:00+01:00")).await.unwrap()), BOTH);
    let week = service.digest_once(at("2026-02-04T23:00:00+01:00")).await.unwrap();
    assert_eq!(readers(&week), ["erika@example.org"], "a week is worth reading until Thursday");
    assert!(week[0].mail.subject.starts_with("Wochenbericht KW 5"), "{}", week[0].mail.subject);
}

#[tokio::test]
async fn what_was_written_waits_through_a_restart_and_is_sent_once() {
    let folder = tempfile::tempdir().unwrap();
    let (now, later) = (at("2026-02-10T08:00:00+01:00"), at("2026-02-10T09:00:00+01:00"));
    let service = open(folder.path()).await;
    live(&service, 0..36).await;
    assert_eq!(service.digest_once(now).await.unwrap().len(), 3, "two of the day and one of the week");
    service.store.close().await;
    let service = open(folder.path()).await;
    assert_eq!(service.digest_once(later).await.unwrap(), []);
    assert_eq!(service.deliver_once(later).await.unwrap().sent, 3);
    assert_eq!(service.deliver_once(later).await.unwrap().sent, 0);
}

#[tokio::test]
async fn the_mail_has_what_its_reader_needs_to_leave() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    live(&service, 0..36).await;
    service.digest_once(at("2026-02-10T08:00:00+01:00")).await.unwrap();
    service.deliver_once(at("2026-02-10T08:00:00+01:00")).await.unwrap();
    let secret = service.store.secret("unsubscribe").await.unwrap();
    let mut mails = 0;
    for file in std::fs::read_dir(folder.path().join("outbox")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        let reader = message.to().unwrap().first().unwrap().address().unwrap().to_lowercase();
        let link = format!("http://127.0.0.1:8080/unsubscribe/{}", unsubscribe::token(&secret, &reader));
        let header = message.header_raw("List-Unsubscribe").unwrap();
        assert!(header.contains(&format!("<{link}>")) && header.contains("<mailto:stimmung@example.org?"), "{header}");
        assert!(message.body_text(0).unwrap().contains(&link) && message.body_html(0).unwrap().contains(&link));
        mails += 1;
    }
    assert_eq!(mails, 3);
}

#[tokio::test]
async fn who_has_unsubscribed_gets_no_digest_and_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    live(&service, 0..36).await;
    service.store.unsubscribe("erika@example.org", at("2026-02-09T12:00:00Z")).await.unwrap();
    let letters = service.digest_once(at("2026-02-10T08:00:00+01:00")).await.unwrap();
    assert_eq!(readers(&letters), ["press@example.org"]);
}

/// What the digest says to a German reader at that time, on one line.
async fn preview(service: &Service, length: Length, now: Timestamp) -> (Digest, String) {
    let (digest, mail) = service.preview_digest(length, None, Language::GERMAN, now).await.unwrap();
    (digest, mail.text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_finding_is_told_on_its_day_while_it_goes_on_and_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    let news = alert::live(&service, 0..alert::END).await;
    let [found] = &news[..] else { panic!("one fall: {news:?}") };
    let day = |days: i64| found.finding.at.plus_seconds(days * 86_400);
    let (digest, text) = preview(&service, Length::Day, day(1)).await;
    assert!(digest.brands[0].findings[0].is_new && text.contains("- Neu, "), "{text}");
    let (later, text) = preview(&service, Length::Day, day(3)).await;
    assert!(!later.is_quiet() && text.contains("- Vom ") && text.contains("Stimmung schlechter seit"), "{text}");
    assert!(preview(&service, Length::Day, day(-1)).await.0.brands[0].findings.is_empty(), "not before it was made");
    alert::live(&service, alert::END..70 * 24).await;
    let over = service.store.findings(None).await.unwrap().pop().unwrap();
    assert_eq!(over.stage.as_deref(), Some("over"));
    let (_, text) = preview(&service, Length::Week, at("2026-03-09T08:00:00+01:00")).await;
    assert!(text.contains("Inzwischen vorbei."), "{text}");
    assert!(text.contains("höchstens ein Fehlalarm in 90 Tagen"), "{text}");
}

#[tokio::test]
async fn what_could_not_be_heard_is_told_even_where_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    live(&service, 0..2).await;
    let (forum, end) = (SourceId::parse("forum").unwrap(), Cursor::default());
    let (began, ended) = (at("2026-02-08T20:00:00+01:00"), at("2026-02-09T03:20:00+01:00"));
    service.store.record_failure(&forum, (said("HTTP 503", "HTTP 503"), None), ended, began).await.unwrap();
    service.store.save(&forum, &[], Some((&end, ended).into()), true, ended).await.unwrap();
    let told = async |now| preview(&service, Length::Day, at(now)).await;
    let (sunday, text) = told("2026-02-09T08:00:00+01:00").await;
    assert_eq!((sunday.blind[0].seconds, sunday.blind[0].lasts, sunday.is_empty()), (4 * 3600, true, false));
    assert!(
        text.contains("Keine Erwähnungen. Es können mehr gewesen sein") && text.contains("4 Std., dauert an"),
        "{text}"
    );
    let (monday, _) = told("2026-02-10T08:00:00+01:00").await;
    assert_eq!((monday.blind[0].seconds, monday.blind[0].lasts), (3 * 3600 + 20 * 60, false));
    assert!(told("2026-02-11T08:00:00+01:00").await.0.is_empty(), "heard again, and nothing was said");
}

/// The real service, and where it answers.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(program: &Program) -> Self {
        let mut child = program.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
        let log = BufReader::new(child.stderr.take().unwrap());
        let mut lines = log.lines().map(Result::unwrap);
        let line = lines.find(|line| line.contains("the pages are at")).unwrap();
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        // Its log must not fill up.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// The whole answer, headers included.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn one_click_unsubscribes_and_a_look_does_not() {
    let program = Program::with(CONFIGURATION);
    let service = open(&program.data()).await;
    let secret = service.store.secret("unsubscribe").await.unwrap();
    service.store.close().await;
    let path = format!("/unsubscribe/{}", unsubscribe::token(&secret, "erika@example.org"));
    let is_listed = || stdout(&program.run(&["digest", "list"])).contains("unsubscribed");
    let running = Running::start(&program);

    let looked = running.ask("GET", &path, "");
    assert!(looked.starts_with("HTTP/1.1 200") && looked.contains("<form method=\"post\">"), "{looked}");
    assert!(looked.contains("e…@example.org") && !looked.contains("erika@example.org"), "{looked}");
    let headers = looked.to_lowercase();
    for header in ["content-security-policy: default-src 'none'", "referrer-policy: no-referrer", "no-store", "noindex"]
    {
        assert!(headers.contains(header), "{header}: {looked}");
    }
    assert!(!is_listed(), "scanners follow links");

    for _ in 0..2 {
        let clicked = running.ask("POST", &path, "List-Unsubscribe=One-Click");
        assert!(clicked.starts_with("HTTP/1.1 200") && clicked.contains("Abbestellt"), "{clicked}");
        assert!(!clicked.to_lowercase().contains("set-cookie"), "{clicked}");
    }
    assert!(is_listed());
    assert!(running.ask("GET", &path, "").contains("Abbestellt"));

    let forged = format!("{}00", &path[..path.len() - 2]);
    for wrong in [forged.as_str(), "/unsubscribe/x", "/unsubscribe/6b6d-00", "/unsubscribe/%00"] {
        for method in ["GET", "POST"] {
            let answer = running.ask(method, wrong, "List-Unsubscribe=One-Click");
            assert!(answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400"), "{wrong}: {answer}");
        }
    }
}

#[tokio::test]
async fn the_commands_show_digests_and_change_who_gets_them() {
    let program = Program::with(CONFIGURATION);
    let none = program.run(&["digest", "preview"]);
    assert!(none.status.success(), "{}", stderr(&none));
    assert!(stdout(&none).starts_with("note: nothing was heard"), "{}", stdout(&none));

    let listed = || stdout(&program.run(&["digest", "list"]));
    assert_eq!(listed().matches("unsubscribed").count(), 0);
    assert!(program.run(&["digest", "unsubscribe", "Erika@Example.org"]).status.success());
    assert_eq!(listed().matches("unsubscribed").count(), 2, "of the day and the week: {}", listed());
    assert!(stdout(&program.run(&["digest", "subscribe", "erika@example.org"])).contains("digests again"));
    assert_eq!(listed().matches("unsubscribed").count(), 0);

    let wrong = program.run(&["digest", "preview", "--brand", "Helbahn"]);
    assert_eq!(wrong.status.code(), Some(2), "{}", stderr(&wrong));
    assert_eq!(program.run(&["digest", "unsubscribe", "Erika <erika@example.org>"]).status.code(), Some(2));
}

#[tokio::test]
async fn a_preview_writes_the_html_and_sends_nothing() {
    let program = Program::with(CONFIGURATION);
    let arguments = ["digest", "preview", "--period", "week", "--language", "en", "--html", "week.html"];
    let output = program.run(&arguments);
    assert!(stdout(&output).contains("Weekly digest, week "), "{}{}", stdout(&output), stderr(&output));
    let html = std::fs::read_to_string(program.folder().join("week.html")).unwrap();
    assert!(html.to_lowercase().starts_with("<!doctype html>") && html.contains("Weekly digest, week "));
    assert!(!program.data().join("outbox").exists());
}
