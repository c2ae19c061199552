//! A mail server on loopback that knows what is asked of it here and keeps each command.

use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

/// What is in the mailbox, and how the server behaves.
#[derive(Clone, Default)]
pub(super) struct Account {
    pub(super) validity: u32,
    /// In the order of their numbers.
    pub(super) mails: Vec<(u32, Vec<u8>)>,
    /// Hangs up in the middle of this one.
    pub(super) breaks_at: Option<u32>,
    /// Says "no" where this one is asked for, after those before it.
    pub(super) refuses: Option<u32>,
    /// Greets, says only this and hangs up.
    pub(super) says_only: Option<&'static str>,
}

pub(super) struct ImapServer {
    pub(super) port: u16,
    /// Who has signed its certificate.
    pub(super) authority: NamedTempFile,
    account: Arc<Mutex<Account>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ImapServer {
    /// Serves until the test's runtime ends. The password is that of the tests.
    pub(super) async fn start(account: Account) -> Self {
        let (acceptor, pem) = acceptor();
        let authority = NamedTempFile::new().unwrap();
        std::fs::write(authority.path(), pem).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (account, asked) = (Arc::new(Mutex::new(account)), Arc::new(Mutex::new(Vec::new())));
        let server = Self { port, authority, account: Arc::clone(&account), asked: Arc::clone(&asked) };
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let (acceptor, account, asked) = (acceptor.clone(), Arc::clone(&account), Arc::clone(&asked));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(connection).await {
                        // Whoever asked may have hung up, and so may we.
                        let _ = converse(BufStream::new(stream), &account, &asked).await;
                    }
                });
            }
        });
        server
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Account)) {
        change(&mut self.account.lock().unwrap());
    }

    /// The commands without their tags, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

type Stream = BufStream<TlsStream<TcpStream>>;

async fn converse(mut stream: Stream, account: &Mutex<Account>, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    say(&mut stream, "* OK Lerche IMAP4rev1 ready\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap();
        asked.lock().unwrap().push(command.to_owned());
        let account = account.lock().unwrap().clone();
        if let Some(only) = account.says_only {
            return say(&mut stream, only).await;
        }
        let words: Vec<&str> = command.split(' ').collect();
        let end = match words.as_slice() {
            ["LOGIN", user, password] if (*user, *password) == ("\"erika\"", "\"stimmung\"") => "OK in",
            ["LOGIN", ..] => "NO [AUTHENTICATIONFAILED] no",
            ["EXAMINE", "\"INBOX\""] => {
                let (count, validity) = (account.mails.len(), account.validity);
                say(&mut stream, &format!("* {count} EXISTS\r\n* OK [UIDVALIDITY {validity}] valid\r\n")).await?;
                "OK [READ-ONLY] open"
            }
            ["EXAMINE", ..] => "NO no such folder",
            ["UID", "SEARCH", "UID", range, ..] => {
                say(&mut stream, &format!("* SEARCH{}\r\n", found(&account, range))).await?;
                "OK found"
            }
            ["UID", "FETCH", numbers, ..] => {
                let numbers: Vec<u32> = numbers.split(',').map(|number| number.parse().unwrap()).collect();
                let is_refused = account.refuses.is_some_and(|number| numbers.contains(&number));
                let there = account.mails.iter().filter(|(number, _)| numbers.contains(number));
                for (number, mail) in there.take_while(|(number, _)| account.refuses != Some(*number)) {
                    say(&mut stream, &format!("* 1 FETCH (UID {number} BODY[]<0> {{{}}}\r\n", mail.len())).await?;
                    if account.breaks_at == Some(*number) {
                        return stream.flush().await;
                    }
                    stream.write_all(mail).await?;
                    say(&mut stream, ")\r\n").await?;
                }
                if is_refused { "NO [UNAVAILABLE] later" } else { "OK fetched" }
            }
            ["LOGOUT"] => "OK bye",
            _ => "BAD what?",
        };
        say(&mut stream, &format!("{tag} {end}\r\n")).await?;
    }
}

/// `*` is the last mail, even where it is before the first number of the range.
fn found(account: &Account, range: &str) -> String {
    let first: u32 = range.strip_suffix(":*").unwrap().parse().unwrap();
    let last = account.mails.last().map_or(0, |(number, _)| *number);
    let numbers = account.mails.iter().map(|(number, _)| *number).filter(|number| *number >= first || *number == last);
    numbers.map(|number| format!(" {number}")).collect()
}

async fn say(stream: &mut Stream, words: &str) -> std::io::Result<()> {
    stream.write_all(words.as_bytes()).await?;
    stream.flush().await
}

/// The server's side of TLS for 127.0.0.1, and the certificate of an authority of its own.
fn acceptor() -> (TlsAcceptor, String) {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority.pem())
}
