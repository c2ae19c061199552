//! The few words of a review that show that somebody has read it.

use std::ops::Range;

use super::discretion::{is_personal, is_rude};
use crate::analyse::Reason;

/// The longest quote, in characters.
const LONGEST: usize = 80;

/// The fewest words and characters that say something: "I am done" does not.
const FEWEST_WORDS: usize = 3;
const SHORTEST: usize = 16;

/// What weighs less has not decided anything.
const LEAST_WEIGHT: f64 = 0.05;

/// What a clause that stands alone does not begin with.
const JOINING: [&str; 14] =
    ["und", "aber", "oder", "denn", "doch", "sondern", "dann", "and", "but", "or", "so", "yet", "also", "then"];

/// What begins with one of these is not a sentence of its own.
const SUBORDINATE: [&str; 16] = [
    "dass", "das", "weil", "wenn", "ob", "obwohl", "damit", "was", "wo", "wie", "that", "because", "if", "which",
    "who", "when",
];

/// Where a clause that is too long is parted.
const PARTED_AT: [&str; 10] =
    [" und ", " aber ", " oder ", " weil ", " dass ", " and ", " but ", " or ", " because ", " that "];

/// The shortest clause around the words that weigh most, for praise or else for blame; the next one where that is no
/// good to be quoted: too short or too long, personal, rude, shouted, or not `fitting`.
pub(super) fn quote(
    review: &str,
    reasons: &[Reason],
    is_praise: bool,
    fitting: impl Fn(&str) -> bool,
) -> Option<String> {
    let weight = |reason: &Reason| if is_praise { reason.weight } else { -reason.weight };
    let mut telling: Vec<&Reason> = reasons.iter().filter(|reason| weight(reason) >= LEAST_WEIGHT).collect();
    telling.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let clauses = telling.iter().flat_map(|reason| places(review, &reason.words)).filter_map(|at| clause(review, &at));
    clauses.into_iter().find(|clause| is_quotable(clause) && fitting(clause)).map(str::to_owned)
}

/// Where the words stand as whole words.
fn places<'a>(text: &'a str, words: &'a str) -> impl Iterator<Item = Range<usize>> {
    let is_whole = |at: usize| {
        !text[..at].ends_with(char::is_alphanumeric) && !text[at + words.len()..].starts_with(char::is_alphanumeric)
    };
    let words = Some(words).filter(|words| words.contains(char::is_alphanumeric));
    words
        .into_iter()
        .flat_map(|words| text.match_indices(words))
        .map(|(at, words)| at..at + words.len())
        .filter(move |place| is_whole(place.start))
}

/// The clause around a place, without what joins it to others; `None`: it touches an address or a tag, or ends within
/// the words.
fn clause<'a>(text: &'a str, place: &Range<usize>) -> Option<&'a str> {
    if boundary_in(text, place.clone()).next().is_some() {
        return None;
    }
    let start = boundary_in(text, 0..place.start).last().map_or(0, |end| end.end);
    let end = boundary_in(text, place.end..text.len()).next().map_or(text.len(), |end| end.start);
    let is_part_of_an_address = |c: char| "@#/\\_{}<>=".contains(c);
    if text[..start].ends_with(is_part_of_an_address) || text[end..].starts_with(is_part_of_an_address) {
        return None;
    }
    let around =
        if text[start..end].trim().chars().count() > LONGEST { narrowed(text, start..end, place) } else { start..end };
    Some(alone(&text[around]))
}

/// The part between two joints of a clause.
fn narrowed(text: &str, clause: Range<usize>, place: &Range<usize>) -> Range<usize> {
    let joint = |within: Range<usize>| {
        PARTED_AT.iter().flat_map(move |joint| {
            text[within.clone()].match_indices(*joint).map({
                let from = within.start;
                move |(at, joint)| from + at..from + at + joint.len()
            })
        })
    };
    let start = joint(clause.start..place.start).map(|joint| joint.start).max().unwrap_or(clause.start);
    let end = joint(place.end..clause.end).map(|joint| joint.start).min().unwrap_or(clause.end);
    start..end
}

/// The marks within a range that end a clause.
fn boundary_in(text: &str, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let start = range.start;
    text[range].char_indices().filter_map(move |(at, c)| {
        let place = start + at..start + at + c.len_utf8();
        ends_clause(text, &place, c).then_some(place)
    })
}

