//! A reader who is "Sie" in one sentence and "du" in the next. German only.

use std::ops::Range;
use std::sync::LazyLock;

use super::pattern::Patterns;
use super::words::{Sentence, Word};

static PATTERNS: LazyLock<Patterns> =
    LazyLock::new(|| Patterns::parse(&[include_str!("address.txt")]).unwrap_or_default());

/// The words of the form of address that occurs less often, if both do.
pub(super) fn mixed(sentences: &[Sentence]) -> Vec<Range<usize>> {
    let last = sentences.len().saturating_sub(1);
    let (mut formal, mut familiar) = (Vec::new(), Vec::new());
    let mut before: Option<&Sentence> = None;
    for (at, sentence) in sentences.iter().enumerate() {
        let signature = if at == last { signature(&sentence.words) } else { sentence.words.len() };
        let others = PATTERNS.find("they", sentence);
        let places = |part| -> Vec<Range<usize>> {
            let found = PATTERNS.find(part, sentence).into_iter().map(|one| one.words);
            let is_said =
                |words: &Range<usize>| words.start < signature && !others.iter().any(|one| one.words == *words);
            found.filter(is_said).map(|words| sentence.span(&words)).collect()
        };
        let speaks_of_others = before.is_some_and(|before| PATTERNS.fit("others", before));
        familiar.extend(places("du"));
        formal.extend(places("Sie"));
        if !speaks_of_others {
            formal.extend(places("Sie at the beginning"));
        }
        before = Some(sentence);
    }
    match (formal.len(), familiar.len()) {
        (0, _) | (_, 0) => Vec::new(),
        (formal_times, familiar_times) if formal_times < familiar_times => formal,
        _ => familiar,
    }
}

/// Where the signature begins in the last sentence: "Viele Grüße, eure Rösterei" and "Gute Fahrt wünscht Ihre Werkstatt".
fn signature(words: &[Word]) -> usize {
    let small = |word: &Word| PATTERNS.has("in signatures", word);
    let begins = |at: usize| {
        let is_apart = at == 0 || words[at - 1].ends_clause || PATTERNS.has("before signatures", &words[at - 1]);
        is_apart && PATTERNS.has("signature", &words[at]) && words.len() > at + 1
    };
    let is_name = |at: usize| words[at + 1..].iter().all(|word| word.is_capital || small(word));
    (0..words.len()).find(|&at| begins(at) && is_name(at)).unwrap_or(words.len())
}
