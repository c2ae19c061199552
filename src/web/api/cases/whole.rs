//! One case, with the person behind it, everything that they said, and what was done.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::Case;
use crate::account::Action;
use crate::hand_off::Standing;
use crate::mention::Timestamp;
use crate::outreach::survey::Score;
use crate::service::now;
use crate::store::{StoreError, StoredMention, hand_off, outreach};
use crate::web::Site;
use crate::web::api::mentions::Mention;
use crate::web::api::problem::{ApiError, Problem, Refused, Unchanged};
use crate::web::case::{MOST_OTHERS, draft};
use crate::web::visitor::{Right, Visitor};

/// A case with all that belongs to it.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct WholeCase {
    #[serde(flatten)]
    case: Case,
    /// What the person said, the first first.
    mentions: Vec<Mention>,
    /// Who they are, by each name that somebody has confirmed to be theirs; that of the case first.
    handles: Vec<Handle>,
    /// Who has the same name in another source: a name alone proves nothing.
    alike: Vec<Handle>,
    /// What else they said, the newest first; at most 20.
    others: Vec<Mention>,
    /// Other cases of theirs, the newest first.
    other_cases: Vec<i64>,
    /// What was written to them, the first first.
    answers: Vec<Answer>,
    /// How satisfied the person is with the help, each time that they were asked.
    surveys: Vec<Survey>,
    /// Where else it is worked on, the first first.
    hand_offs: Vec<HandOff>,
    /// What happened, the first first.
    events: Vec<Event>,
    /// A text to start an answer from; null: there is none.
    draft: Option<Draft>,
}

/// A person as one source knows them.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Handle {
    /// The author's number.
    author: i64,
    /// The source's id.
    source: String,
    /// What they call themselves there.
    name: String,
    /// How many mentions of theirs are known.
    mentions: u64,
}

impl From<outreach::Handle> for Handle {
    fn from(outreach::Handle { id, source, name, mentions }: outreach::Handle) -> Self {
        Self { author: id, source, name, mentions }
    }
}

/// An answer, as it was written.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Answer {
    /// Its number.
    id: i64,
    /// Which mention it answers.
    mention: i64,
    /// The words.
    text: String,
    /// Who wrote it, by the name of their account.
    written_by: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    written_at: Timestamp,
    /// draft (given back), checking (waits for a second pair of eyes), copied, sending, sent, failed or seen.
    state: &'static str,
    /// The second pair of eyes, by the name of their account.
    approved_by: Option<String>,
    /// When the source took it; null: it did not, or was given it by hand.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// When it showed up in the source; null: it has not yet.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
    /// Why the source does not have it.
    error: Option<String>,
}

impl From<outreach::Answer> for Answer {
    fn from(answer: outreach::Answer) -> Self {
        Self {
            id: answer.id,
            mention: answer.mention_id,
            text: answer.text,
            written_by: answer.written_by,
            written_at: answer.written_at,
            state: answer.state.name(),
            approved_by: answer.approved_by,
            sent_at: answer.sent_at,
            seen_at: answer.seen_at,
            error: answer.error.map(|error| error.english),
        }
    }
}

/// The case in another system.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct HandOff {
    /// Which desk has it, by its name in `sources.toml`.
    desk: String,
    /// As people call it there; null: it is not there yet, or has no number.
    number: Option<String>,
    /// Where people find it.
    url: Option<String>,
    /// open, solved, gone or told; null: it is not there yet.
    standing: Option<&'static str>,
    /// When it was passed on.
    #[schema(value_type = String, format = DateTime)]
    passed_on_at: Timestamp,
    /// Why the last attempt failed.
    error: Option<String>,
}

impl From<hand_off::HandOff> for HandOff {
    fn from(hand_off: hand_off::HandOff) -> Self {
        Self {
            desk: hand_off.desk,
            number: hand_off.number,
            url: hand_off.url,
            standing: hand_off.standing.map(Standing::name),
            passed_on_at: hand_off.made_at,
            error: hand_off.error.map(|error| error.english),
        }
    }
}

/// A question about the help.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Survey {
    /// When somebody asked.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// Who, by the name of their account.
    asked_by: String,
    /// Until when the link can be answered.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When it was; null: it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// From 1 (not at all satisfied) to 5 (very).
    score: Option<u8>,
    /// The person's own words.
    comment: Option<String>,
}

