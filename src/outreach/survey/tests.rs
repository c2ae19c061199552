use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use super::*;
use crate::tongue::Tongue;

fn ticket(survey: i64, expires_at: i64) -> Ticket {
    Ticket { survey, expires_at: Timestamp::from_seconds(expires_at) }
}

#[test]
fn a_link_says_which_survey_it_is_of_and_until_when() {
    let token = ticket(7, 1_790_000_000).token(b"secret");
    assert!(token.starts_with("7-1790000000-"), "{token}");
    assert_eq!(Ticket::read(b"secret", &token), Some(ticket(7, 1_790_000_000)));
    assert_eq!(Ticket::read(b"another", &token), None);
}

#[test]
fn a_link_of_another_kind_opens_no_survey() {
    let seal = seal(b"secret", "unsubscribe", "7-1790000000");
    assert_eq!(Ticket::read(b"secret", &format!("7-1790000000-{seal}")), None);
}

proptest! {
    #[test]
    fn every_link_of_ours_is_read_back(secret: Vec<u8>, survey in 1..i64::MAX, expires_at in 0..i64::MAX) {
        let own = ticket(survey, expires_at);
        prop_assert_eq!(Ticket::read(&secret, &own.token(&secret)), Some(own));
    }

    #[test]
    fn nobody_makes_a_link_without_the_secret(survey in 1..i64::MAX, expires_at: u32, guess in "[0-9a-f]{0,40}", text: String) {
        prop_assert_eq!(Ticket::read(b"secret", &format!("{survey}-{expires_at}-{guess}")), None);
        prop_assert_eq!(Ticket::read(b"secret", &text), None);
        let forged = ticket(survey, i64::from(expires_at)).token(b"guess");
        prop_assert_eq!(Ticket::read(b"secret", &forged), None);
    }

    #[test]
    fn a_link_in_which_anything_was_changed_opens_nothing(survey in 1..1_000_i64, place in 0..44_usize, other in "[ -~]") {
        let token = ticket(survey, 1_790_000_000).token(b"secret");
        let place = place % token.len();
        let altered = format!("{}{other}{}", &token[..place], &token[place + 1..]);
        // The digits of the seal may be capital letters.
        let expected = altered.eq_ignore_ascii_case(&token).then(|| ticket(survey, 1_790_000_000));
        prop_assert_eq!(Ticket::read(b"secret", &altered), expected);
        let other = ticket(survey + 1, 1_790_000_000).token(b"secret");
        let (seal, their) = (token.rsplit_once('-').unwrap().1, other.rsplit_once('-').unwrap().0);
        prop_assert_eq!(Ticket::read(b"secret", &format!("{their}-{seal}")), None);
    }

    #[test]
    fn a_comment_is_never_too_long_and_never_blank(written: String, times in 0..500_usize) {
        let kept = comment(&written.repeat(times));
        let is_kept = |kept: &String| !kept.trim().is_empty() && kept.chars().count() <= LONGEST_COMMENT;
        prop_assert!(kept.as_ref().is_none_or(is_kept), "{kept:?}");
    }
}

#[test]
fn the_lines_of_a_comment_stay_and_what_nobody_sees_goes() {
    assert_eq!(comment(" Danke,\r\n<b>prima</b>\0\u{1b}! \n").as_deref(), Some("Danke,\n<b>prima</b>!"));
    assert_eq!(comment(" \r\n\0 "), None);
}

#[test]
fn the_satisfied_are_counted_among_those_who_answered() {
    let answers = [Some(5), Some(4), Some(2), None].map(|number| number.and_then(Score::new));
    let told: Satisfaction = answers.into_iter().collect();
    assert_eq!((told.asked, told.answered, told.satisfied), (4, 3, 2));
    let (share, interval) = told.share().unwrap();
    assert!((told.mean().unwrap() - 11.0 / 3.0).abs() < 1e-9 && (share - 2.0 / 3.0).abs() < 1e-9);
    assert!(interval.low > 0.2 && interval.high < 0.95, "{interval:?}");
    let nobody: Satisfaction = [None].into_iter().collect();
    assert_eq!((nobody.asked, nobody.mean(), nobody.share()), (1, None, None));
    assert_eq!([Score::new(0), Score::new(6)], [None, None]);
}

#[test]
fn the_mail_asks_one_question_and_says_why_it_comes() {
    let invitation = Invitation {
        brand: "Lerchenbahn",
        team: Some("Ihr Kundendienst"),
        link: "https://stimmung.example.org/survey/7-1790000000-ab",
        expires_at: Timestamp::from_seconds(1_790_000_000),
    };
    let german = mail(&invitation, Tongue::German, Berlin);
    insta::assert_snapshot!("german", format!("{}\n\n{}", german.subject, german.text));
    let english = mail(&Invitation { team: None, ..invitation }, Tongue::English, Berlin);
    insta::assert_snapshot!("english", format!("{}\n\n{}", english.subject, english.text));
    for (html, said) in [(german.html, "Ob Sie antworten"), (english.html, "Whether you answer")] {
        assert!(html.contains("href=\"https://stimmung.example.org/survey/7-1790000000-ab\"") && html.contains(said));
        assert_eq!(html.matches("https://").count(), 1, "nothing else is asked for");
    }
}

#[test]
fn a_brand_is_never_markup_or_a_header() {
    let invitation = Invitation {
        brand: "<img src=x>\r\nBcc: a@b.example",
        team: Some("<b>Wir</b>"),
        link: "https://stimmung.example.org/survey/7",
        expires_at: Timestamp::from_seconds(1_790_000_000),
    };
    let mail = mail(&invitation, Tongue::German, Berlin);
    assert!(!mail.subject.contains(['\r', '\n']) && !mail.html.contains("<img") && !mail.html.contains("<b>Wir"));
    assert!(mail.html.contains("&#60;b&#62;Wir"), "{}", mail.html);
}
