//! Sentences that were sent to somebody else already, word for word or nearly.

use std::ops::Range;
use std::sync::LazyLock;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::Reply;
use super::pattern::Patterns;
use super::words::{self, Sentence};

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    Patterns::parse(&[include_str!("persons.txt"), include_str!("greeting.txt"), include_str!("formula.txt")])
        .unwrap_or_default()
});

/// A sentence of fewer words is anybody's.
const FEWEST: usize = 5;

/// A farewell has at most so many words: "Sonnige Grüße aus der Werkstatt, Ihre Ada".
const FAREWELL: usize = 8;

/// Of longer sentences, only so many words are compared.
const MOST: usize = 80;

/// Of the words of the shorter of two sentences, such a share stands in the other one in the same order.
const ALIKE: f64 = 0.75;

/// Or such a share in any order: German turns sentences around.
const ALIKE_IN_ANY_ORDER: f64 = 0.9;

/// And so many of them are no articles and the like.
const WEIGHTY: usize = 3;

/// The sentences of substance that an earlier reply has, too.
pub(super) fn sentences(reply: &Reply<'_>, sentences: &[Sentence]) -> Vec<Range<usize>> {
    let cut: Vec<Vec<Sentence>> = reply.earlier.iter().map(|text| words::sentences(text)).collect();
    let earlier: Vec<Vec<&str>> = cut.iter().flat_map(|sentences| body(sentences)).filter_map(substance).collect();
    let is_known = |sentence: &&Sentence| {
        substance(sentence).is_some_and(|words| earlier.iter().any(|known| are_alike(&words, known)))
    };
    body(sentences).iter().filter(is_known).map(|sentence| sentence.place.clone()).collect()
}

/// Without a short last sentence: so one takes leave.
fn body(sentences: &[Sentence]) -> &[Sentence] {
    match sentences.split_last() {
        Some((last, rest)) if last.words.len() <= FAREWELL => rest,
        _ => sentences,
    }
}

/// The words behind a greeting, if they are no mere formula.
fn substance(sentence: &Sentence) -> Option<Vec<&str>> {
    let greeting =
        PATTERNS.find("greeting", sentence).first().filter(|one| one.words.start == 0).map(|one| one.words.end);
    let start = greeting.map_or(0, |end| {
        let last = end.saturating_sub(1);
        sentence.words[last..].iter().position(|word| word.ends_clause).map_or(end, |at| last + at + 1)
    });
    let words: Vec<&str> = sentence.words[start..].iter().take(MOST).map(|word| word.folded.as_str()).collect();
    (words.len() >= FEWEST && !PATTERNS.fit("formula", sentence)).then_some(words)
}

fn are_alike(one: &[&str], other: &[&str]) -> bool {
    let operations = capture_diff_slices(Algorithm::Lcs, one, other);
    let equal = operations.iter().filter_map(|operation| match operation {
        DiffOp::Equal { old_index, len, .. } => Some(&one[*old_index..old_index + len]),
        _ => None,
    });
    let in_order: Vec<&str> = equal.flatten().copied().collect();
    let common = one.iter().filter(|word| other.contains(word)).count();
    #[expect(clippy::cast_precision_loss, reason = "words of a sentence")]
    let share = |words: usize| words as f64 / one.len().min(other.len()).max(1) as f64;
    let weighty =
        in_order.iter().filter(|word| word.len() > 4 || word.starts_with(|c: char| c.is_ascii_digit())).count();
    let is_turned_around = share(common) >= ALIKE_IN_ANY_ORDER && share(in_order.len()) >= ALIKE_IN_ANY_ORDER / 2.0;
    weighty >= WEIGHTY && (share(in_order.len()) >= ALIKE || is_turned_around)
}
