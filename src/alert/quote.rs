//! People's own words: a few that stand for many.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use super::word::{fold, spellings};
use super::{Excerpt, Word};
use crate::mention::{Label, Language, Timestamp};

/// Characters that a quote may have, ellipses included.
const MOST_CHARACTERS: usize = 280;

/// Characters below which a text is too short to stand for others.
const FEW_CHARACTERS: usize = 40;

/// Share of common words from which two texts say the same (Jaccard's index).
const SAME_TEXT: f64 = 0.6;

/// How much less a quote is worth that is too short, or from a source that has been quoted already.
const LESSER: f64 = 0.5;

/// How much less a word counts that a chosen quote holds already.
const SAID_ALREADY: f64 = 0.25;

/// What somebody wrote, shortened, without the name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// One line of at most 280 characters; `…` stands for what is left out.
    pub text: String,
    /// The source's id.
    pub source: String,
    /// As analysed.
    pub language: Option<Language>,
    /// The mood.
    pub label: Label,
    /// When it arrived.
    pub at: Timestamp,
    /// Where to read it; `http` or `https`.
    pub url: Option<String>,
}

/// A text that may be quoted.
struct Candidate<'a> {
    /// Which one of all.
    place: usize,
    excerpt: &'a Excerpt,
    text: String,
    words: BTreeSet<String>,
}

/// The most telling texts: those with many of the words that gained, clearly in their mood, from different sources and not
/// saying the same; at most `count`.
pub(crate) fn representative<'a>(
    excerpts: impl Iterator<Item = &'a Excerpt>,
    gained: &[Word],
    count: usize,
) -> Vec<Quote> {
    representatives(excerpts, gained, count).into_iter().map(|(_, quote)| quote).collect()
}

/// The same, each with its place among all.
pub(crate) fn representatives<'a>(
    excerpts: impl Iterator<Item = &'a Excerpt>,
    gained: &[Word],
    count: usize,
) -> Vec<(usize, Quote)> {
    let mut weights: BTreeMap<String, f64> = gained.iter().map(|word| (fold(&word.text), word.z)).collect();
    let mut candidates: Vec<Candidate> = excerpts.enumerate().filter_map(candidate).collect();
    let mut sources: BTreeSet<&str> = BTreeSet::new();
    let mut quotes = Vec::new();
    while quotes.len() < count {
        let worth = |candidate: &Candidate| worth(candidate, &weights, &sources);
        let Some(best) = candidates.iter().max_by(|a, b| worth(a).total_cmp(&worth(b)).then_with(|| order(a, b)))
        else {
            break;
        };
        quotes.push((best.place, quote(best, &weights)));
        sources.insert(&best.excerpt.source);
        let said = best.words.clone();
        let text = best.text.clone();
        candidates.retain(|candidate| candidate.text != text && likeness(&candidate.words, &said) < SAME_TEXT);
        weights.iter_mut().filter(|(word, _)| said.contains(*word)).for_each(|(_, weight)| *weight *= SAID_ALREADY);
    }
    quotes
}

fn candidate((place, excerpt): (usize, &Excerpt)) -> Option<Candidate<'_>> {
    let text = one_line(&excerpt.text);
    let words = spellings(&text).into_keys().collect();
    (!text.is_empty()).then_some(Candidate { place, excerpt, text, words })
}

fn worth(candidate: &Candidate, weights: &BTreeMap<String, f64>, sources: &BTreeSet<&str>) -> f64 {
    let telling: f64 =
        weights.iter().filter(|(word, _)| candidate.words.contains(*word)).map(|(_, weight)| weight).sum();
    let clear = if candidate.excerpt.score.is_finite() { candidate.excerpt.score.abs() } else { 0.0 };
    let is_short = candidate.text.chars().count() < FEW_CHARACTERS;
    let is_known = sources.contains(candidate.excerpt.source.as_str());
    let lesser = |when: bool| if when { LESSER } else { 1.0 };
    (telling + clear) * lesser(is_short) * lesser(is_known)
}

/// Of equally worthy texts the latest, then the alphabet: the same mentions always give the same quotes.
fn order(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    a.excerpt.arrived_at.cmp(&b.excerpt.arrived_at).then_with(|| a.text.cmp(&b.text))
}

fn likeness(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let common = a.intersection(b).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

fn quote(candidate: &Candidate, weights: &BTreeMap<String, f64>) -> Quote {
    let excerpt = candidate.excerpt;
    Quote {
        text: shortened(&candidate.text, |sentence| spellings(sentence).keys().any(|word| weights.contains_key(word))),
        source: excerpt.source.clone(),
        language: excerpt.language,
        label: excerpt.label,
        at: excerpt.arrived_at,
        url: excerpt.url.as_deref().and_then(web_address),
    }
}

/// The address if it is one of the web, written so that it holds no blanks, quotes or line breaks.
pub(crate) fn web_address(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then(|| url.to_string())
}

/// The text on one line, without characters that are invisible or turn the direction of writing.
pub(crate) fn one_line(text: &str) -> String {
    let visible = |c: char| !matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.map(|word| word.chars().filter(|c| visible(*c)).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most 280 characters of the text, cut between words. Begins where it says something `telling`, if that lies further back.
pub(crate) fn shortened(text: &str, telling: impl Fn(&str) -> bool) -> String {
    if text.chars().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    let start = text
        .split_sentence_bound_indices()
        .find(|(_, sentence)| telling(sentence))
        .filter(|(at, sentence)| text[..at + sentence.len()].chars().count() >= MOST_CHARACTERS)
        .map_or(0, |(at, _)| at);
    let opening = if start > 0 { "… " } else { "" };
    let rest = &text[start..];
    let room = MOST_CHARACTERS - opening.chars().count();
    if rest.chars().count() <= room {
        format!("{opening}{rest}")
    } else {
        format!("{opening}{}…", cut(rest, room - 1))
    }
}

/// The longest beginning of at most `room` characters that ends with a word; a word that is longer is cut between graphemes.
fn cut(text: &str, room: usize) -> &str {
    let mut end = 0;
    let mut characters = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        characters += grapheme.chars().count();
        if characters > room {
            break;
        }
        end = at + grapheme.len();
    }
    let ends_with_word = text[end..].starts_with(' ');
    let last_blank = text[..end].rfind(' ').filter(|_| !ends_with_word);
    text[..last_blank.unwrap_or(end)].trim_end_matches([' ', ',', ';', ':', '–', '-'])
}
