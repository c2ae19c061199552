use proptest::prelude::*;

use super::*;

fn brand(any: &[&str], all: &[&str], none: &[&str]) -> Brand {
    let owned = |terms: &[&str]| terms.iter().map(|&term| term.to_owned()).collect();
    Brand { name: "Beispiel Bahn".into(), any: owned(any), all: owned(all), none: owned(none), ..Brand::default() }
}

fn finds(term: &str, text: &str) -> bool {
    Matcher::new(&[brand(&[term], &[], &[])]).brands_in(text) == [0]
}

fn finds_folded(term: &str, text: &str) -> bool {
    Matcher::new(&[Brand { fold_umlauts: true, ..brand(&[term], &[], &[]) }]).brands_in(text) == [0]
}

#[test]
fn a_phrase_is_found_across_spaces_lines_and_hyphens() {
    for text in [
        "Die BEISPIEL BAHN!",
        "beispiel-bahn",
        "Beispiel\n  Bahn",
        "(Beispiel\u{a0}Bahn)",
        "Beispiel Bahn's Züge",
        "Beispiel #Bahn",
    ] {
        assert!(finds("Beispiel Bahn", text), "{text}");
    }
    for text in
        ["Beispielbahn", "Beispiel. Bahn", "Beispiel Bahnen", "ein_Beispiel Bahn", "Bahn Beispiel", "Beispiel Bahn2"]
    {
        assert!(!finds("Beispiel Bahn", text), "{text}");
    }
}

#[test]
fn signs_of_hashtags_and_handles_do_not_matter() {
    for term in ["@beispielbahn", "#BeispielBahn", "beispielbahn"] {
        for text in ["beispielbahn", "#BeispielBahn", "@beispielbahn: hallo", "danke,@Beispielbahn"] {
            assert!(finds(term, text), "{term} in {text}");
        }
    }
}

#[test]
fn a_star_stands_for_the_rest_of_a_word() {
    assert!(finds("Beispielbahn*", "am Beispielbahnsteig") && finds("Beispielbahn*", "Beispielbahn."));
    assert!(finds("Deutsche* Bahn*", "der Deutschen Bahnen wegen") && finds("Deutsche* Bahn", "Deutsche-Bahn"));
    assert!(!finds("Beispielbahn*", "Neubeispielbahn") && !finds("Deutsche* Bahn", "Deutsche neue Bahn"));
}

#[test]
fn domains_and_names_with_punctuation_are_terms() {
    assert!(finds("beispiel-bahn.de", "siehe https://www.beispiel-bahn.de/app"));
    assert!(!finds("beispiel-bahn.de", "beispiel-bahn.dev") && !finds("beispiel.de", "Beispiel. Der Zug"));
    assert!(finds("H&M", "bei h&m gekauft") && finds("C#", "C#-Kurs") && !finds("C#", "c kurs"));
    assert!(finds("McZug's", "MCZUG’S"));
}

#[test]
fn umlauts_are_folded_only_where_asked() {
    for (term, text) in
        [("Müller", "MUELLER"), ("Mueller", "müller"), ("Müller", "Mu\u{308}ller"), ("Größe", "GROESSE")]
    {
        assert!(finds_folded(term, text), "{term} in {text}");
    }
    assert!(!finds("Müller", "Mueller") && !finds("Mueller", "Müller") && finds("Müller", "MÜLLER"));
    assert!(!finds_folded("Müller", "Muller"));
}

#[test]
fn brands_with_and_without_folding_live_side_by_side() {
    let folding = Brand { fold_umlauts: true, ..brand(&["Mueller"], &[], &[]) };
    let matcher = Matcher::new(&[brand(&["Mueller"], &[], &[]), folding, brand(&["Müller"], &[], &[])]);
    assert_eq!(matcher.brands_in("Müller"), [1, 2]);
    assert_eq!(matcher.brands_in("Mueller"), [0, 1]);
    assert_eq!(matcher.spans("bei Müller"), [(1, 4..11), (2, 4..11)]);
}

#[test]
fn any_all_and_none_are_combined() {
    let matcher = Matcher::new(&[
        brand(&["Bahn", "Zug"], &["Beispiel"], &["Modellbahn"]),
        brand(&[], &["Bahn", "spät"], &[]),
        brand(&[], &[], &["Modellbahn"]),
        brand(&[], &[], &[]),
    ]);
    assert_eq!(matcher.brands_in("Beispiel: Der Zug und die Bahn kommen spät"), [0, 1]);
    assert_eq!(matcher.brands_in("Bahn und Zug"), Vec::<usize>::new());
    assert_eq!(matcher.brands_in("Beispiel einer Bahn: die Modellbahn"), Vec::<usize>::new());
}

#[test]
fn spans_are_places_in_the_original() {
    let matcher = Matcher::new(&[brand(&["Beispiel  Bahn", "Bahn"], &[], &["nie"]), brand(&["App*"], &[], &[])]);
    let text = "Die #Beispiel -\u{a0}Bahn‼ nie wieder: Äpp, APPs der Bahn";
    let found: Vec<_> = matcher.spans(text).into_iter().map(|(brand, place)| (brand, &text[place])).collect();
    assert_eq!(found, [(0, "Beispiel -\u{a0}Bahn"), (1, "APPs"), (0, "Bahn")]);
    assert_eq!(Matcher::new(&[brand(&["1", "2"], &[], &[])]).spans("um ½ 3"), [(0, 3..5)]);
}

