//! A reply in another language than the review.

use std::ops::Range;

use super::Reply;
use super::words::Sentence;
use crate::analyse::language_of;
use crate::mention::Language;

/// The language of a text, as its words tell.
pub(super) fn of(text: &str) -> Option<Language> {
    language_of(text)
}

/// The first sentence of a reply whose language is known and is not the review's.
pub(super) fn other(reply: &Reply<'_>, language: Option<Language>, sentences: &[Sentence]) -> Vec<Range<usize>> {
    let wanted = reply.language.or_else(|| of(reply.review));
    match (language, wanted) {
        (Some(language), Some(wanted)) if language != wanted => {
            sentences.iter().take(1).map(|sentence| sentence.place.clone()).collect()
        }
        _ => Vec::new(),
    }
}
