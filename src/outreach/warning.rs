//! The letter that says whom to answer before their time limit is over. Nobody is named in it but who has the case.

mod wording;

use askama::Template;
use chrono_tz::Tz;

use super::Severity;
use crate::alert::Mail;
use crate::alert::format::{Format, Tongue};
use crate::alert::letter::wrap;
use crate::alert::quote::{one_line, shortened, web_address};
use crate::mention::{Language, Timestamp};
use crate::mjml;

/// So many are shown; the rest is counted.
const MOST_SHOWN: usize = 20;

/// Characters of the brands' names that the subject has room for.
const BRANDS_IN_SUBJECT: usize = 60;

/// Somebody who is to be answered soon.
#[derive(Clone, Debug, PartialEq)]
pub struct DueCase {
    /// The number of the case.
    pub id: i64,
    /// How much it matters.
    pub severity: Severity,
    /// Whom it is about.
    pub brand: String,
    /// The source's id.
    pub source: String,
    /// What was said last.
    pub mention_id: i64,
    /// Its title and text.
    pub text: String,
    /// Since when they wait.
    pub waits_since: Timestamp,
    /// Until when they are to have an answer.
    pub due_at: Timestamp,
    /// Who has the case.
    pub owner: Option<String>,
}

/// One case, ready to be set.
struct Card {
    heading: String,
    text: String,
    times: String,
    owner: String,
    url: Option<String>,
}

#[derive(Template)]
#[template(path = "outreach/warning.mjml")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    headline: &'a str,
    cards: &'a [Card],
    rest: Option<&'a str>,
    open: &'static str,
    footer: &'a str,
}

/// Of at least one case; those that are due first come first. `site`: where the pages are, if others can reach them.
pub fn mail(cases: &[DueCase], language: Language, zone: Tz, site: Option<&str>) -> Mail {
    let format = Format { tongue: Tongue::of(language), zone };
    let mut cases: Vec<&DueCase> = cases.iter().collect();
    cases.sort_by_key(|case| (case.due_at, std::cmp::Reverse(case.severity), case.id));
    let (subject, headline) = titles(&cases, format);
    let cards: Vec<Card> = cases.iter().take(MOST_SHOWN).map(|case| card(case, format, site)).collect();
    let rest = format.more_due(cases.len().saturating_sub(MOST_SHOWN));
    let footer = format!("{} {}", format.warning_reason(), format.footer());
    let html = Html {
        language: format.tongue.code(),
        subject: &subject,
        headline: &headline,
        cards: &cards,
        rest: rest.as_deref(),
        open: format.open_case(),
        footer: &footer,
    };
    Mail { html: mjml::render(&html), text: plain(&headline, &cards, rest.as_deref(), &footer), subject, picture: None }
}

/// Subject and headline. Brands are the operator's words; nothing of a stranger is in them.
fn titles(cases: &[&DueCase], format: Format) -> (String, String) {
    let mut brands: Vec<String> = Vec::new();
    for brand in cases.iter().map(|case| one_line(&case.brand)) {
        if !brands.contains(&brand) {
            brands.push(brand);
        }
    }
    let brands: String = brands.join(", ").chars().take(BRANDS_IN_SUBJECT).collect();
    let last = cases.last().map_or(Timestamp::from_seconds(0), |case| case.due_at);
    (format.due_subject(&brands, cases.len()), format.due_headline(cases.len(), last))
}

fn card(case: &DueCase, format: Format, site: Option<&str>) -> Card {
    let words = [format.severity(case.severity).to_owned(), one_line(&case.brand), one_line(&case.source)];
    Card {
        heading: words.join(" · "),
        text: shortened(&one_line(&case.text), |_| false),
        times: format.due_times(case.due_at, case.waits_since),
        owner: format.owner(case.owner.as_deref().map(one_line).as_deref()),
        url: site.and_then(|site| web_address(&format!("{site}/cases/{}", case.id))),
    }
}

fn plain(headline: &str, cards: &[Card], rest: Option<&str>, footer: &str) -> String {
    let mut text = wrap(headline, "");
    for card in cards {
        text += &format!("\n\n{}\n{}", wrap(&card.heading, ""), wrap(&card.text, "> "));
        for line in [Some(&card.times), Some(&card.owner), card.url.as_ref()].into_iter().flatten() {
            text += &format!("\n  {line}");
        }
    }
    if let Some(rest) = rest {
        text += &format!("\n\n{}", wrap(rest, ""));
    }
    text + &format!("\n\n-- \n{}\n", wrap(footer, ""))
}

#[cfg(test)]
mod tests;
