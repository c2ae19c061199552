//! How the phrases count.
//!
//! Each line of `de.tsv` and `en.tsv` gives phrases of a cause (`*`: of all) a role:
//!
//! | role | counts |
//! |---|---|
//! | `alone` | by itself |
//! | `mine` | in a sentence in which somebody speaks of himself or to the brand |
//! | `one`, `other` | if one of each stands in the sentence |
//! | `not` | against the cause, in its sentence: idioms, hyperbole, praise |
//! | `no` | against what follows within three words of its clause |
//! | `me` | as somebody speaking of himself, or to the brand |
//! | `report` | as somebody speaking of others: nothing counts unless there is `me`, too |
//!
//! In a text in which nobody speaks for himself nothing counts, nor within quotation marks, nor where the mood is
//! clearly positive. A brand's own terms always count.

use std::cmp::Reverse;
use std::ops::Range;

use super::scope::{holds, quoted, reaches, sentences};
use super::{Cause, Urgent};
use crate::brand::{Brand, Matcher};
use crate::mention::Author;

const PHRASES: [&str; 2] = [include_str!("de.tsv"), include_str!("en.tsv")];

/// From this probability of a positive mood on, strong words are praise.
const PRAISE: f64 = 0.8;

/// How far weights of one cause lie apart at most.
const WITHIN_CAUSE: f64 = 0.14;

/// How many words are shown as the reason.
const MOST_WORDS: usize = 5;

/// What is known of a mention.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Title and text.
    pub text: &'a str,
    /// Probabilities of negative, neutral and positive, if the mood can be told.
    pub mood: Option<[f64; 3]>,
    /// As [`crate::analyse::Urgency::value`].
    pub urgency: f64,
    /// Who wrote it.
    pub author: Option<&'a Author>,
}

/// What a phrase is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Alone,
    Mine,
    One,
    Other,
    Not,
    No,
    Me,
    Report,
}

/// Phrases of one role; `None`: of all causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Group {
    cause: Option<Cause>,
    role: Role,
}

/// All phrases and the brands' own terms, ready to be found in one pass.
#[derive(Debug)]
pub struct Rules {
    matcher: Matcher,
    /// What the matcher's first queries stand for; behind them come the own terms of each brand.
    groups: Vec<Group>,
    /// Those that count.
    causes: Vec<Cause>,
    /// Of each brand, names and handles as [`handle`] has them.
    large_accounts: Vec<Vec<String>>,
}

impl Rules {
    /// Rules for these brands; only these causes count.
    pub fn new(brands: &[Brand], causes: &[Cause]) -> Self {
        let (groups, mut queries): (Vec<Group>, Vec<Brand>) = PHRASES.iter().flat_map(|file| lines(file)).unzip();
        let own =
            |brand: &Brand| Brand { any: brand.urgent.clone(), fold_umlauts: brand.fold_umlauts, ..Brand::default() };
        queries.extend(brands.iter().map(own));
        let large_accounts = brands.iter().map(|brand| brand.large_accounts.iter().map(|name| handle(name)).collect());
        Self {
            matcher: Matcher::new(&queries),
            groups,
            causes: causes.to_vec(),
            large_accounts: large_accounts.collect(),
        }
    }

