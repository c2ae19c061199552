//! Steam: reviews of a game, by `IUserReviewsService/GetAppReviews`, which needs no key.
//!
//! It is asked for what was last changed, so that an edited review comes to the front again. Reviews that Steam holds
//! for a "review bomb" are asked for too: they are just what a brand wants to hear of. The names of accounts are not
//! told, only their numbers. The grade is of the reviews that are asked for, so of one language where one is set. The
//! values of `filter`, `purchase_type` and `review_type` are those that public programs use; when a developer answered
//! (`timestamp_dev_responded`) is known from the interface before this one.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, format_error, json, list, no_address, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::mention::{Author, Grade, Language, Mention, Rating, Reply, Timestamp};
use crate::tongue::{Said, said};

mod bbcode;
mod language;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "steam",
    listens_to: said("Rezensionen eines Spiels auf Steam", "reviews of a game on Steam"),
    brings: &[
        Detail::Rating,
        Detail::Author,
        Detail::Link,
        Detail::Language,
        Detail::Reply,
        Detail::Edits,
        Detail::Grade,
    ],
    history: said("die neuesten 5.000 Rezensionen", "the newest 5,000 reviews"),
    example: "steam = { app = 730, language = \"de\" }",
    ..About::PLAIN
};

/// At first contact.
const MOST_PAGES: usize = 50;
const PER_PAGE: u32 = 100;

/// `EUserReviewsAppReviewsFilter`: what was last changed comes first.
const UPDATED: u32 = 2;
/// `EUserReviewsPurchaseType`: bought on Steam or elsewhere.
const ANY_PURCHASE: u32 = 1;
/// `EUserReviewsReviewType`: thumbs up and down.
const ANY_REVIEW: u32 = 0;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „app“: Das ist die Zahl hinter „/app/“ in der Adresse des Spiels im Shop",
    "check `app`: it is the number after `/app/` in the address of the game's page in the store",
);

/// `from.steam = { app = 730 }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steam {
    /// The number after `/app/` in the address of the game's page in the store.
    pub app: u64,
    /// Only reviews in this language.
    #[serde(default, deserialize_with = "spoken")]
    pub language: Option<Language>,
    /// Another server in the place of Valve's; for tests and proxies.
    #[serde(default = "valve", deserialize_with = "super::web_address")]
    pub base: Url,
}

fn valve() -> Url {
    Url::parse("https://api.steampowered.com/").expect("an address")
}

fn spoken<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Language>, D::Error> {
    let language = Language::deserialize(deserializer)?;
    if language::names(language).next().is_none() {
        return Err(serde::de::Error::custom(format!("Steam has no language `{language}`: leave it out for all")));
    }
    Ok(Some(language))
}

/// One round: what was written or changed since the last one, the newest first.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &Steam, round: &Round<'_>) -> Result<Batch, CollectError> {
    let first = Request::new(kind.page("*")?, "application/json", round.allow_private_network);
    let question = Question { name: kind.name(), first, most_pages: MOST_PAGES };
    walk(question, round, |page| kind.read(page)).await
}

impl Steam {
    fn name(&self) -> String {
        let language = self.language.map_or_else(|| "all".to_owned(), |language| language.to_string());
        format!("{} {language}", self.app)
    }

    fn page(&self, cursor: &str) -> Result<Url, CollectError> {
        let path = "IUserReviewsService/GetAppReviews/v1/";
        let mut url = self.base.join(path).map_err(|_| no_address(HINT))?;
        let languages: Vec<&str> = self.language.map_or_else(|| vec!["all"], |only| language::names(only).collect());
        let input = serde_json::json!({
            "appid": self.app, "filter": UPDATED, "languages": languages, "review_type": ANY_REVIEW,
            "purchase_type": ANY_PURCHASE, "num_per_page": PER_PAGE, "filter_offtopic_activity": false,
            "cursor": cursor,
        });
        url.query_pairs_mut().append_pair("input_json", &input.to_string());
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let value = json(page, HINT)?;
        // Of an app that does not exist it says nothing at all; of one without reviews, that there are none.
        let told = value.get("response").and_then(Value::as_object).is_some_and(|response| !response.is_empty());
        if !told {
            return Err(format_error(
                said("Die Antwort sagt nichts über diese App", "the answer says nothing of this app"),
                HINT,
            ));
        }
        let part = read_each(list(&value, "/response/reviews", HINT)?, |review| self.mention(review));
        let cursor = value.pointer("/response/cursor").and_then(Value::as_str).filter(|cursor| !cursor.is_empty());
        Ok(Part { next: cursor.and_then(|cursor| self.page(cursor).ok()), grade: grade(&value), ..part })
    }

    /// `None` where somebody said nothing at all.
    fn mention(&self, review: Review) -> Option<Mention> {
        let link = |author: &str| format!("https://steamcommunity.com/profiles/{author}/recommended/{}/", self.app);
        let author = review.author.map(|author| author.steamid);
        let edited = review.timestamp_updated.filter(|at| *at > review.timestamp_created);
        let answered = review.timestamp_dev_responded.map(Timestamp::from_seconds);
        let mention = Mention {
            native_id: review.recommendationid,
            url: author.as_deref().map(link),
            author: author.map(|number| Author { key: number.clone(), name: number }),
            text: bbcode::plain(&review.review),
            rating: review.voted_up.map(thumb),
            language_hint: review.language.as_deref().and_then(language::code),
            published_at: Some(Timestamp::from_seconds(review.timestamp_created)),
            edited_at: edited.map(Timestamp::from_seconds),
            reply: review
                .developer_response
                .map(|text| bbcode::plain(&text))
                .filter(|text| !text.is_empty())
                .map(|text| Reply { text, at: answered }),
            ..Mention::default()
        };
        (mention.rating.is_some() || !mention.text.is_empty()).then_some(mention)
    }
}

/// How many of a hundred recommend the game, as a fraction; of the first page, which alone tells it.
fn grade(answer: &Value) -> Option<Grade> {
    let told = |name: &str| answer.pointer("/response/query_summary")?.get(name)?.as_u64();
    let (positive, all) = (told("total_positive")?, told("total_reviews").filter(|all| *all > 0)?);
    #[expect(clippy::cast_precision_loss, reason = "numbers of reviews")]
    let fraction = positive as f64 / all as f64;
    Grade::new(Rating { value: fraction, worst: 0.0, best: 1.0 }, Some(all))
}

/// Up or down: there is nothing between.
fn thumb(is_up: bool) -> Rating {
    Rating { value: f64::from(u8::from(is_up)), worst: 0.0, best: 1.0 }
}

#[derive(Deserialize)]
struct Review {
    #[serde(deserialize_with = "super::pages::id")]
    recommendationid: String,
    author: Option<Account>,
    language: Option<String>,
    #[serde(default)]
    review: String,
    timestamp_created: i64,
    timestamp_updated: Option<i64>,
    voted_up: Option<bool>,
    developer_response: Option<String>,
    timestamp_dev_responded: Option<i64>,
}

#[derive(Deserialize)]
struct Account {
    #[serde(deserialize_with = "super::pages::id")]
    steamid: String,
}

#[cfg(test)]
mod tests;
