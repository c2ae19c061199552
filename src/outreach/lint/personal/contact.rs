//! Mail addresses and streets, and whose they are.

use std::ops::Range;

use super::PATTERNS;
use crate::outreach::lint::words::{Sentence, Word};

/// Parts of a company's own addresses, before the `@`.
const ROLES: [&str; 40] = [
    "info",
    "service",
    "support",
    "hello",
    "hallo",
    "hi",
    "kontakt",
    "contact",
    "hilfe",
    "help",
    "team",
    "office",
    "post",
    "mail",
    "care",
    "kundenservice",
    "kundenbetreuung",
    "anfrage",
    "feedback",
    "buchung",
    "booking",
    "bookings",
    "reservierung",
    "reservations",
    "sales",
    "shop",
    "store",
    "datenschutz",
    "privacy",
    "beschwerde",
    "complaints",
    "reklamation",
    "returns",
    "retouren",
    "presse",
    "billing",
    "rechnung",
    "empfang",
    "reception",
    "redaktion",
];

/// Where private people have their mailboxes.
const MAILBOXES: [&str; 23] = [
    "gmail.",
    "googlemail.",
    "gmx.",
    "web.de",
    "t-online.",
    "yahoo.",
    "outlook.",
    "hotmail.",
    "live.",
    "icloud.",
    "aol.",
    "proton",
    "posteo.",
    "freenet.",
    "mailbox",
    "mailkasten",
    "postfach",
    "freemail",
    "btinternet.",
    "mail.example",
    "inbox",
    "webmail",
    "postbox",
];

/// The mail addresses of customers in a sentence.
pub(super) fn mails(sentence: &Sentence) -> Vec<Range<usize>> {
    let is_theirs =
        |word: &&Word| word.folded.split_once('@').is_some_and(|(local, host)| is_their_mail(local, host, sentence));
    sentence.words.iter().filter(is_theirs).map(|word| word.place.clone()).collect()
}

fn is_their_mail(local: &str, host: &str, sentence: &Sentence) -> bool {
    let is_mailbox = |mailbox: &&str| host.starts_with(*mailbox) || host.contains(&format!(".{mailbox}"));
    if host.split('.').any(|part| part.ends_with("mail")) || MAILBOXES.iter().any(is_mailbox) {
        return true;
    }
    let is_role = |part: &str| ROLES.contains(&part.trim_end_matches(|c: char| c.is_ascii_digit()));
    if local.split(['.', '-', '_']).any(is_role) || PATTERNS.fit("our mail", sentence) {
        return false;
    }
    PATTERNS.fit("their mail", sentence) || local.contains(|c: char| c.is_ascii_digit() || c == '_')
}

/// What says that a place is the company's stands at most so many words before it.
const NEAR: usize = 6;

/// Ends of German street names, and what ends like one and is none.
const STREETS: [&str; 12] =
    ["strasse", "str", "gasse", "allee", "weg", "damm", "ufer", "chaussee", "platz", "ring", "steig", "stieg"];
const NO_STREETS: [&str; 14] = [
    "platz",
    "sitzplatz",
    "stellplatz",
    "parkplatz",
    "fensterplatz",
    "spielplatz",
    "liegeplatz",
    "zeltplatz",
    "weg",
    "ring",
    "bahnsteig",
    "steig",
    "stehplatz",
    "heimweg",
];

/// Words that follow the name of a British street.
const ROADS: [&str; 28] = [
    "street",
    "st",
    "road",
    "rd",
    "lane",
    "avenue",
    "ave",
    "court",
    "close",
    "drive",
    "way",
    "place",
    "terrace",
    "crescent",
    "gardens",
    "square",
    "row",
    "mews",
    "grove",
    "walk",
    "rise",
    "parade",
    "green",
    "boulevard",
    "hill",
    "view",
    "quay",
    "wharf",
];

/// Streets with a number where somebody lives.
pub(super) fn streets(sentence: &Sentence) -> Vec<Range<usize>> {
    let found: Vec<Range<usize>> = (0..sentence.words.len())
        .filter_map(|at| german(&sentence.words, at).or_else(|| british(&sentence.words, at)))
        .collect();
    let ours = PATTERNS.find("our place", sentence);
    let is_ours = |street: &Range<usize>| {
        let near = street.start.saturating_sub(NEAR)..street.end;
        ours.iter().any(|one| near.contains(&(one.words.end - 1)))
    };
    let told = PATTERNS.find("their place", sentence).into_iter().map(|one| one.words);
    found.into_iter().filter(|street| !is_ours(street)).chain(told).map(|street| sentence.span(&street)).collect()
}

/// "Schillerstraße 22", "Lange Straße 4".
fn german(words: &[Word], at: usize) -> Option<Range<usize>> {
    let (street, number) = (words.get(at)?, words.get(at + 1)?);
    let is_street = street.is_capital
        && STREETS.iter().any(|ending| street.folded.ends_with(ending))
        && !NO_STREETS.contains(&street.folded.as_str());
    let has_name =
        !matches!(street.folded.as_str(), "strasse" | "str" | "gasse" | "allee") || at > 0 && words[at - 1].is_capital;
    (is_street && has_name && is_house(number)).then_some(at..at + 2)
}

/// "8 Rowan Court".
fn british(words: &[Word], at: usize) -> Option<Range<usize>> {
    let (number, name) = (words.get(at)?, words.get(at + 1)?);
    let road = (at + 2..at + 4)
        .find(|&at| words.get(at).is_some_and(|word| word.is_capital && ROADS.contains(&word.folded.as_str())))?;
    (is_house(number) && name.is_capital && words[at + 1..road].iter().all(|word| word.is_capital && !word.ends_clause))
        .then_some(at..road + 1)
}

/// "22", "2b", "14a".
fn is_house(word: &Word) -> bool {
    let figures = word.folded.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&figures) && word.folded.len() <= figures + 1
}
