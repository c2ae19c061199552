//! From a letter to the bytes of a mail. Pure: the same letter always makes the same bytes.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, ContentTypeErr, HeaderName, HeaderValue};
use lettre::message::{Attachment, Message, MultiPart, SinglePart};

use crate::alert::{PICTURE, Picture};
use crate::mention::Timestamp;
use crate::notify::{Address, AddressError, Letter, MailingList, address, masked, unsubscribe};

/// A mail, ready to be sent or stored.
pub(super) struct Composed {
    /// Whom the envelope names.
    pub(super) to: Address,
    /// Headers and body, lines ending in CR LF.
    pub(super) content: Vec<u8>,
}

/// Why a letter cannot become a mail. Addresses are masked.
#[derive(Debug, thiserror::Error)]
pub(super) enum ComposeError {
    #[error("the recipient {masked} {source}")]
    Recipient { masked: String, source: AddressError },
    #[error("`{}` cannot be the id of a letter: 1 to 64 letters, digits, `-`, `_` and inner dots", id.escape_debug())]
    Id { id: String },
    #[error(transparent)]
    Message(#[from] lettre::error::Error),
    #[error(transparent)]
    ContentType(#[from] ContentTypeErr),
}

/// Text first and HTML second, as alternatives, with headers that keep robots from answering.
pub(super) fn compose(letter: &Letter, from: &Address) -> Result<Composed, ComposeError> {
    let to = address(&letter.to).map_err(|source| ComposeError::Recipient { masked: masked(&letter.to), source })?;
    let mut message = Message::builder()
        .message_id(Some(message_id(&letter.id, from)?))
        .date(date(letter.written_at))
        .from(from.mailbox().clone())
        .to(to.mailbox().clone())
        .subject(one_line(&letter.mail.subject));
    if let Some(earlier) = &letter.reply_to_thread {
        let earlier = message_id(earlier, from)?;
        message = message.in_reply_to(earlier.clone()).references(earlier);
    }
    for header in letter.list.iter().flat_map(|list| list_headers(list, from, &to)) {
        message = message.raw_header(header);
    }
    let message = message
        .raw_header(header(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated")) // RFC 3834
        .raw_header(header(HeaderName::new_from_ascii_str("X-Auto-Response-Suppress"), "All")) // the same for Exchange
        .multipart(alternatives(letter)?)?;
    Ok(Composed { to, content: message.formatted() })
}

/// `<id@domain>`. An id that is no dot-atom (RFC 5322, 3.2.3) is refused rather than bent: two letters might become
/// one.
fn message_id(id: &str, from: &Address) -> Result<String, ComposeError> {
    let atom = |atom: &str| !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if id.len() <= 64 && id.split('.').all(atom) {
        Ok(format!("<{id}@{}>", from.domain()))
    } else {
        Err(ComposeError::Id { id: id.to_owned() })
    }
}

/// Times that a mail cannot state become the nearest that it can: 1970 to 9999.
fn date(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0).min(253_402_300_799);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// A subject is one line, whatever it was made from: nothing in it can become a header of its own.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_whitespace() || c.is_control();
    text.split(breaks).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn header(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}

/// What mail programs need to offer a way out of a list (RFC 2919, 2369, 8058).
fn list_headers(list: &MailingList, from: &Address, to: &Address) -> Vec<HeaderValue> {
    let name: String = list.name.chars().filter(|c| c.is_ascii_lowercase() || *c == '-').collect();
    let by_mail = unsubscribe::by_mail(from, to.mailbox().email.as_ref());
    // An address with anything else would end the header, or be another one.
    let is_plain = |url: &&String| url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b));
    let page = list.unsubscribe.as_ref().filter(is_plain);
    let ways: Vec<String> = page.into_iter().chain([&by_mail]).map(|way| format!("<{way}>")).collect();
    let mut headers = vec![
        header(HeaderName::new_from_ascii_str("List-Id"), &format!("<{name}.{}>", from.domain())),
        // As it is: an address that is encoded like a subject is none any more. Folded between the two.
        HeaderValue::dangerous_new_pre_encoded(
            HeaderName::new_from_ascii_str("List-Unsubscribe"),
            ways.join(", "),
            ways.join(",\r\n "),
        ),
    ];
    if page.is_some() {
        let one_click = "List-Unsubscribe=One-Click";
        headers.push(header(HeaderName::new_from_ascii_str("List-Unsubscribe-Post"), one_click));
    }
    headers
}

/// The boundary is made of the id, so that a repeat is the same to the byte; `=_` never appears in quoted-printable, so
/// that no text can end its part.
fn alternatives(letter: &Letter) -> Result<MultiPart, ComposeError> {
    let text = MultiPart::alternative()
        .boundary(format!("=_{}", letter.id))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.mail.text));
    Ok(match &letter.mail.picture {
        Some(picture) => text.multipart(illustrated(letter, picture)?),
        None => text.singlepart(part(ContentType::TEXT_HTML, &letter.mail.html)),
    })
}

