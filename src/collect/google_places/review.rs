//! A review as Google Maps shows it to everybody.

use serde::Deserialize;

use crate::mention::{Author, Language, Mention, Rating, Timestamp};
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Review {
    name: String,
    rating: Option<f64>,
    text: Option<Words>,
    original_text: Option<Words>,
    author_attribution: Option<Attribution>,
    publish_time: Option<Timestamp>,
    google_maps_uri: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Words {
    #[serde(default)]
    text: String,
    language_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attribution {
    #[serde(default)]
    display_name: String,
    uri: Option<String>,
}

impl Review {
    /// `None` where there is nothing in it.
    pub(super) fn mention(self) -> Option<Mention> {
        let rating = self.rating.filter(|stars| (1.0..=5.0).contains(stars)).map(Rating::stars);
        let words = self.original_text.filter(|words| !words.text.trim().is_empty()).or(self.text);
        let text = words.as_ref().map_or_else(String::new, |words| text::plain(&words.text));
        if rating.is_none() && text.is_empty() {
            return None;
        }
        Some(Mention {
            native_id: self.name,
            url: self.google_maps_uri,
            author: self.author_attribution.and_then(Attribution::author),
            text,
            rating,
            language_hint: words.and_then(|words| Language::parse(&words.language_code?)),
            published_at: self.publish_time,
            ..Mention::default()
        })
    }
}

impl Attribution {
    /// By the address of their profile, where there is one.
    fn author(self) -> Option<Author> {
        let name = text::plain(&self.display_name);
        (!name.is_empty()).then(|| Author { key: self.uri.unwrap_or_else(|| name.clone()), name })
    }
}
