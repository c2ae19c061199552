//! Stack Exchange: questions on Stack Overflow and its sisters that hold what is searched for.
//!
//! Without a key 300 requests a day are answered to one address; a round takes one where there is nothing new. Answers
//! to the questions would take one more for each hundred of them, and are left out. The newest hundred questions are
//! always taken whole and without `fromdate`, so that edits of them are seen.

use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{Part, Question, json, list, missing, no_address, read_each, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::mention::{Author, Language, Mention, Timestamp};
use crate::text;
use crate::tongue::{Said, said};

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "stack_exchange",
    listens_to: said(
        "Fragen auf Stack Overflow und den anderen Websites von Stack Exchange",
        "questions on Stack Overflow and the other sites of Stack Exchange",
    ),
    brings: &[Detail::Title, Detail::Author, Detail::Link, Detail::Edits],
    history: said("die neuesten 1.000 Fragen", "the newest 1,000 questions"),
    example: "stack_exchange = { site = \"stackoverflow\", search = \"\\\"DB Navigator\\\"\" }",
    ..About::PLAIN
};

/// At first contact.
const MOST_PAGES: usize = 10;

const HINT: Said<&'static str> = said(
    "Prüfen Sie „site“ und „search“; bleibt es dabei, hat Stack Exchange womöglich seine Schnittstelle geändert",
    "check `site` and `search`; if it stays, Stack Exchange may have changed its interface",
);

/// `from.stack_exchange = { site = "stackoverflow", search = "\"DB Navigator\"" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StackExchange {
    /// The beginning of the site's address: `stackoverflow`, `superuser`, `travel`, `ru.stackoverflow`.
    #[serde(deserialize_with = "site")]
    pub site: String,
    /// Words, all of which must occur; in quotes a phrase.
    pub search: String,
    /// Another server in the place of Stack Exchange's; for tests and proxies.
    #[serde(default = "stack_exchange", deserialize_with = "super::web_address")]
    pub base: Url,
}

fn stack_exchange() -> Url {
    Url::parse("https://api.stackexchange.com/").expect("an address")
}

fn site<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let site = String::deserialize(deserializer)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if site.is_empty() || !site.chars().all(is_name) {
        return Err(serde::de::Error::custom(format!(
            "`{site}` is no site of Stack Exchange: write the beginning of its address, as in \"stackoverflow\""
        )));
    }
    Ok(site)
}

/// One round: the newest questions, and as many pages more as hold news.
///
/// # Errors
/// Where the first page cannot be had or read.
pub async fn collect(kind: &StackExchange, round: &Round<'_>) -> Result<Batch, CollectError> {
    let first = Request::new(kind.page(1)?, "application/json", round.allow_private_network);
    let question = Question { name: format!("{} {}", kind.site, kind.search), first, most_pages: MOST_PAGES };
    walk(question, round, |page| kind.read(page)).await
}

impl StackExchange {
    fn page(&self, number: u32) -> Result<Url, CollectError> {
        let mut url = self.base.join("2.3/search/advanced").map_err(|_| no_address(HINT))?;
        url.query_pairs_mut()
            .append_pair("site", &self.site)
            .append_pair("q", &self.search)
            .append_pair("sort", "creation")
            .append_pair("order", "desc")
            .append_pair("filter", "withbody")
            .append_pair("pagesize", "100")
            .append_pair("page", &number.to_string());
        Ok(url)
    }

    fn read(&self, page: &Page) -> Result<Part, CollectError> {
        let value = json(page, HINT)?;
        if value.get("items").is_none() {
            return Err(missing("items", HINT));
        }
        let part = read_each(list(&value, "/items", HINT)?, |question| Some(self.mention(question)));
        let told = |name| value.get(name).and_then(Value::as_u64);
        let has_more = value.get("has_more").and_then(Value::as_bool).unwrap_or(false);
        Ok(Part {
            next: number(&page.url).filter(|_| has_more).and_then(|number| self.page(number.checked_add(1)?).ok()),
            rest: told("backoff").map(Duration::from_secs),
            quota_left: told("quota_remaining"),
            ..part
        })
    }

    fn mention(&self, question: Item) -> Mention {
        let author = question.owner.and_then(|owner| {
            let name = text::plain(&owner.display_name?);
            Some(Author { key: owner.user_id.map_or_else(|| name.clone(), |id| id.to_string()), name })
        });
        Mention {
            native_id: question.question_id,
            url: question.link,
            author,
            title: question.title.map(|title| text::plain(&title)),
            text: question.body.map(|body| text::plain(&body)).unwrap_or_default(),
            // ru.stackoverflow, pt.stackoverflow
            language_hint: self.site.split_once('.').and_then(|(first, _)| Language::parse(first)),
            published_at: Some(Timestamp::from_seconds(question.creation_date)),
            edited_at: question.last_edit_date.map(Timestamp::from_seconds),
            ..Mention::default()
        }
    }
}

/// The number of the page at an address.
fn number(page: &Url) -> Option<u32> {
    page.query_pairs().find(|(name, _)| name == "page")?.1.parse().ok()
}

#[derive(Deserialize)]
struct Item {
    #[serde(deserialize_with = "super::pages::id")]
    question_id: String,
    link: Option<String>,
    title: Option<String>,
    body: Option<String>,
    owner: Option<Owner>,
    creation_date: i64,
    last_edit_date: Option<i64>,
}

/// Who has left has a name but no number.
#[derive(Deserialize)]
struct Owner {
    user_id: Option<i64>,
    display_name: Option<String>,
}

#[cfg(test)]
mod tests;
