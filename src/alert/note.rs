//! A short letter: a headline and a few paragraphs.

use askama::Template;

use super::Mail;
use super::format::Format;
use super::letter::wrap;
use crate::mjml;

#[derive(Template)]
#[template(path = "alert/note.mjml")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    headline: &'a str,
    paragraphs: &'a [String],
    footer: &'a str,
}

pub(super) fn write(subject: String, headline: &str, paragraphs: &[String], format: Format) -> Mail {
    let footer = format.footer();
    let mut text = wrap(headline, "");
    for paragraph in paragraphs {
        text.push_str("\n\n");
        text.push_str(&wrap(paragraph, ""));
    }
    text.push_str(&format!("\n\n-- \n{footer}\n"));
    let html = Html { language: format.tongue.code(), subject: &subject, headline, paragraphs, footer: &footer };
    Mail { html: mjml::render(&html), text, subject, picture: None }
}
