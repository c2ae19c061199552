//! Reviews on ProvenExpert of one's own profile, through its API.
//!
//! Its documentation is for customers, so some of this is known from programs that use it: `ratings` is an object whose
//! names are the ids (a list where it is empty), times are seconds since 1970, numbers may be texts. The order of the
//! ratings is not known; where they do not come newest first, each round turns all pages. Where the public answer is,
//! is not known either.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, is_newest_first, json, list, missing, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round, keys};
use crate::http::{Body, Header, Page, Request};
use crate::mention::{Author, Mention, Rating, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "proven_expert",
    listens_to: said(
        "Bewertungen Ihres eigenen Profils auf ProvenExpert",
        "reviews of one's own profile on ProvenExpert",
    ),
    needs: Some(said(
        "API-ID und API-Schlüssel aus den Entwickler-Einstellungen des Profils",
        "API id and API key, from the profile's settings for developers",
    )),
    brings: &[Detail::Rating, Detail::Title, Detail::Author, Detail::Link, Detail::Edits],
    history: said("die neuesten 5.000", "the newest 5,000"),
    example: "proven_expert = { id = \"1a2b…\", key_env = \"PROVEN_EXPERT_KEY\", \
              profile = \"https://www.provenexpert.com/lerchenbahn/\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 50;
const PER_PAGE: usize = 100;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „id“ und den Schlüssel; bleibt es dabei, hat ProvenExpert womöglich seine API geändert",
    "check `id` and the key; if it stays, ProvenExpert may have changed its API",
);

/// `from.proven_expert = { id = "1a2b…", key_env = "PROVEN_EXPERT_KEY" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct ProvenExpert {
    id: String,
    key: SecretPlace,
    profile: Option<Url>,
    base: Url,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    key_env: Option<String>,
    key_file: Option<PathBuf>,
    /// Where people read the reviews, which have no addresses of their own.
    #[serde(default, deserialize_with = "address_if_any")]
    profile: Option<Url>,
    /// Another server in the place of ProvenExpert's; for tests and proxies.
    #[serde(default = "proven_expert", deserialize_with = "super::web_address")]
    base: Url,
}

fn proven_expert() -> Url {
    Url::parse("https://www.provenexpert.com/").expect("an address")
}

fn address_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Url>, D::Error> {
    super::web_address(deserializer).map(Some)
}

impl TryFrom<Written> for ProvenExpert {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let fits = !written.id.trim().is_empty() && !written.id.contains(':');
        let id =
            fits.then_some(written.id).ok_or("`id` is no API id: write the one that ProvenExpert shows with the key");
        let key = keys::place("key", written.key_env, written.key_file);
        match (id, key) {
            (Ok(id), Ok(key)) => Ok(Self { id, key, profile: written.profile, base: written.base }),
            (id, key) => {
                let mistakes = [id.err().map(str::to_owned), key.err()];
                Err(mistakes.into_iter().flatten().collect::<Vec<_>>().join("; "))
            }
        }
    }
}

/// The keys that it takes.
pub fn secrets(kind: &ProvenExpert) -> Vec<(&'static str, SecretPlace)> {
    vec![("key", kind.key.clone())]
}

/// One round: what was written or changed since the last one.
///
/// # Errors
/// Where there is no key, or the first page cannot be had or read.
pub async fn collect(kind: &ProvenExpert, round: &Round<'_>) -> Result<Batch, CollectError> {
    let key = keys::read("proven_expert.key", &kind.key)?;
    let request = Request::new(kind.address(), "application/json", round.allow_private_network);
    let headers = vec![Header::basic(&kind.id, &key)];
    let first = Request { headers, key: Some(key), body: Some(form(0)), ..request };
    let question = Question { name: kind.id.clone(), first, most_pages: MOST_PAGES };
    let seen = AtomicUsize::new(0);
    walk(question, round, |page| {
        let items = items(page)?;
        let seen = seen.fetch_add(items.len(), Ordering::Relaxed) + items.len();
        let part = read_each(&items, |rating| Some(kind.mention(rating)));
        let next_body = (items.len() >= PER_PAGE).then(|| form(seen));
        Ok(Part { next_body, tells_nothing: !is_newest_first(&part.mentions), ..part })
    })
    .await
}

fn form(offset: usize) -> Body {
    let number = |number: usize| SecretString::from(number.to_string());
    Body::Form(vec![("limit", number(PER_PAGE)), ("offset", number(offset))])
}

/// The ratings, each with its id in it.
fn items(page: &Page) -> Result<Vec<Value>, CollectError> {
    let answer = json(page, HINT)?;
    match answer.get("ratings") {
        Some(Value::Object(ratings)) => Ok(ratings.iter().map(|(id, rating)| with_id(rating, id)).collect()),
        Some(_) => list(&answer, "/ratings", HINT).map(<[Value]>::to_vec),
        None => Err(missing("ratings", HINT)),
    }
}

fn with_id(rating: &Value, id: &str) -> Value {
    let mut rating = rating.clone();
    if let Some(fields) = rating.as_object_mut() {
        fields.insert("id".to_owned(), id.into());
    }
    rating
}

impl ProvenExpert {
    fn address(&self) -> Url {
        let mut url = self.base.clone();
        url.set_path("/api/v1/rating/get");
        url
    }

    fn mention(&self, given: Given) -> Mention {
        let author = given.user.filter(|user| !user.is_anonymous());
        let name = author.and_then(|user| user.name).map(|name| name.trim().to_owned());
        Mention {
            native_id: given.id,
            url: self.profile.as_ref().map(Url::to_string),
            author: name.filter(|name| !name.is_empty()).map(|name| Author { key: name.clone(), name }),
            title: given.title.map(|title| text::plain(&title)).filter(|title| !title.is_empty()),
            text: text::plain(&given.feedback.unwrap_or_default()),
            rating: given.rating_value.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars),
            published_at: given.created.map(Timestamp::from_seconds),
            edited_at: given.modified.filter(|modified| Some(*modified) > given.created).map(Timestamp::from_seconds),
            ..Mention::default()
        }
    }
}

/// A rating as it was given.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    title: Option<String>,
    feedback: Option<String>,
    #[serde(default, deserialize_with = "number")]
    rating_value: Option<f64>,
    #[serde(default, deserialize_with = "seconds")]
    created: Option<i64>,
    #[serde(default, deserialize_with = "seconds")]
    modified: Option<i64>,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    name: Option<String>,
    anonymous: Option<Value>,
}

impl User {
    /// `true`, 1 or "1".
    fn is_anonymous(&self) -> bool {
        match &self.anonymous {
            Some(Value::Bool(is)) => *is,
            Some(Value::Number(number)) => number.as_f64() != Some(0.0),
            Some(Value::String(text)) => !matches!(text.as_str(), "" | "0" | "false"),
            _ => false,
        }
    }
}

/// A number, also where it is written as a text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Number(number) => Ok(number.as_f64()),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => text.trim().parse().map(Some).map_err(serde::de::Error::custom),
        other => Err(serde::de::Error::custom(format!("{other} is no number"))),
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    #[expect(clippy::cast_possible_truncation, reason = "a time beyond all times becomes the last one")]
    Ok(number(deserializer)?.filter(|seconds| *seconds > 0.0).map(|seconds| seconds as i64))
}

#[cfg(test)]
mod tests;
