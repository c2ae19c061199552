//! From what a page states to mentions.

use std::collections::HashMap;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use crate::collect::feed::date;
use crate::mention::{Author, Language, Mention, Rating, Timestamp};
use crate::text;

/// Of one page.
const MOST_REVIEWS: usize = 1_000;

/// The types that are reviews of people; a `ClaimReview` is none.
const TYPES: [&str; 5] = ["Review", "UserReview", "CriticReview", "EmployerReview", "Recommendation"];

pub(super) type Node = Map<String, Value>;

/// The reviews among what is stated, wherever they stand.
pub(super) fn mentions(stated: &[Value], page: &Url) -> Vec<Mention> {
    let mut found = Vec::new();
    for value in stated {
        gather(value, false, &mut found);
    }
    let addresses: Vec<Option<String>> = found.iter().map(|review| address(review, page)).collect();
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for address in addresses.iter().flatten() {
        *uses.entry(address).or_default() += 1;
    }
    let is_own = |address: &&String| uses.get(address.as_str()) == Some(&1);
    let ids = addresses.iter().map(|address| address.as_ref().filter(is_own).cloned());
    found.iter().zip(ids).filter_map(|(review, id)| mention(review, id, page)).collect()
}

/// JSON is at most 128 levels deep, and microdata is read to fewer.
fn gather<'a>(value: &'a Value, is_called_review: bool, found: &mut Vec<&'a Node>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, is_called_review, found)),
        Value::Object(node) => {
            let types = node.get("@type");
            let is_review = types.map_or(is_called_review, |types| list(types).iter().any(is_review_type));
            if is_review && found.len() < MOST_REVIEWS {
                found.push(node);
            }
            for (name, value) in node {
                gather(value, matches!(name.as_str(), "review" | "reviews"), found);
            }
        }
        _ => {}
    }
}

/// `Review`, `schema:Review`, `https://schema.org/Review`; several in one text with spaces between.
fn is_review_type(name: &Value) -> bool {
    let names = name.as_str().unwrap_or_default().split_whitespace();
    names.filter_map(|name| name.rsplit(['/', '#', ':']).next()).any(|name| TYPES.contains(&name))
}

pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        other => std::slice::from_ref(other),
    }
}

/// `None` where it says nothing.
fn mention(review: &Node, id: Option<String>, page: &Url) -> Option<Mention> {
    let text = first(review, &["reviewBody", "description", "text"]).unwrap_or_default();
    let rating = rating(review);
    if text.is_empty() && rating.is_none() {
        return None;
    }
    let author = first(review, &["author", "creator"]);
    let written = first(review, &["datePublished", "dateCreated"]);
    let published_at = written.as_deref().and_then(time);
    let link = review.get("url").and_then(said).and_then(|url| page.join(&url).ok());
    Some(Mention {
        native_id: id.unwrap_or_else(|| digest(&[&author, &written, &Some(text.clone())])),
        url: Some(link.filter(|url| matches!(url.scheme(), "http" | "https")).unwrap_or_else(|| page.clone()).into()),
        author: author.map(|name| Author { key: name.clone(), name }),
        publisher: first(review, &["publisher"]),
        title: first(review, &["name", "headline"]),
        text,
        rating,
        language_hint: first(review, &["inLanguage"]).and_then(|tag| Language::parse(&tag)),
        published_at,
        edited_at: first(review, &["dateModified"]).and_then(|at| time(&at)).filter(|at| Some(*at) > published_at),
        ..Mention::default()
    })
}

fn first(review: &Node, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| review.get(*name).and_then(said))
}

/// The plain text of a value: of a person its name, of a list the first that says something.
pub(super) fn said(value: &Value) -> Option<String> {
    let plain = match value {
        Value::String(html) => text::plain(html),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => return values.iter().find_map(said),
        Value::Object(node) => return ["@value", "name"].iter().find_map(|name| node.get(*name).and_then(said)),
        Value::Null | Value::Bool(_) => return None,
    };
    (!plain.is_empty()).then_some(plain)
}

fn time(written: &str) -> Option<Timestamp> {
    date::parse(written).map(|reading| reading.at.into())
}

fn rating(review: &Node) -> Option<Rating> {
    let stated = review.get("reviewRating").map(list).and_then(<[Value]>::first);
    match stated {
        Some(Value::Object(rating)) => on_scale(rating),
        Some(plain) => on_scale(&Node::from_iter([("ratingValue".to_owned(), plain.clone())])),
        // Microdata often lacks the `itemscope` of the rating.
        None => on_scale(review),
    }
}

/// The `ratingValue` of a rating, be it one person's or that of all. `None` where it does not lie on its scale: then
/// the scale is another one than is said.
pub(super) fn on_scale(rating: &Node) -> Option<Rating> {
    let (best, worst) = (rating.get("bestRating"), rating.get("worstRating"));
    let value = said(rating.get("ratingValue")?)?;
    let of = |stated: Option<&Value>, usual| stated.and_then(said).map_or(Some(usual), |stated| number(&stated));
    let rating = if let Some(percent) = value.strip_suffix('%') {
        Rating { value: number(percent)?, worst: 0.0, best: 100.0 }
    } else if let Some((value, best)) = value.split_once('/') {
        Rating { value: number(value)?, worst: of(worst, 1.0)?, best: number(best)? }
    } else {
        Rating { value: number(&value)?, worst: of(worst, 1.0)?, best: of(best, 5.0)? }
    };
    (rating.worst < rating.best && (rating.worst..=rating.best).contains(&rating.value)).then_some(rating)
}

/// With a point or, as in German, a comma.
fn number(written: &str) -> Option<f64> {
    written.trim().replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

/// What the review calls itself, unless that is only the page or a place on it: `#review-3` is another one tomorrow.
fn address(review: &Node, page: &Url) -> Option<String> {
    let stated = ["@id", "url"].iter().filter_map(|name| review.get(*name)?.as_str());
    stated.filter(|stated| !stated.is_empty() && !stated.starts_with("_:")).find_map(|stated| {
        let address = page.join(stated).ok()?;
        let is_on_page = address[..url::Position::AfterQuery] == page[..url::Position::AfterQuery];
        let is_id = !is_on_page || address.fragment().is_some_and(is_lasting);
        is_id.then(|| address.into())
    })
}

/// Whether the name of a place on a page ends in a number that does not merely count the reviews there.
fn is_lasting(fragment: &str) -> bool {
    let digits = fragment.len() - fragment.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    digits > 3
}

/// 128 bits of SHA-256 in hexadecimal.
fn digest(parts: &[&Option<String>]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_deref().unwrap_or_default();
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