/// What is no letter, digit or blank ends a clause, unless it belongs to a word or a number: `3,5`, `E-Mail`, `geht's`.
fn ends_clause(text: &str, place: &Range<usize>, c: char) -> bool {
    let before = text[..place.start].ends_with(char::is_alphanumeric);
    let after = text[place.end..].starts_with(char::is_alphanumeric);
    match c {
        '\n' | '\r' => true,
        _ if c.is_alphanumeric() || c.is_whitespace() => false,
        '%' | '€' | '$' | '£' | '&' | '+' => false,
        '.' | ',' | ':' => !(before && after),
        '-' | '\'' | '’' => !(before || after),
        _ => true,
    }
}

/// Without blanks and conjunctions around it.
fn alone(clause: &str) -> &str {
    let mut rest = clause.trim();
    while let Some((first, after)) = rest.split_once(' ')
        && JOINING.contains(&first.to_lowercase().as_str())
    {
        rest = after.trim_start();
    }
    rest
}

fn is_quotable(clause: &str) -> bool {
    let letters = clause.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = clause.chars().filter(|c| c.is_uppercase()).count();
    let first = clause.split_whitespace().next().unwrap_or_default().to_lowercase();
    (SHORTEST..=LONGEST).contains(&clause.chars().count())
        && clause.split_whitespace().count() >= FEWEST_WORDS
        && 2 * capitals < letters
        && !SUBORDINATE.contains(&first.as_str())
        && !is_personal(clause)
        && !is_rude(clause)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reasons(words: &[(&str, f64)]) -> Vec<Reason> {
        words.iter().map(|(words, weight)| Reason { words: (*words).to_owned(), weight: *weight }).collect()
    }

    fn blame(review: &str, words: &[(&str, f64)]) -> Option<String> {
        quote(review, &reasons(words), false, |_| true)
    }

    #[test]
    fn the_clause_around_the_weightiest_words_is_quoted() {
        let review = "Seit drei Wochen warte ich auf mein Paket, und am Telefon weiß keiner Bescheid.";
        assert_eq!(
            blame(review, &[("Seit drei Wochen", -0.34), ("weiß keiner", -0.48)]).as_deref(),
            Some("am Telefon weiß keiner Bescheid")
        );
        let review = "Super lecker und super nett! Nur die Musik war zu laut.";
        let praise = quote(review, &reasons(&[("zu laut", -0.4), ("super nett", 0.45)]), true, |_| true);
        assert_eq!(praise.as_deref(), Some("Super lecker und super nett"));
    }

    #[test]
    fn marks_within_words_and_numbers_end_nothing() {
        let review = "Nach 3,5 Stunden um 10:30 geht's per E-Mail nicht weiter: Schluss.";
        assert_eq!(
            blame(review, &[("nicht weiter", -0.5)]).as_deref(),
            Some("Nach 3,5 Stunden um 10:30 geht's per E-Mail nicht weiter")
        );
    }

    #[test]
    fn a_long_clause_is_parted_at_its_conjunctions_or_left() {
        let review =
            "ich habe am Montag bestellt und das Geld war sofort vom Konto weg aber die Ware ist bis heute nicht da";
        assert_eq!(blame(review, &[("nicht da", -0.5)]).as_deref(), Some("die Ware ist bis heute nicht da"));
        let endless = "wort ".repeat(20) + "schlecht";
        assert_eq!(blame(&endless, &[("schlecht", -0.5)]), None);
    }

    #[test]
    fn what_is_no_good_to_be_quoted_gives_way_to_the_next() {
        let review = "SO EIN DRECK HIER! Ihr seid Betrüger und Lügner. Bestellung 4711234 fehlt immer noch. \
                      Niemand ruft mich zurück.";
        let words = [
            ("DRECK", -0.9),
            ("Betrüger", -0.8),
            ("fehlt immer noch", -0.5),
            ("ruft mich", -0.3),
            ("rating 1/5", -0.2),
        ];
        assert_eq!(blame(review, &words).as_deref(), Some("Niemand ruft mich zurück"));
        assert_eq!(
            blame("Katastrophe!", &[("Katastrophe", -0.9)]),
            None,
            "one word says nothing that the mood does not"
        );
        assert_eq!(blame("Antwort nur an dreck@example.org bitte", &[("dreck", -0.9)]), None);
    }

    proptest! {
        #[test]
        fn a_quote_stands_in_the_review_and_keeps_its_limits(
            review in "([a-zäöü]{1,9}[ ,.]|[0-9]{1,7} |schlecht |\\PC|\n){0,60}",
        ) {
            if let Some(quote) = blame(&review, &[("schlecht", -0.9)]) {
                prop_assert!(review.contains(&quote), "{quote}");
                prop_assert!(quote.chars().count() <= LONGEST && quote.contains("schlecht"));
                prop_assert!(!quote.contains(['{', '}', '\n', '@', '"', '„']), "{}", quote);
            }
        }
    }
}
