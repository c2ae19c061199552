//! The digest as a mail: what stands where. The sentences are in `wording`, the looks in the templates.

use askama::Template;
use chrono_tz::Tz;
use url::form_urlencoded;

use super::wording::{Labels, labels};
use super::{Digest, Length, Links, Section, Topic, Window};
use crate::alert::format::{Format, Tongue};
use crate::alert::letter::wrap;
use crate::alert::quote::{one_line, web_address};
use crate::alert::{Mail, Quote, wording};
use crate::mention::Language;
use crate::mjml;

/// Characters of a brand's name that the subject has room for.
const BRAND_IN_SUBJECT: usize = 60;

/// Sources that could not be heard and get a row of their own.
const MOST_BLIND: usize = 8;

/// Everything that both parts of the mail say, ready to be set.
struct Letter<'a> {
    language: &'static str,
    labels: &'static Labels,
    /// Those that it shares with the alerts.
    shared: &'static wording::Labels,
    subject: String,
    headline: String,
    /// What stands over the numbers of the period.
    period: &'static str,
    /// What stands over those before, and over the days.
    before: &'static str,
    days: &'static str,
    lead: Option<String>,
    brands: Vec<Brand>,
    blind: Vec<(String, String)>,
    promise: Option<String>,
    footer: String,
    unsubscribe: Option<&'a str>,
}

struct Brand {
    name: String,
    /// How much, and how the mood was.
    sentences: Vec<String>,
    moods: Vec<MoodRow>,
    days: Vec<DayRow>,
    findings: Vec<String>,
    topics: Vec<TopicRow>,
    /// What else there is to know.
    notes: Vec<String>,
    upset: Vec<QuoteRow>,
    content: Option<QuoteRow>,
    /// Where the same stands on a page, with all behind it.
    page: Option<String>,
}

/// One mood in the period and before.
struct MoodRow {
    name: &'static str,
    now: String,
    range: String,
    before: String,
}

/// One day, or seven: how much, in which moods.
struct DayRow {
    name: String,
    /// Percent of the bar's room.
    negative: u8,
    /// With those that cannot be told.
    neutral: u8,
    positive: u8,
    count: String,
    said: String,
    /// Whether it is of the period.
    is_own: bool,
}

impl DayRow {
    /// What the bar leaves free, in percent.
    fn free(&self) -> u8 {
        100_u8.saturating_sub(self.negative + self.neutral + self.positive)
    }
}

struct TopicRow {
    name: String,
    said: String,
    /// Percent of it that is negative.
    bar: u8,
}

struct QuoteRow {
    text: String,
    /// Source and time.
    origin: String,
    url: Option<String>,
}

#[derive(Template)]
#[template(path = "digest/mail.mjml")]
struct Html<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "digest/mail.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter<'a>,
}

impl Letter<'_> {
    /// What a list of mails shows beside the subject.
    fn preview(&self) -> &str {
        let first = || self.brands.iter().flat_map(|brand| &brand.sentences).next();
        self.lead.as_ref().or_else(first).unwrap_or(&self.headline)
    }
}

impl Text<'_> {
    /// A paragraph in lines.
    fn lines(&self, text: &str) -> String {
        wrap(text, "")
    }

    /// A stranger's words: every line is marked, so that none can pass for ours.
    fn quoted(&self, text: &str) -> String {
        wrap(text, "> ")
    }

    /// One of several sentences: only its first line has the dash.
    fn item(&self, text: &str) -> String {
        wrap(text, "  ").replacen("  ", "- ", 1)
    }
}

pub(super) fn write(digest: &Digest, language: Language, zone: Tz, links: Links<'_>) -> Mail {
    let letter = letter(digest, Format { tongue: Tongue::of(language), zone }, links);
    // As with alerts: should a template ever fail, the subject still says how it was.
    let text = Text { letter: &letter }.render().unwrap_or_else(|_| letter.subject.clone()) + "\n";
    let html = mjml::render(&Html { letter: &letter });
    Mail { subject: letter.subject, text, html, picture: None }
}

fn letter<'a>(digest: &Digest, format: Format, links: Links<'a>) -> Letter<'a> {
    let blind = digest.blind.iter().take(MOST_BLIND).map(|one| (one_line(&one.source), format.blind(one)));
    Letter {
        language: format.tongue.code(),
        labels: labels(format.tongue),
        shared: wording::labels(format.tongue),
        subject: subject(digest, format),
        headline: format.window_title(digest.window),
        period: format.period_label(digest.window.length),
        before: format.before_label(digest.window.length),
        days: format.days_label(digest.window.length),
        lead: lead(digest, format),
        brands: digest.brands.iter().map(|section| brand(section, digest.window, format, links.site)).collect(),
        blind: blind.collect(),
        promise: digest.promise.as_ref().map(|promise| format.kept(promise)),
        footer: format.footer(),
        unsubscribe: links.unsubscribe,
    }
}

