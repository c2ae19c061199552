//! The reviews of one's own app, through the App Store Connect API: those of all countries, with the responses.
//!
//! The newest come first. Apple says when a review was written, and not whether it was edited since, for which version
//! it is, or in which language; the public feed (`app_store`) knows the version. Whether an edit gives a review a new
//! date is not documented; if not, it shows, as a response does, as long as the review is among the newest 200. A review
//! has no page of its own: the link leads to the reviews of its country.

use jsonwebtoken::Algorithm;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::answer::send;
use super::pages::{self, Part, Question, list, missing, no_address, read_each, walk_explained};
use super::{About, AnswerError, Batch, CollectError, Detail, Round, jwt, keys};
use crate::http::{Body, Call, FetchError, Header, Method, Page, Request};
use crate::mention::Timestamp;
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};

mod review;
mod settings;
mod territory;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "app_store_connect",
    listens_to: said(
        "die Rezensionen Ihrer eigenen App in Apples App Store aus allen Ländern, mit Ihren Antworten",
        "the reviews of your own app in Apple's App Store, of all countries, with your responses",
    ),
    needs: Some(said(
        "einen Team-Schlüssel der App Store Connect API mit der Rolle „Customer Support“ (Benutzer und Zugriff, \
         Integrationen)",
        "a team key of the App Store Connect API with the role Customer Support (Users and Access, Integrations)",
    )),
    brings: &[Detail::Rating, Detail::Title, Detail::Author, Detail::Link, Detail::Reply],
    history: said("die neuesten 10.000", "the newest 10,000"),
    longest_reply: Some(5_970),
    takes_answers: true,
    example: "app_store_connect = { app = 343555245, issuer_id = \"57246542-96fe-1a63-e053-0824d011072a\", key_id = \
              \"2X9R4HXF34\", key_file = \"/etc/stimmung/AuthKey_2X9R4HXF34.p8\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 50;

/// As many as there can be on one.
const PER_PAGE: &str = "200";

/// For how many seconds a token is good; Apple takes none for more than 20 minutes.
const LIFETIME: i64 = 15 * 60;

const KEY: &str = "app_store_connect.key";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „base“; bleibt es dabei, hat Apple womöglich seine API geändert",
    "check `base`; if it stays, Apple may have changed its API",
);

/// `from.app_store_connect = { app = 123456789, issuer_id = "…", key_id = "…", key_file = "AuthKey.p8" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "settings::Written")]
pub struct AppStoreConnect {
    /// The number in the app's address, after `id`.
    pub app: u64,
    /// Of the team; it is no secret.
    pub issuer_id: String,
    /// Of the key; it is no secret.
    pub key_id: String,
    /// The private key, as in the `.p8` file that Apple gives once.
    pub key: SecretPlace,
    /// Another server in Apple's place; for tests and proxies.
    pub base: Url,
}

