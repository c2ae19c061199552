//! What a failed step of the conversation means for the letter, and what to say about it. Pure.

use std::error::Error as _;
use std::time::Duration;
use std::{fmt, io};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Code;

use super::{Encryption, Server};
use crate::notify::address::masked_reply;
use crate::notify::{Address, Delivery};

/// The steps of a conversation, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Resolve,
    Connect,
    Starttls,
    Login,
    Sender,
    Recipient,
    Data,
    Content,
}

/// Why a step did not succeed.
#[derive(Debug)]
pub(super) enum Cause {
    /// The server said no, or the connection broke.
    Smtp(Error),
    /// The name has no address.
    Name(io::Error),
    /// No answer within this time.
    Timeout(Duration),
    /// The server does not know the command.
    NotOffered,
    /// A positive answer, but not to what was asked.
    Unexpected(Code),
    /// Something that is no SMTP.
    Malformed,
}

/// A step and why it did not succeed.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) step: Step,
    pub(super) cause: Cause,
}

impl Failure {
    /// Whether the server answered, and so can be talked to.
    pub(super) fn is_reply(&self) -> bool {
        matches!(&self.cause, Cause::Smtp(error) if error.status().is_some())
    }

    /// A letter is refused only where the server speaks about this letter. What it holds against the sender, the login
    /// or the connection is for the operator to mend, and the letter waits.
    pub(super) fn judge(&self, server: &Server, to: &Address) -> Delivery {
        let error = format!("{} {server}: {}", self.step, masked_reply(&self.cause.to_string(), to));
        match self.step {
            Step::Content if !self.is_reply() => Delivery::Unknown { error },
            Step::Recipient | Step::Data | Step::Content if self.is_permanent() && !self.wants_login() => {
                Delivery::Refused { error }
            }
            _ => Delivery::Later { error, hint: self.hint(&server.encryption) },
        }
    }

    /// The code of the answer, if there was one.
    pub(super) fn code(&self) -> Option<u16> {
        match &self.cause {
            Cause::Smtp(error) => error.status().map(u16::from),
            Cause::Unexpected(code) => Some(u16::from(*code)),
            Cause::Name(_) | Cause::Timeout(_) | Cause::NotOffered | Cause::Malformed => None,
        }
    }

    fn is_permanent(&self) -> bool {
        matches!(&self.cause, Cause::Smtp(error) if error.is_permanent())
    }

    /// 530, or 5.7.x (RFC 3463: security or policy) before the text is known: "relay access denied" for want of a login.
    fn wants_login(&self) -> bool {
        let reply = self.cause.to_string();
        let denied = reply.starts_with("530") || reply.get(4..).is_some_and(|text| text.starts_with("5.7."));
        denied && self.step != Step::Content
    }

    fn hint(&self, encryption: &Encryption) -> Option<&'static str> {
        let reason = self.cause.to_string();
        match (self.step, &self.cause) {
            (Step::Resolve, _) if matches!(encryption, Encryption::None) => {
                Some("with `tls = \"none\"`, `mail.smtp.host` must be this machine")
            }
            (Step::Resolve, _) => Some("check `mail.smtp.host` and the name resolution of this machine"),
            (Step::Connect | Step::Starttls, _) if reason.contains("peer certificate") => Some(
                "`mail.smtp.host` must be the name in the certificate; for a certificate or authority of your own, set `mail.smtp.ca_file`",
            ),
            (Step::Connect, Cause::Timeout(_)) => {
                Some("is a firewall in between? Port 465 needs `mail.smtp.tls = \"implicit\"`, port 587 \"starttls\"")
            }
            (Step::Connect, _) if reason.contains("corrupt message") => {
                Some("the server does not begin with TLS: try `mail.smtp.tls = \"starttls\"`")
            }
            (Step::Connect, _) if !self.is_reply() => {
                Some("is the server running, and are `mail.smtp.host` and `mail.smtp.port` right?")
            }
            (Step::Connect, _) if self.is_permanent() => {
                Some("the server takes no mail from this machine; ask who runs it")
            }
            (Step::Starttls, Cause::NotOffered) => Some(
                "nothing was sent, since it would go in clear; try port 465 with `mail.smtp.tls = \"implicit\"`, or ask who runs the server",
            ),
            (Step::Login, Cause::NotOffered) => {
                Some("the server takes no passwords here; try the other kind of `mail.smtp.tls`, or another server")
            }
            (Step::Login, _) if self.is_permanent() => Some(
                "check `mail.smtp.username` and its password; some providers want a password made for this program",
            ),
            (Step::Sender, _) if self.is_permanent() => Some(
                "write an address into `mail.from` that the server knows, and set `mail.smtp.username` if it wants a login",
            ),
            (Step::Recipient | Step::Data, _) if self.wants_login() => {
                Some("the server may want a login before it passes mail on: set `mail.smtp.username`")
            }
            _ => None,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Resolve => "looking up",
            Self::Connect => "connecting to",
            Self::Starttls => "starting TLS with",
            Self::Login => "logging in to",
            Self::Sender => "naming the sender to",
            Self::Recipient => "naming the recipient to",
            Self::Data => "announcing the letter to",
            Self::Content => "handing the letter to",
        })
    }
}

/// A reply with its code, or the innermost reason.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Smtp(error) => match (error.status(), error.source()) {
                (Some(code), Some(reply)) => write!(f, "{code} {reply}"),
                (Some(code), None) => write!(f, "{code}"),
                (None, _) if error.is_response() => f.write_str("the connection ended without a valid answer"),
                (None, source) => write!(f, "{}", innermost(source.unwrap_or(error))),
            },
            Self::Name(error) => error.fmt(f),
            Self::Timeout(limit) => write!(f, "no answer within {limit:?}"),
            Self::NotOffered => f.write_str("the server does not offer it"),
            Self::Unexpected(code) => write!(f, "unexpected answer {code}"),
            Self::Malformed => f.write_str("an answer that is no SMTP"),
        }
    }
}

fn innermost<'a>(mut error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl From<Error> for Cause {
    fn from(error: Error) -> Self {
        Self::Smtp(error)
    }
}

impl From<io::Error> for Cause {
    fn from(error: io::Error) -> Self {
        Self::Name(error)
    }
}
