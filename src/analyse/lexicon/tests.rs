use std::collections::HashMap;

use super::*;
use crate::analyse::symbols::Symbols;
use crate::analyse::tokens::tokenize;

const GERMAN: &str = include_str!("de.tsv");
const ENGLISH: &str = include_str!("en.tsv");
const OTHERS: [&str; 6] = [
    include_str!("es.tsv"),
    include_str!("fr.tsv"),
    include_str!("it.tsv"),
    include_str!("nl.tsv"),
    include_str!("pl.tsv"),
    include_str!("pt.tsv"),
];

fn all() -> impl Iterator<Item = &'static str> {
    [GERMAN, ENGLISH].into_iter().chain(OTHERS)
}

fn german() -> Lexicon {
    Lexicon::parse(GERMAN, Morphology::German)
}

fn plain(lexicon: &Lexicon, word: &str) -> f64 {
    lexicon.meaning(&fold(word)).map_or(0.0, Meaning::plain)
}

fn small(lines: &str) -> Lexicon {
    Lexicon::parse(lines, Morphology::German)
}

fn phrase(lexicon: &Lexicon, source: &str) -> Option<(usize, f64)> {
    let text = tokenize(source, &Symbols::default());
    lexicon.phrase(&text, 0).map(|(end, meaning)| (end, meaning.plain()))
}

#[test]
fn every_line_of_the_lexica_is_understood() {
    for lines in all() {
        for line in lines.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let (value, entries) = line.split_once('\t').unwrap_or_else(|| panic!("no tab in `{line}`"));
            assert!(Meaning::parse(value).is_some() || aspects::column(value).is_some(), "`{value}` in `{line}`");
            for entry in entries.split(", ") {
                assert_eq!(entry, entry.trim(), "stray space in `{line}`");
                assert!(!entry.is_empty() && !entry.contains([',', '(', '.', '!']), "`{entry}` in `{line}`");
                assert!(!entry.starts_with(['…', '*']) && !entry.ends_with('…'), "`{entry}` in `{line}`");
            }
        }
    }
}

#[test]
fn no_word_is_judged_twice() {
    for lines in all() {
        let mut seen = HashMap::new();
        for (meaning, entry) in entries(lines) {
            let known = seen.insert(fold(&entry.replace('-', " ")), meaning);
            assert_eq!(known, None, "`{entry}` stands twice");
        }
    }
}

#[test]
fn the_lexica_are_of_the_promised_size() {
    assert!(entries(GERMAN).count() >= 6_000);
    assert!(entries(ENGLISH).count() >= 5_000);
}

#[test]
fn a_form_means_what_its_word_means() {
    let lexicon = german();
    for (form, word) in [
        ("schlechteren", "schlecht"),
        ("katastrophaler", "katastrophal"),
        ("nervte", "nervt"),
        ("Unverschämtheiten", "Unverschämtheit"),
        ("ENTTÄUSCHTE", "enttaeuscht"),
    ] {
        assert!(plain(&lexicon, word) < 0.0, "{word}");
        assert_eq!(plain(&lexicon, form), plain(&lexicon, word), "{form}");
    }
}

#[test]
fn a_compound_is_what_its_head_is() {
    let lexicon = german();
    for (compound, sign) in
        [("Lieferkatastrophe", -1.0), ("Buchungschaos", -1.0), ("Frühstücksgenuss", 1.0), ("Spitzenkatastrophe", -1.0)]
    {
        assert_eq!(plain(&lexicon, compound).signum(), sign, "{compound}");
    }
}

#[test]
fn a_compound_of_a_neutral_head_is_coloured_by_its_beginning() {
    let lexicon = german();
    assert!(plain(&lexicon, "Spitzenservice") > 1.0);
    assert!(plain(&lexicon, "Drecksladen") < -1.0);
    assert!(plain(&lexicon, "saukalt") < plain(&lexicon, "kalt"));
}

#[test]
fn affixes_take_a_word_back() {
    let lexicon = german();
    assert!(plain(&lexicon, "fehlerlos") > 0.0);
    assert!(plain(&lexicon, "pannenfrei") > 0.0);
    assert!(plain(&lexicon, "unverlässlich") < 0.0);
}

#[test]
fn words_that_only_look_like_others_are_neutral() {
    let lexicon = german();
    for word in [
        "vielleicht",
        "Versicherung",
        "Gedanke",
        "Mehrwertsteuer",
        "Programmiersprache",
        "Zeitraum",
        "Verwaltungsführung",
        "bestimmte",
        "Bestandteil",
        "Unterkunft",
        "Supermarkt",
        "regelmäßig",
        "Einkaufsliste",
        "Kundennummer",
    ] {
        assert_eq!(plain(&lexicon, word), 0.0, "{word}");
    }
}

#[test]
fn phrases_allow_for_alternatives_gaps_and_a_comma() {
    let lexicon = small("-3\tlässt … zu wünschen übrig\n2\tgern/gerne wieder/nochmal\n-4\thauptsache ihr habt");
    assert_eq!(phrase(&lexicon, "lässt leider sehr zu wünschen übrig."), Some((6, -3.0)));
    assert_eq!(phrase(&lexicon, "lässt uns alle hier immer noch zu wünschen übrig"), None);
    assert_eq!(phrase(&lexicon, "lässt. zu wünschen übrig"), None);
    assert_eq!(phrase(&lexicon, "gerne nochmal"), Some((2, 2.0)));
    assert_eq!(phrase(&lexicon, "Hauptsache, ihr habt mein Geld"), Some((4, -4.0)));
}

#[test]
fn the_longest_phrase_wins() {
    let lexicon = small("2\tvielen Dank\n-3\tvielen Dank für nichts");
    assert_eq!(phrase(&lexicon, "Vielen Dank für nichts"), Some((4, -3.0)));
}

#[test]
fn a_separable_verb_is_found_apart_and_together() {
    let lexicon = small("-2\tab|stürz");
    let separated = |source: &str, at| {
        let text = tokenize(source, &Symbols::default());
        lexicon.separated(&text, at).map(|(stem, meaning)| (stem, meaning.plain()))
    };
    assert_eq!(separated("Sie stürzt bei jedem Start ab.", 5), Some((1, -2.0)));
    assert_eq!(separated("Sie stürzt ab und an ab", 2), Some((1, -2.0)));
    assert_eq!(separated("Sie stürzt ab Montag", 2), None);
    assert_eq!(separated("Sie stürzt. Der Bus fährt ab.", 6), None);
    for word in ["abstürzt", "abgestürzt", "abzustürzen"] {
        assert_eq!(plain(&lexicon, word), -2.0, "{word}");
    }
}
