//! One mention, with all that is known of it and why.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::mentions::{Mention, Rating};
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::analyse;
use crate::mention::{Label, Timestamp};
use crate::store::{self, StoreError, StoredMention};
use crate::web::Site;
use crate::web::mention::MOST_PLACES;
use crate::web::visitor::{Right, Visitor};

/// A mention with all that is known of it.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeMention {
    #[serde(flatten)]
    mention: Mention,
    /// Who published it, where that is not the source itself.
    publisher: Option<String>,
    /// Version of the app that it is about.
    app_version: Option<String>,
    /// Country of the source.
    country: Option<String>,
    /// When the owner answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    reply_at: Option<Timestamp>,
    /// Whether stars and text say opposite things.
    contradicts: bool,
    /// What decided the model's mood, the weightiest first.
    reasons: Vec<Reason>,
    /// What the model thinks, whatever people say.
    opinion: Option<Opinion>,
    /// Why it could not wait, for each brand.
    flags: Vec<Flag>,
    /// All versions that were met, the oldest first.
    versions: Vec<Version>,
    /// Where else the text stands; null: nowhere.
    cluster: Option<Cluster>,
    /// What people said of its mood, the newest first.
    corrections: Vec<Correction>,
    /// The number of the case that it belongs to; null for whoever may not work on cases, too.
    case: Option<i64>,
}

/// Words, or a rule, and what they add.
#[derive(Serialize, ToSchema)]
pub(super) struct Reason {
    /// As they stand in the text; rules stand in brackets.
    words: String,
    /// Their share of the score: below zero pulls down.
    weight: f64,
}

impl From<analyse::Reason> for Reason {
    fn from(analyse::Reason { words, weight }: analyse::Reason) -> Self {
        Self { words, weight }
    }
}

/// What a model thinks.
#[derive(Serialize, ToSchema)]
pub(super) struct Opinion {
    /// Which model.
    model: String,
    /// negative, neutral or positive; null: it cannot tell.
    mood: Option<&'static str>,
    /// Careful readers might judge otherwise.
    is_disputed: bool,
    /// How likely each mood is.
    probabilities: Option<Probabilities>,
    /// What makes up the urgency.
    urgency_reasons: Vec<Reason>,
}

/// 0 to 1 each, together 1.
#[derive(Serialize, ToSchema)]
pub(super) struct Probabilities {
    negative: f64,
    neutral: f64,
    positive: f64,
}

impl From<store::Opinion> for Opinion {
    fn from(opinion: store::Opinion) -> Self {
        let probabilities = |[negative, neutral, positive]: [f64; 3]| Probabilities { negative, neutral, positive };
        Self {
            model: opinion.model_version,
            mood: opinion.label.map(Label::name),
            is_disputed: opinion.is_disputed,
            probabilities: opinion.probabilities.map(probabilities),
            urgency_reasons: opinion.urgency_why.into_iter().map(Reason::from).collect(),
        }
    }
}

/// Why a mention could not wait.
#[derive(Serialize, ToSchema)]
pub(super) struct Flag {
    /// For which brand.
    brand: String,
    /// The cause's name.
    cause: String,
    /// What decided it, as it stands in the text.
    words: Vec<String>,
    /// When it was found.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<store::Flagged> for Flag {
    fn from(store::Flagged { brand, cause, words, at }: store::Flagged) -> Self {
        Self { brand, cause, words, at }
    }
}

/// A text as it was met.
#[derive(Serialize, ToSchema)]
pub(super) struct Version {
    /// When it was met.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Headline.
    title: Option<String>,
    /// Plain text.
    text: String,
    /// Stars or points, with their scale.
    rating: Option<Rating>,
    /// negative, neutral or positive; null: nobody can tell.
    mood: Option<&'static str>,
}