    /// Whether a mention about the brand at this position (among those of [`Rules::new`]) cannot wait.
    pub fn judge(&self, brand: usize, said: &Said) -> Option<Urgent> {
        let places = self.matcher.spans(said.text);
        let is_large = said.author.is_some_and(|author| self.is_large(brand, author));
        let mut found: Vec<(Cause, Range<usize>)> = places
            .iter()
            .filter(|(query, _)| *query == self.groups.len() + brand)
            .map(|(_, place)| (Cause::Own, place.clone()))
            .collect();
        if said.mood.is_none_or(|[_, _, positive]| positive < PRAISE) {
            let built_in = self.built_in(said.text, &places);
            found.extend(built_in.into_iter().filter(|(cause, _)| is_large || *cause != Cause::Leave));
        }
        found.retain(|(cause, _)| self.causes.contains(cause));
        let cause = found.iter().map(|(cause, _)| *cause).min()?;
        let mut places: Vec<Range<usize>> =
            found.into_iter().filter(|(other, _)| *other == cause).map(|(_, place)| place).collect();
        places.sort_by_key(|place| (place.start, Reverse(place.end)));
        places.dedup_by(|inner, outer| holds(outer, inner));
        let mut words: Vec<String> = Vec::new();
        for place in places {
            let word = &said.text[place];
            if words.len() < MOST_WORDS && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        Some(Urgent { cause, words, weight: weight(cause, said, is_large) })
    }

    /// What the phrases find, sentence by sentence.
    fn built_in(&self, text: &str, places: &[(usize, Range<usize>)]) -> Vec<(Cause, Range<usize>)> {
        let quotes = quoted(text);
        let said = |place: &Range<usize>| !quotes.iter().any(|quote| holds(quote, place));
        let known: Vec<(Group, &Range<usize>)> = places
            .iter()
            .filter_map(|(query, place)| Some((*self.groups.get(*query)?, place)))
            .filter(|(_, place)| said(place))
            .collect();
        // A report has its say about others; that it says "our" somewhere makes no customer of the paper.
        let speaks = known.iter().filter(|(group, _)| group.role == Role::Me).count();
        let reports = known.iter().filter(|(group, _)| group.role == Role::Report).count();
        if speaks == 0 || reports >= speaks {
            return Vec::new();
        }
        let mut found = Vec::new();
        for sentence in sentences(text) {
            let here: Vec<_> = known.iter().filter(|(_, place)| holds(&sentence, place)).copied().collect();
            Cause::ALL.into_iter().for_each(|cause| in_sentence(cause, text, &here, &mut found));
        }
        found
    }

    fn is_large(&self, brand: usize, author: &Author) -> bool {
        // The key of a social network is an address that ends with the handle.
        let last = author.key.rsplit('/').next().unwrap_or_default();
        let names = [handle(&author.name), handle(&author.key), handle(last)];
        self.large_accounts.get(brand).is_some_and(|large| large.iter().any(|one| names.contains(one)))
    }
}

/// What speaks for a cause in one sentence.
fn in_sentence(cause: Cause, text: &str, here: &[(Group, &Range<usize>)], found: &mut Vec<(Cause, Range<usize>)>) {
    let of = |role: Role| {
        here.iter().filter(move |(group, _)| group.role == role && group.cause.is_none_or(|of| of == cause))
    };
    let stands = |place: &Range<usize>| !of(Role::No).any(|(_, no)| reaches(text, no, place.start));
    if of(Role::Not).next().is_some() {
        return;
    }
    let mut counts = |role: Role| {
        let before = found.len();
        found.extend(of(role).filter(|(_, place)| stands(place)).map(|(_, place)| (cause, (*place).clone())));
        found.len() > before
    };
    counts(Role::Alone);
    if of(Role::Me).next().is_some() {
        counts(Role::Mine);
    }
    let (one, other) = (of(Role::One).any(|(_, place)| stands(place)), of(Role::Other).any(|(_, place)| stands(place)));
    if one && other {
        counts(Role::One);
        counts(Role::Other);
    }
}

/// Gravity first, then urgency and mood; a large account takes half of what they leave.
fn weight(cause: Cause, said: &Said, is_large: bool) -> f64 {
    let negative = said.mood.map_or(0.5, |[negative, ..]| negative);
    let pressing = f64::midpoint(said.urgency, negative).clamp(0.0, 1.0);
    cause.gravity() + WITHIN_CAUSE * if is_large { f64::midpoint(1.0, pressing) } else { pressing }
}

/// `@Acme` and `ACME ` are the same account.
fn handle(name: &str) -> String {
    name.trim().trim_start_matches('@').to_lowercase()
}

/// The groups of a file, each as a query.
fn lines(file: &'static str) -> impl Iterator<Item = (Group, Brand)> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut columns = line.split('\t');
        let cause = Cause::parse(columns.next()?);
        let role = role(columns.next()?)?;
        let any = columns.next()?.split(" | ").map(str::to_owned).collect();
        Some((Group { cause, role }, Brand { any, fold_umlauts: true, ..Brand::default() }))
    })
}

fn role(name: &str) -> Option<Role> {
    Some(match name {
        "alone" => Role::Alone,
        "mine" => Role::Mine,
        "one" => Role::One,
        "other" => Role::Other,
        "not" => Role::Not,
        "no" => Role::No,
        "me" => Role::Me,
        "report" => Role::Report,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_and_phrase_of_the_files_is_read() {
        for file in PHRASES {
            assert_eq!(lines(file).count(), file.lines().filter(|line| !line.starts_with('#')).count());
            for (group, query) in lines(file) {
                assert_eq!(Brand { name: "x".into(), ..query }.validate(), [""; 0], "{group:?}");
            }
        }
    }

    #[test]
    fn a_handle_is_the_same_with_its_sign_and_in_capitals() {
        let brand = Brand { large_accounts: vec!["@Acme".into(), "ACME GmbH".into()], ..Brand::default() };
        let rules = Rules::new(&[brand], &Cause::ALL);
        let is_large =
            |key: &str, name: &str| rules.is_large(0, &Author { key: key.to_owned(), name: name.to_owned() });
        assert!(is_large("https://social.example/@acme", "The Acme people"));
        assert!(is_large("17", "acme gmbh") && is_large("acme", "x"));
        assert!(!is_large("https://social.example/@acme2", "Acme Fan"));
    }
}
