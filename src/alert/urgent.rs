//! The letter about single mentions that cannot wait: grouped by brand and cause, the most urgent first.

mod wording;

use std::ops::Range;

use askama::Template;
use chrono_tz::Tz;

use super::format::{Format, Tongue};
use super::letter::wrap;
use super::message::{Message, Voice, bare};
use super::quote::{one_line, shortened, web_address};
use super::{Mail, wording::labels};
use crate::mention::{Author, Label, Language, Timestamp};
use crate::mjml;
use crate::urgent::Cause;

/// So many are shown; the rest is counted.
const MOST_SHOWN: usize = 20;

/// The same in a channel: Slack takes 50 blocks, and each needs three.
const MOST_IN_CHANNEL: usize = 15;

/// Characters of the brands' names that the subject has room for.
const BRAND_IN_SUBJECT: usize = 60;

/// A mention that cannot wait, with what its reader has to know.
#[derive(Clone, Debug, PartialEq)]
pub struct UrgentMention {
    /// Whom it is about.
    pub brand: String,
    /// Why it cannot wait.
    pub cause: Cause,
    /// What decided it, as it stands in the text.
    pub words: Vec<String>,
    /// To rank it among others, from 0 to 1.
    pub weight: f64,
    /// The source's id.
    pub source: String,
    /// When it was published; when it arrived, where the source does not say.
    pub at: Timestamp,
    /// Who wrote it: the reader is to answer.
    pub author: Option<Author>,
    /// Title and text.
    pub text: String,
    /// Where to read it.
    pub url: Option<String>,
    /// The mood, if it can be told.
    pub label: Option<Label>,
    /// As analysed, from 0 to 1.
    pub urgency: f64,
}

/// Those about one brand for one cause.
struct Group {
    heading: String,
    cards: Vec<Card>,
}

/// One mention, ready to be set.
struct Card {
    text: Vec<Part>,
    words: String,
    /// Author, source, time.
    origin: String,
    url: Option<String>,
}

/// A part of a text; the words that decided are strong.
struct Part {
    text: String,
    strong: bool,
}

#[derive(Template)]
#[template(path = "alert/urgent.mjml")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    headline: &'a str,
    groups: &'a [Group],
    rest: Option<&'a str>,
    original: &'static str,
    footer: &'a str,
}

/// Those that are shown: most urgent first, and with each those of its brand and cause.
fn grouped(mentions: &[UrgentMention], most: usize) -> Vec<Vec<&UrgentMention>> {
    let mut ranked: Vec<&UrgentMention> = mentions.iter().collect();
    ranked.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut groups: Vec<Vec<&UrgentMention>> = Vec::new();
    for mention in ranked.into_iter().take(most) {
        match groups.iter_mut().find(|group| group[0].brand == mention.brand && group[0].cause == mention.cause) {
            Some(group) => group.push(mention),
            None => groups.push(vec![mention]),
        }
    }
    groups
}

pub(super) fn write(mentions: &[UrgentMention], language: Language, zone: Tz) -> Mail {
    let format = Format { tongue: Tongue::of(language), zone };
    let groups: Vec<Group> = grouped(mentions, MOST_SHOWN).iter().map(|group| set(group, format)).collect();
    let (subject, headline) = titles(mentions, format);
    let rest = format.more_urgent(mentions.len().saturating_sub(MOST_SHOWN));
    let footer = format!("{} {}", format.urgent_reason(), format.footer());
    let html = Html {
        language: format.tongue.code(),
        subject: &subject,
        headline: &headline,
        groups: &groups,
        rest: rest.as_deref(),
        original: labels(format.tongue).original,
        footer: &footer,
    };
    Mail {
        html: mjml::render(&html),
        text: plain(&headline, &groups, rest.as_deref(), &footer),
        subject,
        picture: None,
    }
}

