//! Names as people call themselves, and whether one can be greeted with them.

use unicode_segmentation::UnicodeSegmentation as _;

use super::discretion::{is_personal, is_rude};
use crate::alert::quote::one_line;
use crate::text::fold;

/// Longer names are none, but something that was written where a name belongs.
const LONGEST: usize = 40;

/// What sources show where they show no name, and what people write who want to give none. Folded.
const NO_NAMES: [&str; 26] = [
    "kunde",
    "kundin",
    "käufer",
    "käuferin",
    "nutzer",
    "nutzerin",
    "benutzer",
    "user",
    "customer",
    "client",
    "gast",
    "guest",
    "anonym",
    "anonymous",
    "unbekannt",
    "unknown",
    "deleted",
    "gelöscht",
    "account",
    "konto",
    "nie",
    "never",
    "enttäuscht",
    "unzufrieden",
    "verärgert",
    "angry",
];

/// Whoever has one of these is greeted with the whole name. Folded, without full stops.
const TITLES: [&str; 14] =
    ["dr", "prof", "herr", "frau", "familie", "fam", "team", "mr", "mrs", "ms", "miss", "the", "die", "der"];

/// Ends of domains that a name would not have.
const DOMAINS: [&str; 10] = [".de", ".com", ".org", ".net", ".at", ".ch", ".eu", ".info", ".shop", ".io"];

/// A name that somebody can be greeted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// As shown, on one line, without pictures around it.
    pub(super) whole: String,
    /// The first of two, where both look like those of a person.
    pub(super) first: Option<String>,
}

impl Name {
    /// The shown name; `None` where it is none, holds markup, an address or something rude, or is too long.
    pub(super) fn of(shown: &str) -> Option<Self> {
        let line = one_line(shown);
        if line.contains(['<', '>', '{', '}', '[', ']', '|', '`', '*', '/']) {
            return None;
        }
        let whole = line.trim_start_matches('@').trim_matches(|c: char| !c.is_alphanumeric() && c != '.' && c != '_');
        let is_usable = whole.contains(char::is_alphabetic)
            && whole.chars().count() <= LONGEST
            && whole.chars().all(|c| c.is_alphanumeric() || " .-_'’&+".contains(c))
            && !DOMAINS.iter().any(|end| fold(whole).ends_with(end))
            && !fold(whole).starts_with("www.")
            && !whole.unicode_words().any(|word| NO_NAMES.contains(&fold(word).as_str()))
            && !is_rude(whole)
            && !has_phone(whole);
        is_usable.then(|| Self { first: first(whole), whole: whole.to_owned() })
    }
}

/// `user20231` is a handle, `0151 2345678` is none.
fn has_phone(name: &str) -> bool {
    name.chars().filter(char::is_ascii_digit).count() > 5 && is_personal(name)
}

fn first(whole: &str) -> Option<String> {
    let words: Vec<&str> = whole.split(' ').collect();
    let [first, last] = words[..] else { return None };
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || ".-'’".contains(c))
    };
    let is_spoken = first.chars().count() > 1
        && !first.contains('.')
        && first.contains(char::is_lowercase)
        && !TITLES.contains(&fold(first).as_str());
    (is_name(first) && is_name(last) && is_spoken).then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(shown: &str) -> Option<(String, Option<String>)> {
        Name::of(shown).map(|name| (name.whole, name.first))
    }

    #[test]
    fn people_are_called_as_they_call_themselves() {
        let known = |whole: &str, first: Option<&str>| Some((whole.to_owned(), first.map(str::to_owned)));
        assert_eq!(name("Jana M."), known("Jana M.", Some("Jana")));
        assert_eq!(name("  Peter\u{a0}Schulz "), known("Peter Schulz", Some("Peter")));
        assert_eq!(name("🌸 Sabine 🌸"), known("Sabine", None));
        assert_eq!(name("Jean-Luc O’Neill"), known("Jean-Luc O’Neill", Some("Jean-Luc")));
        assert_eq!(name("k4tze77"), known("k4tze77", None));
        assert_eq!(name("@kai_b"), known("kai_b", None));
        assert_eq!(name("Dr. Schulz"), known("Dr. Schulz", None));
        assert_eq!(name("Familie Schulz"), known("Familie Schulz", None));
        assert_eq!(name("jana m."), known("jana m.", None), "a handle, as far as one can tell");
    }

    #[test]
    fn what_is_no_name_is_not_used() {
        let long = "x".repeat(41);
        for none in [
            "",
            "🌸",
            "Ein Google-Nutzer",
            "A Google user",
            "Amazon Kunde",
            "[deleted]",
            "NIE wieder",
            "<b>Jana</b>",
            "{name}",
            "jana@example.org",
            "https://example.org",
            "meinladen.de",
            "Schulz, Peter",
            "Saftladen-Opfer",
            "0151 2345678",
            "Was soll das?! Hallo",
            &long,
        ] {
            assert_eq!(name(none), None, "{none}");
        }
    }
}
