//! One question to a desk, and what its answer comes to.

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{ANOTHER_ADDRESS, DeskError, Line};
use crate::http::{Body, Call, CallError, Called, FetchError, Header, Method};
use crate::text;
use crate::tongue::{Said, said};

/// Of what a system says of a refusal, so many characters are shown.
const LONGEST_MESSAGE: usize = 300;

/// What is asked.
pub(super) struct Question<'a> {
    pub(super) method: Method,
    pub(super) url: &'a Url,
    pub(super) headers: Vec<Header>,
    pub(super) body: Option<Body>,
    /// By what the system counts.
    pub(super) key: Option<&'a SecretString>,
}

/// Asks; any status is an answer.
pub(super) async fn ask(system: &str, question: Question<'_>, line: &Line<'_>) -> Result<Called, DeskError> {
    let call = Call {
        method: question.method,
        url: question.url,
        headers: &question.headers,
        body: question.body.as_ref(),
        key: question.key,
        allow_private_network: line.allow_private_network,
    };
    line.fetcher.call(call).await.map_err(|error| unanswered(system, &error))
}

/// The body, where it is JSON.
pub(super) fn json(called: &Called) -> Value {
    serde_json::from_slice(&called.body).unwrap_or_default()
}

pub(super) fn header(name: &'static str, value: &str) -> Header {
    Header { name: name.into(), value: value.into() }
}

/// What an answer comes to that is not the one that was hoped for; `said` is the system's own sentence.
pub(super) fn refusal(system: &str, called: &Called, message: Option<&str>) -> DeskError {
    let status = called.status;
    let message = message.map(|message| text::plain(message).replace('\n', " "));
    let message: String = message.into_iter().flat_map(|it| format!(": {it}").chars().collect::<Vec<_>>()).collect();
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let hint = match status {
        300..=399 | 404 | 410 => Some(ANOTHER_ADDRESS),
        401 => Some(said("Prüfen Sie die Zugangsdaten", "check the credentials")),
        403 => Some(said("Geben Sie dem Konto die Rechte dazu", "give the account the right to do this")),
        _ => None,
    };
    DeskError {
        words: Said {
            german: format!("{system} hat mit {status} geantwortet{message}"),
            english: format!("{system} answered {status}{message}"),
        },
        hint,
        may_pass: matches!(status, 408 | 425 | 429 | 500..),
        may_have_arrived: status >= 500,
        retry_after: called.retry_after,
    }
}

/// An answer that cannot be read: it may be another one the next time.
pub(super) fn unreadable(system: &str) -> DeskError {
    DeskError {
        words: Said {
            german: format!("Die Antwort von {system} ist nicht zu lesen"),
            english: format!("the answer of {system} cannot be read"),
        },
        hint: Some(ANOTHER_ADDRESS),
        may_pass: true,
        may_have_arrived: true,
        retry_after: None,
    }
}

fn unanswered(system: &str, failed: &CallError) -> DeskError {
    let error = &failed.error;
    let is_final = matches!(error, FetchError::Scheme { .. } | FetchError::PrivateNetwork { .. });
    DeskError {
        words: Said { german: format!("{system}: {}", error.german()), english: format!("{system}: {error}") },
        hint: error.hint(),
        may_pass: !is_final,
        may_have_arrived: failed.may_have_arrived,
        retry_after: error.retry_after(),
    }
}