/// The same in parts, for channels.
pub(super) fn message(mentions: &[UrgentMention], language: Language, zone: Tz) -> Message {
    let format = Format { tongue: Tongue::of(language), zone };
    let voice = |mention: &UrgentMention| {
        let card = card(mention, format);
        let (cause, brand) = (format.cause(mention.cause), one_line(&mention.brand));
        Voice {
            text: card.text.into_iter().map(|part| part.text).collect(),
            origin: format!("{cause} · {brand} · {} · {}", card.origin, card.words),
            url: card.url,
        }
    };
    let (_, headline) = titles(mentions, format);
    Message {
        headline,
        paragraphs: format.more_urgent(mentions.len().saturating_sub(MOST_IN_CHANNEL)).into_iter().collect(),
        voices: grouped(mentions, MOST_IN_CHANNEL).into_iter().flatten().map(voice).collect(),
        ..bare(format, write(mentions, language, zone))
    }
}

/// Subject and headline. Causes and brands are the operator's words; nothing of a stranger is in them.
fn titles(mentions: &[UrgentMention], format: Format) -> (String, String) {
    let groups = grouped(mentions, MOST_SHOWN);
    let (mut causes, mut brands): (Vec<&str>, Vec<String>) = Default::default();
    for first in groups.iter().map(|group| group[0]) {
        let (cause, brand) = (format.cause(first.cause), one_line(&first.brand));
        if !causes.contains(&cause) {
            causes.push(cause);
        }
        if !brands.contains(&brand) {
            brands.push(brand);
        }
    }
    let brands: String = brands.join(", ").chars().take(BRAND_IN_SUBJECT).collect();
    (
        format.urgent_subject(&causes.join(", "), &brands, mentions.len()),
        format.urgent_headline(&brands, mentions.len()),
    )
}

fn set(group: &[&UrgentMention], format: Format) -> Group {
    let heading = format!("{} · {}", one_line(&group[0].brand), format.cause(group[0].cause));
    Group { heading, cards: group.iter().map(|mention| card(mention, format)).collect() }
}

fn card(mention: &UrgentMention, format: Format) -> Card {
    let words: Vec<String> = mention.words.iter().map(|word| one_line(word)).collect();
    let text =
        shortened(&one_line(&mention.text), |sentence| words.iter().any(|word| sentence.contains(word.as_str())));
    let author = mention.author.as_ref().map(|author| one_line(&author.name)).filter(|name| !name.is_empty());
    let place = [author, Some(one_line(&mention.source)), Some(format.moment(mention.at))];
    Card {
        words: format.deciding(&words),
        text: parts(&text, &words),
        origin: place.into_iter().flatten().collect::<Vec<_>>().join(", "),
        url: mention.url.as_deref().and_then(web_address),
    }
}

/// The text, taken apart where one of the words stands.
fn parts(text: &str, words: &[String]) -> Vec<Part> {
    let mut places: Vec<Range<usize>> = words
        .iter()
        .filter(|word| !word.is_empty())
        .filter_map(|word| text.find(word.as_str()).map(|at| at..at + word.len()))
        .collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut parts = Vec::new();
    let mut from = 0;
    for place in places {
        // Of words that overlap the first is strong.
        if place.start < from {
            continue;
        }
        parts.push(Part { text: text[from..place.start].to_owned(), strong: false });
        parts.push(Part { text: text[place.clone()].to_owned(), strong: true });
        from = place.end;
    }
    parts.push(Part { text: text[from..].to_owned(), strong: false });
    parts.retain(|part| !part.text.is_empty());
    parts
}

fn plain(headline: &str, groups: &[Group], rest: Option<&str>, footer: &str) -> String {
    let mut text = wrap(headline, "");
    for group in groups {
        text += &format!("\n\n{}", wrap(&group.heading, ""));
        for card in &group.cards {
            let words: String = card.text.iter().map(|part| part.text.as_str()).collect();
            text += &format!("\n\n{}", wrap(&words, "> "));
            for line in [Some(&card.origin), Some(&card.words), card.url.as_ref()].into_iter().flatten() {
                text += &format!("\n  {line}");
            }
        }
    }
    if let Some(rest) = rest {
        text += &format!("\n\n{}", wrap(rest, ""));
    }
    text + &format!("\n\n-- \n{}\n", wrap(footer, ""))
}

#[cfg(test)]
mod tests;
