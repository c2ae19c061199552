//! The reviews of one's own app in Google Play, through the API for publishers, with the developer's reply.
//!
//! It gives those with a text that were written or edited in the last seven days, what was changed last first; so a
//! source that rests for longer misses some. Google tells only when a review was changed last: it is taken for when it
//! was written, and for an edit where the reply is older. The language is that of the device. What device that was has
//! no place in a mention.

use std::path::PathBuf;

use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::answer::send;
use super::pages::{self, Part, Question, format_error, list, no_address, read_each, walk_explained};
use super::{About, AnswerError, Batch, CollectError, Detail, Round, google, jwt, keys};
use crate::http::{Body, Call, Header, Method, Page, Request};
use crate::mention::Timestamp;
use crate::secret::SecretPlace;
use crate::tongue::{Said, said};

mod review;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "google_play",
    listens_to: said(
        "die Rezensionen Ihrer eigenen App in Google Play, mit Ihren Antworten",
        "the reviews of your own app in Google Play, with your replies",
    ),
    needs: Some(said(
        "ein Dienstkonto eines Google-Cloud-Projekts mit der Google Play Android Developer API, in die Play Console \
         eingeladen mit der Berechtigung, auf Rezensionen zu antworten",
        "a service account of a Google Cloud project with the Google Play Android Developer API, invited in the Play \
         Console with the permission to reply to reviews",
    )),
    brings: &[
        Detail::Rating,
        Detail::Title,
        Detail::Author,
        Detail::Link,
        Detail::Language,
        Detail::Reply,
        Detail::Edits,
        Detail::AppVersion,
    ],
    history: said("die letzten 7 Tage", "the last 7 days"),
    longest_reply: Some(350),
    takes_answers: true,
    example: "google_play = { package = \"de.hafas.android.db\", service_account_file = \
              \"/etc/stimmung/google-play.json\" }",
    ..About::PLAIN
};

/// Google answers 200 questions an hour.
const MOST_PAGES: usize = 50;

/// As many as there can be on one.
const PER_PAGE: &str = "100";

/// For how many seconds the proof is good; Google takes none for more than an hour.
const LIFETIME: i64 = 15 * 60;

const SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";

const KEY: &str = "google_play.service_account";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „base“; bleibt es dabei, hat Google womöglich seine API geändert",
    "check `base`; if it stays, Google may have changed its API",
);

/// `from.google_play = { package = "org.example.app", service_account_file = "account.json" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct GooglePlay {
    /// The name in the app's address, after `id=`.
    pub package: String,
    /// The key of the service account, the whole JSON file that Google gives once.
    pub service_account: SecretPlace,
    /// Another server in Google's place; for tests and proxies. Where tokens are had stands in the key.
    pub base: Url,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    package: String,
    service_account_env: Option<String>,
    service_account_file: Option<PathBuf>,
    #[serde(default = "base", deserialize_with = "super::web_address")]
    base: Url,
}

fn base() -> Url {
    Url::parse("https://androidpublisher.googleapis.com/").expect("an address")
}

