//! A mail server on loopback that answers as a test wants it to, and keeps what it was given.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use mail_parser::decoders::base64::base64_decode;
use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;

/// What the server does when its turn comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    /// Sends this line (without its end).
    Say(&'static str),
    /// Falls silent until the client goes away.
    Stall,
    /// Closes the connection.
    HangUp,
}

/// How a connection goes; the default accepts everything, in clear.
#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) greeting: Act,
    /// What the server calls itself after EHLO.
    pub(crate) name: &'static str,
    pub(crate) starttls: Act,
    pub(crate) sender: Act,
    pub(crate) recipient: Act,
    pub(crate) data: Act,
    /// After the whole letter has arrived.
    pub(crate) content: Act,
    pub(crate) encryption: Encryption,
    pub(crate) login: Option<Login>,
}

#[derive(Clone)]
pub(crate) enum Encryption {
    None,
    Starttls(TlsAcceptor),
    Implicit(TlsAcceptor),
}

/// The server takes mail only from who logs in like this.
#[derive(Clone, Copy)]
pub(crate) struct Login {
    /// `PLAIN`, `LOGIN` or both.
    pub(crate) mechanisms: &'static str,
    pub(crate) username: &'static str,
    pub(crate) password: &'static str,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            greeting: Act::Say("220 mail.test ESMTP"),
            name: "mail.test",
            starttls: Act::Say("220 2.0.0 ready"),
            sender: Act::Say("250 2.1.0 fine"),
            recipient: Act::Say("250 2.1.5 fine"),
            data: Act::Say("354 go ahead"),
            content: Act::Say("250 2.0.0 taken"),
            encryption: Encryption::None,
            login: None,
        }
    }
}

/// A letter as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// Headers and body, dots unstuffed.
    pub(crate) content: String,
    pub(crate) encrypted: bool,
}

/// Everything that reached the server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// Commands that anyone on the way could have read.
    pub(crate) in_clear: Vec<String>,
    /// Also those that the server then refused or did not answer.
    pub(crate) letters: Vec<Received>,
}

/// Stops when it is dropped.
pub(crate) struct SmtpServer {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    /// Follows the first script on the first connection, and so on; the last one from then on.
    pub(crate) async fn start(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("the address of the port");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let task = tokio::spawn(serve(listener, scripts.into_iter().collect(), Arc::clone(&seen)));
        Self { address, seen, task }
    }

    /// What has reached the server up to now.
    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().expect("no panic in the server").clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, scripts: Vec<Script>, seen: Arc<Mutex<Seen>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let number = {
            let mut seen = seen.lock().expect("no panic in the server");
            seen.connections += 1;
            seen.connections
        };
        let script = scripts[number.min(scripts.len()) - 1].clone();
        tokio::spawn(converse(stream, script, Arc::clone(&seen)));
    }
}

/// `None` as soon as the conversation is over, for whatever reason.
async fn converse(stream: TcpStream, script: Script, seen: Arc<Mutex<Seen>>) -> Option<()> {
    match script.encryption.clone() {
        Encryption::Implicit(acceptor) => {
            let mut session = Session::new(acceptor.accept(stream).await.ok()?, script, true, seen);
            session.act(session.script.greeting).await?;
            session.run().await
        }
        Encryption::Starttls(acceptor) => {
            let mut session = Session::new(stream, script, false, seen);
            session.act(session.script.greeting).await?;
            session.run().await?;
            let Session { stream, script, seen, .. } = session;
            let stream = acceptor.accept(stream.into_inner()).await.ok()?;
            Session::new(stream, script, true, seen).run().await
        }
        Encryption::None => {
            let mut session = Session::new(stream, script, false, seen);
            session.act(session.script.greeting).await?;
            session.run().await
        }
    }
}

struct Session<Stream> {
    stream: BufStream<Stream>,
    script: Script,
    encrypted: bool,
    seen: Arc<Mutex<Seen>>,
    logged_in: bool,
    from: String,
    to: Vec<String>,
}

impl<Stream: AsyncRead + AsyncWrite + Unpin> Session<Stream> {
    fn new(stream: Stream, script: Script, encrypted: bool, seen: Arc<Mutex<Seen>>) -> Self {
        let logged_in = script.login.is_none();
        Self { stream: BufStream::new(stream), script, encrypted, seen, logged_in, from: String::new(), to: Vec::new() }
    }

