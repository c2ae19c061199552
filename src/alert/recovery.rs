//! The letter that says that a shift is over.

use chrono_tz::Tz;

use super::format::{Format, Tongue};
use super::quote::one_line;
use super::{Alert, Mail, note};
use crate::detect::{Development, FindingKind};
use crate::mention::Language;

pub(super) fn write(alert: &Alert, over: &Development, language: Language, zone: Tz) -> Mail {
    let format = Format { tongue: Tongue::of(language), zone };
    let (subject, headline) = titles(format, &one_line(&alert.brand), over.kind);
    note::write(subject, &headline, &paragraphs(format, alert, over), format)
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
