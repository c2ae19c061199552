//! One letter, one conversation with an SMTP server (RFC 5321), command by command: lettre's own transport does not tell
//! whether a connection broke before or after the letter was sent, and may wait for ever.

use std::future::Future;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;
use std::{fmt, fs, io};

use futures_util::FutureExt;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Code, Severity};
use secrecy::{ExposeSecret, SecretString};

use self::failure::{Cause, Failure, Step};
use super::compose::Composed;
use super::{MailerError, Smtp, Tls};
use crate::notify::{Address, Attempt, Delivery};

mod failure;

/// How many times longer than for other answers to wait for the one that decides. Giving up there leaves the fate of
/// the letter unknown, so RFC 5321 (4.5.3.2) grants it twice the time of the others and more.
const LAST_ANSWER: u32 = 4;

/// Where to go, and how to get in.
pub(super) struct Server {
    host: String,
    port: u16,
    encryption: Encryption,
    login: Option<(String, SecretString)>,
    timeout: Duration,
}

enum Encryption {
    Starttls(TlsParameters),
    Implicit(TlsParameters),
    None,
}

impl Server {
    /// Reads the certificates that the settings name.
    pub(super) fn new(settings: &Smtp, password: Option<SecretString>) -> Result<Self, MailerError> {
        let encryption = match settings.tls {
            Tls::Starttls => Encryption::Starttls(tls_parameters(settings)?),
            Tls::Implicit => Encryption::Implicit(tls_parameters(settings)?),
            Tls::None => Encryption::None,
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port(),
            encryption,
            login: settings.username.clone().zip(password),
            timeout: settings.timeout,
        })
    }

    /// One attempt, from the first packet to the last; its errors name no recipient.
    pub(super) async fn deliver(&self, from: &Address, mail: &Composed) -> Attempt {
        match Box::pin(self.converse(from, mail)).await {
            Ok(code) => Attempt { code: Some(code.into()), ..Delivery::Sent.into() },
            Err(failure) => Attempt { code: failure.code(), ..failure.judge(self, &mail.to).into() },
        }
    }

    /// The goodbye at the end is not waited for: what has become of the letter is known by then, and must not get lost.
    async fn converse(&self, from: &Address, mail: &Composed) -> Result<Code, Failure> {
        let mut connection = self.connect().await?;
        self.encrypt(&mut connection).await?;
        self.log_in(&mut connection).await?;
        let result = self.hand_over(&mut connection, from, mail).await;
        if result.as_ref().err().is_none_or(Failure::is_reply) {
            let _ = connection.command(Quit).now_or_never();
        }
        result
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let addresses = answer(Step::Resolve, self.timeout, self.resolve()).await?;
        let parameters = match &self.encryption {
            Encryption::Implicit(parameters) => Some(parameters.clone()),
            Encryption::Starttls(_) | Encryption::None => None,
        };
        let for_one_address = Some(self.timeout / 2); // leaves time for the next, if the server has several
        let hello = ClientId::default();
        let connection = AsyncSmtpConnection::connect_tokio1(&*addresses, for_one_address, &hello, parameters, None);
        answer(Step::Connect, self.timeout, connection).await
    }

    /// In clear, no address but those of this machine will do, whatever the name says.
    async fn resolve(&self) -> io::Result<Vec<SocketAddr>> {
        let mut addresses: Vec<_> = tokio::net::lookup_host((self.host.as_str(), self.port)).await?.collect();
        if matches!(self.encryption, Encryption::None) {
            addresses.retain(|address| address.ip().is_loopback());
        }
        if addresses.is_empty() { Err(io::Error::other("no usable address")) } else { Ok(addresses) }
    }

    async fn encrypt(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let Encryption::Starttls(parameters) = &self.encryption else { return Ok(()) };
        if !connection.can_starttls() {
            return Err(Failure { step: Step::Starttls, cause: Cause::NotOffered });
        }
        let hello = ClientId::default();
        answer(Step::Starttls, self.timeout, connection.starttls(parameters.clone(), &hello)).await
    }

    async fn log_in(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Failure> {
        let Some((username, password)) = &self.login else { return Ok(()) };
        if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            return Err(Failure { step: Step::Login, cause: Cause::NotOffered });
        }
        let credentials = Credentials::new(username.clone(), password.expose_secret().to_owned());
        answer(Step::Login, self.timeout, connection.auth(DEFAULT_MECHANISMS, &credentials)).await?;
        Ok(())
    }

    /// Checks the codes where lettre takes every positive one, so that an answer to an earlier command, slipped in
    /// before the encryption began, can never pass for the one that says the letter has arrived.
    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        from: &Address,
        mail: &Composed,
    ) -> Result<Code, Failure> {
        let sender = Mail::new(Some(from.mailbox().email.clone()), Vec::new());
        let recipient = Rcpt::new(mail.to.mailbox().email.clone(), Vec::new());
        answer(Step::Sender, self.timeout, connection.command(sender)).await?;
        answer(Step::Recipient, self.timeout, connection.command(recipient)).await?;
        let ready = answer(Step::Data, self.timeout, connection.command(Data)).await?;
        if !ready.has_code(354) {
            return Err(Failure { step: Step::Data, cause: Cause::Unexpected(ready.code()) });
        }
        let taken = answer(Step::Content, self.timeout * LAST_ANSWER, connection.message(&mail.content)).await?;
        match taken.code().severity {
            Severity::PositiveCompletion => Ok(taken.code()),
            _ => Err(Failure { step: Step::Content, cause: Cause::Unexpected(taken.code()) }),
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({self})")
    }
}

fn tls_parameters(settings: &Smtp) -> Result<TlsParameters, MailerError> {
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        parameters = parameters.add_root_certificate(certificates(path)?);
    }
    parameters.build().map_err(MailerError::Tls)
}

fn certificates(path: &Path) -> Result<Certificate, MailerError> {
    let pem =
        fs::read_to_string(path).map_err(|source| MailerError::CertificateFile { path: path.to_owned(), source })?;
    let certificate = pem.contains("-----BEGIN CERTIFICATE-----").then(|| Certificate::from_pem(pem.as_bytes()).ok());
    certificate.flatten().ok_or_else(|| MailerError::NoCertificate { path: path.to_owned() })
}

/// Waits for one step of the conversation, but no longer than `limit`.
///
/// lettre 0.11.23 panics on some malformed replies to EHLO; here that is a failure like any other.
async fn answer<T, E: Into<Cause>>(
    step: Step,
    limit: Duration,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    let cause = match tokio::time::timeout(limit, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(Ok(value))) => return Ok(value),
        Ok(Ok(Err(error))) => error.into(),
        Ok(Err(_panic)) => Cause::Malformed,
        Err(_elapsed) => Cause::Timeout(limit),
    };
    Err(Failure { step, cause })
}