    /// `Some` when the client wants to go on encrypted.
    async fn run(&mut self) -> Option<()> {
        loop {
            let line = self.read_line().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.introduce().await?,
                "STARTTLS" => return self.act(self.script.starttls).await,
                "AUTH" => self.log_in(rest).await?,
                "MAIL" if !self.logged_in => self.say("530 5.7.0 log in first").await?,
                "MAIL" => {
                    self.from = mailbox(rest);
                    self.act(self.script.sender).await?;
                }
                "RCPT" => {
                    self.to.push(mailbox(rest));
                    self.act(self.script.recipient).await?;
                }
                "DATA" => {
                    self.act(self.script.data).await?;
                    self.receive().await?;
                }
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    return None;
                }
                _ => self.say("502 5.5.1 what?").await?,
            }
        }
    }

    async fn introduce(&mut self) -> Option<()> {
        let mut lines = vec![self.script.name.to_owned()];
        if matches!(self.script.encryption, Encryption::Starttls(_)) && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        lines.extend(self.script.login.map(|login| format!("AUTH {}", login.mechanisms)));
        let last = lines.pop()?;
        for line in lines {
            self.say(&format!("250-{line}")).await?;
        }
        self.say(&format!("250 {last}")).await
    }

    async fn log_in(&mut self, arguments: &str) -> Option<()> {
        let (username, password) = match arguments.split_once(' ') {
            Some(("PLAIN", response)) => {
                let plain = decoded(response);
                let mut parts = plain.split('\0').skip(1).map(str::to_owned);
                (parts.next()?, parts.next()?)
            }
            _ => {
                self.say("334 VXNlcm5hbWU6").await?;
                let username = decoded(&self.read_line().await?);
                self.say("334 UGFzc3dvcmQ6").await?;
                (username, decoded(&self.read_line().await?))
            }
        };
        self.logged_in =
            self.script.login.is_some_and(|login| (login.username, login.password) == (&username, &password));
        self.say(if self.logged_in { "235 2.7.0 welcome" } else { "535 5.7.8 wrong password" }).await
    }

    /// Reads the letter up to the lone dot.
    async fn receive(&mut self) -> Option<()> {
        let mut content = String::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
            if line == ".\r\n" {
                break;
            }
            content.push_str(line.strip_prefix('.').unwrap_or(&line));
        }
        let letter =
            Received { from: self.from.clone(), to: std::mem::take(&mut self.to), content, encrypted: self.encrypted };
        self.seen.lock().expect("no panic in the server").letters.push(letter);
        self.act(self.script.content).await
    }

    async fn act(&mut self, act: Act) -> Option<()> {
        match act {
            Act::Say(line) => self.say(line).await,
            Act::HangUp => None,
            Act::Stall => {
                let _ = self.stream.read_to_end(&mut Vec::new()).await;
                None
            }
        }
    }

    async fn say(&mut self, line: &str) -> Option<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
        self.stream.flush().await.ok()
    }

    async fn read_line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let line = line.trim_end().to_owned();
        if !self.encrypted {
            self.seen.lock().expect("no panic in the server").in_clear.push(line.clone());
        }
        Some(line)
    }
}

/// `FROM:<a@b>` → `a@b`.
fn mailbox(argument: &str) -> String {
    argument.split(['<', '>']).nth(1).unwrap_or("").to_owned()
}

fn decoded(base64: &str) -> String {
    String::from_utf8(base64_decode(base64.as_bytes()).unwrap_or_default()).unwrap_or_default()
}

/// An authority of one's own, as companies have it.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self(CertifiedIssuer::self_signed(params, key()).expect("a certificate"))
    }

    /// Its own certificate, for those who trust it.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server's side of TLS, with a certificate for this name or address.
    pub(crate) fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = key();
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        acceptor(&params.signed_by(&key, &self.0).expect("a certificate"), key)
    }
}

/// A server's side of TLS, with a certificate (also returned) that nobody else has signed.
pub(crate) fn self_signed(name: &str) -> (TlsAcceptor, String) {
    let key = key();
    let certificate =
        CertificateParams::new([name.to_owned()]).expect("a name").self_signed(&key).expect("a certificate");
    let pem = certificate.pem();
    (acceptor(&certificate, key), pem)
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn acceptor(certificate: &Certificate, key: KeyPair) -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the usual versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .expect("a key that fits");
    TlsAcceptor::from(Arc::new(config))
}
