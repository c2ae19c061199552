//! A record `app.bsky.feed.post`: what somebody has written, the same in the stream and in the search. Pure.

use std::ops::Range;

use serde::Deserialize;
use serde_json::Value;

use crate::mention::{Language, Mention, Timestamp};
use crate::text;

/// The collection of such records.
pub(super) const COLLECTION: &str = "app.bsky.feed.post";

/// Only the text is needed; the rest costs no post where it is not as it should be.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Post {
    text: String,
    #[serde(default)]
    created_at: Value,
    #[serde(default)]
    langs: Value,
    #[serde(default)]
    facets: Value,
}

impl Post {
    /// `seen_at` is when the network saw it: nothing was written later than that, whatever date its record says.
    pub(super) fn mention(&self, native_id: String, url: String, seen_at: Timestamp) -> Mention {
        let created_at = self.created_at.as_str().and_then(Timestamp::parse_rfc3339);
        let languages = self.languages();
        Mention {
            native_id,
            url: Some(url),
            text: text::plain(&as_html(&with_whole_links(&self.text, &self.facets))),
            // Of several languages nobody knows which is which.
            language_hint: <[Language; 1]>::try_from(languages).ok().map(|[only]| only),
            published_at: Some(created_at.map_or(seen_at, |at| at.min(seen_at))),
            ..Mention::default()
        }
    }

    /// What the author says it is in; each once.
    pub(super) fn languages(&self) -> Vec<Language> {
        let told = self.langs.as_array().into_iter().flatten();
        let mut languages: Vec<Language> = told.filter_map(|tag| Language::parse(tag.as_str()?)).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }
}

/// Id and permalink of a post; none where one of the parts does not look like one.
pub(super) fn place(author: &str, key: &str) -> Option<(String, String)> {
    let is_clean = |part: &str, signs: &str| {
        (1..=512).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
    };
    let fits = author.starts_with("did:") && is_clean(author, ".-_:%") && is_clean(key, ".-_:~");
    fits.then(|| (format!("at://{author}/{COLLECTION}/{key}"), format!("https://bsky.app/profile/{author}/post/{key}")))
}

/// A post is plain text: what looks like a tag in it are words.
fn as_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Programs shorten links in what they show; where these lead to stands beside the text, and is put in here.
fn with_whole_links(text: &str, facets: &Value) -> String {
    let mut links: Vec<(Range<usize>, &str)> =
        facets.as_array().into_iter().flatten().filter_map(|facet| shortened_link(text, facet)).collect();
    links.sort_by_key(|(place, _)| place.start);
    let (mut whole, mut done) = (String::with_capacity(text.len()), 0);
    for (place, address) in links {
        if place.start >= done {
            whole.push_str(&text[done..place.start]);
            whole.push_str(address);
            done = place.end;
        }
    }
    whole.push_str(&text[done..]);
    whole
}

/// Where a link is, in bytes, and its whole address. Words that are a link stay as they are, and so does what pretends
/// to lead elsewhere.
fn shortened_link<'a>(text: &str, facet: &'a Value) -> Option<(Range<usize>, &'a str)> {
    let byte = |end: &str| usize::try_from(facet.pointer("/index")?.get(end)?.as_u64()?).ok();
    let place = byte("byteStart")?..byte("byteEnd")?;
    let shown = text.get(place.clone())?;
    let beginning = bare(shown.strip_suffix('…').or_else(|| shown.strip_suffix("..."))?);
    let addresses = facet.get("features")?.as_array()?.iter().filter_map(|feature| feature.get("uri")?.as_str());
    let is_meant = |address: &&str| !beginning.is_empty() && bare(address).starts_with(beginning);
    Some((place, addresses.filter(|address| address.starts_with("http")).find(is_meant)?))
}

/// As programs show an address.
fn bare(address: &str) -> &str {
    let address = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    address.strip_prefix("www.").unwrap_or(address)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn link(place: Range<usize>, address: &str) -> Value {
        json!({
            "index": { "byteStart": place.start, "byteEnd": place.end },
            "features": [{ "$type": "app.bsky.richtext.facet#link", "uri": address }],
        })
    }

    #[test]
    fn a_shortened_link_is_made_whole_and_words_that_are_a_link_stay() {
        let text = "Ärger: lerchenbahn.example/stoer... und hier";
        let whole = "https://www.lerchenbahn.example/stoerungen";
        let (start, end) = (text.find("ler").unwrap(), text.find(" und").unwrap());
        let links = json!([link(end + 5..text.len(), "https://elsewhere.example/"), link(start..end, whole)]);
        assert_eq!(with_whole_links(text, &links), format!("Ärger: {whole} und hier"));
        let other = json!([link(start..end, "https://elsewhere.example/"), link(start..end, "javascript:alert()")]);
        assert_eq!(with_whole_links(text, &other), text);
    }

    #[test]
    fn an_id_is_made_of_clean_parts_only() {
        let (id, url) = place("did:plc:abc", "3mm").unwrap();
        assert_eq!(
            (&*id, &*url),
            ("at://did:plc:abc/app.bsky.feed.post/3mm", "https://bsky.app/profile/did:plc:abc/post/3mm")
        );
        for (author, key) in
            [("abc", "1"), ("did:plc:a/b", "1"), ("did:plc:a", ""), ("did:plc:a", "../x"), ("did:a", "ä")]
        {
            assert_eq!(place(author, key), None, "{author} {key}");
        }
    }

    proptest! {
        #[test]
        fn no_place_of_a_link_makes_it_panic(
            text in r"(\PC|[.…]|a\.example/){0,12}",
            places in prop::collection::vec((0..40usize, 0..40usize), 0..4),
        ) {
            let links = places.into_iter().map(|(start, end)| link(start..end, "https://a.example/b"));
            with_whole_links(&text, &Value::Array(links.collect()));
        }
    }
}
