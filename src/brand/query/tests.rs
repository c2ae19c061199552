use proptest::prelude::*;

use super::*;
use crate::brand::{Brand, Context, Matcher, Spoken};
use crate::mention::Language;
use crate::tongue::Tongue;

mod naive;

fn brand(query: &str) -> Brand {
    let query = Query::parse(query, false).unwrap_or_else(|errors| panic!("{query}: {errors:?}"));
    Brand { name: "Beispiel Bahn".into(), query: Some(query), ..Brand::default() }
}

fn finds(query: &str, text: &str) -> bool {
    Matcher::new(&[brand(query)]).brands_in(text) == [0]
}

fn holds(query: &str, language: Spoken, source: &str) -> bool {
    let context = Context { source: Some(source), language };
    Matcher::new(&[brand(query)]).brands_in_context("Die Bahn kommt", &context) == [0]
}

#[test]
fn not_binds_more_than_near_near_more_than_and_and_and_more_than_or() {
    let query = "ICE OR Bahn AND NOT Modell OR DB NEAR/1 Zug AND spät";
    assert_eq!(
        Query::parse(query, false),
        Query::parse("ICE OR (Bahn AND (NOT Modell)) OR ((DB NEAR/1 Zug) AND spät)", false)
    );
    assert!(finds(query, "ICE Modell") && finds(query, "die Bahn") && finds(query, "Modell: der DB ihr Zug, spät"));
    assert!(!finds(query, "Bahn, Modell") && !finds(query, "DB Zug Modell"));
}

#[test]
fn operators_are_english_or_german_and_quotes_those_of_any_keyboard() {
    assert_eq!(
        Query::parse("a1 UND (b1 ODER c1) UND NICHT d1", false),
        Query::parse("a1 AND (b1 OR c1) AND NOT d1", false)
    );
    assert_eq!(Query::parse("„Deutsche Bahn“", false), Query::parse("\"Deutsche Bahn\"", false));
    assert!(finds("\"und\" AND \"NOT\"", "not und elend"), "in quotation marks, they are words");
}

#[test]
fn near_counts_the_words_between_in_either_order() {
    assert!(finds("DB NEAR/2 Zug*", "DB, mit dem Zug") && finds("DB NEAR/2 Zug*", "Zugausfall. Wieder die DB"));
    assert!(!finds("DB NEAR/2 Zug*", "DB: schon wieder ein Zug") && finds("DB NEAR/0 Zug", "DB-Zug"));
    assert!(finds("(DB OR Bahn) NEAR/0 (Zug OR \"neuer Wagen\")", "Zug fällt aus, neuer Wagen: Bahn"));
    assert!(!finds("Bahn NEAR/5 Bahn*", "eine Bahn") && finds("Bahn NEAR/5 Bahn*", "eine Bahn am Bahnhof"));
}

#[test]
fn a_star_before_a_word_stands_for_its_beginning() {
    assert!(finds("*bahn", "Die S-Bahn, die Modelleisenbahn") && finds("*bahn", "Bahn") && !finds("*bahn", "Bahnhof"));
    assert!(finds("*bahn*", "Eisenbahnen") && finds("\"*bahn fahren\"", "mit der Beispielbahn fahren"));
    let run = "bahn".repeat(10_000);
    assert!(!finds("*bahn", &run) && finds("*bahn", &run[..100]), "a run of letters is no word");
}

#[test]
fn a_hyphen_behind_a_word_stands_for_its_compounds_and_forms() {
    for text in [
        "Kundenserviceleitung",
        "des Kundenservices",
        "der Kundenservice",
        "Kundenservice-Leitung",
        "KUNDENSERVICEMITARBEITER",
    ] {
        assert!(finds("Kundenservice-", text), "{text}");
    }
    for text in ["Onlinekundenservice", "Kundenservice2go", "Kundenservicexy", "Kunden"] {
        assert!(!finds("Kundenservice-", text), "{text}");
    }
    assert!(finds("Post-", "Postbote") && finds("Bahn-", "Bahnen") && finds("Versicherung-", "Versicherungsmakler"));
    assert!(!finds("Post-", "postieren") && !finds("Post-", "Posting") && !finds("Post-", "postisch"));
}

#[test]
fn a_tilde_stands_for_one_slip() {
    for text in ["Lufthansa", "LUFTHANZA", "Luftahnsa", "Lufthans", "Lufthannsa!"] {
        assert!(finds("~Lufthansa", text), "{text}");
    }
    for text in ["Kufthansa", "Lufthanzza", "Luft Hansa", "Lufthansaflug"] {
        assert!(!finds("~Lufthansa", text), "{text}");
    }
    let folding = Query::parse("~Müllermilch", true).unwrap();
    let matcher = Matcher::new(&[Brand { query: Some(folding), ..Brand::default() }]);
    assert_eq!(matcher.spans("die MÜLERMILCH, Muellermilk"), [(0, 4..15)]);
}

#[test]
fn clauses_ask_for_language_and_source() {
    assert!(holds("Bahn AND lang:de", Spoken::In(Language::GERMAN), "forum"));
    assert!(!holds("Bahn AND lang:de", Spoken::In(Language::ENGLISH), "forum"));
    assert!(
        !holds("Bahn AND lang:de", Spoken::Unknown, "forum") && holds("Bahn AND NOT lang:de", Spoken::Unknown, "forum")
    );
    assert!(
        holds("Bahn AND lang:de", Spoken::Undecided, "forum")
            && holds("Bahn AND NOT lang:de", Spoken::Undecided, "forum")
    );
    assert!(holds("Bahn AND source:app-store-*", Spoken::Unknown, "app-store-de"));
    assert!(!holds("Bahn AND source:app-store-de", Spoken::Unknown, "app-store-de-2"));
    assert!(!finds("Bahn AND source:app-store-*", "Bahn"), "a text of no source");
}

