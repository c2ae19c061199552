//! Mentions: listed, corrected and put aside.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Path, RawQuery, State};
use serde::{Deserialize, Deserializer, Serialize};
use url::form_urlencoded;
use utoipa::ToSchema;

use super::parameters::{MOST, USUAL_LIMIT, ViewParameters};
use super::problem::{ApiError, Problem, Refused, Unchanged};
use crate::mention::{self, Label, Timestamp};
use crate::store::{Aside, Cut, Place, StoredMention};
use crate::view::View;
use crate::web::Site;
use crate::web::mentions::change::Change as Made;
use crate::web::visitor::{Right, Visitor};

/// A page of mentions.
#[derive(Serialize, ToSchema)]
pub(super) struct Mentions {
    /// The newest first, by when they were said.
    mentions: Vec<Mention>,
    /// Give it as `after` to go on; null: there are no more.
    next: Option<String>,
}

/// What somebody said in public, and what is thought of it.
#[derive(Serialize, ToSchema)]
pub(super) struct Mention {
    /// Its number.
    id: i64,
    /// The source's id.
    source: String,
    /// What the source calls it.
    native_id: String,
    /// Whom it is about.
    brands: Vec<String>,
    /// Who wrote it, by number.
    author: Option<i64>,
    /// What they call themselves there.
    author_name: Option<String>,
    /// Where to read it.
    url: Option<String>,
    /// Headline.
    title: Option<String>,
    /// Plain text.
    text: String,
    /// Stars or points, with their scale.
    rating: Option<Rating>,
    /// When it was said: published, else heard.
    #[schema(value_type = String, format = DateTime)]
    said_at: Timestamp,
    /// When it arrived here.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = Option<String>, format = DateTime)]
    edited_at: Option<Timestamp>,
    /// When its source said that it was deleted.
    #[schema(value_type = Option<String>, format = DateTime)]
    removed_at: Option<Timestamp>,
    /// `spam` or `hidden`, if a person has put it aside.
    set_aside: Option<String>,
    /// What the owner answered.
    reply: Option<String>,
    /// Its two letters.
    language: Option<String>,
    /// negative, neutral or positive; null: nobody can tell.
    mood: Option<&'static str>,
    /// Whether a person said so, and not the model.
    is_corrected: bool,
    /// −1 to 1, by the model.
    score: Option<f64>,
    /// By name.
    emotions: Vec<String>,
    /// By name.
    intents: Vec<String>,
    /// By name.
    topics: Vec<String>,
    /// 0 to 1.
    urgency: f64,
    /// Why it cannot wait.
    urgent: Option<String>,
    /// How many mentions carry the text, this one included.
    copies: u64,
}

/// Stars or points.
#[derive(Serialize, ToSchema)]
pub(super) struct Rating {
    value: f64,
    worst: f64,
    best: f64,
}

impl From<mention::Rating> for Rating {
    fn from(mention::Rating { value, worst, best }: mention::Rating) -> Self {
        Self { value, worst, best }
    }
}

impl From<StoredMention> for Mention {
    fn from(stored: StoredMention) -> Self {
        Self {
            id: stored.id,
            source: stored.source,
            native_id: stored.native_id,
            brands: stored.brands,
            author: stored.author_id,
            author_name: stored.author,
            url: stored.url,
            title: stored.title,
            text: stored.text,
            rating: stored.rating.map(Rating::from),
            said_at: stored.said_at,
            first_seen_at: stored.first_seen_at,
            edited_at: stored.edited_at,
            removed_at: stored.removed_at,
            set_aside: stored.set_aside,
            reply: stored.reply,
            language: stored.language.map(|language| language.code().to_owned()),
            mood: stored.label.map(Label::name),
            is_corrected: stored.is_corrected,
            score: stored.score,
            emotions: stored.emotions,
            intents: stored.intents,
            topics: stored.topics,
            urgency: stored.urgency,
            urgent: stored.urgent,
            copies: stored.copies,
        }
    }
}

/// Mentions of a view, page by page.
#[utoipa::path(
    get, path = "/api/v1/mentions", tag = "mentions", params(ViewParameters),
    responses(
        (status = 200, description = "a page; it may be shorter than asked for although there are more", body = Mentions),
        Unchanged,
        (status = 400, description = "a parameter cannot be read", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn mentions(
    State(site): State<Site>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<Mentions>, ApiError> {
    visitor.may(Right::Read)?;
    let query = query.unwrap_or_default();
    let (view, errors) = View::parse(&query, &["limit", "after"]);
    ApiError::of_view(&errors)?;
    let cut = cut(&query)?;
    let page = site.service.store.mentions(&view, cut, site.service.config.alert.time_zone).await?;
    let next = page.next.map(|place| place.to_string());
    Ok(Json(Mentions { mentions: page.mentions.into_iter().map(Mention::from).collect(), next }))
}

/// The page that is asked for.
fn cut(query: &str) -> Result<Cut, ApiError> {
    let mut cut = Cut::first(USUAL_LIMIT);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=MOST).contains(limit));
                cut.most =
                    limit.ok_or_else(|| ApiError::Invalid(vec![format!("`limit` is a number from 1 to {MOST}")]))?;
            }
            "after" => {
                let place: Result<Place, ()> = value.parse();
                let place = place.map_err(|()| ApiError::Invalid(vec!["`after` is `next` of an answer".to_owned()]))?;
                cut.after = Some(place);
            }
            _ => {}
        }
    }
    Ok(cut)
}

/// What a person says of a mention.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    /// Its mood; the model learns from it.
    mood: Option<Mood>,
    /// Why it does not count: spam or hidden; null brings it back.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<SetAside>)]
    set_aside: Option<Option<SetAside>>,
}

/// Tells null from what is not there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<SetAside>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

/// Why a mention does not count although it is there.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum SetAside {
    /// It is nobody's voice.
    Spam,
    /// It is of no use to anybody.
    Hidden,
}

impl From<SetAside> for Aside {
    fn from(aside: SetAside) -> Self {
        match aside {
            SetAside::Spam => Self::Spam,
            SetAside::Hidden => Self::Hidden,
        }
    }
}

/// A mood.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mood {
    Negative,
    Neutral,
    Positive,
}

impl From<Mood> for Label {
    fn from(mood: Mood) -> Self {
        match mood {
            Mood::Negative => Self::Negative,
            Mood::Neutral => Self::Neutral,
            Mood::Positive => Self::Positive,
        }
    }
}

/// Correct the mood of a mention, put it aside, or bring it back.
#[utoipa::path(
    patch, path = "/api/v1/mentions/{id}", tag = "mentions", params(("id" = i64, Path, description = "Its number")),
    request_body = Change,
    responses(
        (status = 200, description = "as it stands now", body = Mention),
        (status = 400, description = "what was sent cannot be used", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "there is none with this number", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn change(
    State(site): State<Site>,
    visitor: Visitor,
    id: Result<Path<i64>, PathRejection>,
    body: Result<Json<Change>, JsonRejection>,
) -> Result<Json<Mention>, ApiError> {
    visitor.may(Right::Change)?;
    let (Path(id), Json(change)) = (id?, body?);
    site.service.store.mention(id).await?.ok_or(ApiError::NotFound)?;
    let corrected = change.mood.map(|mood| Made::Correct(mood.into()));
    let put_aside = change.set_aside.map(|aside| Made::SetAside(aside.map(Aside::from)));
    for made in corrected.into_iter().chain(put_aside) {
        made.make(&site, &visitor, &[id]).await?;
    }
    let mention = site.service.store.mention(id).await?.ok_or(ApiError::NotFound)?;
    Ok(Json(mention.into()))
}
