//! Texts cut into pieces, some of which are marked: words that were searched for, and words that decided a mood. Pure.

use std::ops::Range;

use crate::analyse::Reason;

/// Words that weigh less than this part of the weightiest are not marked: they would only make the text restless.
const FAINT: f64 = 0.1;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Piece<T> {
    /// As it stands there.
    pub(in crate::web) text: String,
    /// What it is marked with.
    pub(in crate::web) mark: Option<T>,
}

/// Cuts a text at spans (bytes of it); where they overlap, the first of them counts. The pieces joined are the text.
pub(in crate::web) fn cut<T: Copy + PartialEq>(text: &str, spans: &[(Range<usize>, T)]) -> Vec<Piece<T>> {
    let mut edges: Vec<usize> = spans.iter().flat_map(|(span, _)| [span.start, span.end]).collect();
    edges.extend([0, text.len()]);
    edges.retain(|edge| text.is_char_boundary(*edge));
    edges.sort_unstable();
    edges.dedup();
    let mut pieces: Vec<Piece<T>> = Vec::new();
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        let mark = spans.iter().find(|(span, _)| span.start <= *from && *to <= span.end).map(|(_, mark)| *mark);
        match pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(&text[*from..*to]),
            _ => pieces.push(Piece { text: text[*from..*to].to_owned(), mark }),
        }
    }
    pieces
}

/// Cuts a text at the words that decided its mood, each piece with the reason it stands for (by its place among them).
///
/// The weightiest count first. Reasons that stand nowhere in it, such as rules in brackets, mark nothing.
pub(in crate::web) fn decided(text: &str, why: &[Reason]) -> Vec<Piece<usize>> {
    let heaviest = heaviest(why);
    let folded = Folded::new(text);
    let mut order: Vec<usize> = (0..why.len()).collect();
    order.sort_by(|one, other| why[*other].weight.abs().total_cmp(&why[*one].weight.abs()));
    let mut spans = Vec::new();
    for at in order {
        let Reason { words, weight } = &why[at];
        if !is_words(&why[at]) || weight.abs() < FAINT * heaviest {
            continue;
        }
        // A separable verb stands in two places: "stürzt … ab".
        let parts: Vec<Vec<Range<usize>>> = words.split(" … ").map(|part| folded.places(part)).collect();
        if parts.iter().all(|places| !places.is_empty()) {
            spans.extend(parts.into_iter().flatten().map(|place| (place, at)));
        }
    }
    cut(text, &spans)
}

/// Whether a reason may stand in the text: it is no rule, not the rating, and not all the others together.
fn is_words(Reason { words, .. }: &Reason) -> bool {
    !words.starts_with('(') && !words.starts_with("rating ") && words != "…"
}

/// What the weightiest of the words weigh.
fn heaviest(why: &[Reason]) -> f64 {
    let weights = why.iter().filter(|reason| is_words(reason)).map(|reason| reason.weight.abs());
    weights.fold(f64::MIN_POSITIVE, f64::max)
}

/// How much words weigh among all that decided: 1 (little) to 3 (most).
pub(in crate::web) fn strength(reason: &Reason, why: &[Reason]) -> u8 {
    match reason.weight.abs() / heaviest(why) {
        share if share >= 0.6 => 3,
        share if share >= 0.25 => 2,
        _ => 1,
    }
}

/// The first so many characters of a text, up to the end of a word, and the rest; empty where nothing is left.
pub(in crate::web) fn folded_at(text: &str, characters: usize) -> (&str, &str) {
    let Some((end, _)) = text.char_indices().nth(characters) else { return (text, "") };
    let end = text[..end].rfind(char::is_whitespace).filter(|blank| *blank > end / 2).unwrap_or(end);
    text.split_at(end)
}

/// A text without regard to case and to how it is spaced, that knows where each of its bytes came from.
struct Folded {
    text: String,
    /// For each byte of `text`, and its end: the span of the character that it came from.
    from: Vec<Range<usize>>,
}

impl Folded {
    fn new(original: &str) -> Self {
        let (mut text, mut from) = (String::new(), Vec::new());
        for (at, letter) in original.char_indices() {
            let is_space = letter.is_whitespace();
            if is_space && text.ends_with(' ') {
                continue;
            }
            let before = text.len();
            if is_space {
                text.push(' ');
            } else {
                text.extend(letter.to_lowercase());
            }
            from.resize(from.len() + text.len() - before, at..at + letter.len_utf8());
        }
        Self { text, from }
    }