#[test]
fn validation_names_every_problem() {
    let mut wrong = brand(
        &["Beispiel Bahn", "beispiel-bahn", "", "?!", "*bahn", "B*", "Bei*bahn", "Modellbahn", "die Modellbahn"],
        &["Zug", "Zug"],
        &["modellbahn"],
    );
    wrong.name = " ".into();
    insta::assert_snapshot!(wrong.validate().join("\n"), @r#"
    `name` is empty: write what the brand is called
    `any`: the term "" has no letter or digit: delete it, or write what to look for
    `any`: the term "?!" has no letter or digit: delete it, or write what to look for
    `any`: the term "*bahn" has a `*` in the wrong place: it stands at the end of a word, behind two letters or more
    `any`: the term "B*" has a `*` in the wrong place: it stands at the end of a word, behind two letters or more
    `any`: the term "Bei*bahn" has a `*` within a word: it stands at the end of a word
    `any`: the term "Modellbahn" can never count, because `none` has "modellbahn": delete one
    `any`: the term "die Modellbahn" can never count, because `none` has "modellbahn": delete one
    "#);
}

#[test]
fn a_sound_brand_has_no_problems() {
    let sound = brand(&["Beispiel Bahn", "beispielbahn", "@beispielbahn", "Beispielbahn*"], &["Zug"], &["Modellbahn"]);
    assert_eq!(sound.validate(), Vec::<String>::new());
    assert_eq!(brand(&[], &[], &[]).validate(), Vec::<String>::new());
}

#[test]
fn a_term_that_cannot_be_read_is_never_found() {
    let matcher = Matcher::new(&[brand(&["*"], &["Bahn"], &[]), brand(&["Bahn"], &[""], &[])]);
    assert_eq!(matcher.brands_in("* Bahn"), Vec::<usize>::new());
}

/// Texts full of what could match: the words of the terms, and what may part them.
fn texts() -> impl Strategy<Value = String> {
    let pieces = vec![
        "Beispiel",
        "Bahn",
        "bahnen",
        "Müller",
        "Mueller",
        "Mu\u{308}ller",
        "Straße",
        "modell",
        " ",
        " ",
        "-",
        "\n",
        ".",
        "#",
        "@",
        "_",
        "'s",
        "ｂahn",
        "\u{301}",
        "👩\u{200d}💻",
        "*",
        "ﬁ",
        "½",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

fn brands() -> Vec<Brand> {
    let folding = Brand { fold_umlauts: true, ..brand(&["Müller", "Strasse*"], &[], &["Beispiel"]) };
    vec![brand(&["Beispiel Bahn", "bahn*", "1"], &[], &["Modell"]), folding, brand(&[], &["Bahn", "Müller"], &[])]
}

proptest! {
    #[test]
    fn spans_are_ascending_slices_of_whole_words(text in texts()) {
        let spans = Matcher::new(&brands()).spans(&text);
        prop_assert!(spans.is_sorted_by_key(|(_, place)| place.start));
        for (brand, place) in spans {
            let slice = text.get(place.clone()).unwrap();
            prop_assert!(!slice.is_empty() && slice.trim() == slice, "{slice:?}");
            let alone = Matcher::new(&[Brand { none: vec![], all: vec![], any: [brands()[brand].any.clone(), brands()[brand].all.clone()].concat(), ..brands()[brand].clone() }]);
            prop_assert_eq!(alone.brands_in(slice), [0], "{:?} in {:?}", slice, text);
        }
    }

    #[test]
    fn case_and_surrounding_space_do_not_matter(text in texts()) {
        let matcher = Matcher::new(&brands());
        let found = matcher.brands_in(&text);
        prop_assert_eq!(&matcher.brands_in(&text.to_lowercase()), &found);
        prop_assert_eq!(&matcher.brands_in(&text.to_uppercase()), &found);
        prop_assert_eq!(&matcher.brands_in(&format!("\n {text}\t")), &found);
        prop_assert_eq!(&matcher.brands_in(&crate::text::fold(&text)), &found);
    }

    #[test]
    fn an_unwanted_term_wins(text in texts()) {
        let none: Vec<_> = brands().into_iter().map(|brand| Brand { none: vec!["Bahn".into()], ..brand }).collect();
        prop_assert!(!finds("Bahn", &text) || Matcher::new(&none).brands_in(&text).is_empty());
    }

    #[test]
    fn any_term_and_text_are_safe(terms in prop::collection::vec(r"([a-zäß*#@ .-]|\PC){0,6}", 0..4), text in r"([a-zäß*#@ .-]|\PC){0,30}") {
        let any: Vec<&str> = terms.iter().map(String::as_str).collect();
        let brand = brand(&any, &[], &[]);
        let _ = brand.validate();
        let matcher = Matcher::new(&[brand]);
        prop_assert_eq!(matcher.spans(&text).is_empty(), matcher.brands_in(&text).is_empty());
    }

    #[test]
    fn a_sound_term_finds_itself(term in r"[#@]?[a-zA-ZäöüßÄÖÜ0-9&'.-]{1,8}( [a-zäöüß]{2,8}){0,2}\*?", folds: bool) {
        let brand = Brand { fold_umlauts: folds, ..brand(&[&term], &[], &[]) };
        if brand.validate().is_empty() {
            prop_assert_eq!(Matcher::new(&[brand]).brands_in(&format!("vor {} nach", term.trim_end_matches('*'))), [0]);
        }
    }
}
