//! Reviews at Trusted Shops, of one's own shop: through eTrusted, the API for its members.
//!
//! `after` is the id of a review and leads to those that were submitted before it, so the newest come first. The names
//! of customers are there in full, where the public page shows less: only the first name and an initial are kept.
//!
//! What is certain is `id`, `rating`, `title`, `comment`, `createdAt`, `submittedAt` and `customer`. An edit is looked
//! for in `editedAt`, a permalink in `url`, an answer in `reply` as `comment` or `text`; of `criteria` only words are
//! kept.

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use url::Url;

use super::pages::{Part, Question, json, list, missing, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round, credentials, keys};
use crate::http::{Body, Page, Request};
use crate::mention::{Author, Language, Mention, Rating, Reply, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};
use settings::Written;

mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "etrusted",
    listens_to: said("Bewertungen Ihres eigenen Shops bei Trusted Shops", "reviews at Trusted Shops of one's own shop"),
    needs: Some(said(
        "Client-ID und Client-Secret einer App aus dem eTrusted Control Centre",
        "client id and client secret of an app, from the eTrusted control centre",
    )),
    brings: &[
        Detail::Rating,
        Detail::Title,
        Detail::Author,
        Detail::Link,
        Detail::Language,
        Detail::Reply,
        Detail::Edits,
    ],
    history: said("die neuesten 5.000", "the newest 5,000"),
    example: "etrusted = { client_id = \"5c0f…\", client_secret_env = \"ETRUSTED_SECRET\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 50;
const PER_PAGE: usize = 100;

/// Whom a token is for.
const AUDIENCE: &str = "https://api.etrusted.com";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „channels“ und die Rechte der App; bleibt es dabei, hat eTrusted womöglich seine API geändert",
    "check `channels` and the client's rights; if it stays, eTrusted may have changed its API",
);
const LOGIN_HINT: Said<&'static str> = said(
    "Prüfen Sie „client_id“ und das Client-Secret im eTrusted Control Centre",
    "check `client_id` and the client secret in the eTrusted control centre",
);

/// `from.etrusted = { client_id = "5c0f…", client_secret_env = "ETRUSTED_SECRET", channels = ["chl-…"] }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Etrusted {
    client_id: String,
    client_secret: SecretPlace,
    channels: Vec<String>,
    base: Url,
    login: Url,
}

/// The keys that it takes.
pub fn secrets(kind: &Etrusted) -> Vec<(&'static str, SecretPlace)> {
    vec![("client_secret", kind.client_secret.clone())]
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where there is no secret or no token for it, or the first page cannot be had or read.
pub async fn collect(kind: &Etrusted, round: &Round<'_>) -> Result<Batch, CollectError> {
    let secret = keys::read("etrusted.client_secret", &kind.client_secret)?;
    let token = credentials::token(&kind.token_request(secret.clone(), round), round, LOGIN_HINT).await?;
    let request = Request::new(kind.page(), "application/json", round.allow_private_network);
    let name = format!("{} {}", kind.client_id, kind.channels.join(","));
    let first = Request { headers: vec![token], key: Some(secret), ..request };
    walk(Question { name, first, most_pages: MOST_PAGES }, round, read).await
}

impl Etrusted {
    fn token_request(&self, secret: SecretString, round: &Round<'_>) -> Request {
        let body = Body::Form(vec![
            ("grant_type", "client_credentials".into()),
            ("client_id", self.client_id.as_str().into()),
            ("client_secret", secret.clone()),
            ("audience", AUDIENCE.into()),
        ]);
        let request = Request::new(self.login.clone(), "application/json", round.allow_private_network);
        Request { body: Some(body), key: Some(secret), ..request }
    }

    fn page(&self) -> Url {
        let mut url = self.base.clone();
        url.set_path("/reviews");
        if !self.channels.is_empty() {
            url.query_pairs_mut().append_pair("channels", &self.channels.join(","));
        }
        url.query_pairs_mut().append_pair("count", &PER_PAGE.to_string()).append_pair("status", "APPROVED");
        url
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    rating: Option<f64>,
    title: Option<String>,
    comment: Option<String>,
    created_at: Option<Timestamp>,
    submitted_at: Option<Timestamp>,
    edited_at: Option<Timestamp>,
    url: Option<String>,
    #[serde(default, deserialize_with = "list_or_nothing")]
    criteria: Vec<Criterion>,
    customer: Option<Customer>,
    channel: Option<Channel>,
    reply: Option<Answer>,
}

#[derive(Deserialize)]
struct Criterion {
    comment: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    first_name: Option<String>,
    last_name: Option<String>,
}

#[derive(Deserialize)]
struct Channel {
    locale: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(alias = "text")]
    comment: Option<String>,
    #[serde(alias = "submittedAt")]
    created_at: Option<Timestamp>,
}

fn list_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Criterion>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn read(page: &Page) -> Result<Part, CollectError> {
    let answer = json(page, HINT)?;
    if answer.get("items").is_none() {
        return Err(missing("items", HINT));
    }
    let items = list(&answer, "/items", HINT)?;
    let last = items.last().filter(|_| items.len() >= PER_PAGE).and_then(|item| item.get("id")?.as_str());
    let next = last.map(|last| after(&page.url, last));
    Ok(Part { next, ..read_each(items, |review| Some(mention(review))) })
}

/// The same question for what was submitted before the review with this id.
fn after(url: &Url, id: &str) -> Url {
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "after").collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(kept).append_pair("after", id);
    next
}

fn mention(review: Review) -> Mention {
    let words = [review.comment].into_iter().chain(review.criteria.into_iter().map(|criterion| criterion.comment));
    let words: Vec<String> = words.flatten().map(|words| text::plain(&words)).filter(|it| !it.is_empty()).collect();
    let published_at = review.submitted_at.or(review.created_at);
    let reply = review.reply.and_then(|answer| {
        let text = text::plain(&answer.comment?);
        (!text.is_empty()).then_some(Reply { text, at: answer.created_at })
    });
    Mention {
        native_id: review.id,
        url: review.url.filter(|url| url.starts_with("https://")),
        author: review.customer.and_then(shown).map(|name| Author { key: name.clone(), name }),
        title: review.title.map(|title| text::plain(&title)).filter(|title| !title.is_empty()),
        text: words.join("\n\n"),
        rating: review.rating.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars),
        language_hint: review.channel.and_then(|channel| Language::parse(&channel.locale?)),
        published_at,
        edited_at: review.edited_at.filter(|edited| Some(*edited) > published_at),
        reply,
        ..Mention::default()
    }
}

/// As on the public page: `Erika M.`
fn shown(customer: Customer) -> Option<String> {
    let first = customer.first_name.filter(|name| !name.trim().is_empty())?;
    let initial = customer.last_name.and_then(|name| name.trim().chars().next());
    Some(initial.map_or_else(|| first.trim().to_owned(), |initial| format!("{} {initial}.", first.trim())))
}

#[cfg(test)]
mod tests;