impl TryFrom<Written> for GooglePlay {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { package, service_account_env, service_account_file, base } = written;
        let is_name = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        let fits = package.contains('.') && package.split('.').all(is_name);
        let message = "write the name that stands in its address after `id=`, as in \"com.example.app\"";
        let mistake = (!fits).then(|| format!("`{package}` is no package: {message}"));
        match (mistake, keys::place("service_account", service_account_env, service_account_file)) {
            (None, Ok(service_account)) => Ok(Self { package, service_account, base }),
            (mistake, place) => Err(mistake.into_iter().chain(place.err()).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// The keys that it takes.
pub fn secrets(kind: &GooglePlay) -> Vec<(&'static str, SecretPlace)> {
    vec![("service_account", kind.service_account.clone())]
}

/// One round: what was written or edited since the last one, the newest first.
///
/// # Errors
/// Where there is no token, or the first page cannot be had or read.
pub async fn collect(kind: &GooglePlay, round: &Round<'_>) -> Result<Batch, CollectError> {
    let (key, token) = kind.token(round).await?;
    let first = Request::new(kind.page(None)?, "application/json", round.allow_private_network);
    let first = Request { headers: vec![Header::bearer(&token)], key: Some(key), ..first };
    let question = Question { name: kind.package.clone(), first, most_pages: MOST_PAGES };
    walk_explained(question, round, |page| kind.read(page), |error| google::refusal(error, round.now)).await
}

/// Whoever may read may answer.
pub fn takes_answers(_: &GooglePlay) -> bool {
    true
}

/// Publishes the developer's reply to a review, in the place of an earlier one.
///
/// # Errors
/// Where there is no token, or Google does not take it.
pub async fn answer(kind: &GooglePlay, id: &str, text: &str, round: &Round<'_>) -> Result<(), AnswerError> {
    let (key, token) = kind.token(round).await?;
    let call = Call {
        method: Method::Post,
        url: &kind.address(&[&format!("{id}:reply")])?,
        headers: &[Header::bearer(&token)],
        body: Some(&Body::Json(serde_json::json!({ "replyText": text }).to_string().into())),
        key: Some(&key),
        allow_private_network: round.allow_private_network,
    };
    send(call, round, |error| google::refusal(error, round.now)).await
}

/// What of Google's file is needed.
#[derive(Deserialize)]
struct ServiceAccount {
    client_email: String,
    private_key_id: Option<String>,
    #[serde(deserialize_with = "secret")]
    private_key: SecretString,
    #[serde(default = "tokens", deserialize_with = "super::web_address")]
    token_uri: Url,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

fn tokens() -> Url {
    Url::parse(google::TOKENS).expect("an address")
}

impl ServiceAccount {
    fn read(key: &SecretString) -> Result<Self, CollectError> {
        let message = || Said {
            german: format!("„{KEY}“ ist kein Schlüssel eines Dienstkontos"),
            english: format!("`{KEY}` is no key of a service account"),
        };
        let hint = said(
            "Es muss die JSON-Datei sein, wie sie heruntergeladen wurde, mit „client_email“ und „private_key“",
            "it must be the JSON file as it was downloaded, with `client_email` and `private_key`",
        );
        // What the parser says might hold some of it.
        serde_json::from_str(key.expose_secret()).map_err(|_| format_error(message(), hint))
    }

    /// What a token is given for.
    fn proof(&self, now: Timestamp) -> Result<Vec<(&'static str, SecretString)>, CollectError> {
        let claims = serde_json::json!({
            "iss": self.client_email,
            "scope": SCOPE,
            "aud": self.token_uri,
            "iat": now.seconds(),
            "exp": now.plus_seconds(LIFETIME).seconds(),
        });
        let signed = jwt::sign(Algorithm::RS256, self.private_key_id.as_deref(), &claims, &self.private_key, KEY)?;
        Ok(vec![("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".into()), ("assertion", signed)])
    }
}

impl GooglePlay {
    /// The service account's key, by which Google counts, and a token.
    async fn token(&self, round: &Round<'_>) -> Result<(SecretString, SecretString), CollectError> {
        let key = keys::read(KEY, &self.service_account)?;
        let account = ServiceAccount::read(&key)?;
        let token = google::token(&account.token_uri, account.proof(round.now)?, round).await?;
        Ok((key, token))
    }

    /// Below the reviews of the app.
    fn address(&self, below: &[&str]) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| no_address(HINT))?
            .pop_if_empty()
            .extend(["androidpublisher", "v3", "applications", &self.package, "reviews"])
            .extend(below);
        Ok(url)
    }

    fn page(&self, place: Option<&str>) -> Result<Url, CollectError> {
        let mut url = self.address(&[])?;
        url.query_pairs_mut().append_pair("maxResults", PER_PAGE);
        if let Some(place) = place {
            url.query_pairs_mut().append_pair("token", place);
        }
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let answer = pages::json(page, HINT)?;
        // Google leaves out what is empty, so that there need be nothing in it at all.
        if !answer.is_object() {
            return Err(format_error(said("Die Antwort ist kein Objekt", "the answer is no object"), HINT));
        }
        let reviews = list(&answer, "/reviews", HINT)?;
        let next = answer.pointer("/tokenPagination/nextPageToken").and_then(Value::as_str);
        let next = next.filter(|token| !token.is_empty()).map(|token| self.page(Some(token))).transpose()?;
        Ok(Part { next, ..read_each(reviews, |review: review::Review| review.mention(&self.package)) })
    }
}

#[cfg(test)]
mod tests;
