//! Reviews that a page states itself for search engines, in the vocabulary of schema.org: as JSON-LD, or else as
//! microdata.
//!
//! `document` takes both out of the page, `repair` mends JSON as people write it, `review` makes mentions, `grade`
//! finds what is said of all of them together. Microdata is
//! made into the shape of JSON-LD, and only read where JSON-LD tells no reviews: many pages state theirs twice.
//! `itemref`, RDFa and nodes that are only referred to by their `@id` are not read.
//!
//! robots.txt is obeyed. A page is only turned (`rel=next`, on the same site) while there is something newer than
//! before; where no review has a date, all ten pages are read each time. What no page holds any more is not taken for
//! deleted.

use serde::Deserialize;
use url::Url;

use super::pages::{Part, Question, format_error, walk};
use super::{About, Batch, CollectError, Detail, Round};
use crate::http::{Page, Request};
use crate::tongue::{Said, said};

mod document;
mod grade;
mod repair;
mod review;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "schema_org",
    listens_to: said(
        "Bewertungen, die eine Seite für Suchmaschinen angibt (schema.org als JSON-LD oder Microdata)",
        "reviews that a page states for search engines (schema.org as JSON-LD or microdata)",
    ),
    needs: Some(said(
        "die Erlaubnis des Betreibers, wenn es nicht Ihre eigene Seite ist",
        "leave of the site's owner, where the page is not your own",
    )),
    brings: &[
        Detail::Rating,
        Detail::Title,
        Detail::Author,
        Detail::Link,
        Detail::Language,
        Detail::Edits,
        Detail::Grade,
    ],
    history: said("was auf der Seite und neun folgenden steht", "what the page and nine that follow it hold"),
    example: "schema_org = { url = \"https://www.example.org/product/reviews\" }",
    ..About::PLAIN
};

/// In one round.
const MOST_PAGES: usize = 10;

const HINT: Said<&'static str> = said(
    "Suchen Sie im Quelltext der Seite nach „application/ld+json“: Bewertungen, die erst im Browser entstehen, sind \
     nicht lesbar",
    "look for `application/ld+json` in the source of the page: reviews that only appear in a browser cannot be read",
);

/// `from.schema_org = { url = "https://…" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaOrg {
    /// The page with the reviews.
    #[serde(deserialize_with = "super::web_address")]
    pub url: Url,
}

/// One round: the page, and as many that follow as hold news.
///
/// # Errors
/// Where the page cannot be had, must not be read by programs, or states nothing.
pub async fn collect(kind: &SchemaOrg, round: &Round<'_>) -> Result<Batch, CollectError> {
    let accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1";
    let first = Request::new(kind.url.clone(), accept, round.allow_private_network);
    let first = Request { obey_robots: true, ..first };
    walk(Question { name: kind.url.to_string(), first, most_pages: MOST_PAGES }, round, read).await
}

fn read(page: &Page) -> Result<Part, CollectError> {
    let html = super::feed::decode::decode(&page.body, page.content_type.as_deref());
    let document = document::read(&html);
    let stated: Vec<_> = document.json_ld.iter().filter_map(|text| repair::json(text)).collect();
    if stated.is_empty() && document.items.is_empty() {
        let message = if document.json_ld.iter().all(|text| text.trim().is_empty()) {
            said(
                "Die Seite sagt nichts im Vokabular von schema.org",
                "the page states nothing in the vocabulary of schema.org",
            )
        } else {
            said("Das JSON-LD der Seite ist nicht lesbar", "what the page states as JSON-LD cannot be read")
        };
        return Err(format_error(message, HINT));
    }
    let grade = grade::grade(&stated).or_else(|| grade::grade(&document.items));
    let mut mentions = review::mentions(&stated, &page.url);
    if mentions.is_empty() {
        mentions = review::mentions(&document.items, &page.url);
    }
    let next = document.next.and_then(|next| page.url.join(next.trim()).ok()).map(without_fragment);
    Ok(Part { mentions, grade, next: page.next.clone().or(next), ..Part::default() })
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests;
