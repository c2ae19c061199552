//! Letters through a real SMTP conversation, in every way in which it can go wrong.

use std::net::SocketAddr;
use std::path::Path;

use mail_parser::MessageParser;
use stimmung::alert::Mail;
use stimmung::mention::Timestamp;
use stimmung::notify::{Delivery, Letter, Mailer};

use crate::smtp_server::{Act, Login, Received, Script, Seen, SmtpServer};

mod encryption;

/// A line of `[mail]` that bounds how long a test waits for a server that says nothing.
const IMPATIENT: &str = "smtp.timeout = \"200ms\"";

const LOGIN: Login = Login { mechanisms: "PLAIN LOGIN", username: "stimmung", password: "geheim" };

fn letter() -> Letter {
    Letter {
        id: "finding-17".into(),
        channel: stimmung::notify::MAIL.into(),
        to: "Erika Mustermann <erika.mustermann@example.org>".into(),
        mail: Mail {
            subject: "Die Stimmung über „Beispiel Bahn“ kippt".into(),
            text: "Seit 9 Uhr: 31 % statt 12 % der Stimmen sind verärgert.\n.\n… und das fällt auf.".into(),
            html: "<p>Seit 9 Uhr: <b>31 %</b> statt 12 % der Stimmen sind verärgert.</p>".into(),
            picture: None,
        },
        reply_to_thread: None,
        list: None,
        written_at: Timestamp::from_seconds(1_790_000_000),
    }
}

/// For this server; `more` are further lines of `[mail]`.
fn mailer(server: &SmtpServer, tls: &str, more: &str) -> Mailer {
    mailer_to(server.address, tls, more)
}

fn mailer_to(address: SocketAddr, tls: &str, more: &str) -> Mailer {
    let port = address.port();
    let settings = toml::from_str(&format!(
        r#"
        from = "Stimmung <stimmung@example.org>"
        smtp.host = "localhost"
        smtp.port = {port}
        smtp.tls = "{tls}"
        {more}
        "#
    ));
    let settings: stimmung::notify::mail::Settings = settings.expect("settings");
    let password = settings.smtp.as_ref().and_then(|smtp| smtp.username.clone()).map(|_| "geheim".into());
    Mailer::new(&settings, Path::new("unused"), password).expect("a mailer")
}

/// One attempt with a server that follows `script`, in clear.
async fn delivered(script: Script) -> (Delivery, Seen) {
    let stalls = [script.greeting, script.sender, script.recipient, script.data, script.content].contains(&Act::Stall);
    let server = SmtpServer::start([script]).await;
    let delivery = mailer(&server, "none", if stalls { IMPATIENT } else { "" }).deliver(&letter()).await.delivery;
    (without_port(delivery, &server), server.seen())
}

/// Ports are not the same in every run.
fn without_port(delivery: Delivery, server: &SmtpServer) -> Delivery {
    let port = format!(":{}", server.address.port());
    let without = |error: String| error.replace(&port, ":PORT");
    match delivery {
        Delivery::Sent => Delivery::Sent,
        Delivery::Later { error, hint } => Delivery::Later { error: without(error), hint },
        Delivery::Refused { error } => Delivery::Refused { error: without(error) },
        Delivery::Unknown { error } => Delivery::Unknown { error: without(error) },
    }
}

