//! A finding in plain parts, for channels that set them in their own way. Nothing in here is markup.

use chrono_tz::Tz;

use super::format::{Format, Tongue};
use super::quote::{one_line, web_address};
use super::wording::labels;
use super::{Alert, Mail, Period, Quote, UrgentMention, recovery, rehearsal};
use crate::detect::Development;
use crate::detect::rehearsal::Rehearsal;
use crate::mention::Language;

/// What a finding, or its end, says in a few parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `de` or `en`.
    pub language: &'static str,
    /// One line, as a mail has it.
    pub subject: String,
    /// What happened, in a sentence.
    pub headline: String,
    /// More about it, the most important first.
    pub paragraphs: Vec<String>,
    /// Names and numbers: how the moods were shared before and since. Names hold no words of strangers.
    pub figures: Vec<(String, String)>,
    /// What stands over the words that gained.
    pub words_label: &'static str,
    /// The words that gained most: strangers' words.
    pub words: Vec<String>,
    /// What stands over the quotes.
    pub voices_label: &'static str,
    /// What people say: strangers' words.
    pub voices: Vec<Voice>,
    /// What stands on a link to the whole of a quote.
    pub original_label: &'static str,
    /// Who says all this.
    pub footer: String,
    /// All of it as plain text, as a mail has it.
    pub text: String,
}

/// A quote, ready to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voice {
    /// In one line.
    pub text: String,
    /// Source and time.
    pub origin: String,
    /// An address of the web, for the whole of it.
    pub url: Option<String>,
}

/// A finding, in a reader's language.
pub fn found(alert: &Alert, language: Language, zone: Tz) -> Message {
    let format = Format { tongue: Tongue::of(language), zone };
    let finding = &alert.finding;
    let mut paragraphs: Vec<String> = lead(alert, format).into_iter().collect();
    paragraphs.push(format.timing(finding));
    paragraphs.extend((finding.rarity_days > 0.0).then(|| format.rarity(finding, alert.rule)));
    let quotes = alert.supporting.iter().chain(&alert.opposing);
    Message {
        paragraphs,
        figures: figures(alert, format),
        words: alert.words.iter().map(|word| one_line(&word.text)).collect(),
        voices: quotes.map(|quote| voice(quote, format)).collect(),
        headline: format.headline(&one_line(&alert.brand), finding),
        ..bare(format, super::mail(alert, language, zone))
    }
}

/// The end of a finding, in a reader's language.
pub fn over(alert: &Alert, over: &Development, language: Language, zone: Tz) -> Message {
    let format = Format { tongue: Tongue::of(language), zone };
    let (_, headline) = recovery::titles(format, &one_line(&alert.brand), over.kind);
    // The first says it all; what follows is about mails.
    let paragraphs = recovery::paragraphs(format, alert, over).into_iter().take(1).collect();
    Message { headline, paragraphs, ..bare(format, recovery::write(alert, over, language, zone)) }
}

/// What would have been told before anybody listened, in a reader's language.
pub fn rehearsed(brand: &str, rehearsal: &Rehearsal, language: Language, zone: Tz) -> Message {
    let format = Format { tongue: Tongue::of(language), zone };
    let (_, headline) = rehearsal::titles(format, &one_line(brand));
    let paragraphs = rehearsal::paragraphs(format, rehearsal);
    Message { headline, paragraphs, ..bare(format, rehearsal::write(brand, rehearsal, language, zone)) }
}

/// Mentions that cannot wait, in a reader's language.
pub fn urgent(mentions: &[UrgentMention], language: Language, zone: Tz) -> Message {
    super::urgent::message(mentions, language, zone)
}

pub(super) fn bare(format: Format, mail: Mail) -> Message {
    let labels = labels(format.tongue);
    Message {
        language: format.tongue.code(),
        subject: mail.subject,
        headline: String::new(),
        paragraphs: Vec::new(),
        figures: Vec::new(),
        words_label: labels.words,
        words: Vec::new(),
        voices_label: labels.quotes,
        voices: Vec::new(),
        original_label: labels.original,
        footer: format.footer(),
        text: mail.text,
    }
}

/// The number that matters most, in a sentence.
fn lead(alert: &Alert, format: Format) -> Option<String> {
    let finding = &alert.finding;
    let Some(direction) = finding.kind.direction() else {
        return finding.extent.as_ref().map(|extent| format.extent(extent, finding));
    };
    let moved = if direction.sign() < 0.0 { 0 } else { 2 };
    let share = |period: &Period| period.shares.map(|shares| shares[moved].fraction);
    Some(format.lead(direction, finding, share(&alert.since)?, share(&alert.before)?))
}

/// Each mood's share before and since, and the net of them; empty where the mood is not the matter or a period is empty.
fn figures(alert: &Alert, format: Format) -> Vec<(String, String)> {
    let (Some(before), Some(since)) = (alert.before.shares, alert.since.shares) else { return Vec::new() };
    if alert.finding.kind.direction().is_none() {
        return Vec::new();
    }
    let labels = labels(format.tongue);
    let arrow = |before: String, since: String| format!("{before} → {since}");
    let shares = before.iter().zip(&since).map(|(b, s)| arrow(format.percent(b.fraction), format.percent(s.fraction)));
    let mut figures: Vec<_> = labels.moods.iter().map(|&name| name.to_owned()).zip(shares).collect();
    if let (Some(before), Some(since)) = (alert.before.net(), alert.since.net()) {
        figures.push((labels.net.to_owned(), arrow(format.points(before), format.points(since))));
    }
    figures
}

fn voice(quote: &Quote, format: Format) -> Voice {
    Voice {
        text: one_line(&quote.text),
        origin: format!("{}, {}", one_line(&quote.source), format.moment(quote.at)),
        url: quote.url.as_deref().and_then(web_address),
    }
}