    /// Where words stand as whole words, as bytes of the original.
    fn places(&self, words: &str) -> Vec<Range<usize>> {
        let needle = Self::new(words.trim()).text;
        if needle.is_empty() {
            return Vec::new();
        }
        let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let joins = |one: Option<char>, other: Option<char>| is_letter(one) && is_letter(other);
        let is_whole = |at: usize| {
            let (before, after) = (&self.text[..at], &self.text[at + needle.len()..]);
            !joins(before.chars().next_back(), needle.chars().next())
                && !joins(needle.chars().next_back(), after.chars().next())
        };
        let found = self.text.match_indices(&needle).filter(|(at, _)| is_whole(*at));
        found.map(|(at, _)| self.from[at].start..self.from[at + needle.len() - 1].end).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn why(reasons: &[(&str, f64)]) -> Vec<Reason> {
        reasons.iter().map(|(words, weight)| Reason { words: (*words).to_owned(), weight: *weight }).collect()
    }

    fn shown<T: std::fmt::Debug>(pieces: &[Piece<T>]) -> String {
        let piece = |piece: &Piece<T>| match &piece.mark {
            Some(mark) => format!("[{}|{mark:?}]", piece.text),
            None => piece.text.clone(),
        };
        pieces.iter().map(piece).collect()
    }

    #[test]
    fn words_that_decided_are_marked_wherever_they_stand_whatever_their_case() {
        let text = "Gut? SEHR gut!\nNur der Gutschein  fehlt.";
        let reasons = why(&[("gut", 0.8), ("nur der gutschein", -0.3), ("Gutschein", -0.2)]);
        assert_eq!(shown(&decided(text, &reasons)), "[Gut|0]? SEHR [gut|0]!\n[Nur der Gutschein|1]  fehlt.");
    }

    #[test]
    fn where_reasons_overlap_the_weightiest_counts() {
        let reasons = why(&[("nicht", -0.2), ("gar nicht gut", -0.9)]);
        assert_eq!(shown(&decided("Das war gar nicht gut, nicht?", &reasons)), "Das war [gar nicht gut|1], [nicht|0]?");
    }

    #[test]
    fn the_two_ends_of_a_separable_verb_are_marked_both_or_none() {
        let reasons = why(&[("stürzt … ab", -0.9)]);
        assert_eq!(shown(&decided("Sie stürzt dauernd ab.", &reasons)), "Sie [stürzt|0] dauernd [ab|0].");
        assert_eq!(shown(&decided("Sie stürzt dauernd.", &reasons)), "Sie stürzt dauernd.");
    }

    #[test]
    fn rules_the_rating_the_rest_and_what_is_faint_mark_nothing() {
        let reasons = why(&[("rating 1/5", -0.9), ("(question)", -0.4), ("…", 0.2), ("steht", -0.05), ("der", 0.004)]);
        let text = "Warum (question) steht der Zug … hier? rating 1/5";
        let expected = "Warum (question) [steht|3] der Zug … hier? rating 1/5";
        assert_eq!(shown(&decided(text, &reasons)), expected, "heavy stars do not outshine the words");
    }

    #[test]
    fn letters_that_change_their_length_with_their_case_do_no_harm() {
        assert_eq!(shown(&decided("İİ TOLL ẞ", &why(&[("toll", 0.5)]))), "İİ [TOLL|0] ẞ");
    }

    #[test]
    fn a_long_text_is_folded_between_words() {
        assert_eq!(folded_at("kurz", 10), ("kurz", ""));
        assert_eq!(folded_at("eins zwei drei", 11), ("eins zwei", " drei"));
        assert_eq!(folded_at("ääääääää", 4), ("ääää", "ääää"));
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in "[aÄß \nİ]{0,30}", words in prop::collection::vec("[a-cä ]{0,3}", 0..4)) {
            let reasons: Vec<Reason> = words.into_iter().map(|words| Reason { words, weight: 0.5 }).collect();
            let joined: String = decided(&text, &reasons).iter().map(|piece| piece.text.as_str()).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
