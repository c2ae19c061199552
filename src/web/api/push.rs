//! Texts that come in by themselves: from a survey, a help desk, a shop.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{ApiError, Problem, Refused};
use crate::mention::{Author, Language, Mention, Rating, SourceId, Timestamp};
use crate::service::now;
use crate::web::Site;
use crate::web::visitor::{Right, Visitor};

/// At most so many in one call.
const MOST: usize = 500;
/// Characters of a text, a title, and of everything else.
const LONGEST: [usize; 3] = [50_000, 1_000, 500];

/// Texts of one source.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Push {
    /// What the source is called: lower-case letters, digits and hyphens. It needs no entry in `sources.toml`.
    #[schema(pattern = "^[a-z0-9][a-z0-9-]{0,63}$")]
    source: String,
    /// The brand that all of them are about; without it, only those that match a brand are kept.
    brand: Option<String>,
    /// At most 500.
    #[schema(max_items = 500)]
    mentions: Vec<Pushed>,
}

/// One text.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pushed {
    /// What you call it: the same one again is an edit, not another text.
    #[schema(min_length = 1, max_length = 500)]
    id: String,
    /// Plain text.
    #[schema(max_length = 50000)]
    text: String,
    /// Headline.
    #[schema(max_length = 1000)]
    title: Option<String>,
    /// Who wrote it, by what stays the same; a number of a customer rather than a name.
    #[schema(max_length = 500)]
    author: Option<String>,
    /// Where a person can read it.
    #[schema(max_length = 500)]
    url: Option<String>,
    /// Stars, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    stars: Option<f64>,
    /// Its two letters, if you know.
    #[schema(pattern = "^[a-z]{2}$")]
    language: Option<String>,
    /// When it was written; now, if you do not say.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// What became of them.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    /// Not known before.
    new: usize,
    /// Known, and changed.
    edited: usize,
    /// Of the new ones, those whose text was met before.
    copies: usize,
    /// Known in just this form, about no brand, or by somebody who was erased.
    left_out: usize,
}

/// Push texts of your own. What comes in the first call of a source is its history; all that follows is heard live.
#[utoipa::path(
    post, path = "/api/v1/mentions", tag = "mentions", request_body = Push,
    responses(
        (status = 200, description = "taken in", body = Taken),
        (status = 400, description = "what was sent cannot be used; nothing of it is kept", body = Problem, content_type = "application/problem+json"),
        Refused,
    )
)]
pub(super) async fn push(
    State(site): State<Site>,
    visitor: Visitor,
    body: Result<Json<Push>, JsonRejection>,
) -> Result<(StatusCode, Json<Taken>), ApiError> {
    visitor.may(Right::Change)?;
    let Json(push) = body?;
    let config = &site.service.config;
    let mut wrong = Vec::new();
    let source = SourceId::parse(&push.source).filter(|source| site.service.source(source.as_str()).is_none());
    if source.is_none() {
        wrong.push(
            "`source` is no id of lower-case letters, digits and hyphens, or that of a source that is asked".to_owned(),
        );
    }
    if let Some(brand) = push.brand.as_deref().filter(|name| !config.brands.iter().any(|known| known.name == *name)) {
        wrong.push(format!("there is no brand `{brand}`"));
    }
    if push.mentions.len() > MOST {
        wrong.push(format!("at most {MOST} mentions at once"));
    }
    let (count, now) = (push.mentions.len(), now());
    let mut mentions = Vec::with_capacity(count.min(MOST));
    for (index, pushed) in push.mentions.into_iter().enumerate() {
        match mention(pushed, now) {
            Ok(mention) => mentions.push(mention),
            Err(problem) => wrong.push(format!("mentions[{index}]: {problem}")),
        }
    }
    let (Some(source), true) = (source, wrong.is_empty()) else { return Err(ApiError::Invalid(wrong)) };
    let saved = site.service.push(&source, push.brand.as_deref(), mentions, now).await?;
    let left_out = count.saturating_sub(saved.new + saved.edited);
    Ok((StatusCode::OK, Json(Taken { new: saved.new, edited: saved.edited, copies: saved.copies, left_out })))
}

fn mention(pushed: Pushed, now: Timestamp) -> Result<Mention, &'static str> {
    let fits = |text: &str, most: usize| text.chars().count() <= most;
    let [text, title, other] = LONGEST;
    let others = [Some(&pushed.id), pushed.author.as_ref(), pushed.url.as_ref()];
    let id = pushed.id.trim().to_owned();
    if id.is_empty() {
        return Err("`id` is empty");
    }
    if !fits(&pushed.text, text)
        || !fits(pushed.title.as_deref().unwrap_or_default(), title)
        || !others.into_iter().flatten().all(|it| fits(it, other))
    {
        return Err("something is too long: `text` may have 50,000 characters, `title` 1,000, others 500");
    }
    if pushed.text.trim().is_empty() && pushed.stars.is_none() {
        return Err("there is neither `text` nor `stars`");
    }
    if pushed.stars.is_some_and(|stars| !(1.0..=5.0).contains(&stars)) {
        return Err("`stars` is 1 to 5");
    }
    let language = pushed.language.as_deref().map(|code| Language::parse(code).ok_or("`language` is no language"));
    Ok(Mention {
        native_id: id,
        url: pushed.url,
        author: pushed.author.map(|name| Author { key: name.clone(), name }),
        title: pushed.title,
        text: pushed.text,
        rating: pushed.stars.map(Rating::stars),
        language_hint: language.transpose()?,
        published_at: Some(pushed.at.unwrap_or(now)),
        ..Mention::default()
    })
}
