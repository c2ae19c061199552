//! Licence plates.

use std::ops::Range;

use crate::outreach::lint::words::{Sentence, Word};

/// Plates of Germany ("HB-XY 512") and Great Britain ("KX55 OBO").
pub(super) fn plates(text: &str, sentence: &Sentence) -> Vec<Range<usize>> {
    let written = |word: &Word| &text[word.place.clone()];
    let is_plate = |pair: &&[Word]| {
        let (first, second) = (written(&pair[0]), written(&pair[1]));
        !pair[0].ends_clause && (is_german(first, second) || is_british(first, second))
    };
    sentence.words.windows(2).filter(is_plate).map(|pair| pair[0].place.start..pair[1].place.end).collect()
}

fn is_german(first: &str, second: &str) -> bool {
    let are_capitals = |part: &str, most: usize| (1..=most).contains(&part.chars().count()) && is_upper(part);
    first.split_once('-').is_some_and(|(town, letters)| are_capitals(town, 3) && are_capitals(letters, 2))
        && second.len() <= 4
        && is_number(second)
        && !is_year(second)
}

fn is_british(first: &str, second: &str) -> bool {
    first.is_ascii()
        && first.len() == 4
        && is_upper(&first[..2])
        && is_number(&first[2..])
        && second.chars().count() == 3
        && is_upper(second)
}

fn is_upper(part: &str) -> bool {
    part.chars().all(|c| c.is_alphabetic() && c.is_uppercase())
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}
