//! Apple's public feed of customer reviews: JSON, 50 to a page, at most ten pages for each country.
//!
//! It is a feed with moods of its own: now and then it is empty although there are reviews, or answers only one of its two forms of
//! address. So an empty answer never means that reviews were removed.

use std::collections::HashSet;

use serde::{Deserialize, Deserializer};
use url::Url;

use super::pages::no_address;
use super::{About, Batch, CollectError, Cursor, Detail, Round};
use crate::http::{Answer, Request, Validators};
use crate::mention::Mention;
use crate::tongue::said;
pub use reviews::parse;

mod reviews;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "app_store",
    listens_to: said(
        "Rezensionen einer App in Apples App Store, je Quelle ein Land",
        "customer reviews of an app in Apple's App Store, one country a source",
    ),
    brings: &[Detail::Rating, Detail::Title, Detail::Author, Detail::Link, Detail::Edits, Detail::AppVersion],
    history: said("die neuesten 500 Rezensionen", "the newest 500 reviews"),
    longest_reply: Some(5_970),
    example: "app_store = { app = 343555245, country = \"de\" }",
    ..About::PLAIN
};

/// Apple gives no more than these.
const LAST_PAGE: u32 = 10;

/// `from.app_store = { app = 123456789, country = "de" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppStore {
    /// The number in the app's address, after `id`.
    pub app: u64,
    /// ISO 3166-1 alpha-2 of the storefront.
    #[serde(deserialize_with = "country")]
    pub country: String,
    /// Another server in Apple's place; for tests and proxies.
    #[serde(default = "apple")]
    pub base: Url,
}

fn country<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let country = String::deserialize(deserializer)?;
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(country)
    } else {
        Err(serde::de::Error::custom(format!(
            "`{country}` is no country: write its two letters, as in \"de\" or \"at\""
        )))
    }
}

fn apple() -> Url {
    Url::parse("https://itunes.apple.com/").expect("an address")
}

/// The two forms of address. Which one works depends on the app, the network, and the day.
#[derive(Clone, Copy, Debug)]
enum Form {
    CountryInPath,
    CountryInQuery,
}

impl AppStore {
    fn page(&self, form: Form, page: u32) -> Result<Url, CollectError> {
        let Self { app, country, base } = self;
        let (base, country) = (base.as_str().trim_end_matches('/'), country.to_ascii_lowercase());
        let address = match form {
            Form::CountryInPath => {
                format!("{base}/{country}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json")
            }
            Form::CountryInQuery => {
                format!("{base}/rss/customerreviews/page={page}/id={app}/sortby=mostrecent/json?cc={country}")
            }
        };
        Url::parse(&address).map_err(|_| no_address(said("Prüfen Sie „base“", "check `base`")))
    }

    /// The newest review that is known, if the position was left by this app in this country.
    fn newest_known(&self, cursor: &Cursor) -> Option<u64> {
        let (of, newest) = cursor.position.as_deref()?.split_once(' ')?;
        if of == self.name() { newest.parse().ok() } else { None }
    }

    fn name(&self) -> String {
        format!("{}/{}", self.country.to_ascii_lowercase(), self.app)
    }
}

/// One round: the first page, and as many more as hold reviews that are not known.
///
/// # Errors
///
/// Where the first page cannot be had. Later pages are left for the next round then.
pub async fn collect(app: &AppStore, round: &Round<'_>) -> Result<Batch, CollectError> {
    let Some(first) = first_page(app, round).await? else {
        return Ok(Batch { cursor: round.cursor.clone(), not_modified: true, ..Batch::default() });
    };
    if first.mentions.is_empty() {
        let note = "Apple's answer was empty, as it sometimes is; no review is taken for removed";
        return Ok(Batch { cursor: round.cursor.clone(), notes: vec![note.into()], ..Batch::default() });
    }
    let known = app.newest_known(round.cursor);
    let mut mentions = Reviews::default();
    let mut has_news = mentions.add(first.mentions, known);
    let mut notes = Vec::new();
    for page in 2..=LAST_PAGE {
        if !has_news {
            break;
        }
        match page_of(app, first.form, page, round).await {
            Ok(more) => has_news = mentions.add(more, known),
            Err(error) => {
                notes.push(format!("page {page} could not be had and is left for the next round: {error}"));
                break;
            }
        }
    }
    let is_complete = notes.is_empty();
    let cursor = if is_complete { mentions.cursor(app, first.validators, known) } else { round.cursor.clone() };
    Ok(Batch { mentions: mentions.all, cursor, notes, ..Batch::default() })
}

/// What the pages have brought so far.
#[derive(Default)]
struct Reviews {
    all: Vec<Mention>,
    ids: HashSet<String>,
}

impl Reviews {
    /// Adds a page; whether a review on it is newer than all that were known. A review that moves down while we turn the pages is met
    /// twice; an edited one moves to the front with its old id, which is why the first page is always taken whole.
    fn add(&mut self, page: Vec<Mention>, known: Option<u64>) -> bool {
        let is_news = |mention: &Mention| known.is_none_or(|known| number(mention).is_some_and(|id| id > known));
        let has_news = page.iter().any(is_news);
        self.all.extend(page.into_iter().filter(|mention| self.ids.insert(mention.native_id.clone())));
        has_news
    }

