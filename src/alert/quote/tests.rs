use proptest::prelude::*;

use super::*;

fn said(source: &str, text: &str) -> Excerpt {
    Excerpt {
        arrived_at: Timestamp::from_seconds(0),
        source: source.into(),
        language: Some(Language::GERMAN),
        topics: Vec::new(),
        label: Label::Negative,
        score: -0.5,
        text: text.into(),
        url: None,
    }
}

fn login() -> Vec<Word> {
    vec![Word { text: "Login".into(), before: 0, since: 9, z: 4.0 }]
}

fn quoted(excerpts: &[Excerpt]) -> Vec<String> {
    representative(excerpts.iter(), &login(), 3).into_iter().map(|quote| quote.text).collect()
}

#[test]
fn texts_with_the_words_that_gained_come_first() {
    let excerpts = [
        said("forum", "Der Zug war heute wieder einmal zwanzig Minuten zu spät."),
        said("forum", "Der Login klappt seit gestern überhaupt nicht mehr, schade."),
    ];
    assert!(quoted(&excerpts)[0].contains("Login"));
}

#[test]
fn different_sources_are_preferred() {
    let excerpts = [
        said("forum", "Der Login klappt seit gestern überhaupt nicht mehr, schade."),
        said("forum", "Auch hier: Login unmöglich, nach der Eingabe bleibt alles weiß."),
        said("shop", "Login defekt, und am Telefon nimmt leider niemand ab, ärgerlich."),
    ];
    let sources = representative(excerpts.iter(), &login(), 2).into_iter().map(|quote| quote.source);
    assert_eq!(sources.collect::<BTreeSet<_>>(), BTreeSet::from(["forum".into(), "shop".into()]));
}

#[test]
fn nobody_is_quoted_twice_with_nearly_the_same_text() {
    let excerpts = [
        said("forum", "Der Login klappt seit gestern überhaupt nicht mehr, schade."),
        said("shop", "Der Login klappt seit gestern überhaupt nicht mehr, sehr schade!"),
        said("blog", "😡😡"),
        said("wiki", "😡😡"),
        said("wiki", " \n "),
    ];
    assert_eq!(quoted(&excerpts).len(), 2);
}

#[test]
fn a_long_text_is_cut_between_words_where_it_says_the_word() {
    let chatter = "Am Anfang war noch alles in bester Ordnung und wir freuten uns auf die Reise. ".repeat(5);
    let long = format!("{chatter}Dann fiel der Login aus. {chatter}");
    let quote = &quoted(&[said("forum", &long)])[0];
    assert!(quote.starts_with("… Dann fiel der Login aus. Am Anfang"), "{quote}");
    assert!(
        quote.ends_with(" und…") || quote.ends_with(" Reise.…") || long.contains(&quote[4..quote.len() - 4]),
        "{quote}"
    );

    let quote = &quoted(&[said("forum", &chatter)])[0];
    let kept = quote.strip_suffix('…').unwrap();
    assert!(chatter.starts_with(kept) && !chatter[kept.len()..].starts_with(char::is_alphanumeric), "{quote}");
}

#[test]
fn a_word_without_end_is_cut_too() {
    let quote = &quoted(&[said("forum", &"ä".repeat(1000))])[0];
    assert_eq!(quote.chars().count(), MOST_CHARACTERS);
}

#[test]
fn line_breaks_and_marks_that_turn_the_text_are_gone() {
    assert_eq!(one_line("eins\r\n\tzwei\u{202e}drei\u{2066}\u{0} vier\u{2028}fünf"), "eins zweidrei vier fünf");
}

#[test]
fn only_addresses_of_the_web_become_links() {
    assert_eq!(web_address("https://example.org/a b\"c"), Some("https://example.org/a%20b%22c".into()));
    for address in ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/", "//example.org", "example.org", ""]
    {
        assert_eq!(web_address(address), None, "{address}");
    }
}

proptest! {
    #[test]
    fn a_quote_never_exceeds_its_limit(text in "(\\PC|[ .!?\n]|Login|e\u{301}|👨‍👩‍👧){0,600}") {
        for quote in quoted(&[said("forum", &text)]) {
            prop_assert!((1..=MOST_CHARACTERS).contains(&quote.chars().count()), "{}", quote);
            prop_assert!(!quote.contains(char::is_control));
        }
    }
}
