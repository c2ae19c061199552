//! Answers on their way to where the reviews stand.

use super::Service;
use crate::collect::{self, AnswerError, Cursor, Round};
use crate::mention::Timestamp;
use crate::notify::retry_after;
use crate::store::StoreError;
use crate::store::outreach::{Outcome, Outgoing};
use crate::tongue::{Said, said};

/// After so many attempts, within about eight hours, somebody has to look at it.
const MOST_ATTEMPTS: u32 = 10;

/// What became of the answers that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// Taken by their sources.
    pub sent: usize,
    /// To be tried again.
    pub postponed: usize,
    /// Not taken: somebody has to look.
    pub failed: usize,
}

impl Service {
    /// Publishes every answer that is due, one after the other; each was asked for by a person. None is sent beside this one.
    ///
    /// # Errors
    /// When the database refuses. If that was when an answer had been sent, it is sent once more the next time: it stands
    /// there once however often it arrives.
    pub async fn publish_once(&self, now: Timestamp) -> Result<Published, StoreError> {
        self.store.resume_answers(now).await?;
        let mut published = Published::default();
        while let Some(answer) = self.store.next_answer(now).await? {
            let outcome = match self.publish(&answer, now).await {
                Ok(()) => Outcome::Sent,
                Err(error) => outcome(&error, answer.attempts, now),
            };
            self.store.settle_answer(answer.id, &outcome, now).await?;
            match outcome {
                Outcome::Sent => published.sent += 1,
                Outcome::Later(..) => published.postponed += 1,
                Outcome::Failed(_) => published.failed += 1,
            }
        }
        if published != Published::default() {
            self.keep_pauses(now).await?;
            self.cases_changed();
        }
        Ok(published)
    }

    /// Whether one can answer in a source from here.
    pub fn takes_answers(&self, source: &str) -> bool {
        self.source(source).is_some_and(|source| source.kind.takes_answers())
    }

    async fn publish(&self, answer: &Outgoing, now: Timestamp) -> Result<(), AnswerError> {
        let Some(source) = self.source(answer.source.as_str()) else { return Err(gone().into()) };
        let round = Round {
            cursor: &Cursor::default(),
            fetcher: &self.fetcher,
            allow_private_network: source.allow_private_network,
            now,
            is_wanted: &|_| true,
            listen_at_most: None,
        };
        collect::answer(&source.kind, &answer.native_id, &answer.text, &round).await
    }
}

fn gone() -> collect::CollectError {
    collect::CollectError::Refused {
        message: said("Diese Quelle gibt es nicht mehr", "this source is there no longer").into(),
        hint: None,
        retry_after: None,
    }
}

fn outcome(error: &AnswerError, attempts: u32, now: Timestamp) -> Outcome {
    let (words, hint) = (error.error.words(), error.error.hint());
    let why = match hint {
        Some(hint) => Said {
            german: format!("{}. {}", words.german, hint.german),
            english: format!("{}: {}", words.english, hint.english),
        },
        None => words,
    };
    if !error.may_pass || attempts >= MOST_ATTEMPTS {
        return Outcome::Failed(why);
    }
    let wait = retry_after(attempts, fastrand::f64()).max(error.error.retry_after().unwrap_or_default());
    Outcome::Later(why, now.plus_seconds(i64::try_from(wait.as_secs()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::collect::CollectError;

    fn failing(may_pass: bool, retry_after: Option<Duration>) -> AnswerError {
        let message = said("Nein", "no").into();
        AnswerError { error: CollectError::Refused { message, hint: None, retry_after }, may_pass }
    }

    #[test]
    fn what_may_pass_is_tried_again_when_the_source_wants_it_and_not_for_ever() {
        let now = Timestamp::from_seconds(0);
        let wait = |attempts, after| match outcome(&failing(true, after), attempts, now) {
            Outcome::Later(_, at) => at.seconds(),
            _ => -1,
        };
        assert!((60..=72).contains(&wait(1, None)));
        assert_eq!(wait(1, Some(Duration::from_secs(900))), 900);
        assert_eq!(wait(MOST_ATTEMPTS, None), -1);
        assert!(matches!(outcome(&failing(false, None), 1, now), Outcome::Failed(why) if why.german == "Nein"));
    }
}