#[test]
fn lists_and_query_must_both_hold() {
    let both = Brand { any: vec!["Bahn".into()], none: vec!["Modell".into()], ..brand("Zug OR Wagen") };
    let matcher = Matcher::new(&[both]);
    assert_eq!(matcher.brands_in("Bahn und Zug"), [0]);
    assert!(["Bahn", "Zug", "Bahn Zug Modell"].iter().all(|text| matcher.brands_in(text).is_empty()));
}

#[test]
fn a_brand_goes_by_the_terms_that_suffice() {
    let names = |query: &str| brand(query).names().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        names("(\"Acme Bank\" OR acme*) AND NOT Acmeland AND lang:de"),
        ["Beispiel Bahn", "\"Acme Bank\"", "acme*"]
    );
    assert_eq!(names("Acme AND teuer"), ["Beispiel Bahn"], "what goes with it is no name");
    assert_eq!(names("Acme NEAR/3 Bank OR *acme OR ~Acmebank"), ["Beispiel Bahn", "~Acmebank"]);
}

/// Each mistake below its query, in both languages.
fn shown(query: &str) -> String {
    let errors = Query::parse(query, false).map(|_| "sound").unwrap_err();
    let show = |error: QueryError| {
        let (before, marked) =
            (query[..error.place.start].chars().count(), query[error.place.clone()].chars().count().max(1));
        let told = [Tongue::English, Tongue::German]
            .map(|tongue| format!("{}\n  {}\n", error.message().to(tongue), error.hint().to(tongue)));
        format!("{query}\n{}{} {}", " ".repeat(before), "^".repeat(marked), told.join("  "))
    };
    errors.into_iter().map(show).collect()
}

#[test]
fn mistakes_are_shown_where_they_are_with_what_to_write() {
    let wrong = [
        "",
        "Deutsche Bahn",
        "Bahn and Zug",
        "(Bahn OR Zug",
        "Bahn) OR Zug",
        "Bahn AND",
        "OR Bahn",
        "()",
        "\"Deutsche Bahn",
        "NOT Bahn",
        "Bahn OR NOT Zug",
        "source:forum AND lang:de",
        "DB NEAR Zug",
        "DB NEAR/999 Zug",
        "DB NEAR/5 NOT Zug",
        "(DB AND Bahn) NEAR/5 Zug",
        "DB NEAR/5 Zug NEAR/5 Bahn",
        "~Bahn OR B* OR *ag OR ab-",
        "Bahn -Modell",
        "Bahn && Zug",
        "Bahn AND lang:german AND source:App",
        "https://example.org",
        "ä NEAR/5 ö OR \"?!\"",
        "Bahn AND \"Zug*halt\" +teuer",
    ];
    insta::assert_snapshot!(wrong.map(shown).join("\n"));
}

#[test]
fn nesting_ends_somewhere() {
    let nested = |depth: usize| format!("{}Bahn{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Query::parse(&nested(32), false).is_ok());
    let error = Query::parse(&nested(100_000), false).unwrap_err().remove(0);
    assert_eq!(error.message().english, "more than 32 groups lie within one another");
    assert!(Query::parse(&format!("{}Bahn", "NOT ".repeat(100_000)), false).is_err());
}

proptest! {
    #[test]
    fn any_query_is_read_or_refused(
        query in r#"(AND |OR |NOT |NEAR/3 |[()"~*:-]|lang:|source:|[a-zäß]{1,6}| |\PC){0,20}"#,
        folds: bool,
    ) {
        match Query::parse(&query, folds) {
            Ok(read) => {
                let again = Query::parse(&read.to_string(), folds);
                prop_assert_eq!(again.map(|query| query.expression), Ok(read.expression));
            }
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                prop_assert!(errors.iter().all(|error| query.get(error.place.clone()).is_some()), "{errors:?}");
            }
        }
    }

    #[test]
    fn the_compiled_query_says_what_the_naive_reading_says(
        query in naive::queries(),
        text in naive::texts(),
        place in naive::contexts(),
    ) {
        // Where it would hold for texts without any term, it takes one.
        let written = query.to_string();
        let (query, written) = match Query::parse(&written, false) {
            Ok(_) => (query, written),
            Err(_) => (query.with("bahn"), format!("({written}) AND bahn")),
        };
        let read = brand(&written);
        prop_assert_eq!(read.query.clone(), brand(&read.query.as_ref().unwrap().to_string()).query);
        let matcher = Matcher::new(&[brand("Zug"), read]);
        let found = |language| {
            let context = Context { source: Some(place.1), language };
            matcher.brands_in_context(&text, &context).contains(&1)
        };
        let expected = query.holds(&text, place.0, place.1);
        prop_assert_eq!(found(place.0.into()), expected, "{} in {:?}", written, text);
        prop_assert!(!expected || found(Spoken::Undecided), "{} could hold for {:?}", written, text);
        let context = Context { source: Some(place.1), language: place.0.into() };
        let explained = matcher.explain(1, &text, &context).unwrap();
        prop_assert_eq!(explained.matches, expected);
        prop_assert_eq!(explained.why_not.is_empty(), expected);
        for one in explained.found {
            prop_assert_eq!(&text[one.place], one.words);
        }
    }
}