fn subject(digest: &Digest, format: Format) -> String {
    let kind = format.kind_of_digest(digest.window);
    let short = |section: &Section| one_line(&section.brand).chars().take(BRAND_IN_SUBJECT).collect::<String>();
    match &digest.brands[..] {
        [only] => format!("{kind}: {}, {}", short(only), format.news(only)),
        all => {
            let mentions = all.iter().map(|section| section.mentions).sum();
            let striking = all.iter().filter(|section| section.is_striking()).count();
            format!("{kind}: {}", format.news_of_all(all.len(), mentions, striking))
        }
    }
}

/// That nothing happened, or where something did if there are several brands.
fn lead(digest: &Digest, format: Format) -> Option<String> {
    if digest.is_quiet() {
        return Some(format.quiet(digest.window.length).to_owned());
    }
    let striking = digest.brands.iter().filter(|section| section.is_striking());
    let striking: Vec<String> = striking.map(|section| one_line(&section.brand)).collect();
    (digest.brands.len() > 1 && !striking.is_empty()).then(|| format.striking(&striking))
}

fn brand(section: &Section, window: Window, format: Format, site: Option<&str>) -> Brand {
    let is_told = !section.is_empty() || section.is_striking();
    let sentences = if is_told {
        [Some(format.volume(section, window)), format.movement(section, window.length)].into_iter().flatten().collect()
    } else {
        vec![format.nothing(section.was_blind)]
    };
    Brand {
        name: one_line(&section.brand),
        sentences,
        moods: mood_rows(section, format),
        days: if is_told { day_rows(section, window, format) } else { Vec::new() },
        findings: section.findings.iter().map(|found| one_line(&format.found(found))).collect(),
        topics: section.topics.iter().map(|topic| topic_row(topic, format)).collect(),
        notes: format.contradictions(section.contradictions).into_iter().collect(),
        upset: section.upset.iter().map(|quote| quote_row(quote, format)).collect(),
        content: section.content.as_ref().map(|quote| quote_row(quote, format)),
        page: site.map(|site| page(site, &section.brand, window)),
    }
}

/// Of a month there is a report; of a day or a week, the overview.
fn page(site: &str, brand: &str, window: Window) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("brand", brand);
    match window.length {
        Length::Month => format!("{site}/reports/{}?{}", window.first.format("%Y-%m"), query.finish()),
        Length::Day | Length::Week => format!("{site}/?{}", query.append_pair("days", "7").finish()),
    }
}

fn mood_rows(section: &Section, format: Format) -> Vec<MoodRow> {
    let Some(shares) = section.now.shares else { return Vec::new() };
    let names = wording::labels(format.tongue).moods;
    let row = |(mood, name): (usize, _)| MoodRow {
        name,
        now: format.percent(shares[mood].fraction),
        range: format.percent_range(shares[mood].low, shares[mood].high),
        before: section.before.shares.map_or_else(|| "–".to_owned(), |all| format.percent(all[mood].fraction)),
    };
    names.into_iter().enumerate().map(row).collect()
}

fn day_rows(section: &Section, window: Window, format: Format) -> Vec<DayRow> {
    let most = section.days.iter().map(|(_, day)| day.mentions()).max().unwrap_or(0).max(1) as f64;
    // Rounded down, so that together they never need more room than there is.
    let bar = |count: u64| (count as f64 / most * 100.0) as u8;
    let row = |(date, day): &(_, super::Tally)| {
        let [negative, neutral, positive] = day.moods;
        let told: u64 = day.moods.iter().sum();
        DayRow {
            name: format.shown_name(*date, window.length),
            negative: bar(negative),
            neutral: bar(neutral + day.untold),
            positive: bar(positive),
            count: format.count(day.mentions()),
            said: format.with_negatives(day.mentions(), (told > 0).then(|| negative as f64 / told as f64)),
            is_own: *date >= window.first,
        }
    };
    section.days.iter().map(row).collect()
}

fn topic_row(topic: &Topic, format: Format) -> TopicRow {
    let share = topic.negative as f64 / topic.mentions.max(1) as f64;
    TopicRow {
        name: one_line(&format.topic(&topic.name)),
        said: format.with_negatives(topic.mentions, Some(share)),
        bar: (share * 100.0).round().clamp(0.0, 100.0) as u8,
    }
}

fn quote_row(quote: &Quote, format: Format) -> QuoteRow {
    QuoteRow {
        text: one_line(&quote.text),
        origin: format!("{}, {}", one_line(&quote.source), format.moment(quote.at)),
        url: quote.url.as_deref().and_then(web_address),
    }
}
