//! A post as Discourse gives it.

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::mention::{Author, Language, Mention, Timestamp};
use crate::text;

/// In lists it comes with its topic's title, by itself without, and in what a search finds without most of this.
#[derive(Deserialize)]
pub(super) struct Post {
    #[serde(deserialize_with = "crate::collect::pages::id")]
    id: String,
    username: Option<String>,
    user_id: Option<i64>,
    cooked: Option<String>,
    blurb: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    version: Option<u64>,
    pub(super) topic_title: Option<String>,
    topic_slug: Option<String>,
    pub(super) topic_id: Option<u64>,
    post_number: Option<u64>,
    post_type: Option<u64>,
    #[serde(default)]
    hidden: Option<bool>,
    #[serde(default)]
    cooked_hidden: Option<bool>,
    user_deleted: Option<bool>,
    deleted_at: Option<String>,
    locale: Option<String>,
}

/// What people write; others are notes of moderators and of the forum itself.
const REGULAR: u64 = 1;

/// Its author or a moderator has deleted it.
pub(super) fn is_deleted(post: &Value) -> bool {
    post.get("user_deleted") == Some(&Value::Bool(true)) || post.get("deleted_at").is_some_and(Value::is_string)
}

impl Post {
    /// `None` where it is no text of a person, or not to be read.
    pub(super) fn mention(self, forum: &Url) -> Option<Mention> {
        let is_hidden = [self.hidden, self.cooked_hidden, self.user_deleted].contains(&Some(true));
        if is_hidden || self.deleted_at.is_some() || self.post_type.is_some_and(|kind| kind != REGULAR) {
            return None;
        }
        let text = text::plain(&own_words(self.cooked.or(self.blurb).as_deref()?));
        let number = self.post_number.unwrap_or(1);
        let slug = self.topic_slug.filter(|slug| !slug.is_empty()).unwrap_or_else(|| "-".to_owned());
        let forum = forum.as_str().trim_end_matches('/');
        Some(Mention {
            native_id: self.id,
            url: self.topic_id.map(|topic| format!("{forum}/t/{slug}/{topic}/{number}")),
            author: self
                .username
                .map(|name| Author { key: self.user_id.map_or_else(|| name.clone(), |id| id.to_string()), name }),
            title: self.topic_title.map(|title| text::plain(&title)),
            text,
            language_hint: self.locale.and_then(|locale| Language::parse(&locale)),
            published_at: Some(self.created_at),
            // The forum also touches posts that nobody has changed.
            edited_at: self.updated_at.filter(|_| self.version.is_some_and(|version| version > 1)),
            ..Mention::default()
        })
    }
}

/// Without what stands aside: quoted posts and previews of pages, which are the words of others.
fn own_words(html: &str) -> String {
    let mut own = String::with_capacity(html.len());
    let mut depth = 0_usize;
    let mut rest = html;
    while let Some(at) = rest.find("<aside").into_iter().chain(rest.find("</aside>")).min() {
        let (before, tag) = rest.split_at(at);
        if depth == 0 {
            own.push_str(before);
        }
        let closes = tag.starts_with("</");
        depth = if closes { depth.saturating_sub(1) } else { depth + 1 };
        rest = &tag[if closes { "</aside>".len() } else { "<aside".len() }..];
    }
    if depth == 0 {
        own.push_str(rest);
    }
    own
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_words_of_others_are_left_out() {
        let quoted = r#"<aside class="quote"><p>Unfug</p><aside>mehr</aside>davon</aside><p>Doch!</p>"#;
        assert_eq!(own_words(quoted), "<p>Doch!</p>");
        assert_eq!(own_words("Gut</aside> so"), "Gut so");
        assert_eq!(own_words("Gut <aside>so"), "Gut ");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(html in "(<aside|</aside>|<|a|ä|>| ){0,20}") {
            prop_assert!(own_words(&html).len() <= html.len());
        }
    }
}
