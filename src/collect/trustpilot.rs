//! Reviews on Trustpilot, through its API for business units; it takes the key of any account that may use the API.
//!
//! The newest come first, so that an edit or an answer to an older review shows only while the review is among the
//! newest 100. Whether a page may hold fewer than it was asked for is not certain; so a page that is not full also leads
//! on where its `links` name a next one.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::answer::send;
use super::pages::{Part, Question, format_error, json, list, missing, no_address, read_each, walk};
use super::{About, AnswerError, Batch, CollectError, Detail, Round, credentials, keys};
use crate::http::{Answer, Body, Call, Header, Method, Page, Request};
use crate::mention::{Author, Language, Mention, Rating, Reply, Timestamp};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};
use settings::Written;

mod settings;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "trustpilot",
    listens_to: said("Bewertungen eines Unternehmens auf Trustpilot", "reviews of a company on Trustpilot"),
    needs: Some(said(
        "einen API-Schlüssel von Trustpilot, der zu manchen Tarifen gehört; zum Antworten auch sein Secret und die Kennung \
         eines Nutzers, in dessen Namen geantwortet wird",
        "an API key of Trustpilot, which comes with some of its plans; to answer, its secret, too, and the id of a user in \
         whose name it is",
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
    takes_answers: true,
    example: "trustpilot = { domain = \"bahn.de\", key_env = \"TRUSTPILOT_KEY\" }",
    ..About::PLAIN
};

const MOST_PAGES: usize = 50;

/// As many as there can be on one.
const PER_PAGE: usize = 100;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „business_unit“ oder „domain“; bleibt es dabei, hat Trustpilot womöglich seine API geändert",
    "check `business_unit` or `domain`; if it stays, Trustpilot may have changed its API",
);

const TOKEN_HINT: Said<&'static str> = said(
    "Prüfen Sie Schlüssel und Secret: Sie gehören zu einer Anwendung, die antworten darf",
    "check key and secret: they belong to an application that may reply",
);

/// `from.trustpilot = { domain = "bahn.de", key_env = "TRUSTPILOT_KEY" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Trustpilot {
    unit: Unit,
    language: Option<Language>,
    key: SecretPlace,
    /// For whom who answers, too.
    writer: Option<Writer>,
    base: Url,
}

/// As whom answers are written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Writer {
    /// The id of a user of the company's account.
    business_user: String,
    /// What belongs to the key.
    secret: SecretPlace,
}

/// Who is reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Unit {
    /// Its id: 24 hexadecimal digits.
    Id(String),
    /// What Trustpilot knows it by; its id is asked for in each round.
    Domain(String),
}

/// The keys that it takes.
pub fn secrets(kind: &Trustpilot) -> Vec<(&'static str, SecretPlace)> {
    let secret = kind.writer.as_ref().map(|writer| ("secret", writer.secret.clone()));
    std::iter::once(("key", kind.key.clone())).chain(secret).collect()
}

/// One round: what was written since the last one, the newest first.
///
/// # Errors
/// Where there is no key, no such company, or the first page cannot be had or read.
pub async fn collect(kind: &Trustpilot, round: &Round<'_>) -> Result<Batch, CollectError> {
    let key = keys::read("trustpilot.key", &kind.key)?;
    let id = match &kind.unit {
        Unit::Id(id) => id.clone(),
        Unit::Domain(domain) => kind.find(domain, &key, round).await?,
    };
    let first = request(kind.page(&id, 1)?, &key, round);
    let language = kind.language.map_or(String::new(), |language| format!(" {language}"));
    let question = Question { name: format!("{id}{language}"), first, most_pages: MOST_PAGES };
    walk(question, round, read).await
}

/// Who answers needs more than who reads: the key's secret, and a user in whose name it is.
pub fn takes_answers(kind: &Trustpilot) -> bool {
    kind.writer.is_some()
}

/// Publishes the company's reply to a review.
///
/// # Errors
/// Where there is no token, or Trustpilot does not take it.
pub async fn answer(kind: &Trustpilot, id: &str, text: &str, round: &Round<'_>) -> Result<(), AnswerError> {
    let writer = kind.writer.as_ref().ok_or_else(super::no_answers)?;
    let key = keys::read("trustpilot.key", &kind.key)?;
    let token = kind.token(writer, &key, round).await?;
    let reply = serde_json::json!({ "authorBusinessUserId": writer.business_user, "message": text });
    let call = Call {
        method: Method::Post,
        url: &kind.address(&["private", "reviews", id, "reply"])?,
        headers: &[token],
        body: Some(&Body::Json(reply.to_string().into())),
        key: Some(&key),
        allow_private_network: round.allow_private_network,
    };
    send(call, round, CollectError::from).await
}

