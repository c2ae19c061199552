//! The conversation with a mail server.

use std::future::Future;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, Status};
use async_imap::{Client, Session};
use rustls_platform_verifier::Verifier;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};

use super::Mailbox;
use crate::collect::pages::format_error;
use crate::collect::{CollectError, Round};
use crate::http::{Cause, FetchError};
use crate::tongue::{Said, said};

/// For each answer of the server.
const LONGEST_ANSWER: Duration = Duration::from_secs(60);

/// So much of a mail is asked for, in bytes: pictures come after the words.
const LONGEST_MAIL: u32 = 256 * 1024;

const LOGIN_HINT: Said<&'static str> = said(
    "Prüfen Sie „user“ und das Passwort; manche Anbieter verlangen ein App-Passwort oder dass IMAP eingeschaltet ist",
    "check `user` and the password; some providers want a password for apps, or IMAP to be switched on",
);

/// At the level `trace` the library tells its log each command, and with it the password: that level is not compiled in.
const _: () = assert!((log::STATIC_MAX_LEVEL as usize) < log::LevelFilter::Trace as usize);

/// A folder that is open for reading only.
pub(super) struct Folder {
    session: Session<TlsStream<TcpStream>>,
    host: String,
    /// As long as it is the same, so are the numbers of the mails.
    pub(super) validity: u32,
}

impl Folder {
    pub(super) async fn open(kind: &Mailbox, password: &SecretString, round: &Round<'_>) -> Result<Self, CollectError> {
        let host = format!("{}:{}", kind.server, kind.port);
        let stream = encrypted(kind, &host, round).await?;
        let mut client = Client::new(stream);
        let greeting = answer(&host, async { Ok(client.read_response().await?) }).await?;
        greeting.ok_or_else(|| broken(&host, "it hung up at once"))?;
        let login = async { client.login(&kind.user, password.expose_secret()).await.map_err(|(error, _)| error) };
        let refused = || {
            format_error(said("Der Mailserver weist die Anmeldung ab", "the mail server refuses the login"), LOGIN_HINT)
        };
        let mut session = unless_refused(&host, login, refused).await?;
        let missing = || {
            let message = Said {
                german: format!("Im Postfach gibt es keinen Ordner „{}“", kind.folder),
                english: format!("there is no folder `{}` in the mailbox", kind.folder),
            };
            format_error(message, said("Prüfen Sie „folder“", "check `folder`"))
        };
        let folder = unless_refused(&host, session.examine(&kind.folder), missing).await?;
        let no_numbers = || {
            format_error(
                said("Der Mailserver nummeriert seine Mails nicht", "the mail server does not number its mails"),
                said("Fragen Sie den Anbieter nach UIDs", "ask its provider for UIDs"),
            )
        };
        Ok(Self { session, host, validity: folder.uid_validity.ok_or_else(no_numbers)? })
    }

    /// The numbers of the mails that came after this one and may be wanted, in their order.
    pub(super) async fn after(&mut self, last: u32, kind: &Mailbox) -> Result<Vec<u32>, CollectError> {
        let mut query = format!("UID SEARCH UID {}:*", last.saturating_add(1));
        // Others than ASCII would need a literal; all that is found here is looked at again.
        for (name, words) in [("FROM", &kind.from), ("SUBJECT", &kind.subject)] {
            if let Some(words) = words.as_ref().filter(|words| words.is_ascii()) {
                query += &format!(" {name} \"{}\"", words.replace('\\', "\\\\").replace('"', "\\\""));
            }
        }
        let found = |response: &Response<'_>| match response {
            Response::MailboxData(MailboxDatum::Search(numbers)) => numbers.clone(),
            _ => Vec::new(),
        };
        let mut numbers = self.ask(&query, found).await?;
        // `*` is the last mail, even where it is not after that one.
        numbers.retain(|number| *number > last);
        numbers.sort_unstable();
        numbers.dedup();
        Ok(numbers)
    }

    /// These mails, as they are on the server, without a trace; those that are gone by now are left out.
    pub(super) async fn mails(&mut self, numbers: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, CollectError> {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let command = format!("UID FETCH {} (UID BODY.PEEK[]<0.{LONGEST_MAIL}>)", numbers.join(","));
        let mut mails = self.ask(&command, |response| mail(response).into_iter().collect()).await?;
        mails.sort_unstable_by_key(|(number, _)| *number);
        Ok(mails)
    }

    /// What is read of the answers to a command. The library's own commands take a "no" for an empty answer here.
    async fn ask<T>(&mut self, command: &str, read: impl Fn(&Response<'_>) -> Vec<T>) -> Result<Vec<T>, CollectError> {
        let session = &mut self.session;
        let asking = async {
            let asked = session.run_command(command).await?;
            let mut found = Vec::new();
            while let Some(response) = session.read_response().await? {
                match response.parsed() {
                    Response::Done { tag, status, .. } if *tag == asked => {
                        return match status {
                            Status::Ok => Ok(found),
                            _ => Err(Error::No(String::new())),
                        };
                    }
                    other => found.extend(read(other)),
                }
            }
            Err(Error::ConnectionLost)
        };
        answer(&self.host, asking).await
    }

    /// Says good-bye; whether the server hears it matters to nobody.
    pub(super) async fn close(mut self) {
        let _ = answer(&self.host, self.session.logout()).await;
    }
}

/// Its number and what was asked for of it.
fn mail(response: &Response<'_>) -> Option<(u32, Vec<u8>)> {
    let Response::Fetch(_, attributes) = response else { return None };
    let number = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(number) => Some(*number),
        _ => None,
    });
    let body = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section: None, data, .. } => Some(data.as_deref().unwrap_or_default().to_vec()),
        _ => None,
    });
    number.zip(body)
}

