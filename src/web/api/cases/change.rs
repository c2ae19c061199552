//! What is done with a case.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, State};
use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Case;
use crate::account::Name;
use crate::store::outreach::Refusal;
use crate::web::Site;
use crate::web::api::problem::{ApiError, Problem, Refused};
use crate::web::case::change::{Sent, make};
use crate::web::visitor::{Right, Visitor};

/// What to do with a case, in the name of the account that the token belongs to. Of two who claim it, one has it and the
/// other is told who; what somebody else has is theirs to answer, put off and close.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::web::api) enum Step {
    /// Take it on.
    Claim {},
    /// Give it back.
    Release {},
    /// Give it to somebody else, or take it over.
    HandOver {
        /// By the name of their account, which may work on cases.
        #[schema(min_length = 1, max_length = 254)]
        to: String,
    },
    /// Put it off.
    Snooze {
        /// Until that day.
        until: NaiveDate,
    },
    /// Note something.
    Note {
        #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
        text: String,
    },
    /// Note what was promised.
    Promise {
        #[schema(min_length = 1, max_length = 4000, pattern = r"\S")]
        text: String,
        /// The last day on which it is kept.
        until: NaiveDate,
    },
    /// The promise was kept.
    Keep {},
    /// Note an answer that somebody takes to the source by hand. Nothing is sent: what is published, a person publishes, on
    /// the case's page.
    Answer {
        /// Which mention of the case it answers.
        mention: i64,
        #[schema(min_length = 1, max_length = 10000, pattern = r"\S")]
        text: String,
        /// Name and version of the template that it was begun from, as the draft says.
        #[schema(max_length = 100)]
        template: Option<String>,
    },
    /// It is settled.
    Solve {},
    /// Somebody has asked whether it stayed so.
    FollowUp {
        /// What came of it.
        #[serde(default)]
        text: String,
    },
    /// There is nothing to do.
    Dismiss {
        /// Why.
        reason: Dismissal,
    },
    /// It was closed too early.
    Reopen {},
    /// It becomes a part of another case about the same brand.
    Merge {
        /// Of which.
        into: i64,
    },
    /// One of its mentions becomes a case of its own.
    Split {
        /// Which one.
        mention: i64,
    },
    /// Another system has it from now on, too.
    PassOn {
        /// Which desk, by its name in `sources.toml`.
        #[schema(min_length = 1, max_length = 64)]
        to: String,
    },
    /// Its person is this author, too.
    Link {
        /// By number.
        author: i64,
    },
    /// This author is somebody else after all.
    Unlink {
        /// By number.
        author: i64,
    },
}

/// Why there is nothing to do.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::web::api) enum Dismissal {
    /// The person wants nothing of us.
    NoNeed,
    /// It is not about us.
    NotOurs,
    /// It is no honest voice.
    Spam,
    /// Nobody can answer there.
    NoWay,
    /// It was taken care of elsewhere.
    Elsewhere,
}

impl From<Dismissal> for crate::outreach::Dismissal {
    fn from(reason: Dismissal) -> Self {
        match reason {
            Dismissal::NoNeed => Self::NoNeed,
            Dismissal::NotOurs => Self::NotOurs,
            Dismissal::Spam => Self::Spam,
            Dismissal::NoWay => Self::NoWay,
            Dismissal::Elsewhere => Self::Elsewhere,
        }
    }
}

impl Step {
    /// As the page sends it.
    fn sent(self) -> Result<Sent, ApiError> {
        let sent = |name: &str| Sent { r#do: name.to_owned(), ..Sent::default() };
        Ok(match self {
            Self::Claim {} => sent("claim"),
            Self::Release {} => sent("release"),
            Self::HandOver { to } if Name::parse(&to).is_none() => {
                return Err(ApiError::Invalid(vec!["`to` is the name of an account".to_owned()]));
            }
            Self::HandOver { to } => Sent { to, ..sent("hand_over") },
            Self::Snooze { until } => Sent { until: day(until)?, ..sent("snooze") },
            Self::Note { text } => Sent { text, ..sent("note") },
            Self::Promise { text, until } => Sent { text, until: day(until)?, ..sent("promise") },
            Self::Keep {} => sent("keep"),
            Self::Answer { mention, text, template } => {
                Sent { mention: Some(mention), text, template: template.unwrap_or_default(), ..sent("answer") }
            }
            Self::Solve {} => sent("solve"),
            Self::FollowUp { text } => Sent { text, ..sent("follow_up") },
            Self::Dismiss { reason } => {
                Sent { reason: crate::outreach::Dismissal::from(reason).name().to_owned(), ..sent("dismiss") }
            }
            Self::Reopen {} => sent("reopen"),
            Self::Merge { into } => Sent { into: Some(into), ..sent("merge") },
            Self::Split { mention } => Sent { mention: Some(mention), ..sent("split") },
            Self::PassOn { to } => Sent { to, ..sent("pass_on") },
            Self::Link { author } => Sent { author: Some(author), ..sent("link") },
            Self::Unlink { author } => Sent { author: Some(author), ..sent("unlink") },
        })
    }
}

/// A day that can be written as one.
fn day(day: NaiveDate) -> Result<String, ApiError> {
    if (1970..=9998).contains(&day.year()) {
        Ok(day.to_string())
    } else {
        Err(ApiError::Invalid(vec!["`until` is a day from 1970-01-01 to 9998-12-31".to_owned()]))
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoCase => Self::NotFound,
            Refusal::Taken(_) | Refusal::State(_) | Refusal::Apart | Refusal::Pending | Refusal::Own => {
                Self::Conflict(refusal.to_string())
            }
        }
    }
}

/// Work on a case.
#[utoipa::path(
    post, path = "/api/v1/cases/{id}/changes", tag = "cases", params(("id" = i64, Path, description = "Its number")),
    request_body = Step,
    responses(
        (status = 200, description = "as it stands now; after a merge the other case, after a split the new one", body = Case),
        (status = 400, description = "what was sent cannot be used", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is no such case, mention or author", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "somebody else has it, or it cannot be done as it stands; nothing was changed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "a text is empty or too long, or an account may not work on cases", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(in crate::web::api) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
    body: Result<Json<Step>, JsonRejection>,
) -> Result<Json<Case>, ApiError> {
    visitor.may(Right::Change)?;
    let (Path(id), Json(step)) = (id?, body?);
    let store = &site.service.store;
    let case = store.case(id).await?.ok_or(ApiError::NotFound)?;
    if matches!(step, Step::Link { .. }) && case.author_id.is_none() {
        return Err(ApiError::Conflict("the source does not say who wrote this".to_owned()));
    }
    if let Step::PassOn { to } = &step
        && store.hand_offs(id).await?.iter().any(|one| one.desk == *to)
    {
        return Err(ApiError::Conflict(format!("{to} has this case already")));
    }
    let (place, refusal) = make(&site, &visitor, id, &step.sent()?).await?;
    if let Some(refusal) = refusal {
        return Err(refusal.into());
    }
    let case = store.case(place).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(case.into()))
}
