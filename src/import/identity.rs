//! Ids for reviews whose file gives none.

use std::collections::HashMap;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::mention::Mention;

/// Bytes of the hash that are kept.
const KEPT: usize = 16;

/// Gives ids that depend on nothing but what was said, by whom and when.
#[derive(Debug, Default)]
pub(super) struct Identities {
    /// How often a review that nothing distinguishes has come.
    seen: HashMap<String, u32>,
}

impl Identities {
    /// A hash of author, time, title and text.
    ///
    /// Where there is neither author nor word, the rating counts too, and so does which of several equal rows it is:
    /// ten anonymous reviews of five stars on one day are ten reviews. That survives a second import, and a later
    /// export that has all of that day.
    pub(super) fn identify(&mut self, mention: &Mention) -> String {
        let (author, title) = (mention.author.as_ref(), mention.title.as_deref());
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        };
        add(author.map_or("", |author| author.key.as_str()));
        add(&mention.published_at.map(|at| at.to_string()).unwrap_or_default());
        add(title.unwrap_or_default());
        add(&mention.text);
        let is_anonymous = author.is_none() && title.is_none() && mention.text.is_empty();
        if is_anonymous {
            add(&mention.rating.map(|rating| rating.value.to_string()).unwrap_or_default());
        }
        let id = hash.finalize().iter().take(KEPT).fold(String::new(), |mut id, byte| {
            // Writing to a string cannot go wrong.
            let _ = write!(id, "{byte:02x}");
            id
        });
        if is_anonymous { self.numbered(id) } else { id }
    }

    fn numbered(&mut self, id: String) -> String {
        let count = self.seen.entry(id.clone()).or_default();
        *count += 1;
        if *count == 1 { id } else { format!("{id}-{count}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::{Author, Rating, Timestamp};

    fn review(name: &str, text: &str, stars: f64) -> Mention {
        Mention {
            author: (!name.is_empty()).then(|| Author { key: name.to_owned(), name: name.to_owned() }),
            text: text.to_owned(),
            rating: Some(Rating::stars(stars)),
            published_at: Some(Timestamp::from_seconds(1_750_000_000)),
            ..Mention::default()
        }
    }

    #[test]
    fn the_same_review_has_the_same_id_also_with_another_rating() {
        let mut ids = Identities::default();
        let first = ids.identify(&review("Kim", "gut", 4.0));
        assert_eq!(ids.identify(&review("Kim", "gut", 5.0)), first);
        assert_eq!(Identities::default().identify(&review("Kim", "gut", 4.0)), first);
        assert_eq!(first.len(), 2 * KEPT);
    }

    #[test]
    fn another_author_or_text_is_another_review() {
        let mut ids = Identities::default();
        let first = ids.identify(&review("Kim", "gut", 4.0));
        assert_ne!(ids.identify(&review("Kimg", "ut", 4.0)), first);
        assert_ne!(ids.identify(&review("Kim", "sehr gut", 4.0)), first);
    }

    #[test]
    fn equal_anonymous_ratings_are_told_apart_by_their_order_and_the_order_is_repeatable() {
        let ids = || {
            let mut ids = Identities::default();
            [5.0, 5.0, 1.0, 5.0].map(|stars| ids.identify(&review("", "", stars)))
        };
        let [first, second, other, third] = ids();
        assert!(first != second && second != third && first != third && other != first);
        assert_eq!(ids(), [first, second, other, third]);
    }
}