/// The HTML and the picture that it shows (RFC 2387). The `:` keeps the boundaries apart, as no id has one: a mail
/// program may take a line that begins with a boundary for the boundary.
fn illustrated(letter: &Letter, picture: &Picture) -> Result<MultiPart, ComposeError> {
    let related = format!("multipart/related; boundary=\"=_:{}\"; type=\"text/html\"", letter.id);
    let content_id = format!("chart@{}", letter.id);
    let html = letter.mail.html.replace(PICTURE, &format!("src=\"cid:{content_id}\""));
    let image = Attachment::new_inline_with_name(content_id, "chart.png".to_owned());
    Ok(MultiPart::builder()
        .header(ContentType::parse(&related)?)
        .singlepart(part(ContentType::TEXT_HTML, &html))
        .singlepart(image.body(picture.png.clone(), ContentType::parse("image/png")?)))
}

fn part(content_type: ContentType, text: &str) -> SinglePart {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    SinglePart::builder().header(content_type).header(encoding).body(text.to_owned())
}

#[cfg(test)]
mod tests {
    use mail_parser::{MessageParser, MimeHeaders};
    use proptest::prelude::*;

    use crate::alert::Mail;

    use super::*;

    fn letter(subject: &str, text: &str) -> Letter {
        let mail = Mail { subject: subject.into(), text: text.into(), html: format!("<p>{text}</p>"), picture: None };
        let written_at = Timestamp::parse_rfc3339("2026-03-29T01:30:00Z").unwrap();
        let to = "Jürgen Groß <juergen@groß.example>".into();
        Letter {
            id: "finding-17.1".into(),
            channel: crate::notify::MAIL.into(),
            to,
            mail,
            reply_to_thread: None,
            list: None,
            written_at,
        }
    }

    fn composed(letter: &Letter) -> Result<String, ComposeError> {
        let from = address("Stimmung <stimmung@example.org>").unwrap();
        Ok(String::from_utf8(compose(letter, &from)?.content).unwrap())
    }

    fn header_names(mail: &str) -> Vec<String> {
        let message = MessageParser::default().parse(mail).unwrap();
        message.headers().iter().map(|header| header.name().to_owned()).collect()
    }

    #[test]
    fn a_letter_becomes_text_and_html_in_quoted_printable() {
        let text = "Die Stimmung über Beispiel Bahn kippt: −0,31 statt +0,12.\n.\n--=_finding-17.1\n\nhttps://beispiel.example/?a=b";
        let mut letter = letter("Stimmung kippt: Beispiel Bahn – „geht gar nicht“", text);
        letter.reply_to_thread = Some("finding-17".into());
        insta::assert_snapshot!(composed(&letter).unwrap().replace('\r', ""));
    }