async fn encrypted(kind: &Mailbox, host: &str, round: &Round<'_>) -> Result<TlsStream<TcpStream>, CollectError> {
    let no_name = |_| {
        format_error(
            said("„server“ ist kein Name", "`server` is no name"),
            said("Schreiben Sie ihn wie imap.example.org", "write it as in \"imap.example.org\""),
        )
    };
    let name = ServerName::try_from(kind.server.clone()).map_err(no_name)?;
    let connector = connector(kind.ca_file.as_deref())?;
    let stream = round.fetcher.connect(&kind.server, kind.port, round.allow_private_network).await?;
    match timeout(LONGEST_ANSWER, connector.connect(name, stream)).await {
        Err(_) => Err(FetchError::Timeout { host: host.to_owned() }.into()),
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(FetchError::Tls { host: host.to_owned(), cause: Cause::new(error.to_string()) }.into()),
    }
}

/// Trusts what the system trusts, and the certificates in this file.
fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, CollectError> {
    let hint = said(
        "Prüfen Sie die Zertifikate dieses Rechners und „ca_file“",
        "check the certificates of this machine, and `ca_file`",
    );
    let unusable = |error: String| {
        let message = said("Die Zertifikate sind nicht zu gebrauchen", "the certificates cannot be used").with(error);
        format_error(message, hint)
    };
    let certificates = ca_file.map(|path| {
        let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let message = || Said {
            german: format!("In „{}“ stehen keine Zertifikate", path.display()),
            english: format!("there are no certificates in `{}`", path.display()),
        };
        read.map_err(|error| format_error(message().as_str().with(error), hint))
    });
    let certificates = certificates.transpose()?.unwrap_or_default();
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(certificates, Arc::clone(&provider));
    let verifier = verifier.map_err(|error| unusable(error.to_string()))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Waits for an answer, but not for ever.
async fn answer<T>(host: &str, asking: impl Future<Output = Result<T, Error>>) -> Result<T, CollectError> {
    unless_refused(host, asking, || {
        format_error(
            said("Der Mailserver lässt den Ordner nicht lesen", "the mail server refuses to read the folder"),
            said("Prüfen Sie die Rechte von „user“", "check the rights of `user`"),
        )
    })
    .await
}

/// As [`answer`], where a "no" means something else.
async fn unless_refused<T>(
    host: &str,
    asking: impl Future<Output = Result<T, Error>>,
    refused: impl Fn() -> CollectError,
) -> Result<T, CollectError> {
    match timeout(LONGEST_ANSWER, asking).await {
        Err(_) => Err(FetchError::Timeout { host: host.to_owned() }.into()),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(Error::No(_))) => Err(refused()),
        Ok(Err(Error::ConnectionLost)) => Err(broken(host, "the line is dead")),
        Ok(Err(Error::Io(error))) if error.kind() != ErrorKind::Other => Err(broken(host, &error.to_string())),
        // What the library says of what it cannot read quotes it, and names are not for logs.
        Ok(Err(_)) => Err(format_error(
            said("Der Mailserver antwortet nicht nach IMAP", "the mail server does not answer as IMAP does"),
            said("Prüfen Sie „server“ und „port“", "check `server` and `port`"),
        )),
    }
}

fn broken(host: &str, cause: &str) -> CollectError {
    FetchError::Broken { host: host.to_owned(), cause: Cause::new(cause) }.into()
}
