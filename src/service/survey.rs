//! Asking people how satisfied they are: the link, the mail that brings it, and what comes back.

use super::{Service, letter};
use crate::account::Actor;
use crate::mention::{Language, Timestamp};
use crate::notify::{Address, Letter, MAIL};
use crate::outreach::survey::{Invitation, Score, Ticket, mail};
use crate::store::StoreError;
use crate::store::outreach::{Refusal, Survey};
use crate::tongue::Tongue;

/// What the seals of the links are made with.
const SECRET: &str = "survey";

impl Service {
    /// Asks the person of a case how satisfied they are: by a mail to this address, which is kept nowhere but in the letter that
    /// is on its way; `None`: by the link alone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ask(
        &self,
        case: i64,
        language: Language,
        to: Option<&Address>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<Survey, Refusal>, StoreError> {
        let Some(about) = self.store.case(case).await? else { return Ok(Err(Refusal::NoCase)) };
        let secret = self.store.secret(SECRET).await?;
        let write = |survey: &Survey| {
            let link = self.link(survey, &secret)?;
            Some(self.invitation(survey, &link, &about.brand, to?, now))
        };
        self.store.ask(case, language, write, actor, now).await
    }

    /// Where a survey is answered; `None`: nobody knows under which address the world reaches this service.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn survey_link(&self, survey: &Survey) -> Result<Option<String>, StoreError> {
        Ok(self.link(survey, &self.store.secret(SECRET).await?))
    }

    /// What a link says, if it is one of ours.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn ticket(&self, token: &str) -> Result<Option<Ticket>, StoreError> {
        Ok(Ticket::read(&self.store.secret(SECRET).await?, token))
    }

    /// Keeps what somebody answered, once. False: it was answered before, is over, or is gone.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn rate(
        &self,
        survey: i64,
        score: Score,
        comment: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let case = self.store.rate(survey, score, comment, now).await?;
        if case.is_some() {
            self.cases_changed();
        }
        Ok(case.is_some())
    }

    fn link(&self, survey: &Survey, secret: &[u8]) -> Option<String> {
        let site = self.config.public_url.as_deref()?;
        Some(format!("{site}/survey/{}", survey.ticket().token(secret)))
    }

    fn invitation(&self, survey: &Survey, link: &str, brand: &str, to: &Address, now: Timestamp) -> Letter {
        let invitation =
            Invitation { brand, team: self.config.outreach.team.as_deref(), link, expires_at: survey.expires_at };
        Letter {
            // Sent once more, it is another letter. The address is no part of it: it would stand in the log.
            id: letter::id("survey", &format!("{}\n{}", survey.id, now.seconds())),
            channel: MAIL.to_owned(),
            to: to.to_string(),
            mail: mail(&invitation, Tongue::of(survey.language), self.config.alert.time_zone),
            reply_to_thread: None,
            list: None,
            written_at: now,
        }
    }
}
