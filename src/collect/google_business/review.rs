//! A review as Google gives it to the owner of the place.

use serde::Deserialize;

use crate::mention::{Author, Mention, Rating, Reply, Timestamp};
use crate::text;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Review {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    review_id: String,
    reviewer: Option<Reviewer>,
    star_rating: Option<String>,
    comment: Option<String>,
    create_time: Option<Timestamp>,
    update_time: Option<Timestamp>,
    review_reply: Option<ReviewReply>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reviewer {
    display_name: Option<String>,
    #[serde(default)]
    is_anonymous: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewReply {
    comment: Option<String>,
    update_time: Option<Timestamp>,
    review_reply_state: Option<String>,
}

impl Review {
    /// `None` where there is nothing in it.
    pub(super) fn mention(self) -> Option<Mention> {
        let rating = self.star_rating.as_deref().and_then(stars).map(Rating::stars);
        let text = text::plain(original(&self.comment.unwrap_or_default()));
        if rating.is_none() && text.is_empty() {
            return None;
        }
        Some(Mention {
            native_id: self.review_id,
            author: self.reviewer.and_then(Reviewer::author),
            text,
            rating,
            published_at: self.create_time.or(self.update_time),
            edited_at: self.update_time.filter(|at| self.create_time.is_some_and(|created| *at > created)),
            reply: self.review_reply.and_then(ReviewReply::reply),
            ..Mention::default()
        })
    }
}

impl Reviewer {
    fn author(self) -> Option<Author> {
        let name = text::plain(&self.display_name.filter(|_| !self.is_anonymous)?);
        (!name.is_empty()).then(|| Author { key: name.clone(), name })
    }
}

impl ReviewReply {
    /// `None` as long as Google checks it, and where it did not let it through: then nobody can read it.
    fn reply(self) -> Option<Reply> {
        let text = text::plain(original(&self.comment?));
        let is_public = !matches!(self.review_reply_state.as_deref(), Some("PENDING" | "REJECTED"));
        (is_public && !text.is_empty()).then_some(Reply { text, at: self.update_time })
    }
}

fn stars(word: &str) -> Option<f64> {
    let words = ["ONE", "TWO", "THREE", "FOUR", "FIVE"];
    words.iter().zip([1.0, 2.0, 3.0, 4.0, 5.0]).find(|(known, _)| **known == word).map(|(_, stars)| stars)
}

/// What the author wrote, where Google has put a translation before it (`(Translated by Google) … (Original) …`) or
/// behind it (`… (Translated by Google) …`).
pub(super) fn original(comment: &str) -> &str {
    const TRANSLATED: &str = "(Translated by Google)";
    const ORIGINAL: &str = "(Original)";
    let Some((before, translated)) = comment.split_once(TRANSLATED) else { return comment };
    let original = match translated.split_once(ORIGINAL) {
        Some((_, original)) if before.trim().is_empty() => original,
        _ => before,
    };
    // Half of it is missing: better the translation than nothing.
    if original.trim().is_empty() { translated.trim() } else { original.trim() }
}
