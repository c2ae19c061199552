//! A page of Apple's reviews.

use serde_json::Value;

use crate::collect::CollectError;
use crate::collect::pages::{format_error, missing};
use crate::mention::{Author, Mention, Rating, Timestamp};
use crate::text;
use crate::tongue::{Said, said};

const HINT: Said<&'static str> = said(
    "Prüfen Sie Nummer und Land der App; Apple weist manche Netze zeitweise ab",
    "check the app's number and country; Apple also refuses some networks for a while",
);

/// The reviews of a page. What has no rating (the description of the app itself comes first on some pages) is no review.
///
/// # Errors
///
/// [`CollectError::Format`] where the bytes are not such a page. A page without reviews is no error.
pub fn parse(bytes: &[u8], country: &str) -> Result<Vec<Mention>, CollectError> {
    let no_reviews = said("Das ist keine Seite mit Rezensionen", "no page of reviews");
    let page: Value = serde_json::from_slice(bytes).map_err(|error| format_error(no_reviews.with(error), HINT))?;
    let feed = page.get("feed").filter(|feed| feed.is_object());
    let feed = feed.ok_or_else(|| missing("feed", HINT))?;
    let entries = match feed.get("entry") {
        None => &[],
        Some(Value::Array(entries)) => entries.as_slice(),
        Some(single) => std::slice::from_ref(single),
    };
    Ok(entries.iter().filter_map(|entry| review(entry, country)).collect())
}

fn review(entry: &Value, country: &str) -> Option<Mention> {
    let rating: f64 = label(entry, "/im:rating")?.parse().ok().filter(|stars| (1.0..=5.0).contains(stars))?;
    let title = text::plain(label(entry, "/title").unwrap_or_default()).replace('\n', " ");
    Some(Mention {
        native_id: label(entry, "/id")?.to_owned(),
        url: link(entry).and_then(|address| text::canonical_url(address, None)),
        author: author(entry),
        title: Some(title).filter(|title| !title.is_empty()),
        text: text::plain(label(entry, "/content").unwrap_or_default()),
        rating: Some(Rating::stars(rating)),
        country: Some(country.to_ascii_uppercase()),
        // The only time that Apple gives. For a review that was never edited, and few are, it is when it was written.
        published_at: label(entry, "/updated").and_then(Timestamp::parse_rfc3339),
        app_version: label(entry, "/im:version").map(ToOwned::to_owned),
        ..Mention::default()
    })
}

/// Apple wraps every text: `{ "label": "…" }`.
fn label<'a>(entry: &'a Value, pointer: &str) -> Option<&'a str> {
    let text = entry.pointer(pointer)?.get("label")?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

fn author(entry: &Value) -> Option<Author> {
    let name = text::plain(label(entry, "/author/name")?).replace('\n', " ");
    let key = label(entry, "/author/uri").unwrap_or(&name).to_owned();
    (!name.is_empty()).then_some(Author { key, name })
}

fn link(entry: &Value) -> Option<&str> {
    let link = entry.get("link")?;
    link.get(0).unwrap_or(link).pointer("/attributes/href")?.as_str()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = include_str!("fixtures/page.json");

    #[test]
    fn a_page_is_read_without_the_app_itself() {
        let reviews = parse(PAGE.as_bytes(), "de").unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&reviews).unwrap());
    }

    #[test]
    fn one_review_is_no_list_and_none_is_nothing_at_all() {
        let single = r#"{"feed":{"entry":{"id":{"label":"7"},"im:rating":{"label":"2"}}}}"#;
        let reviews = parse(single.as_bytes(), "at").unwrap();
        assert_eq!((reviews.len(), reviews[0].native_id.as_str(), reviews[0].published_at), (1, "7", None));
        assert_eq!(parse(br#"{"feed":{"author":{}}}"#, "at").unwrap(), []);
        assert_eq!(parse(br#"{"feed":{"entry":[]}}"#, "at").unwrap(), []);
    }

    #[test]
    fn stars_outside_one_to_five_are_no_review() {
        for stars in ["0", "6", "NaN", "viel"] {
            let page = format!(r#"{{"feed":{{"entry":{{"id":{{"label":"7"}},"im:rating":{{"label":"{stars}"}}}}}}}}"#);
            assert_eq!(parse(page.as_bytes(), "de").unwrap(), [], "{stars}");
        }
    }

    #[test]
    fn a_page_for_people_is_a_clear_error() {
        let error = parse(b"<html>Sorry</html>", "de").unwrap_err();
        insta::assert_snapshot!(error, @"no page of reviews: expected value at line 1 column 1");
    }

    proptest! {
        #[test]
        fn no_bytes_and_no_damage_panic(noise in prop::collection::vec(any::<u8>(), 0..100), at in 0..PAGE.len(), cut in 0_usize..50) {
            let _ = parse(&noise, "de");
            let mut damaged = PAGE.as_bytes().to_vec();
            damaged.splice(at..(at + cut).min(PAGE.len()), noise);
            let _ = parse(&damaged, "de");
        }

        #[test]
        fn any_value_in_any_place_is_read_or_left_out(
            key in "(id|title|content|author|link|updated|im:rating)",
            value in prop::sample::select(vec!["null", "7", "[]", "{}", "[{}]", "\"x\"", "{\"label\":7}", "{\"label\":[]}"]),
        ) {
            let page = format!(r#"{{"feed":{{"entry":{{"id":{{"label":"7"}},"im:rating":{{"label":"2"}},"{key}":{value}}}}}}}"#);
            prop_assert!(parse(page.as_bytes(), "de").unwrap().len() <= 1);
        }
    }
}
