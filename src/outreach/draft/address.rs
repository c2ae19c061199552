//! Sie or du: what a text says to whom it speaks to.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation as _;

/// How a German reply speaks to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// As strangers do.
    #[default]
    Sie,
    /// As friends do.
    Du,
}

/// Capitalised within a sentence, these are nobody but the one who is spoken to.
const FORMAL: [&str; 8] = ["Sie", "Ihnen", "Ihr", "Ihre", "Ihrem", "Ihren", "Ihrer", "Ihres"];

const INFORMAL: [&str; 9] = ["du", "dich", "dir", "dein", "deine", "deinem", "deinen", "deiner", "deines"];

/// What is theirs who are spoken to: nobody but us has an app or a hotline.
const YOURS: [&str; 6] = ["euer", "eure", "eurem", "euren", "eurer", "eures"];

/// "bei euch" is with us; "ich rate euch" is said to readers.
const BEFORE_EUCH: [&str; 9] = ["bei", "von", "mit", "zu", "an", "für", "durch", "gegen", "ohne"];

/// Beside one of these, "ihr" is no "her".
const VERBS: [&str; 30] = [
    "habt",
    "seid",
    "könnt",
    "müsst",
    "sollt",
    "solltet",
    "wollt",
    "wolltet",
    "macht",
    "werdet",
    "dürft",
    "wisst",
    "lasst",
    "hättet",
    "könntet",
    "wärt",
    "müsstet",
    "schafft",
    "braucht",
    "denkt",
    "meint",
    "bekommt",
    "kriegt",
    "nehmt",
    "gebt",
    "antwortet",
    "verlangt",
    "glaubt",
    "kümmert",
    "tut",
];

/// After one of these, "ihr" are the readers: "wenn ihr dort bestellt".
const TO_READERS: [&str; 3] = ["wenn", "falls", "damit"];

/// A word that speaks to somebody.
struct Form {
    place: Range<usize>,
    /// At the beginning of a sentence "Sie" may be others, too.
    is_sure: bool,
}

impl Address {
    /// What the review tells of how its writer speaks to us; `None`: nothing, or both.
    ///
    /// A single "du" tells nothing: in German it is "one", and mostly said to readers.
    pub fn told_by(review: &str) -> Option<Self> {
        let is_shouted = !review.contains(char::is_lowercase);
        let formal = !is_shouted && Self::Sie.is_spoken_in(review);
        match (formal, speaks_to_us(&words(review))) {
            (true, false) => Some(Self::Sie),
            (false, true) => Some(Self::Du),
            _ => None,
        }
    }

    /// The other one.
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Sie => Self::Du,
            Self::Du => Self::Sie,
        }
    }

    /// Whether a text certainly speaks so.
    fn is_spoken_in(self, text: &str) -> bool {
        self.first_in(text).is_some()
    }

    /// Where a text certainly speaks so for the first time.
    pub(super) fn first_in(self, text: &str) -> Option<Range<usize>> {
        self.forms(text).into_iter().find(|form| form.is_sure).map(|form| form.place)
    }

    /// Whether a text could be read as speaking so.
    pub(super) fn may_be_in(self, text: &str) -> bool {
        !self.forms(text).is_empty()
    }

    fn forms(self, text: &str) -> Vec<Form> {
        let words = words(text);
        let is_form = |at: usize| match self {
            Self::Sie => FORMAL.contains(&words[at].text),
            Self::Du => {
                let word = words[at].text.to_lowercase();
                INFORMAL.contains(&word.as_str())
                    || word == "euch"
                    || YOURS.contains(&word.as_str())
                    || is_ihr(&words, at)
            }
        };
        let found = (0..words.len()).filter(|at| is_form(*at));
        let form = |at: usize| Form {
            place: words[at].start..words[at].start + words[at].text.len(),
            is_sure: self == Self::Du || !words[at].begins,
        };
        found.map(form).collect()
    }
}

/// A word in its place.
struct Word<'a> {
    text: &'a str,
    start: usize,
    /// It begins a sentence, a line, a quote or a choice.
    begins: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begins = true;
    for (start, piece) in text.split_word_bound_indices() {
        if piece.contains(char::is_alphanumeric) {
            words.push(Word { text: piece, start, begins });
            begins = false;
        } else if piece.contains(['.', '!', '?', '…', ':', '\n', '„', '“', '"', '»', '«', '(', '[', '|']) {
            begins = true;
        }
    }
    words
}

/// Whether the word is an "ihr" that means several people who are spoken to.
fn is_ihr(words: &[Word<'_>], at: usize) -> bool {
    let is_verb = |at: usize| words.get(at).is_some_and(|word| VERBS.contains(&word.text.to_lowercase().as_str()));
    words[at].text.eq_ignore_ascii_case("ihr") && (is_verb(at + 1) || at.checked_sub(1).is_some_and(is_verb))
}

/// Whether somebody says "ihr" or "eure" and means us.
fn speaks_to_us(words: &[Word<'_>]) -> bool {
    let before = |at: usize, known: &[&str]| {
        at.checked_sub(1).is_some_and(|before| known.contains(&words[before].text.to_lowercase().as_str()))
    };
    (0..words.len()).any(|at| {
        let word = words[at].text.to_lowercase();
        YOURS.contains(&word.as_str())
            || (word == "euch" && before(at, &BEFORE_EUCH))
            || (is_ihr(words, at) && !before(at, &TO_READERS))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_somebody_speaks_to_us_is_told_from_what_they_write() {
        for informal in ["Eure App ist Mist.", "Wann könnt ihr das beheben?", "Nie wieder kaufe ich bei euch!"] {
            assert_eq!(Address::told_by(informal), Some(Address::Du), "{informal}");
        }
        for formal in ["Bitte beheben Sie das.", "Wann kommt Ihr Techniker?", "Ich habe Ihnen dreimal geschrieben."] {
            assert_eq!(Address::told_by(formal), Some(Address::Sie), "{formal}");
        }
    }

    #[test]
    fn what_is_said_to_readers_or_of_others_tells_nothing() {
        for open in [
            "Da wartest du ewig auf dein Geld.",
            "Ich kann euch nur abraten.",
            "Wenn ihr wollt, dass es ankommt, bestellt woanders.",
            "Sie hat mich stehen lassen. Ihr war es egal.",
            "Die Kollegin und ihre Chefin waren patzig, und ihr Ton auch.",
            "ICH RATE IHNEN AB, SIE SIND ALLE GLEICH",
            "Bei euch ist Ihr Support das Letzte.",
            "",
        ] {
            assert_eq!(Address::told_by(open), None, "{open}");
        }
    }

    #[test]
    fn at_the_beginning_of_a_sentence_sie_may_be_others() {
        assert_eq!(Address::Sie.first_in("Sie kamen nie. Ihr Ton!"), None);
        assert!(Address::Sie.may_be_in("Sie kamen nie."));
        assert_eq!(Address::Sie.first_in("Danke, dass Sie fragen"), Some(12..15));
        assert_eq!(Address::Du.first_in("Hallo, wie geht es dir?"), Some(19..22));
    }
}
