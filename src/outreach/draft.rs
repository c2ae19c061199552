//! A text to start a reply from: in the person's language, with their own words, within the limit of the place.
//!
//! A [`Template`] gives the sentences, the [`Occasion`] what is filled in. A person reads and changes the draft before
//! anybody else sees it. The same occasion always gives the same draft; other people's drafts choose other wordings.

mod address;
mod discretion;
mod manner;
mod name;
mod occasion;
mod quote;
mod sentence;
mod template;
mod templates;
#[cfg(test)]
mod tests;
mod wording;

use crate::mention::Language;
use sentence::{Rank, Writer, capitalised, fit, joined};
use wording::Slot;

pub use address::Address;
pub use occasion::Occasion;
pub use template::Template;
pub use templates::Templates;
pub use wording::Mistake;

/// A text to start from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The text, never longer than the limit.
    pub text: String,
    /// From which template, and which version of it: `app@1a2b3c4d`.
    pub template: String,
    /// In which language: German or English.
    pub language: Language,
    /// The person writes another language, or one that could not be told.
    pub is_foreign: bool,
    /// The sentences that it would have had if there were more room.
    pub left_out: Vec<String>,
}

/// Why there is no draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Nothing can be said in so few characters.
    #[error("the shortest draft has {shortest} characters, and {limit} are allowed")]
    NoRoom {
        /// The shortest that was tried.
        shortest: usize,
        /// What is allowed.
        limit: usize,
    },
    /// The team's own templates have taken the place of those that fit everything, and do not.
    #[error("no template fits")]
    NoTemplate,
}

impl Draft {
    /// Writes a draft.
    ///
    /// Where there is little room, sentences go in this order, of several of one kind the last first: those that the
    /// template marks; the warning not to post numbers; what the person feels; the signature; then the quote, which
    /// makes room for these again; what it is about; who answers by when; the apology for waiting. If the rest is still
    /// too long, the template `short` is taken, of which at last nothing stays but the salutation and the question.
    ///
    /// # Errors
    /// When not even that fits, or no template does.
    pub fn new(templates: &Templates, occasion: &Occasion<'_>) -> Result<Self, DraftError> {
        let manner = occasion.manner();
        let said = occasion.in_effect();
        let best = templates.choose(manner, &said, occasion.severity).ok_or(DraftError::NoTemplate)?;
        let short = templates.short(manner, &said, occasion.severity);
        let writer = Writer::new(occasion, manner);
        let write = |template: &Template, quotes: bool| {
            let mut fills = occasion.fills(templates, template, manner);
            if !quotes {
                fills.set(Slot::Quote, None);
            }
            writer.sentences(template, &fills)
        };
        let attempts = [
            Some((best, true, Rank::Quote)),
            Some((best, false, Rank::Body)),
            short.map(|short| (short, false, Rank::Essential)),
            Some((best, false, Rank::Essential)),
        ];
        let limit = occasion.limit.unwrap_or(usize::MAX);
        let mut shortest = usize::MAX;
        for (template, quotes, keep) in attempts.into_iter().flatten() {
            match fit(write(template, quotes), manner, limit, keep) {
                Ok(kept) => {
                    let is_kept = |text: &String| kept.iter().any(|sentence| sentence.text == *text);
                    let all = write(best, true).into_iter().map(|sentence| sentence.text);
                    return Ok(Self {
                        text: joined(&kept, manner),
                        template: template.id(),
                        language: template.language,
                        is_foreign: occasion.is_foreign(),
                        left_out: all.filter(|text| !is_kept(text)).map(|text| capitalised(&text)).collect(),
                    });
                }
                Err(length) => shortest = shortest.min(length),
            }
        }
        Err(DraftError::NoRoom { shortest, limit })
    }
}
