use super::*;

const NOON: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn case(id: i64, severity: Severity, minutes: i64) -> DueCase {
    DueCase {
        id,
        severity,
        brand: "Hell & Bahn".to_owned(),
        source: "forum".to_owned(),
        mention_id: id,
        text: "Seit Tagen <b>nichts</b>.\n\nMeldet sich hier jemand?".to_owned(),
        waits_since: NOON.plus_seconds(-7200),
        due_at: NOON.plus_seconds(60 * minutes),
        owner: None,
    }
}

fn sent(cases: &[DueCase], language: Language) -> Mail {
    mail(cases, language, Tz::Europe__Berlin, Some("https://stimmung.example"))
}

fn two() -> Vec<DueCase> {
    vec![
        DueCase { owner: Some("erika".to_owned()), ..case(7, Severity::Normal, 25) },
        DueCase { text: "Es brennt. ".repeat(60), ..case(8, Severity::Urgent, 10) },
    ]
}

#[test]
fn whoever_is_due_first_comes_first_in_both_languages() {
    let (german, english) = (sent(&two(), Language::GERMAN), sent(&two(), Language::ENGLISH));
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n\n{}\n\n{}",
        german.subject, german.text, english.subject, english.text
    ));
}

#[test]
fn no_stranger_writes_markup_and_no_word_of_one_is_in_the_subject() {
    let mail = sent(&two(), Language::GERMAN);
    assert!(mail.html.contains("&#60;b&#62;nichts") && !mail.html.contains("<b>nichts"));
    assert_eq!(mail.subject, "Hell & Bahn: 2 Antworten sind bald fällig");
    insta::assert_snapshot!(mail.html);
}

#[test]
fn one_alone_is_told_in_the_singular_and_without_pages_there_is_no_link() {
    let one = [case(7, Severity::Low, 10)];
    let mail = mail(&one, Language::ENGLISH, Tz::UTC, None);
    assert_eq!(mail.subject, "Hell & Bahn: an answer is due soon");
    assert!(mail.text.contains("nobody yet") && !mail.text.contains("http") && !mail.html.contains("Open the case"));
}

#[test]
fn beyond_twenty_the_rest_is_counted() {
    let many: Vec<DueCase> = (1..=23).map(|id| case(id, Severity::Low, id)).collect();
    let text = sent(&many, Language::GERMAN).text;
    assert_eq!(text.matches("\n> ").count(), MOST_SHOWN);
    assert!(text.contains("/cases/20\n") && !text.contains("/cases/21\n") && text.contains("3 weitere sind hier"));
}
