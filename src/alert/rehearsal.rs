//! The letter about what would have been told before anybody listened.

use chrono_tz::Tz;

use super::format::{Format, Tongue};
use super::quote::one_line;
use super::{Mail, note};
use crate::detect::rehearsal::{Rehearsal, Trial, warm_up_days};
use crate::detect::{Finding, FindingKind};
use crate::mention::Language;

/// So many shifts are named with their day.
const MOST_NAMED: usize = 6;

pub(super) fn write(brand: &str, rehearsal: &Rehearsal, language: Language, zone: Tz) -> Mail {
    let format = Format { tongue: Tongue::of(language), zone };
    let (subject, headline) = titles(format, &one_line(brand));
    note::write(subject, &headline, &paragraphs(format, rehearsal), format)
}

pub(super) fn titles(format: Format, brand: &str) -> (String, String) {
    match format.tongue {
        Tongue::German => (
            format!("{brand}: womit Sie rechnen können"),
            format!("So oft hätte Stimmung sich bisher zu {brand} gemeldet"),
        ),
        Tongue::English => {
            (format!("{brand}: what to expect"), format!("How often Stimmung would have written about {brand} so far"))
        }
    }
}

pub(super) fn paragraphs(format: Format, rehearsal: &Rehearsal) -> Vec<String> {
    let mut paragraphs = vec![history(format, rehearsal)];
    if let Some((configured, others)) = rehearsal.trials.split_first() {
        paragraphs.push(configured_trial(format, configured));
        paragraphs.extend(beside(format, configured));
        paragraphs.extend(alternatives(format, others));
    }
    paragraphs.extend(format.patience(rehearsal.per_day()));
    paragraphs
}

/// What was lived through.
fn history(format: Format, rehearsal: &Rehearsal) -> String {
    let (from, to) = (format.day(rehearsal.from), format.day(rehearsal.to));
    let mentions = format.mentions(rehearsal.mentions);
    let sources = rehearsal.sources.iter().map(|source| one_line(source)).collect::<Vec<_>>().join(", ");
    let warm_up = warm_up_days();
    match format.tongue {
        Tongue::German => format!(
            "Die Vorgeschichte wurde einmal so durchlaufen, als wäre sie laufend eingetroffen: {mentions} vom {from} bis zum {to} ({sources}). \
             Die ersten {warm_up} Tage zeigen nur, was üblich ist."
        ),
        Tongue::English => format!(
            "The past was lived through once as if it had arrived bit by bit: {mentions} from {from} to {to} ({sources}). \
             The first {warm_up} days only show what is usual."
        ),
    }
}

fn shifts(trial: &Trial) -> Vec<&Finding> {
    trial.findings.iter().filter(|finding| finding.kind.direction().is_some()).collect()
}

/// What the configured promise would have come to.
fn configured_trial(format: Format, trial: &Trial) -> String {
    let shifts = shifts(trial);
    let promise = format.promise(trial.rule);
    let named = shifts.iter().take(MOST_NAMED).map(|shift| named(format, shift)).collect::<Vec<_>>().join("; ");
    let more = if shifts.len() > MOST_NAMED { "; …" } else { "" };
    match (format.tongue, shifts.len()) {
        (Tongue::German, 0) => {
            format!(
                "Mit Ihrer Einstellung ({promise}) hätte es keine Meldung über einen Umschwung der Stimmung gegeben."
            )
        }
        (Tongue::German, 1) => format!(
            "Mit Ihrer Einstellung ({promise}) hätte es eine Meldung über einen Umschwung der Stimmung gegeben: {named}."
        ),
        (Tongue::German, count) => format!(
            "Mit Ihrer Einstellung ({promise}) hätte es {count} Meldungen über Umschwünge der Stimmung gegeben: {named}{more}."
        ),
        (Tongue::English, 0) => {
            format!("With your setting ({promise}) there would have been no alert about a shift of the mood.")
        }
        (Tongue::English, 1) => {
            format!("With your setting ({promise}) there would have been one alert about a shift of the mood: {named}.")
        }
        (Tongue::English, count) => format!(
            "With your setting ({promise}) there would have been {count} alerts about shifts of the mood: {named}{more}."
        ),
    }
}

fn named(format: Format, shift: &Finding) -> String {
    let (day, points) = (format.day(shift.at), format.points(shift.residual));
    match format.tongue {
        Tongue::German => format!("{day} ({points} Punkte)"),
        Tongue::English => format!("{day} ({points} points)"),
    }
}

/// What else would have been told.
fn beside(format: Format, trial: &Trial) -> Option<String> {
    let count = |kind| trial.findings.iter().filter(|finding| finding.kind == kind).count();
    let (volume, gap) = match format.tongue {
        Tongue::German => ("deutlich mehr Erwähnungen als sonst", "auffällige Stille"),
        Tongue::English => ("far more mentions than usual", "striking silence"),
    };
    let counts = [(volume, count(FindingKind::Volume)), (gap, count(FindingKind::Gap))];
    let told = counts.into_iter().filter(|(_, count)| *count > 0);
    let parts: Vec<String> = told.map(|(what, count)| format!("{what} ({})", times(format.tongue, count))).collect();
    (!parts.is_empty()).then(|| match format.tongue {
        Tongue::German => format!("Hinzu kämen Meldungen über {}.", parts.join(" und ")),
        Tongue::English => format!("There would also have been alerts about {}.", parts.join(" and ")),
    })
}

fn times(tongue: Tongue, count: usize) -> String {
    match (tongue, count) {
        (Tongue::German, 1) => "einmal".to_owned(),
        (Tongue::German, _) => format!("{count}-mal"),
        (Tongue::English, 1) => "once".to_owned(),
        (Tongue::English, 2) => "twice".to_owned(),
        (Tongue::English, _) => format!("{count} times"),
    }
}

/// What other promises would have come to.
fn alternatives(format: Format, trials: &[Trial]) -> Option<String> {
    let mut parts = trials.iter().map(|trial| (format.days(trial.rule.days), shifts(trial).len()));
    let (span, count) = parts.next()?;
    let opening = match format.tongue {
        Tongue::German => {
            let were = if count == 1 { "wäre" } else { "wären" };
            format!("Mit höchstens einem Fehlalarm in {span} {were} es {count} gewesen")
        }
        Tongue::English => format!("At one false alert in {span} it would have been {count}"),
    };
    let others: String = parts.map(|(span, count)| format!(", in {span} {count}")).collect();
    Some(match format.tongue {
        Tongue::German => {
            format!("{opening}{others}. Einstellen lässt sich das in sources.toml: at_most_one_false_alarm_per.")
        }
        Tongue::English => format!("{opening}{others}. The setting in sources.toml is at_most_one_false_alarm_per."),
    })
}
