//! Telling a text that was cut off from its whole: the first lines of an article, as a news feed has them.
//!
//! So much may be missing that the fingerprints of the two have little in common. They are found by their first words
//! ([`opening`]), and told by all of the shorter one ([`Body::begins`]): many texts open with the same greeting.

use super::fingerprint::{hash, mix, words};
use super::fold::fold;

/// So many words open a text; they stand within so many bytes.
const OPENING_WORDS: usize = 12;
const OPENING_BYTES: usize = 600;

/// What a beginning must have at least, in words and in bytes of them, where it says that it was cut off: enough that
/// a greeting and a stock phrase are none.
const CUT: (usize, usize) = (16, 100);

/// What it must have where it does not say so, and might be all that somebody had to say.
const WHOLE: (usize, usize) = (25, 160);

/// Signs that a text was cut off there.
const MARKS: [&str; 7] = ["[…]", "[...]", "(…)", "(...)", "…", "...", "[..]"];

/// Links to the rest, as they stand at the end of a text. The last two are words of any text: they count after a mark.
const INVITATIONS: [&str; 14] = [
    "weiterlesen",
    "weiter lesen",
    "mehr lesen",
    "lesen sie mehr",
    "mehr erfahren",
    "jetzt lesen",
    "zum artikel",
    "read more",
    "continue reading",
    "keep reading",
    "read the full story",
    "learn more",
    "mehr",
    "more",
];
const WORDS_OF_ANY_TEXT: [&str; 2] = ["mehr", "more"];

/// What WordPress writes below what it gives of a text, as beginning and middle of a sentence.
const FOOTERS: [(&str, &str); 2] = [("The post ", " appeared first on "), ("Der Beitrag ", " erschien zuerst auf ")];

/// A hash of the first words; `None` where there are too few of them.
pub fn opening(text: &str) -> Option<u64> {
    let folded = fold(&text[..text.floor_char_boundary(OPENING_BYTES)]);
    let first: Vec<u64> = words(&folded).take(OPENING_WORDS).map(hash).collect();
    let salt = mix(OPENING_WORDS as u64);
    (first.len() == OPENING_WORDS).then(|| first.iter().fold(salt, |hash, word| mix(hash.rotate_left(23) ^ word)))
}

/// The words of a text, for telling whether another one is its beginning.
///
/// ```
/// use stimmung::text::Body;
/// let article = "Nach einer Störung im Rechenzentrum konnten am Dienstagmorgen Tausende Kundinnen und Kunden der \
///                Beispiel Bahn keine Fahrkarten mehr kaufen. Erst gegen Mittag lief die App wieder.";
/// let teaser = "Nach einer Störung im Rechenzentrum konnten am Dienstagmorgen Tausende Kundinnen und Kunden der \
///               Beispiel Bahn kei… Weiterlesen";
/// assert!(Body::of(teaser).begins(&Body::of(article)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Folded, with one space between them.
    words: String,
    /// The text says that it was cut off.
    is_cut: bool,
}

impl Body {
    /// Without what was put at the end of a text as a link to its rest.
    pub fn of(text: &str) -> Self {
        let (text, is_cut) = without_ending(text);
        Self { words: words(&fold(text)).collect::<Vec<_>>().join(" "), is_cut }
    }

    /// Whether it is the beginning of the other, or all of it: word for word but for the last, which may be cut; and
    /// long enough that it is not by chance.
    pub fn begins(&self, other: &Self) -> bool {
        let (fewest, shortest) = if self.is_cut { CUT } else { WHOLE };
        other.words.starts_with(&self.words) && self.words.len() >= shortest && self.words.split(' ').count() >= fewest
    }
}

/// A text without what was put at its end, and whether that says that it was cut off.
fn without_ending(text: &str) -> (&str, bool) {
    let (mut text, mut is_cut) = (without_footer(text), false);
    loop {
        text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '»' | '›' | '→' | '>' | ':'));
        let Some(before) = MARKS.iter().find_map(|mark| text.strip_suffix(mark)).or_else(|| invited(text)) else {
            return (text, is_cut);
        };
        (text, is_cut) = (before, true);
    }
}

fn without_footer(text: &str) -> &str {
    let footer = |(first, middle): (&str, &str)| text.rfind(first).filter(|at| text[*at..].contains(middle));
    FOOTERS.into_iter().find_map(footer).map_or(text, |at| &text[..at])
}