impl From<outreach::Survey> for Survey {
    fn from(survey: outreach::Survey) -> Self {
        Self {
            asked_at: survey.asked_at,
            asked_by: survey.asked_by,
            expires_at: survey.expires_at,
            answered_at: survey.answered_at,
            score: survey.score.map(Score::number),
            comment: survey.comment,
        }
    }
}

/// Something that happened to a case.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Event {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who did it, by the name of their account; null: the program saw it.
    who: Option<String>,
    /// opened, joined, edited, claimed, released, handed_over, snoozed, noted, promised, kept, submitted,
    /// approved, returned, published, answered, reply_seen, solved, followed_up, surveyed, rated, dismissed, reopened, merged, split,
    /// linked or passed_on.
    what: &'static str,
    /// A note, a promise, a reason; mostly nothing. When it was put off until, in seconds since 1970.
    detail: String,
}

impl From<outreach::Event> for Event {
    fn from(event: outreach::Event) -> Self {
        Self { at: event.at, who: event.who, what: event.what.name(), detail: event.detail }
    }
}

/// A text to start an answer from.
#[derive(Serialize, ToSchema)]
pub(in crate::web::api) struct Draft {
    /// Which mention it answers.
    mention: i64,
    /// The words.
    text: String,
    /// Name and version of the template that it comes from.
    template: String,
    /// How many characters an answer may have there.
    limit: Option<usize>,
}

/// One case: who is upset and why, what was promised and done, and a text to start an answer from.
#[utoipa::path(
    get, path = "/api/v1/cases/{id}", tag = "cases", params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, description = "as it stands now", body = WholeCase),
        Unchanged,
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(in crate::web::api) async fn case(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<WholeCase>, ApiError> {
    visitor.may(Right::Change)?;
    let Path(id) = id?;
    let store = &site.service.store;
    let case = store.case(id).await?.ok_or(ApiError::NotFound)?;
    // Whoever looks at a person leaves a trace.
    site.record(&visitor, Action::Look, format!("case {id}"), "").await?;
    let ids = store.case_mentions(id).await?;
    let (mut handles, mut alike, mut said, mut other_cases) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    if let Some(author) = case.author_id {
        (handles, alike) = (store.handles(author).await?, store.alike(author).await?);
        (said, other_cases) = (store.said_by(author).await?, store.cases_of(author).await?);
    }
    said.retain(|said| !ids.contains(said));
    said.truncate(MOST_OTHERS);
    other_cases.retain(|other| *other != id);
    let (mentions, others) = (mentions(&site, &ids).await?, mentions(&site, &said).await?);
    let answers = store.answers(id).await?;
    let newest = mentions.iter().rev().find(|mention| mention.removed_at.is_none());
    Ok(Json(WholeCase {
        draft: newest.and_then(|mention| draft(&site, &case, mention, &answers, now())),
        mentions: mentions.into_iter().map(Mention::from).collect(),
        handles: handles.into_iter().map(Handle::from).collect(),
        alike: alike.into_iter().map(Handle::from).collect(),
        others: others.into_iter().map(Mention::from).collect(),
        other_cases,
        answers: answers.into_iter().map(Answer::from).collect(),
        surveys: store.surveys(id).await?.into_iter().map(Survey::from).collect(),
        hand_offs: store.hand_offs(id).await?.into_iter().map(HandOff::from).collect(),
        events: store.case_events(id).await?.into_iter().map(Event::from).collect(),
        case: case.into(),
    }))
}

async fn mentions(site: &Site, ids: &[i64]) -> Result<Vec<StoredMention>, StoreError> {
    let mut mentions = Vec::with_capacity(ids.len());
    for id in ids {
        mentions.extend(site.service.store.mention(*id).await?);
    }
    Ok(mentions)
}

fn draft(
    site: &Site,
    case: &outreach::Case,
    mention: &StoredMention,
    answers: &[outreach::Answer],
    now: Timestamp,
) -> Option<Draft> {
    let sent: Vec<String> = answers.iter().map(|answer| answer.text.clone()).collect();
    let draft = draft::draft(site, case, mention, &sent, now).ok()?;
    let limit = draft::limit(site, &mention.source);
    Some(Draft { mention: mention.id, text: draft.text, template: draft.template, limit })
}
