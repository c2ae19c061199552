//! The mail that brings the link: short, signed by the team, and nothing in it is loaded from anywhere.

use askama::Template;
use chrono_tz::Tz;

use super::QUESTION;
use crate::alert::Mail;
use crate::alert::format::Format;
use crate::alert::letter::wrap;
use crate::alert::quote::one_line;
use crate::mention::Timestamp;
use crate::mjml;
use crate::tongue::{Said, Tongue, said};

/// Characters of the brand's name that the subject has room for.
const BRAND_IN_SUBJECT: usize = 60;

/// What a mail needs to know.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// Whom the person had turned to.
    pub brand: &'a str,
    /// As what the team signs; `None`: with the brand's name.
    pub team: Option<&'a str>,
    /// Where one answers.
    pub link: &'a str,
    /// Until when.
    pub expires_at: Timestamp,
}

const GREETING: Said<&str> = said("Guten Tag,", "Hello,");

const LEAD: Said<&str> = said(
    "vor Kurzem haben wir uns um Ihr Anliegen gekümmert. Wie zufrieden sind Sie mit unserer Hilfe? Es bleibt bei dieser einen \
     Frage, und wenn Sie mögen, schreiben Sie etwas dazu.",
    "We recently took care of your concern. How satisfied are you with our help? It is just this one question, and you can \
     add a few words if you like.",
);

const BUTTON: Said<&str> = said("Frage beantworten", "Answer the question");

const REGARDS: Said<&str> = said("Mit freundlichen Grüßen", "Kind regards");

const WHY: Said<&str> = said(
    "Sie erhalten diese Mail, weil Sie uns diese Adresse dafür genannt haben. Die Umfrage kommt ohne Cookies und ohne \
     Tracking aus.",
    "You get this mail because you gave us this address for it. The survey uses no cookies and no tracking.",
);

/// What both parts of the mail say.
struct Letter<'a> {
    language: &'static str,
    subject: String,
    question: &'static str,
    greeting: &'static str,
    lead: &'static str,
    button: &'static str,
    link: &'a str,
    until: String,
    regards: &'static str,
    /// The team, and the brand where it does not name that itself.
    signature: Vec<String>,
    why: &'static str,
}

#[derive(Template)]
#[template(path = "outreach/survey/mail.mjml")]
struct Html<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "outreach/survey/mail.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter<'a>,
}

impl Text<'_> {
    /// A paragraph in lines.
    fn lines(&self, text: &str) -> String {
        wrap(text, "")
    }
}

/// The mail, in the language of the survey.
pub fn mail(invitation: &Invitation<'_>, tongue: Tongue, zone: Tz) -> Mail {
    let letter = letter(invitation, Format { tongue, zone });
    // Writing into a string does not fail; should a template ever do, the link still arrives.
    let text = Text { letter: &letter }.render().unwrap_or_else(|_| letter.link.to_owned()) + "\n";
    Mail { html: mjml::render(&Html { letter: &letter }), text, subject: letter.subject, picture: None }
}

fn letter<'a>(invitation: &Invitation<'a>, format: Format) -> Letter<'a> {
    let (tongue, brand) = (format.tongue, one_line(invitation.brand));
    let team = invitation.team.map(one_line);
    let is_named = team.as_ref().is_some_and(|team| team.contains(&brand));
    let short: String = brand.chars().take(BRAND_IN_SUBJECT).collect();
    let question = QUESTION.to(tongue);
    let until = format.near_day(invitation.expires_at);
    let until = match tongue {
        Tongue::German => format!("Der Link gilt bis zum {until}. Ob Sie antworten, ist ganz Ihnen überlassen."),
        Tongue::English => format!("The link is valid until {until}. Whether you answer is entirely up to you."),
    };
    Letter {
        language: tongue.code(),
        subject: format!("{short}: {question}"),
        question,
        greeting: GREETING.to(tongue),
        lead: LEAD.to(tongue),
        button: BUTTON.to(tongue),
        link: invitation.link,
        until,
        regards: REGARDS.to(tongue),
        signature: team.into_iter().chain((!is_named).then_some(brand)).collect(),
        why: WHY.to(tongue),
    }
}