impl From<store::Revision> for Version {
    fn from(revision: store::Revision) -> Self {
        Self {
            at: revision.seen_at,
            title: revision.title,
            text: revision.text,
            rating: revision.rating.map(Rating::from),
            mood: revision.label.map(Label::name),
        }
    }
}

/// A text that stands in several places.
#[derive(Serialize, ToSchema)]
pub(super) struct Cluster {
    /// In how many places it stands now, each publisher one of its own.
    places: u64,
    /// Where it stands most often.
    widest: Option<Widest>,
    /// The mentions that carry it, the first said first; at most 100.
    mentions: Vec<Place>,
}

/// Where a text stands most often.
#[derive(Serialize, ToSchema)]
pub(super) struct Widest {
    /// Publisher, else the source's id.
    place: String,
    /// How often.
    mentions: u64,
}

/// Where a text stands.
#[derive(Serialize, ToSchema)]
pub(super) struct Place {
    /// The mention's number.
    id: i64,
    /// Publisher, else the source's id.
    place: String,
    /// When it was said there.
    #[schema(value_type = String, format = DateTime)]
    said_at: Timestamp,
    /// Where to read it.
    url: Option<String>,
    /// It was deleted there, or put aside here.
    is_gone: bool,
}

impl From<store::Appearance> for Place {
    fn from(store::Appearance { id, place, said_at, url, is_gone }: store::Appearance) -> Self {
        Self { id, place, said_at, url, is_gone }
    }
}

/// What a person said of a mood.
#[derive(Serialize, ToSchema)]
pub(super) struct Correction {
    /// negative, neutral or positive.
    mood: &'static str,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The account that said it, by name.
    by: Option<String>,
    /// Whether it is about an earlier version, and counts no more.
    is_of_earlier: bool,
}

/// One mention: all versions of it, its copies, and why it is read as it is.
#[utoipa::path(
    get, path = "/api/v1/mentions/{id}", tag = "mentions", params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, description = "as it stands now", body = WholeMention),
        Unchanged,
        (status = 400, description = "no number", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn mention(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<WholeMention>, ApiError> {
    visitor.may(Right::Read)?;
    let Path(id) = id?;
    let store = &site.service.store;
    let mention = store.mention(id).await?.ok_or(ApiError::NotFound)?;
    let revisions = store.revisions(id).await?;
    let newest = revisions.last().map(|revision| revision.id);
    let corrections = store.corrections(id).await?.into_iter().map(|correction| Correction {
        mood: correction.label.name(),
        at: correction.at,
        by: correction.by,
        is_of_earlier: Some(correction.revision) != newest,
    });
    let case = if visitor.may(Right::Change).is_ok() { store.case_of(id).await? } else { None };
    Ok(Json(WholeMention {
        reasons: mention.why.iter().cloned().map(Reason::from).collect(),
        opinion: store.opinion(id).await?.map(Opinion::from),
        flags: store.flagged(id).await?.into_iter().map(Flag::from).collect(),
        versions: revisions.into_iter().map(Version::from).collect(),
        cluster: cluster(&site, &mention).await?,
        corrections: corrections.collect(),
        case,
        publisher: mention.publisher.clone(),
        app_version: mention.app_version.clone(),
        country: mention.country.clone(),
        reply_at: mention.reply_at,
        contradicts: mention.contradicts,
        mention: mention.into(),
    }))
}

async fn cluster(site: &Site, mention: &StoredMention) -> Result<Option<Cluster>, StoreError> {
    let store = &site.service.store;
    let appearances = store.appearances(mention.cluster, MOST_PLACES).await?;
    if appearances.len() < 2 {
        return Ok(None);
    }
    let spread = store.spread(mention.cluster).await?;
    Ok(Some(Cluster {
        places: spread.as_ref().map_or(0, |spread| spread.places),
        widest: spread.map(|spread| Widest { place: spread.widest_place, mentions: spread.widest_mentions }),
        mentions: appearances.into_iter().map(Place::from).collect(),
    }))
}