/// The keys that it takes.
pub fn secrets(kind: &AppStoreConnect) -> Vec<(&'static str, SecretPlace)> {
    vec![("key", kind.key.clone())]
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where there is no key to sign with, or the first page cannot be had or read.
pub async fn collect(kind: &AppStoreConnect, round: &Round<'_>) -> Result<Batch, CollectError> {
    let key = keys::read(KEY, &kind.key)?;
    let token = kind.token(&key, round.now)?;
    let first = Request::new(kind.page(None)?, "application/json", round.allow_private_network);
    let first = Request { headers: vec![Header::bearer(&token)], key: Some(key), ..first };
    let question = Question { name: kind.app.to_string(), first, most_pages: MOST_PAGES };
    walk_explained(question, round, |page| kind.read(page), refusal).await
}

/// Whoever may read may answer.
pub fn takes_answers(_: &AppStoreConnect) -> bool {
    true
}

/// Publishes the response to a review, in the place of an earlier one. Apple takes a while to show it.
///
/// # Errors
/// Where there is no key to sign with, or Apple does not take it.
pub async fn answer(kind: &AppStoreConnect, id: &str, text: &str, round: &Round<'_>) -> Result<(), AnswerError> {
    let key = keys::read(KEY, &kind.key)?;
    let token = kind.token(&key, round.now)?;
    let response = json!({ "data": {
        "type": "customerReviewResponses",
        "attributes": { "responseBody": text },
        "relationships": { "review": { "data": { "type": "customerReviews", "id": id } } },
    } });
    let call = Call {
        method: Method::Post,
        url: &kind.address(&["customerReviewResponses"])?,
        headers: &[Header::bearer(&token)],
        body: Some(&Body::Json(response.to_string().into())),
        key: Some(&key),
        allow_private_network: round.allow_private_network,
    };
    send(call, round, refusal).await
}

impl AppStoreConnect {
    fn token(&self, key: &SecretString, now: Timestamp) -> Result<SecretString, CollectError> {
        let expires = now.plus_seconds(LIFETIME).seconds();
        let claims = json!({
            "iss": self.issuer_id, "iat": now.seconds(), "exp": expires, "aud": "appstoreconnect-v1",
        });
        jwt::sign(Algorithm::ES256, Some(&self.key_id), &claims, key, KEY)
    }

    fn address(&self, path: &[&str]) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| no_address(HINT))?.pop_if_empty().push("v1").extend(path);
        Ok(url)
    }

    /// `place` is the query of the address that a page names for the next one.
    fn page(&self, place: Option<&str>) -> Result<Url, CollectError> {
        let mut url = self.address(&["apps", &self.app.to_string(), "customerReviews"])?;
        let first = format!("sort=-createdDate&limit={PER_PAGE}&include=response");
        url.set_query(Some(place.unwrap_or(&first)));
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let answer = pages::json(page, HINT)?;
        if answer.get("data").is_none() {
            return Err(missing("data", HINT));
        }
        let reviews = list(&answer, "/data", HINT)?;
        let responses = review::Responses::of(list(&answer, "/included", HINT)?);
        let next = answer.pointer("/links/next").and_then(Value::as_str).and_then(|next| Url::parse(next).ok());
        let next = next.as_ref().and_then(Url::query).map(|query| self.page(Some(query))).transpose()?;
        Ok(Part { next, ..read_each(reviews, |review: review::Review| Some(review.mention(self.app, &responses))) })
    }
}

/// Why Apple refuses, where it says so: `{ "errors": [{ "code", "title", "detail" }] }`.
fn refusal(error: FetchError) -> CollectError {
    let FetchError::Status { status, retry_after, said: answer } = &error else { return error.into() };
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let word = |name: &str| answer.pointer(&format!("/errors/0/{name}")).and_then(Value::as_str).map(text::plain);
    let Some(code) = word("code") else { return error.into() };
    let message = word("detail").or_else(|| word("title")).unwrap_or_default().replace('\n', " ");
    let message: String = message.chars().take(LONGEST_MESSAGE).collect();
    let hint = match status {
        401 => Some(said(
            "Prüfen Sie „issuer_id“ und „key_id“, ob der Schlüssel widerrufen wurde und ob die Uhr dieses Rechners stimmt",
            "check `issuer_id` and `key_id`, that the key was not revoked, and the clock of this machine",
        )),
        403 => Some(said(
            "Geben Sie dem Schlüssel die Rolle „Customer Support“, oder unterschreiben Sie die Verträge, die in App \
             Store Connect warten",
            "give the key the role Customer Support, or sign the agreements that wait in App Store Connect",
        )),
        404 => {
            Some(said("Prüfen Sie „app“: Sie muss Ihrem Team gehören", "check `app`: it must be one of your team's"))
        }
        _ => None,
    };
    CollectError::Refused {
        message: Said {
            german: format!("Apple hat mit {status} geantwortet, {code}: {message}"),
            english: format!("Apple answered {status}, {code}: {message}"),
        },
        hint,
        retry_after: *retry_after,
    }
}

/// Of what Apple says of a refusal, so many characters are shown.
const LONGEST_MESSAGE: usize = 300;

#[cfg(test)]
mod tests;
