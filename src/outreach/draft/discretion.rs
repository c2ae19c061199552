//! What is not said back to somebody in front of others.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::fold;

/// So many digits in a row, however they are grouped, may be the number of an order, a customer or a phone.
const MOST_DIGITS: usize = 5;

/// Letters and digits in one word are a code from so many digits on: `AB4711`.
const MOST_DIGITS_OF_A_CODE: usize = 3;

/// Who is named after one of these is a person.
const TITLES: [&str; 8] = ["herr", "herrn", "frau", "hr", "fr", "mr", "mrs", "ms"];

/// Words that begin so insult or accuse. Folded.
const RUDE: [&str; 51] = [
    "arsch",
    "fick",
    "fotze",
    "hure",
    "wichs",
    "kack",
    "trottel",
    "depp",
    "vollpfosten",
    "verbrecher",
    "gauner",
    "saftladen",
    "sauladen",
    "saubande",
    "drecks",
    "mistk",
    "missgeburt",
    "penner",
    "luegner",
    "lügner",
    "verlogen",
    "nazi",
    "dumm",
    "dümm",
    "blöd",
    "bloed",
    "hirn",
    "unfähig",
    "unfaehig",
    "inkompetent",
    "abschaum",
    "kriminell",
    "halsabschneider",
    "schwein",
    "shit",
    "moron",
    "stupid",
    "dumb",
    "scam",
    "fraud",
    "crook",
    "thief",
    "thieves",
    "crap",
    "bastard",
    "bitch",
    "asshole",
    "suck",
    "liar",
    "clown",
    "incompetent",
];

/// Words that hold one of these do so, too. Folded.
const RUDE_WITHIN: [&str; 8] = ["scheiss", "verarsch", "abzock", "betrug", "betrüg", "idiot", "fuck", "bullshit"];

/// Whether a text may say who somebody is, or how to reach them.
pub(super) fn is_personal(text: &str) -> bool {
    text.contains('@')
        || has_long_number(text)
        || text.split(|c: char| !c.is_alphanumeric()).any(is_code)
        || names_somebody(text)
        || is_street(text)
}

/// Whether a text insults or accuses somebody.
pub(super) fn is_rude(text: &str) -> bool {
    text.unicode_words().any(|word| {
        let word = fold(word);
        RUDE.iter().any(|rude| word.starts_with(rude)) || RUDE_WITHIN.iter().any(|rude| word.contains(rude))
    })
}

fn has_long_number(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        if c.is_numeric() {
            digits += 1;
        } else if !matches!(c, ' ' | '\u{a0}' | '-' | '–' | '/' | '.' | '(' | ')' | '+') {
            digits = 0;
        }
        if digits > MOST_DIGITS {
            return true;
        }
    }
    false
}

fn is_code(word: &str) -> bool {
    word.contains(char::is_alphabetic) && word.chars().filter(|c| c.is_numeric()).count() > MOST_DIGITS_OF_A_CODE
}

fn names_somebody(text: &str) -> bool {
    let words: Vec<&str> = text.unicode_words().collect();
    words.windows(2).any(|pair| TITLES.contains(&fold(pair[0]).as_str()) && pair[1].starts_with(char::is_uppercase))
}

/// `Hauptstraße 12`
fn is_street(text: &str) -> bool {
    let words: Vec<&str> = text.unicode_words().collect();
    words.windows(2).any(|pair| {
        let street = fold(pair[0]);
        ["strasse", "str", "weg", "gasse", "platz", "allee", "street", "road"].iter().any(|end| street.ends_with(end))
            && pair[1].starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_addresses_are_personal() {
        for personal in [
            "Bestellung 4711234",
            "ruft mich an: 0151 23 45 67",
            "IBAN DE02 1203 0000",
            "ich@example.org",
            "Auftrag AB4711 fehlt",
            "Frau Schulz war unfreundlich",
            "in der Hauptstraße 12",
        ] {
            assert!(is_personal(personal), "{personal}");
        }
        for harmless in
            ["seit 3 Wochen", "um 10:30 am Gleis 12", "seit 2024 Kunde", "Windows11 und iOS 17", "die Frau am Schalter"]
        {
            assert!(!is_personal(harmless), "{harmless}");
        }
    }

    #[test]
    fn insults_are_told_from_hard_words() {
        for rude in
            ["So ein Saftladen", "Alles BETRÜGER", "was für ein Scheißverein", "what a scam", "dieser Vollidiot"]
        {
            assert!(is_rude(rude), "{rude}");
        }
        for hard in
            ["Nie wieder", "der Barsch war kalt", "im letzten Marsch", "waste of money", "seit Wochen unerreichbar"]
        {
            assert!(!is_rude(hard), "{hard}");
        }
    }
}