    fn cursor(&self, app: &AppStore, validators: Validators, known: Option<u64>) -> Cursor {
        let newest = self.all.iter().filter_map(number).max().max(known);
        Cursor { validators, moved: None, position: newest.map(|newest| format!("{} {newest}", app.name())) }
    }
}

/// Apple's ids are numbers that grow.
fn number(mention: &Mention) -> Option<u64> {
    mention.native_id.parse().ok()
}

/// The first page, and how it was had.
struct First {
    mentions: Vec<Mention>,
    form: Form,
    validators: Validators,
}

/// Asks in the usual form; if the answer is empty or a refusal, in the other. `None`: nothing has changed.
async fn first_page(app: &AppStore, round: &Round<'_>) -> Result<Option<First>, CollectError> {
    let usual = first_page_in(app, Form::CountryInPath, round.cursor.validators.clone(), round).await;
    let has_answered = match &usual {
        Ok(None) => true,
        Ok(Some(first)) => !first.mentions.is_empty(),
        Err(CollectError::Fetch(error)) => error.is_transient(),
        Err(CollectError::Secret(_) | CollectError::Format { .. } | CollectError::Refused { .. }) => false,
    };
    if has_answered {
        return usual;
    }
    match first_page_in(app, Form::CountryInQuery, Validators::default(), round).await {
        // The validators are of the other address, where they would mean nothing.
        Ok(Some(other)) if !other.mentions.is_empty() => Ok(Some(First { validators: Validators::default(), ..other })),
        _ => usual,
    }
}

async fn first_page_in(
    app: &AppStore,
    form: Form,
    validators: Validators,
    round: &Round<'_>,
) -> Result<Option<First>, CollectError> {
    match get(app.page(form, 1)?, validators, round).await? {
        Answer::NotModified { .. } => Ok(None),
        Answer::Page(page) => {
            Ok(Some(First { mentions: parse(&page.body, &app.country)?, form, validators: page.validators }))
        }
    }
}

async fn page_of(app: &AppStore, form: Form, page: u32, round: &Round<'_>) -> Result<Vec<Mention>, CollectError> {
    match get(app.page(form, page)?, Validators::default(), round).await? {
        Answer::NotModified { .. } => Ok(Vec::new()),
        Answer::Page(page) => parse(&page.body, &app.country),
    }
}

async fn get(url: Url, validators: Validators, round: &Round<'_>) -> Result<Answer, CollectError> {
    let request = Request { validators, ..Request::new(url, "application/json", round.allow_private_network) };
    Ok(round.fetcher.get(&request).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> AppStore {
        serde_json::from_str(r#"{ "app": 123, "country": "DE" }"#).unwrap()
    }

    fn page(ids: &[u64]) -> Vec<Mention> {
        ids.iter().map(|id| Mention { native_id: id.to_string(), ..Mention::default() }).collect()
    }

    #[test]
    fn both_forms_of_address_name_app_country_and_page() {
        let addresses =
            [Form::CountryInPath, Form::CountryInQuery].map(|form| app().page(form, 2).unwrap().to_string());
        assert_eq!(
            addresses,
            [
                "https://itunes.apple.com/de/rss/customerreviews/page=2/id=123/sortby=mostrecent/json",
                "https://itunes.apple.com/rss/customerreviews/page=2/id=123/sortby=mostrecent/json?cc=de",
            ]
        );
        let proxied = AppStore { base: Url::parse("http://127.0.0.1:8080/apple").unwrap(), ..app() };
        assert!(
            proxied.page(Form::CountryInPath, 1).unwrap().as_str().starts_with("http://127.0.0.1:8080/apple/de/rss/")
        );
    }

    #[test]
    fn a_country_is_two_letters() {
        let error = serde_json::from_str::<AppStore>(r#"{ "app": 123, "country": "Germany" }"#).unwrap_err();
        assert!(error.to_string().starts_with("`Germany` is no country: write its two letters"), "{error}");
    }

    #[test]
    fn at_first_contact_everything_is_news_and_later_only_what_is_newer() {
        let mut reviews = Reviews::default();
        assert!(reviews.add(page(&[30, 20]), None));
        assert!(!reviews.add(page(&[]), None));
        assert!(!Reviews::default().add(page(&[20, 30]), Some(30)));
        assert!(Reviews::default().add(page(&[20, 31]), Some(30)));
    }

    #[test]
    fn an_edited_review_at_the_front_is_taken_but_does_not_move_the_position_back() {
        let mut reviews = Reviews::default();
        reviews.add(page(&[20, 19]), Some(30));
        assert_eq!(reviews.all.len(), 2);
        let cursor = reviews.cursor(&app(), Validators::default(), Some(30));
        assert_eq!(cursor.position.as_deref(), Some("de/123 30"));
        assert_eq!(app().newest_known(&cursor), Some(30));
    }

    #[test]
    fn a_review_that_moves_down_while_pages_are_turned_counts_once() {
        let mut reviews = Reviews::default();
        reviews.add(page(&[30, 20]), None);
        reviews.add(page(&[20, 10]), None);
        assert_eq!(reviews.all.iter().filter_map(number).collect::<Vec<_>>(), [30, 20, 10]);
    }

    #[test]
    fn the_position_of_another_app_or_country_is_not_ours() {
        let cursor = Cursor { position: Some("at/123 30".into()), ..Cursor::default() };
        assert_eq!(app().newest_known(&cursor), None);
    }
}