/// What a mail program makes of a letter.
fn read(letter: &Received) -> String {
    let message = MessageParser::default().parse(&letter.content).expect("a mail");
    let header = |name: &str| format!("{name}: {}\n", message.header_raw(name).unwrap_or("none").trim());
    let headers: String =
        ["Message-ID", "Date", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Type"].map(header).concat();
    format!(
        "{} -> {}\n{headers}Subject: {}\n\n{}\n\n{}",
        letter.from,
        letter.to.join(", "),
        message.subject().unwrap_or("none"),
        message.body_text(0).unwrap_or_default().trim_end().replace('\r', ""),
        message.body_html(0).unwrap_or_default().trim_end().replace('\r', ""),
    )
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let (delivery, seen) = delivered(Script::default()).await;
    assert_eq!(delivery, Delivery::Sent);
    assert_eq!(seen.letters.len(), 1);
    insta::assert_snapshot!(read(&seen.letters[0]));
}

#[tokio::test]
async fn a_second_copy_is_the_same_to_the_byte() {
    let server = SmtpServer::start([Script { content: Act::HangUp, ..Script::default() }, Script::default()]).await;
    let mailer = mailer(&server, "none", "");
    assert!(matches!(mailer.deliver(&letter()).await.delivery, Delivery::Unknown { .. }));
    assert_eq!(mailer.deliver(&letter()).await.delivery, Delivery::Sent);
    let letters = server.seen().letters;
    assert_eq!(letters[0], letters[1]);
}

#[tokio::test]
async fn an_unknown_recipient_is_refused_and_not_named() {
    let recipient = Act::Say("550 5.1.1 <erika.mustermann@example.org>: user erika.mustermann unknown");
    let (delivery, seen) = delivered(Script { recipient, ..Script::default() }).await;
    insta::assert_debug_snapshot!(delivery, @r#"
    Refused {
        error: "naming the recipient to localhost:PORT: 550 5.1.1 <e…@example.org>: user … unknown",
    }
    "#);
    assert!(seen.letters.is_empty());
}

#[tokio::test]
async fn unwanted_content_is_refused() {
    let content = Act::Say("554 5.7.1 looks like advertising");
    let (delivery, _) = delivered(Script { content, ..Script::default() }).await;
    insta::assert_debug_snapshot!(delivery, @r#"
    Refused {
        error: "handing the letter to localhost:PORT: 554 5.7.1 looks like advertising",
    }
    "#);
}

#[tokio::test]
async fn a_letter_that_the_server_puts_off_is_tried_later() {
    let greylisted = Script { recipient: Act::Say("451 4.7.1 greylisted, come back"), ..Script::default() };
    let (delivery, seen) = delivered(greylisted).await;
    insta::assert_debug_snapshot!(delivery, @r#"
    Later {
        error: "naming the recipient to localhost:PORT: 451 4.7.1 greylisted, come back",
        hint: None,
    }
    "#);
    assert!(seen.letters.is_empty());

    let busy = Script { greeting: Act::Say("421 4.3.2 too busy"), ..Script::default() };
    insta::assert_debug_snapshot!(delivered(busy).await.0, @r#"
    Later {
        error: "connecting to localhost:PORT: 421 4.3.2 too busy",
        hint: None,
    }
    "#);

    let full = Script { content: Act::Say("452 4.3.1 disk full"), ..Script::default() };
    insta::assert_debug_snapshot!(delivered(full).await.0, @r#"
    Later {
        error: "handing the letter to localhost:PORT: 452 4.3.1 disk full",
        hint: None,
    }
    "#);
}

#[tokio::test]
async fn what_the_server_holds_against_us_does_not_cost_the_letter() {
    for script in [
        Script { greeting: Act::Say("554 5.7.1 no mail from you"), ..Script::default() },
        Script { sender: Act::Say("553 5.1.8 sender unknown"), ..Script::default() },
        Script { recipient: Act::Say("554 5.7.1 relay access denied"), ..Script::default() },
    ] {
        let (delivery, _) = delivered(script).await;
        assert!(matches!(delivery, Delivery::Later { hint: Some(_), .. }), "{delivery:?}");
    }
}

#[tokio::test]
async fn nobody_at_the_port_is_no_reason_to_give_up() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("the address of the port");
    drop(free);
    let Delivery::Later { error, hint } = mailer_to(address, "none", "").deliver(&letter()).await.delivery else {
        panic!("must be tried later")
    };
    assert!(error.starts_with(&format!("connecting to localhost:{}: Connection refused", address.port())), "{error}");
    assert!(hint.is_some());
}

#[tokio::test]
async fn silence_before_the_letter_was_sent_means_later() {
    for script in [
        Script { greeting: Act::Stall, ..Script::default() },
        Script { greeting: Act::HangUp, ..Script::default() },
        Script { recipient: Act::Stall, ..Script::default() },
        Script { data: Act::Stall, ..Script::default() },
        Script { data: Act::HangUp, ..Script::default() },
        Script { data: Act::Say("250 fine"), ..Script::default() },
    ] {
        let (delivery, seen) = delivered(script).await;
        assert!(matches!(delivery, Delivery::Later { .. }), "{delivery:?}");
        assert!(seen.letters.is_empty());
    }
}

#[tokio::test]
async fn silence_after_the_letter_was_sent_leaves_its_fate_unknown() {
    let (stalled, seen) = delivered(Script { content: Act::Stall, ..Script::default() }).await;
    insta::assert_debug_snapshot!(stalled, @r#"
    Unknown {
        error: "handing the letter to localhost:PORT: no answer within 800ms",
    }
    "#);
    assert_eq!(seen.letters.len(), 1);

    let (dropped, seen) = delivered(Script { content: Act::HangUp, ..Script::default() }).await;
    insta::assert_debug_snapshot!(dropped, @r#"
    Unknown {
        error: "handing the letter to localhost:PORT: the connection ended without a valid answer",
    }
    "#);
    assert_eq!(seen.letters.len(), 1);

    let (odd, _) = delivered(Script { content: Act::Say("354 go on"), ..Script::default() }).await;
    assert!(matches!(odd, Delivery::Unknown { .. }), "{odd:?}");
}

#[tokio::test]
async fn an_answer_that_is_no_smtp_is_a_failure_like_any_other() {
    let other_protocol = Script { greeting: Act::Say("SSH-2.0-OpenSSH"), ..Script::default() };
    insta::assert_debug_snapshot!(delivered(other_protocol).await.0, @r#"
    Later {
        error: "connecting to localhost:PORT: the connection ended without a valid answer",
        hint: Some(
            "is the server running, and are `mail.smtp.host` and `mail.smtp.port` right?",
        ),
    }
    "#);

    let blank_capability = Script { name: "mail.test\r\n250- ", login: Some(LOGIN), ..Script::default() };
    insta::assert_debug_snapshot!(delivered(blank_capability).await.0, @r#"
    Later {
        error: "connecting to localhost:PORT: an answer that is no SMTP",
        hint: Some(
            "is the server running, and are `mail.smtp.host` and `mail.smtp.port` right?",
        ),
    }
    "#);
}

#[tokio::test]
async fn a_server_that_wants_a_login_gets_it() {
    for mechanisms in ["PLAIN LOGIN", "LOGIN"] {
        let server =
            SmtpServer::start([Script { login: Some(Login { mechanisms, ..LOGIN }), ..Script::default() }]).await;
        assert_eq!(
            mailer(&server, "none", "smtp.username = \"stimmung\"").deliver(&letter()).await.delivery,
            Delivery::Sent
        );
    }
}

#[tokio::test]
async fn a_login_that_does_not_work_keeps_the_letter_and_says_what_to_check() {
    let wrong = Login { password: "anders", ..LOGIN };
    let unknown = Login { mechanisms: "GSSAPI", ..LOGIN };
    let attempt = async |login: Login, more: &str| {
        let server = SmtpServer::start([Script { login: Some(login), ..Script::default() }]).await;
        let delivery = mailer(&server, "none", more).deliver(&letter()).await.delivery;
        assert!(server.seen().letters.is_empty());
        without_port(delivery, &server)
    };
    insta::assert_debug_snapshot!(attempt(wrong, "smtp.username = \"stimmung\"").await, @r#"
    Later {
        error: "logging in to localhost:PORT: 535 5.7.8 wrong password",
        hint: Some(
            "check `mail.smtp.username` and its password; some providers want a password made for this program",
        ),
    }
    "#);
    insta::assert_debug_snapshot!(attempt(unknown, "smtp.username = \"stimmung\"").await, @r#"
    Later {
        error: "logging in to localhost:PORT: the server does not offer it",
        hint: Some(
            "the server takes no passwords here; try the other kind of `mail.smtp.tls`, or another server",
        ),
    }
    "#);
    insta::assert_debug_snapshot!(attempt(LOGIN, "").await, @r#"
    Later {
        error: "naming the sender to localhost:PORT: 530 5.7.0 log in first",
        hint: Some(
            "write an address into `mail.from` that the server knows, and set `mail.smtp.username` if it wants a login",
        ),
    }
    "#);
}

#[tokio::test]
async fn without_a_server_letters_become_files() {
    let data = tempfile::tempdir().expect("a folder");
    let outbox = data.path().join("outbox");
    let mailer = Mailer::new(&stimmung::notify::mail::Settings::default(), &outbox, None).expect("a mailer");
    for _ in 0..2 {
        assert_eq!(mailer.deliver(&letter()).await.delivery, Delivery::Sent);
    }
    let files: Vec<_> =
        std::fs::read_dir(&outbox).expect("the outbox").map(|entry| entry.expect("a file").path()).collect();
    assert_eq!(files, [outbox.join("20260921T141320Z-finding-17.eml")]);
    let content = std::fs::read_to_string(&files[0]).expect("a mail");
    let message = MessageParser::default().parse(&content).expect("a mail");
    assert_eq!(message.message_id(), Some("finding-17@localhost"));
    assert_eq!(message.subject(), Some("Die Stimmung über „Beispiel Bahn“ kippt"));
}
