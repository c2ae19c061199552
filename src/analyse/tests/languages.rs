//! Which language a text is in, and what follows from it.

use super::*;

fn language(text: &str, hint: Option<Language>, allowed: &[Language]) -> Option<Language> {
    analyse(&Mention { language_hint: hint, ..of(text) }, &Model::embedded(allowed)).language
}

#[test]
fn short_texts_are_told_by_their_function_words() {
    for text in ["Das ist nicht gut", "Danke!", "Geht so", "Schlechter Service"] {
        assert_eq!(language(text, None, &[]), Some(Language::GERMAN), "{text}");
    }
    for text in ["This is not good", "It just works", "Highly recommended", "Never again"] {
        assert_eq!(language(text, None, &[]), Some(Language::ENGLISH), "{text}");
    }
}

#[test]
fn longer_texts_of_many_languages_are_told() {
    for (text, code) in [
        ("Le train est encore en retard et personne ne nous dit pourquoi.", "fr"),
        ("El tren llega tarde otra vez y nadie nos dice por qué.", "es"),
        ("De trein is weer te laat en niemand zegt ons waarom.", "nl"),
        ("Il treno è di nuovo in ritardo e nessuno ci dice perché.", "it"),
        ("Pociąg znowu się spóźnia i nikt nam nie mówi dlaczego.", "pl"),
        ("Поезд снова опаздывает, и никто не говорит почему.", "ru"),
        ("電車がまた遅れています。", "ja"),
    ] {
        assert_eq!(language(text, None, &[]).unwrap().code(), code);
    }
}

#[test]
fn what_cannot_be_told_is_unknown_unless_the_source_knows() {
    for text in ["", "???", "12345", "👍"] {
        assert_eq!(language(text, Some(Language::ENGLISH), &[]), Some(Language::ENGLISH), "{text}");
    }
    for text in ["", "???", "12345", "👍"] {
        assert_eq!(language(text, None, &[]), None, "{text}");
    }
}

#[test]
fn a_clear_text_outweighs_a_wrong_hint() {
    let text = "Das ist wirklich nicht gut, ich bin enttäuscht.";
    assert_eq!(language(text, Some(Language::ENGLISH), &[]), Some(Language::GERMAN));
}

#[test]
fn a_language_that_is_not_allowed_is_not_forced_into_another() {
    let german_and_english = [Language::GERMAN, Language::ENGLISH];
    let french = "Le train est encore en retard et personne ne nous dit pourquoi.";
    let analysis = analyse(&of(french), &Model::embedded(&german_and_english));
    assert_eq!(analysis, Analysis::default());
}

#[test]
fn a_single_word_has_a_mood() {
    for (text, expected) in [("Enttäuschend", Label::Negative), ("Awesome", Label::Positive)] {
        assert_eq!(label(text), expected, "{text}");
    }
}

#[test]
fn a_word_of_no_clear_language_is_read_in_the_one_that_judges_it() {
    let analysis = analyse(&of("pog"), &MODEL);
    assert_eq!(analysis.language, None);
    assert_eq!(analysis.mood.unwrap().label, Label::Positive);
}

#[test]
fn stretched_letters_do_not_make_another_language() {
    assert_eq!(language("toooll", None, &[]), Some(Language::GERMAN));
    assert_eq!(language("niiiice", None, &[]), Some(Language::ENGLISH));
}

#[test]
fn other_languages_have_a_mood_only_by_their_rating() {
    let czech = of("Vlak má zase zpoždění a nikdo nám neřekne proč.");
    assert_eq!(analyse(&czech, &MODEL).mood, None);
    let rated = Mention { rating: Some(Rating::stars(1.0)), ..czech };
    assert_eq!(analyse(&rated, &MODEL).mood.unwrap().label, Label::Negative);
}

#[test]
fn nothing_said_is_no_mood() {
    assert_eq!(analyse(&of(" \n…"), &MODEL).mood, None);
}
