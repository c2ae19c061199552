//! Google's reviews of one's own places, through the API of the Business Profile, with the owner's reply.
//!
//! The reviews that were written or edited last come first, so an edit is met at the front. What Google deleted is just
//! not there any more. Whether a reply moves its review to the front is not documented; if not, it shows as long as the
//! review is among the newest 50.
//!
//! Where Google has translated a text, both stand in it; the original is kept. The form of that is not documented: it
//! is the one that people have met. There is no permalink, and of the author no more than a name.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::answer::send;
use super::pages::{Part, Question, format_error, json, list, no_address, read_each, walk_explained};
use super::{About, AnswerError, Batch, CollectError, Detail, Round, google, keys};
use crate::http::{Body, Call, Header, Method, Page, Request};
use crate::mention::{Grade, Rating};
use crate::secret::SecretPlace;
use crate::tongue::{Said, said};

mod review;
mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "google_business",
    listens_to: said(
        "Google-Bewertungen Ihrer eigenen Standorte, mit Ihren Antworten",
        "Google's reviews of your own places, with your replies",
    ),
    needs: Some(said(
        "ein Google-Cloud-Projekt, dem Google den Zugang zu den Business-Profile-APIs gewährt hat, einen OAuth-Client \
         darin und ein Refresh-Token für business.manage von einem Konto, das den Standort verwaltet",
        "a Google Cloud project that Google has granted access to the Business Profile APIs, an OAuth client of it, \
         and a refresh token for business.manage from an account that manages the place",
    )),
    brings: &[Detail::Rating, Detail::Author, Detail::Reply, Detail::Edits, Detail::Grade],
    history: said("die neuesten 5.000", "the newest 5,000"),
    longest_reply: Some(4_096),
    takes_answers: true,
    example: "google_business = { account = \"112233445566778899000\", location = \"1234567890123456789\", client_id = \
              \"1234.apps.googleusercontent.com\", client_secret_env = \"GOOGLE_CLIENT_SECRET\", refresh_token_env = \
              \"GOOGLE_REFRESH_TOKEN\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 100;

/// As many as there can be on one.
const PER_PAGE: &str = "50";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „base“; bleibt es dabei, hat Google womöglich seine API geändert",
    "check `base`; if it stays, Google may have changed its API",
);

/// `from.google_business = { account = "1122…", location = "1234…", client_id = "…", client_secret_env = "…",
/// refresh_token_env = "…" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "settings::Written")]
pub struct GoogleBusiness {
    /// The number after `accounts/`; it may have more than 64 bits.
    pub account: String,
    /// The number after `locations/`.
    pub location: String,
    /// Of the OAuth client; it is no secret.
    pub client_id: String,
    /// That of the OAuth client.
    pub client_secret: SecretPlace,
    /// What somebody who manages the place has granted.
    pub refresh_token: SecretPlace,
    /// Another server in Google's place; for tests and proxies.
    pub base: Url,
    /// Another server that gives tokens.
    pub token_url: Url,
}

/// The keys that it takes.
pub fn secrets(kind: &GoogleBusiness) -> Vec<(&'static str, SecretPlace)> {
    vec![("client_secret", kind.client_secret.clone()), ("refresh_token", kind.refresh_token.clone())]
}

/// One round: what was written or edited since the last one, the newest first.
///
/// # Errors
/// Where there is no token, or the first page cannot be had or read.
pub async fn collect(kind: &GoogleBusiness, round: &Round<'_>) -> Result<Batch, CollectError> {
    let (secret, token) = kind.token(round).await?;
    let first = Request::new(kind.page(None)?, "application/json", round.allow_private_network);
    let first = Request { headers: vec![Header::bearer(&token)], key: Some(secret), ..first };
    let question = Question { name: format!("{}/{}", kind.account, kind.location), first, most_pages: MOST_PAGES };
    walk_explained(question, round, |page| kind.read(page), |error| google::refusal(error, round.now)).await
}

/// Whoever may read may answer.
pub fn takes_answers(_: &GoogleBusiness) -> bool {
    true
}

/// Publishes the owner's reply to a review, in the place of an earlier one.
///
/// # Errors
/// Where there is no token, or Google does not take it.
pub async fn answer(kind: &GoogleBusiness, id: &str, text: &str, round: &Round<'_>) -> Result<(), AnswerError> {
    let (secret, token) = kind.token(round).await?;
    let call = Call {
        method: Method::Put,
        url: &kind.address(&[id, "reply"])?,
        headers: &[Header::bearer(&token)],
        body: Some(&Body::Json(serde_json::json!({ "comment": text }).to_string().into())),
        key: Some(&secret),
        allow_private_network: round.allow_private_network,
    };
    send(call, round, |error| google::refusal(error, round.now)).await
}

impl GoogleBusiness {
    /// The client's secret, by which Google counts, and a token.
    async fn token(&self, round: &Round<'_>) -> Result<(SecretString, SecretString), CollectError> {
        let secret = keys::read("google_business.client_secret", &self.client_secret)?;
        let token = google::token(&self.token_url, self.proof(secret.clone())?, round).await?;
        Ok((secret, token))
    }

    /// What a token is given for.
    fn proof(&self, secret: SecretString) -> Result<Vec<(&'static str, SecretString)>, CollectError> {
        Ok(vec![
            ("grant_type", "refresh_token".into()),
            ("client_id", self.client_id.as_str().into()),
            ("client_secret", secret),
            ("refresh_token", keys::read("google_business.refresh_token", &self.refresh_token)?),
        ])
    }

    /// Below the reviews of the place.
    fn address(&self, below: &[&str]) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| no_address(HINT))?
            .pop_if_empty()
            .extend(["v4", "accounts", &self.account, "locations", &self.location, "reviews"])
            .extend(below);
        Ok(url)
    }

    fn page(&self, place: Option<&str>) -> Result<Url, CollectError> {
        let mut url = self.address(&[])?;
        url.query_pairs_mut().append_pair("pageSize", PER_PAGE).append_pair("orderBy", "updateTime desc");
        if let Some(place) = place {
            url.query_pairs_mut().append_pair("pageToken", place);
        }
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let answer = json(page, HINT)?;
        // Google leaves out what is empty, so that there need be nothing in it at all.
        if !answer.is_object() {
            return Err(format_error(said("Die Antwort ist kein Objekt", "the answer is no object"), HINT));
        }
        let reviews = list(&answer, "/reviews", HINT)?;
        let next = answer.get("nextPageToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        let next = next.map(|token| self.page(Some(token))).transpose()?;
        Ok(Part { next, grade: grade(&answer), ..read_each(reviews, review::Review::mention) })
    }
}

/// Of all reviews of the place, on every page.
fn grade(answer: &Value) -> Option<Grade> {
    let average = answer.get("averageRating")?.as_f64()?;
    Grade::new(Rating::stars(average), answer.get("totalReviewCount").and_then(Value::as_u64))
}

#[cfg(test)]
mod tests;
