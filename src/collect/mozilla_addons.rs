//! Mozilla Add-ons: ratings of an extension or a theme for Firefox, by version 5 of the interface, which needs no key.
//!
//! Mozilla calls it "not frozen". It gives the latest rating of each person, and tells neither edits nor deletions: the
//! first page is always taken whole, and what has changed on it is seen by comparing. How many ratings there are with
//! each number of stars stands on that page because it is asked for there, and gives the grade.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, json, list, missing, no_address, read_each, turned, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::mention::{Author, Grade, Mention, Rating, Reply, Timestamp};
use crate::text;
use crate::tongue::{Said, said};

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "mozilla_addons",
    listens_to: said(
        "Bewertungen einer Erweiterung oder eines Themes für Firefox",
        "ratings of an extension or a theme for Firefox",
    ),
    brings: &[
        Detail::Rating,
        Detail::Author,
        Detail::Link,
        Detail::Reply,
        Detail::Edits,
        Detail::AppVersion,
        Detail::Grade,
    ],
    history: said("die neuesten 2.000 Bewertungen", "the newest 2,000 ratings"),
    example: "mozilla_addons = { addon = \"ublock-origin\" }",
    ..About::PLAIN
};

/// At first contact.
const MOST_PAGES: usize = 40;
/// Mozilla gives no more.
const PER_PAGE: &str = "50";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „addon“; bleibt es dabei, hat Mozilla womöglich seine Schnittstelle geändert",
    "check `addon`; if it stays, Mozilla may have changed its interface",
);

/// `from.mozilla_addons = { addon = "ublock-origin" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MozillaAddons {
    /// What follows `/addon/` in the address of the add-on's page; its GUID or its number do as well.
    #[serde(deserialize_with = "addon")]
    pub addon: String,
    /// Another server in the place of Mozilla's; for tests and proxies.
    #[serde(default = "mozilla", deserialize_with = "super::web_address")]
    pub base: Url,
}

fn mozilla() -> Url {
    Url::parse("https://addons.mozilla.org/").expect("an address")
}

fn addon<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let addon = String::deserialize(deserializer)?;
    if addon.is_empty() || addon.contains(['/', ' ']) {
        return Err(serde::de::Error::custom(format!(
            "`{addon}` is no add-on: write what follows `/addon/` in its address, as in \"ublock-origin\""
        )));
    }
    Ok(addon)
}

/// One round: the newest ratings, and as many pages more as hold news.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &MozillaAddons, round: &Round<'_>) -> Result<Batch, CollectError> {
    let first = Request::new(kind.first_page()?, "application/json", round.allow_private_network);
    let question = Question { name: kind.addon.clone(), first, most_pages: MOST_PAGES };
    walk(question, round, |page| kind.read(page)).await
}

impl MozillaAddons {
    fn first_page(&self) -> Result<Url, CollectError> {
        let mut url = self.base.join("api/v5/ratings/rating/").map_err(|_| no_address(HINT))?;
        url.query_pairs_mut()
            .append_pair("addon", &self.addon)
            .append_pair("page_size", PER_PAGE)
            .append_pair("show_grouped_ratings", "1");
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let value = json(page, HINT)?;
        if value.get("results").is_none() {
            return Err(missing("results", HINT));
        }
        let part = read_each(list(&value, "/results", HINT)?, |review| self.mention(review));
        let next = value.get("next").and_then(|next| Url::parse(next.as_str()?).ok());
        Ok(Part {
            next: next.map(|next| turned(page, &next)),
            grade: value.get("grouped_ratings").and_then(grade),
            ..part
        })
    }

    /// `None` where it says nothing.
    fn mention(&self, review: Review) -> Option<Mention> {
        let slug = review.addon.and_then(|addon| addon.slug).unwrap_or_else(|| self.addon.clone());
        let text = review.body.as_deref().map(text::plain).unwrap_or_default();
        let rating = review.score.map(Rating::stars);
        (rating.is_some() || !text.is_empty()).then(|| Mention {
            url: Some(format!("https://addons.mozilla.org/firefox/addon/{slug}/reviews/{}/", review.id)),
            native_id: review.id,
            author: review.user.map(|user| Author { name: user.name.unwrap_or_else(|| user.id.clone()), key: user.id }),
            text,
            rating,
            published_at: time(review.created.as_deref()),
            app_version: review.version.and_then(|version| version.version),
            reply: review.reply.and_then(Answer::read),
            ..Mention::default()
        })
    }
}

/// The mean of all ratings, which come as the number of those with each number of stars.
fn grade(grouped: &Value) -> Option<Grade> {
    let of = |stars: u64| grouped.get(stars.to_string()).and_then(Value::as_u64).unwrap_or(0);
    let ratings: u64 = (1..=5).map(of).sum();
    let stars: u64 = (1..=5).map(|stars| stars * of(stars)).sum();
    #[expect(clippy::cast_precision_loss, reason = "numbers of ratings")]
    let mean = stars as f64 / ratings as f64;
    Grade::new(Rating::stars(mean), Some(ratings))
}

fn time(written: Option<&str>) -> Option<Timestamp> {
    written.and_then(Timestamp::parse_rfc3339)
}

#[derive(Deserialize)]
struct Review {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    addon: Option<AddOn>,
    body: Option<String>,
    score: Option<f64>,
    created: Option<String>,
    version: Option<Version>,
    user: Option<User>,
    reply: Option<Answer>,
}

#[derive(Deserialize)]
struct AddOn {
    slug: Option<String>,
}

#[derive(Deserialize)]
struct Version {
    version: Option<String>,
}

#[derive(Deserialize)]
struct User {
    #[serde(deserialize_with = "super::pages::id")]
    id: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    body: Option<String>,
    created: Option<String>,
}

impl Answer {
    fn read(self) -> Option<Reply> {
        let text = self.body.as_deref().map(text::plain).filter(|text| !text.is_empty())?;
        Some(Reply { text, at: time(self.created.as_deref()) })
    }
}

#[cfg(test)]
mod tests;
