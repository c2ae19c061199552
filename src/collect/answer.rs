//! An answer on its way to where the review stands, for kinds that take one: sent once a person has pressed the button, and
//! never before.
//!
//! Each of these sources keeps one answer of the owner to a review, so that the same one sent twice stands there once: what may
//! have arrived can be sent again.

use super::{CollectError, Round};
use crate::http::{Call, FetchError};

/// Why the source does not have the answer.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct AnswerError {
    /// What happened, with what can be done about it.
    pub error: CollectError,
    /// Whether it is of use to try again later, without anybody having changed anything.
    pub may_pass: bool,
}

impl From<CollectError> for AnswerError {
    fn from(error: CollectError) -> Self {
        let may_pass = match &error {
            CollectError::Fetch(error) => may_pass(error),
            CollectError::Refused { retry_after, .. } => retry_after.is_some(),
            CollectError::Secret(_) | CollectError::Format { .. } => false,
        };
        Self { error, may_pass }
    }
}

fn may_pass(error: &FetchError) -> bool {
    match error {
        FetchError::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
        FetchError::Gone { .. } | FetchError::Scheme { .. } | FetchError::PrivateNetwork { .. } => false,
        _ => true,
    }
}

/// Sends it; `explain` reads what the source says where it refuses.
///
/// # Errors
/// Unless the source says that it has the answer.
pub(super) async fn send(
    call: Call<'_>,
    round: &Round<'_>,
    explain: impl FnOnce(FetchError) -> CollectError,
) -> Result<(), AnswerError> {
    let called = round.fetcher.call(call).await.map_err(|error| CollectError::from(error.error))?;
    if (200..300).contains(&called.status) {
        return Ok(());
    }
    let status = called.status;
    let refused = FetchError::Status { status, retry_after: called.retry_after, said: called.body };
    let may_pass = may_pass(&refused);
    Err(AnswerError { error: explain(refused), may_pass })
}
