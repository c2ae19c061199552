//! Nothing in clear, nothing to strangers.

use std::path::Path;

use stimmung::notify::{Delivery, Mailer};

use super::{IMPATIENT, LOGIN, letter, mailer, without_port};
use crate::smtp_server::{Act, Authority, Encryption, Script, SmtpServer, self_signed};

/// A folder with this certificate, and the line of `[mail]` that names it.
fn trusting(certificate: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, certificate).expect("a file");
    let line = format!("smtp.ca_file = {:?}", path.display().to_string());
    (folder, line)
}

#[tokio::test]
async fn nothing_goes_in_clear_when_the_server_offers_no_encryption() {
    let (_folder, ca_file) = trusting(&Authority::new("ours").pem());
    let server = SmtpServer::start([Script { login: Some(LOGIN), ..Script::default() }]).await;
    let mailer = mailer(&server, "starttls", &format!("{ca_file}\nsmtp.username = \"stimmung\""));
    let delivery = mailer.deliver(&letter()).await.delivery;
    insta::assert_debug_snapshot!(without_port(delivery, &server), @r#"
    Later {
        error: "starting TLS with localhost:PORT: the server does not offer it",
        hint: Some(
            "nothing was sent, since it would go in clear; try port 465 with `mail.smtp.tls = \"implicit\"`, or ask who runs the server",
        ),
    }
    "#);
    let seen = server.seen();
    assert!(seen.in_clear.iter().all(|command| command.starts_with("EHLO ")), "{:?}", seen.in_clear);
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_named() {
    let authority = Authority::new("ours");
    let (_folder, ca_file) = trusting(&authority.pem());
    for (tls, encryption) in [
        ("starttls", Encryption::Starttls(authority.acceptor("localhost"))),
        ("implicit", Encryption::Implicit(authority.acceptor("localhost"))),
    ] {
        let server = SmtpServer::start([Script { encryption, login: Some(LOGIN), ..Script::default() }]).await;
        let mailer = mailer(&server, tls, &format!("{ca_file}\nsmtp.username = \"stimmung\""));
        assert_eq!(mailer.deliver(&letter()).await.delivery, Delivery::Sent);
        let seen = server.seen();
        assert!(seen.letters[0].encrypted);
        assert!(seen.in_clear.iter().all(|command| command.starts_with("EHLO ") || command == "STARTTLS"));
    }
}

#[tokio::test]
async fn a_certificate_that_vouches_for_itself_is_trusted_when_named() {
    let (acceptor, certificate) = self_signed("localhost");
    let (_folder, ca_file) = trusting(&certificate);
    let server = SmtpServer::start([Script { encryption: Encryption::Implicit(acceptor), ..Script::default() }]).await;
    assert_eq!(mailer(&server, "implicit", &ca_file).deliver(&letter()).await.delivery, Delivery::Sent);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let authority = Authority::new("ours");
    let (_folder, another) = trusting(&Authority::new("theirs").pem());
    let (_folder, same) = trusting(&authority.pem());
    let attempt = async |tls, encryption, ca_file: &str| {
        let server = SmtpServer::start([Script { encryption, ..Script::default() }]).await;
        let delivery = mailer(&server, tls, ca_file).deliver(&letter()).await.delivery;
        assert!(server.seen().letters.is_empty());
        without_port(delivery, &server)
    };
    let starttls = Encryption::Starttls(authority.acceptor("localhost"));
    insta::assert_debug_snapshot!(attempt("starttls", starttls, &another).await, @r#"
    Later {
        error: "starting TLS with localhost:PORT: invalid peer certificate: UnknownIssuer",
        hint: Some(
            "`mail.smtp.host` must be the name in the certificate; for a certificate or authority of your own, set `mail.smtp.ca_file`",
        ),
    }
    "#);
    let implicit = Encryption::Implicit(authority.acceptor("localhost"));
    insta::assert_debug_snapshot!(attempt("implicit", implicit, &another).await, @r#"
    Later {
        error: "connecting to localhost:PORT: invalid peer certificate: UnknownIssuer",
        hint: Some(
            "`mail.smtp.host` must be the name in the certificate; for a certificate or authority of your own, set `mail.smtp.ca_file`",
        ),
    }
    "#);
    let other_name = Encryption::Implicit(authority.acceptor("mail.example.org"));
    insta::assert_debug_snapshot!(attempt("implicit", other_name, &same).await, @r#"
    Later {
        error: "connecting to localhost:PORT: invalid peer certificate: certificate not valid for name \"localhost\"; certificate is only valid for DnsName(\"mail.example.org\")",
        hint: Some(
            "`mail.smtp.host` must be the name in the certificate; for a certificate or authority of your own, set `mail.smtp.ca_file`",
        ),
    }
    "#);
}

#[tokio::test]
async fn an_answer_slipped_in_before_the_encryption_never_passes_for_the_last_one() {
    let authority = Authority::new("ours");
    let (_folder, ca_file) = trusting(&authority.pem());
    let server = SmtpServer::start([Script {
        encryption: Encryption::Starttls(authority.acceptor("localhost")),
        starttls: Act::Say("220 2.0.0 ready\r\n250 slipped in"),
        content: Act::Say("554 5.6.0 no"),
        ..Script::default()
    }])
    .await;
    let delivery = mailer(&server, "starttls", &ca_file).deliver(&letter()).await.delivery;
    insta::assert_debug_snapshot!(without_port(delivery, &server), @r#"
    Later {
        error: "announcing the letter to localhost:PORT: unexpected answer 250",
        hint: None,
    }
    "#);
    assert!(server.seen().letters.is_empty());
}

#[tokio::test]
async fn the_wrong_kind_of_encryption_is_explained() {
    let authority = Authority::new("ours");
    let (_folder, ca_file) = trusting(&authority.pem());
    let in_clear_first = SmtpServer::start([Script::default()]).await;
    let delivery = mailer(&in_clear_first, "implicit", &ca_file).deliver(&letter()).await.delivery;
    insta::assert_debug_snapshot!(without_port(delivery, &in_clear_first), @r#"
    Later {
        error: "connecting to localhost:PORT: received corrupt message of type InvalidContentType",
        hint: Some(
            "the server does not begin with TLS: try `mail.smtp.tls = \"starttls\"`",
        ),
    }
    "#);

    let encryption = Encryption::Implicit(authority.acceptor("localhost"));
    let tls_first = SmtpServer::start([Script { encryption, ..Script::default() }]).await;
    let delivery = mailer(&tls_first, "starttls", &format!("{ca_file}\n{IMPATIENT}")).deliver(&letter()).await.delivery;
    insta::assert_debug_snapshot!(without_port(delivery, &tls_first), @r#"
    Later {
        error: "connecting to localhost:PORT: no answer within 200ms",
        hint: Some(
            "is a firewall in between? Port 465 needs `mail.smtp.tls = \"implicit\"`, port 587 \"starttls\"",
        ),
    }
    "#);
}

#[tokio::test]
async fn a_file_without_certificates_is_reported_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("authority.pem");
    let attempt = || {
        let smtp = format!("smtp = {{ host = \"localhost\", ca_file = {:?} }}", path.display().to_string());
        let settings = toml::from_str(&smtp).expect("settings");
        let error = Mailer::new(&settings, Path::new("unused"), None).expect_err("no certificate");
        error.to_string().replace(&path.display().to_string(), "FILE")
    };
    let missing = attempt();
    std::fs::write(&path, "no certificate").expect("a file");
    insta::assert_snapshot!([missing, attempt()].join("\n"), @r#"
    cannot read `FILE`, which `mail.smtp.ca_file` names
    `FILE`, which `mail.smtp.ca_file` names, must hold certificates in PEM: `-----BEGIN CERTIFICATE-----`
    "#);
}