fn request(url: Url, key: &SecretString, round: &Round<'_>) -> Request {
    let headers = vec![Header { name: "apikey".into(), value: key.clone() }];
    Request { headers, key: Some(key.clone()), ..Request::new(url, "application/json", round.allow_private_network) }
}

impl Trustpilot {
    fn address(&self, path: &[&str]) -> Result<Url, CollectError> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| no_address(HINT))?.pop_if_empty().push("v1").extend(path);
        Ok(url)
    }

    /// For the application, without anybody's password.
    async fn token(&self, writer: &Writer, key: &SecretString, round: &Round<'_>) -> Result<Header, CollectError> {
        let url = self.address(&["oauth", "oauth-business-users-for-applications", "accesstoken"])?;
        let secret = keys::read("trustpilot.secret", &writer.secret)?;
        let request = Request {
            headers: vec![Header::basic(key.expose_secret(), &secret)],
            key: Some(key.clone()),
            body: Some(Body::Form(vec![("grant_type", "client_credentials".into())])),
            ..Request::new(url, "application/json", round.allow_private_network)
        };
        credentials::token(&request, round, TOKEN_HINT).await
    }

    fn page(&self, id: &str, number: usize) -> Result<Url, CollectError> {
        let mut url = self.address(&["business-units", id, "reviews"])?;
        url.query_pairs_mut()
            .append_pair("perPage", &PER_PAGE.to_string())
            .append_pair("page", &number.to_string())
            .append_pair("orderBy", "createdat.desc");
        if let Some(language) = &self.language {
            url.query_pairs_mut().append_pair("language", language.code());
        }
        Ok(url)
    }

    async fn find(&self, domain: &str, key: &SecretString, round: &Round<'_>) -> Result<String, CollectError> {
        #[derive(Deserialize)]
        struct Found {
            #[serde(deserialize_with = "super::pages::id")]
            id: String,
        }
        let mut url = self.address(&["business-units", "find"])?;
        url.query_pairs_mut().append_pair("name", domain);
        let unknown = || {
            let message = Said {
                german: format!("Trustpilot kennt kein Unternehmen unter „{domain}“"),
                english: format!("Trustpilot knows no company at `{domain}`"),
            };
            format_error(message, HINT)
        };
        match round.fetcher.get(&request(url, key, round)).await? {
            Answer::NotModified { .. } => Err(unknown()),
            Answer::Page(page) => Found::deserialize(json(&page, HINT)?).map(|found| found.id).map_err(|_| unknown()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    stars: Option<f64>,
    title: Option<String>,
    text: Option<String>,
    language: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    consumer: Option<Consumer>,
    company_reply: Option<CompanyReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Consumer {
    id: Option<String>,
    display_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompanyReply {
    text: String,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

fn read(page: &Page) -> Result<Part, CollectError> {
    let answer = json(page, HINT)?;
    if answer.get("reviews").is_none() {
        return Err(missing("reviews", HINT));
    }
    let reviews = list(&answer, "/reviews", HINT)?;
    let links = list(&answer, "/links", HINT)?;
    let leads_on = links.iter().any(|link| link.get("rel").is_some_and(|relation| relation == "next-page"));
    let next = (!reviews.is_empty() && (leads_on || reviews.len() >= PER_PAGE)).then(|| following(&page.url));
    Ok(Part { next: next.flatten(), ..read_each(reviews, |review| Some(mention(review))) })
}

/// The same question for the next page.
fn following(url: &Url) -> Option<Url> {
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let number: usize = pairs.iter().find(|(name, _)| name == "page")?.1.parse().ok()?;
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(pairs.iter().map(|(name, value)| match name.as_str() {
        "page" => (name, (number + 1).to_string()),
        _ => (name, value.clone()),
    }));
    Some(next)
}

fn mention(review: Review) -> Mention {
    let author = review.consumer.and_then(|consumer| {
        let name = consumer.display_name.filter(|name| !name.trim().is_empty())?;
        Some(Author { key: consumer.id.unwrap_or_else(|| name.clone()), name })
    });
    Mention {
        url: Some(format!("https://www.trustpilot.com/reviews/{}", review.id)),
        native_id: review.id,
        author,
        title: review.title.map(|title| text::plain(&title)).filter(|title| !title.is_empty()),
        text: text::plain(&review.text.unwrap_or_default()),
        rating: review.stars.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars),
        language_hint: review.language.and_then(|tag| Language::parse(&tag)),
        published_at: Some(review.created_at),
        edited_at: review.updated_at.filter(|updated| *updated > review.created_at),
        reply: review
            .company_reply
            .map(|reply| Reply { text: text::plain(&reply.text), at: reply.updated_at.or(reply.created_at) }),
        ..Mention::default()
    }
}

#[cfg(test)]
mod tests;