    #[test]
    fn a_mail_program_reads_what_was_written() {
        let text = "Über „Käse“:\n\n.\nFrom here = there\n";
        let mail = composed(&letter("Stimmung kippt – „geht gar nicht“", text)).unwrap();
        let message = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(message.subject(), Some("Stimmung kippt – „geht gar nicht“"));
        assert_eq!(message.message_id(), Some("finding-17.1@example.org"));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-03-29T01:30:00Z");
        assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), text.trim_end());
        assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), format!("<p>{text}</p>"));
        assert_eq!(message.to().unwrap().first().unwrap().address(), Some("juergen@xn--gro-7ka.example"));
    }

    /// As `letter`, with a picture; what somebody wrote looks like it.
    fn illustrated_letter() -> Letter {
        let mut letter = letter("Stimmung kippt", "cid:chart");
        letter.mail.html = format!("<img {PICTURE} alt=\"Verlauf\"><p>src=&#34;cid:chart&#34;</p>");
        letter.mail.picture = Some(Picture { png: (0..=255).collect(), alternative: "Verlauf".into() });
        letter
    }

    #[test]
    fn a_picture_lies_beside_the_html_that_shows_it() {
        insta::assert_snapshot!(composed(&illustrated_letter()).unwrap().replace('\r', ""));
    }

    #[test]
    fn a_mail_program_finds_the_picture_by_its_content_id() {
        let mail = composed(&illustrated_letter()).unwrap();
        let message = MessageParser::default().parse(&mail).unwrap();
        assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 1));
        let html = message.body_html(0).unwrap();
        assert_eq!(html, "<img src=\"cid:chart@finding-17.1\" alt=\"Verlauf\"><p>src=&#34;cid:chart&#34;</p>");
        let image = message.attachment(0).unwrap();
        assert_eq!(image.content_id(), Some("chart@finding-17.1"));
        assert_eq!(image.content_disposition().unwrap().ctype(), "inline");
        assert_eq!(image.content_type().unwrap().subtype(), Some("png"));
        assert_eq!(image.contents(), (0..=255).collect::<Vec<u8>>());
    }

    #[test]
    fn a_repeat_is_the_same_to_the_byte() {
        let illustrated = illustrated_letter();
        assert_eq!(composed(&illustrated).unwrap(), composed(&illustrated).unwrap());
        let letter = letter("Stimmung kippt", "Text");
        assert_eq!(composed(&letter).unwrap(), composed(&letter).unwrap());
    }

    #[test]
    fn a_line_break_in_the_subject_adds_no_header() {
        let mail = composed(&letter("Kippt\r\nBcc: otto@example.org\u{2028}\u{85}\0Ende", "Text")).unwrap();
        assert!(!header_names(&mail).contains(&"Bcc".to_owned()));
        let message = MessageParser::default().parse(&mail).unwrap();
        assert_eq!(message.subject(), Some("Kippt Bcc: otto@example.org Ende"));
    }

    #[test]
    fn a_letter_that_cannot_be_addressed_is_refused_without_naming_anyone() {
        let errors = ["erika", "erika@example.org\r\nBcc: otto@example.org", "erika@example.org, otto@example.org"]
            .map(|to| composed(&Letter { to: to.into(), ..letter("Stimmung", "Text") }).unwrap_err().to_string());
        insta::assert_snapshot!(errors.join("\n"), @r#"
        the recipient … is no mail address like `name@example.org` or `Name <name@example.org>`
        the recipient e…@example.org contains a control character
        the recipient e…@example.org must be one address: write each in an entry of its own, and put quotes around a name with `,`, `;`, `@`, `<` or `>`
        "#);
    }

    #[test]
    fn an_id_that_would_break_the_headers_or_the_file_name_is_refused() {
        for id in ["", ".", "a..b", "../a", "a b", "a>\r\nBcc: b", "ä", "a@b", &"x".repeat(65)] {
            assert!(composed(&Letter { id: id.into(), ..letter("Stimmung", "Text") }).is_err(), "{id:?}");
            let thread = Some(id.to_owned());
            assert!(composed(&Letter { reply_to_thread: thread, ..letter("Stimmung", "Text") }).is_err(), "{id:?}");
        }
        assert!(composed(&Letter { id: "x".repeat(64), ..letter("Stimmung", "Text") }).is_ok());
    }

    #[test]
    fn a_time_beyond_the_calendar_is_no_reason_to_lose_the_letter() {
        for (seconds, year) in [(i64::MIN, 1970), (i64::MAX, 9999)] {
            let written_at = Timestamp::from_seconds(seconds);
            let mail = composed(&Letter { written_at, ..letter("Stimmung", "Text") }).unwrap();
            assert_eq!(MessageParser::default().parse(&mail).unwrap().date().unwrap().year, year);
        }
    }

    fn listed(unsubscribe: Option<&str>) -> String {
        let list = MailingList { name: "daily-digest".into(), unsubscribe: unsubscribe.map(str::to_owned) };
        composed(&Letter { list: Some(list), ..letter("Tagesbericht", "Text") }).unwrap()
    }

    /// Where a mail program would go: what stands in angle brackets.
    fn ways_out(mail: &str) -> Vec<String> {
        let message = MessageParser::default().parse(mail).unwrap();
        let ways = message.header_raw("List-Unsubscribe").unwrap().replace("\r\n", "");
        ways.split(',').map(|way| way.trim().trim_matches(['<', '>']).to_owned()).collect()
    }

    #[test]
    fn a_letter_of_a_list_says_how_to_leave_it() {
        let page = format!("https://stimmung.example.org/unsubscribe/{}-{}", "6a".repeat(120), "0f".repeat(16));
        let mail = listed(Some(&page));
        let message = MessageParser::default().parse(&mail).unwrap();
        let by_mail = "mailto:stimmung@example.org?subject=unsubscribe%20juergen@xn--gro-7ka.example";
        assert_eq!(ways_out(&mail), [page.as_str(), by_mail]);
        assert_eq!(message.header_raw("List-Unsubscribe-Post").unwrap().trim(), "List-Unsubscribe=One-Click");
        assert_eq!(message.header_raw("List-Id").unwrap().trim(), "<daily-digest.example.org>");
        assert_eq!(message.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
        assert_eq!((message.text_body_count(), message.html_body_count()), (1, 1));
        assert!(mail.lines().all(|line| line.len() <= 998));
    }

    #[test]
    fn without_a_page_one_leaves_by_mail_and_nobody_is_promised_one_click() {
        let mail = listed(None);
        assert_eq!(ways_out(&mail).len(), 1);
        assert!(!header_names(&mail).contains(&"List-Unsubscribe-Post".to_owned()));
    }

    #[test]
    fn a_letter_of_no_list_has_no_way_out_of_one() {
        let names = header_names(&composed(&letter("Stimmung kippt", "Text")).unwrap());
        assert!(names.iter().all(|name| !name.starts_with("List-")), "{names:?}");
    }

    #[test]
    fn an_address_that_would_break_the_header_is_none() {
        for page in ["https://a.example/\r\nBcc: b@example.org", "https://a.example/> x", "https://ä.example/"] {
            let mail = listed(Some(page));
            assert_eq!(ways_out(&mail).len(), 1, "{page}");
            assert!(!header_names(&mail).contains(&"Bcc".to_owned()));
        }
    }

    proptest! {
        #[test]
        fn whatever_it_says_a_mail_has_the_same_headers_and_two_parts(subject: String, text: String) {
            let mail = composed(&letter(&subject, &text)).unwrap();
            prop_assert_eq!(header_names(&mail), header_names(&composed(&letter("Stimmung", "Text")).unwrap()));
            prop_assert!(mail.lines().all(|line| line.len() <= 998 && line.is_ascii()));
            let message = MessageParser::default().parse(&mail).unwrap();
            prop_assert_eq!((message.text_body_count(), message.html_body_count(), message.attachment_count()), (1, 1, 0));
        }
    }
}
