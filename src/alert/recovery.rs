//! The letter that says that a shift is over.

use askama::Template;
use chrono_tz::Tz;

use super::format::{Format, Tongue};
use super::letter::wrap;
use super::quote::one_line;
use super::{Alert, Mail};
use crate::detect::{Development, FindingKind};
use crate::mention::Language;
use crate::mjml;

#[derive(Template)]
#[template(path = "alert/recovery.mjml")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    headline: &'a str,
    paragraphs: &'a [String],
    footer: &'a str,
}

pub(super) fn write(alert: &Alert, over: &Development, language: Language, zone: Tz) -> Mail {
    let format = Format { tongue: Tongue::of(language), zone };
    let brand = one_line(&alert.brand);
    let (subject, headline) = titles(format, &brand, over.kind);
    let paragraphs = paragraphs(format, alert, over);
    let footer = format.footer();
    let mut text = wrap(&headline, "");
    for paragraph in &paragraphs {
        text.push_str("\n\n");
        text.push_str(&wrap(paragraph, ""));
    }
    text.push_str(&format!("\n\n-- \n{footer}\n"));
    let html = Html {
        language: format.tongue.code(),
        subject: &subject,
        headline: &headline,
        paragraphs: &paragraphs,
        footer: &footer,
    };
    let html = html.render().ok().and_then(|mjml| mjml::html(&mjml)).unwrap_or_default();
    Mail { html, text, subject, picture: None }
}

pub(super) fn titles(format: Format, brand: &str, kind: FindingKind) -> (String, String) {
    let up = kind == FindingKind::MoodUp;
    match format.tongue {
        Tongue::German => {
            let headline = match up {
                false => format!("Die Stimmung rund um {brand} hat sich erholt"),
                true => format!("Die Stimmung rund um {brand} ist wieder wie sonst"),
            };
            (format!("{brand}: Stimmung wieder wie zuvor"), headline)
        }
        Tongue::English => {
            let headline = match up {
                false => format!("The mood around {brand} has recovered"),
                true => format!("The mood around {brand} is as usual again"),
            };
            (format!("{brand}: mood back to where it was"), headline)
        }
    }
}

pub(super) fn paragraphs(format: Format, alert: &Alert, over: &Development) -> Vec<String> {
    let since = format.day_starting_at(alert.finding.onset);
    let until = format.moment(over.at);
    let (then, now) = (format.points(alert.finding.residual), format.points(over.residual));
    #[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
    let days = (over.at.seconds() - alert.finding.onset.seconds()) as f64 / 86_400.0;
    let span = format.span(days.max(1.0));
    match format.tongue {
        Tongue::German => vec![
            format!(
                "Die Veränderung der Stimmung, die am {since} begonnen hat, ist vorbei: Am {until} lag der Saldo bei {now} Punkten gegenüber der Zeit davor; als es auffiel, waren es {then}."
            ),
            format!(
                "Nach rund {span} ist sie damit wieder, wie sie war. Zu dieser Veränderung kommt keine weitere Mail."
            ),
        ],
        Tongue::English => vec![
            format!(
                "What began on {since} is over: on {until} the net mood was {now} points from where it had been before; when it was noticed, it was {then}."
            ),
            format!("It took about {span}. There will be no further mail about this change."),
        ],
    }
}
