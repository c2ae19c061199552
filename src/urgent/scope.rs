//! How far a word reaches: sentences, clauses, and what is only quoted.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// A negation reaches so many words ahead.
const WORDS_NEGATED: usize = 3;

/// Bytes beyond which a quotation mark was not meant to open a quote.
const LONGEST_QUOTE: usize = 400;

const QUOTES: [(char, char); 5] = [('„', '“'), ('“', '”'), ('"', '"'), ('«', '»'), ('»', '«')];

/// The sentences of a text, as bytes of it.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    text.split_sentence_bound_indices().map(|(at, sentence)| at..at + sentence.len()).collect()
}

/// What stands in quotation marks: somebody else's words.
pub(super) fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut quotes = Vec::new();
    let mut from = 0;
    while let Some((at, open)) = text[from..].char_indices().find(|(_, c)| QUOTES.iter().any(|(open, _)| open == c)) {
        let start = from + at + open.len_utf8();
        let close = |c: char| QUOTES.contains(&(open, c));
        from = start;
        if let Some(length) = text[start..].find(close).filter(|length| *length <= LONGEST_QUOTE) {
            quotes.push(start..start + length);
            from = start + length + text[start + length..].chars().next().map_or(0, char::len_utf8);
        }
    }
    quotes
}

/// Whether a negation that ends there reaches the words that begin at `start`: in the same clause, a few words before.
pub(super) fn reaches(text: &str, negation: &Range<usize>, start: usize) -> bool {
    let Some(between) = text.get(negation.end..start) else { return false };
    !between.contains([',', ';', ':', '.', '!', '?', '–', '\n']) && between.split_whitespace().count() < WORDS_NEGATED
}

pub(super) fn holds(range: &Range<usize>, other: &Range<usize>) -> bool {
    range.start <= other.start && other.end <= range.end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_said_is_told_from_what_is_said() {
        let text = "Der Support sagte „dann klagen Sie doch“, ich nicht. 5\" ist zu klein.";
        let quotes: Vec<&str> = quoted(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(quotes, ["dann klagen Sie doch"]);
    }

    #[test]
    fn a_negation_ends_with_its_clause() {
        let reach = |text: &str, no: &str, word: &str| {
            let at = text.find(no).unwrap();
            reaches(text, &(at..at + no.len()), text.find(word).unwrap())
        };
        assert!(reach("das ist kein Fall für den Anwalt", "kein", "den Anwalt"));
        assert!(!reach("es geht nicht, mein Anwalt schreibt", "nicht", "Anwalt"));
        assert!(!reach("nicht nur das ganze Geld ist weg sondern der Anwalt kommt", "nicht", "Anwalt"));
        assert!(!reach("Anwalt brauche ich nicht", "nicht", "Anwalt"), "it stands behind");
    }
}
