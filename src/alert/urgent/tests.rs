use super::*;

const NOON: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn mention(cause: Cause, weight: f64, text: &str, words: &[&str]) -> UrgentMention {
    UrgentMention {
        brand: "Hell & Bahn".to_owned(),
        cause,
        words: words.iter().map(|&word| word.to_owned()).collect(),
        weight,
        source: "forum".to_owned(),
        at: NOON,
        author: Some(Author { key: "u1".to_owned(), name: "Jana <script>".to_owned() }),
        text: text.to_owned(),
        url: Some("https://forum.example/?a=1&b=<x>".to_owned()),
        label: Some(Label::Negative),
        urgency: 0.62,
    }
}

fn three() -> Vec<UrgentMention> {
    vec![
        mention(Cause::Legal, 0.7, "Meine Anwältin\nmeldet sich <b>bei Ihnen</b>!", &["Meine Anwältin", "meldet"]),
        mention(Cause::Safety, 0.95, "Der Akku hat Feuer gefangen, mein Kind saß daneben.", &["Feuer gefangen"]),
        UrgentMention {
            author: None,
            url: Some("javascript:alert(1)".to_owned()),
            label: None,
            ..mention(Cause::Legal, 0.8, "Wir sehen uns vor Gericht.", &["sehen uns vor Gericht"])
        },
    ]
}

fn sent(language: Language) -> Mail {
    write(&three(), language, Tz::Europe__Berlin)
}

#[test]
fn the_most_urgent_comes_first_and_with_each_those_of_its_cause() {
    let (german, english) = (sent(Language::GERMAN), sent(Language::ENGLISH));
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n\n{}\n\n{}",
        german.subject, german.text, english.subject, english.text
    ));
}

#[test]
fn the_words_that_decided_are_strong_and_no_stranger_writes_markup() {
    let html = sent(Language::GERMAN).html;
    assert!(html.contains("<strong>Meine Anwältin</strong> <strong>meldet</strong> sich &#60;b&#62;bei"), "{html}");
    assert!(!html.contains("<script>") && !html.contains("javascript:"));
    insta::assert_snapshot!(html);
}

#[test]
fn the_subject_holds_no_word_of_a_stranger() {
    assert_eq!(sent(Language::GERMAN).subject, "Dringend bei Hell & Bahn: Sicherheit, rechtliche Schritte (3)");
    let one = [mention(Cause::Own, 0.4, "Geheim", &["Geheim"])];
    assert_eq!(write(&one, Language::ENGLISH, Tz::UTC).subject, "Urgent for Hell & Bahn: term of your own");
}

#[test]
fn beyond_twenty_the_rest_is_counted() {
    let many: Vec<_> = (0..27)
        .map(|n| mention(Cause::Safety, 0.9 - f64::from(n) / 100.0, &format!("Nummer {n} brennt."), &["brennt"]))
        .collect();
    let text = write(&many, Language::GERMAN, Tz::UTC).text;
    assert_eq!(text.matches("> Nummer").count(), MOST_SHOWN);
    assert!(text.contains("Nummer 19 ") && !text.contains("Nummer 20 "));
    assert!(text.contains("7 weitere, weniger dringende"));
    let message = message(&many, Language::ENGLISH, Tz::UTC);
    assert_eq!(
        (message.voices.len(), &message.paragraphs[..]),
        (15, &["12 more, less urgent, are not shown here.".to_owned()][..])
    );
}

#[test]
fn what_decided_is_shown_however_far_back_it_stands() {
    let text =
        format!("{} Dann hat der Akku Feuer gefangen. {}", "Lange Rede. ".repeat(60), "Und noch mehr. ".repeat(60));
    let html = write(&[mention(Cause::Safety, 0.9, &text, &["Feuer gefangen"])], Language::GERMAN, Tz::UTC).html;
    assert!(html.contains("<strong>Feuer gefangen</strong>"));
}
