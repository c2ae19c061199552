use super::*;
use crate::mention::{Label, Timestamp};

/// A negative mention.
fn complaint(text: &str) -> Excerpt {
    Excerpt {
        arrived_at: Timestamp::from_seconds(0),
        source: "forum".into(),
        language: None,
        topics: Vec::new(),
        label: Label::Negative,
        score: -1.0,
        text: text.into(),
        url: None,
    }
}

/// Enough everyday talk for anything else to stand out.
fn talk() -> Vec<Excerpt> {
    (0..200).map(|index| complaint(&format!("Fahrplan Haltestelle Strecke{index} Wagen{index} Sitz{index}"))).collect()
}

fn named(brand: &str, since: &[&str]) -> Vec<String> {
    let since: Vec<_> = since.iter().map(|text| complaint(text)).collect();
    gained(brand, Some(Direction::Down), &talk(), &since).into_iter().map(|word| word.text).collect()
}

#[test]
fn the_gain_of_a_word_is_that_of_the_formula() {
    let z = |before, since, words_before, words_since| {
        z(&Usage { before, since, ..Usage::default() }, words_before, words_since)
    };
    assert!((z(0, 4, 1350.0, 75.0) - 2.665_536_723_978_832).abs() < 1e-9);
    assert!((z(30, 4, 1350.0, 75.0) - 0.699_699_515_908_258).abs() < 1e-9);
    assert!((z(6, 14, 8000.0, 900.0) - 5.647_732_624_688_288).abs() < 1e-9);
}

#[test]
fn words_are_named_as_most_people_write_them() {
    let said = ["Der LOGIN streikt", "login streikt!", "Login, Login, Login", "Der Login…", "„Login“ geht nicht"];
    assert_eq!(named("Beispiel", &said), ["Login"]);
    assert_eq!(named("Beispiel", &["Tür zu", "Tuer zu", "Tür klemmt", "Tür auf"]), ["Tür"]);
}

#[test]
fn german_and_hyphenated_compounds_stay_whole() {
    let said =
        ["Die Anmeldebestätigungsmail fehlt", "anmeldebestätigungsmail im Spam", "Anmeldebestätigungsmail: nie da"];
    assert_eq!(named("Beispiel", &said), ["Anmeldebestätigungsmail"]);
    assert_eq!(named("Beispiel", &["App-Update schlecht", "App-Update doof", "mieses App-Update"]), ["App-Update"]);
}

#[test]
fn stopwords_the_brand_addresses_and_rare_words_are_not_named() {
    let said = [
        "Nicht mit der Beispiel Bahn, rare",
        "nicht Bahn https://example.org/login",
        "the Bahn www.login.de",
        "Bahn rare",
    ];
    assert_eq!(named("Beispiel Bahn", &said), [""; 0]);
}

#[test]
fn one_person_repeating_a_word_counts_once() {
    assert_eq!(named("Beispiel", &["kaputt kaputt kaputt kaputt kaputt", "schade"]), [""; 0]);
}

#[test]
fn a_word_of_the_other_mood_is_not_named() {
    let mut since: Vec<_> = ["Login kaputt", "Login weg", "Login tot"].map(complaint).to_vec();
    since.extend(
        ["Osterrabatt super", "Osterrabatt toll", "Danke, Osterrabatt"]
            .map(|text| Excerpt { label: Label::Positive, ..complaint(text) }),
    );
    let named = |direction| -> Vec<String> {
        gained("Beispiel", Some(direction), &talk(), &since).into_iter().map(|word| word.text).collect()
    };
    assert_eq!(named(Direction::Down), ["Login"]);
    assert_eq!(named(Direction::Up), ["Osterrabatt"]);
}