/// What stands before a link to the rest, which may stand in brackets.
fn invited(text: &str) -> Option<&str> {
    let bare = text.strip_suffix([']', ')']);
    let (inner, in_brackets) = bare.map_or((text, false), |bare| (bare, true));
    INVITATIONS.iter().find_map(|invitation| {
        let at = inner.len().checked_sub(invitation.len())?;
        let (before, last) = inner.split_at_checked(at)?;
        let is_word = last.eq_ignore_ascii_case(invitation) && !before.ends_with(char::is_alphanumeric);
        let before = if in_brackets { before.strip_suffix(['[', '('])? } else { before };
        let is_after_mark = || MARKS.iter().any(|mark| before.trim_end().ends_with(mark));
        (is_word && (in_brackets || !WORDS_OF_ANY_TEXT.contains(invitation) || is_after_mark())).then_some(before)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ARTICLE: &str = "Nach einer Störung im Rechenzentrum konnten am Dienstagmorgen Tausende Kundinnen und \
        Kunden der Beispiel Bahn keine Fahrkarten mehr kaufen. Erst gegen Mittag lief die App wieder. Das \
        Unternehmen bat um Entschuldigung und kündigte an, verfallene Sparpreise ohne weitere Prüfung zu \
        erstatten.";

    const ENDINGS: [&str; 14] = [
        "…",
        " ...",
        " […]",
        " [...] ",
        "… mehr",
        " … [mehr]",
        "... Weiterlesen »",
        "… weiterlesen → ",
        " (weiterlesen)",
        " ... Read more",
        "… Continue reading",
        " Lesen Sie mehr …",
        " […] The post Störung bei der Beispiel Bahn appeared first on Lokalblatt.",
        " […]\nDer Beitrag Störung bei der Beispiel Bahn erschien zuerst auf Lokalblatt.",
    ];

    fn begins(beginning: &str, text: &str) -> bool {
        Body::of(beginning).begins(&Body::of(text))
    }

    fn cut(words: usize) -> String {
        ARTICLE.split_whitespace().take(words).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_cut_text_begins_its_whole_whatever_stands_at_its_end() {
        for ending in ENDINGS {
            for teaser in [cut(16), cut(20), cut(16) + " Fahrk"] {
                let teaser = teaser + ending;
                assert!(begins(&teaser, ARTICLE), "{teaser}");
                assert!(!begins(ARTICLE, &teaser), "{teaser}");
                assert_eq!(opening(&teaser), opening(ARTICLE), "{teaser}");
            }
        }
    }

    #[test]
    fn other_signs_other_case_and_links_do_not_matter() {
        let article = ARTICLE.to_uppercase().replace("STÖRUNG", "„Störung“ https://example.org/x");
        assert!(begins(&(cut(18) + "…"), &article));
        assert_eq!(opening(&article), opening(ARTICLE));
    }

    #[test]
    fn a_short_beginning_may_be_anybodys_and_needs_more_words_where_it_does_not_say_that_it_was_cut() {
        assert!(!begins(&(cut(15) + "…"), ARTICLE));
        assert!(!begins(&cut(24), ARTICLE));
        assert!(begins(&cut(25), ARTICLE));
        assert_eq!(opening(&cut(11)), None);
        let greeting = "Sehr geehrte Damen und Herren, hiermit möchte ich mich über Ihren Service beschweren ...";
        assert!(!begins(greeting, &format!("{greeting} Mein Koffer ist seit drei Wochen weg.")));
    }

    #[test]
    fn the_last_word_of_a_sentence_is_no_link_to_the_rest() {
        assert_eq!(without_ending("das geht so nicht mehr"), ("das geht so nicht mehr", false));
        assert_eq!(without_ending("das geht so nicht … mehr"), ("das geht so nicht", true));
        assert_eq!(without_ending("wir wollen mehr (mehr)"), ("wir wollen mehr", true));
        assert_eq!(without_ending("and nothing anymore"), ("and nothing anymore", false));
    }

    #[test]
    fn hashes_stay_what_they_are() {
        // They are stored in every database: other values would not find the beginnings of stored texts.
        assert_eq!(opening(ARTICLE), Some(10_675_483_982_954_464_704));
    }

    /// Words that cannot be taken for a link to the rest.
    fn some_words(least: usize, most: usize) -> impl Strategy<Value = Vec<String>> {
        proptest::collection::vec("[a-zäöü]{3,9}", least..most)
    }

    proptest! {
        #[test]
        fn wherever_a_text_is_cut_it_begins_its_whole(
            all in some_words(40, 80), at in 26..39_usize, letters in 0..9_usize,
        ) {
            let next: String = all[at].chars().take(letters).collect();
            let teaser = format!("{} {next}…", all[..at].join(" "));
            prop_assert!(begins(&teaser, &all.join(", ")));
            prop_assert_eq!(opening(&teaser), opening(&all.join("; ")));
        }

        #[test]
        fn texts_that_only_open_alike_do_not_begin_each_other(
            all in some_words(26, 60), one in some_words(4, 40), other in some_words(4, 40),
        ) {
            prop_assume!(!one[0].starts_with(&other[0]) && !other[0].starts_with(&one[0]));
            let text = |rest: &[String], end: &str| format!("{} {}{end}", all.join(" "), rest.join(" "));
            for end in ["", "…", " [mehr]"] {
                prop_assert!(!begins(&text(&one, end), &text(&other, "")), "{}", end);
            }
        }

        #[test]
        fn any_texts_are_safe(one in r"\PC{0,200}", other in r"\PC{0,200}") {
            let _ = (opening(&one), begins(&one, &other), begins(&one, &one));
        }
    }
}
