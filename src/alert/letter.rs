//! The alert as a mail: what stands where. The sentences are in `wording`, the looks in the templates.

use askama::Template;
use chrono_tz::Tz;

use super::day;
use super::format::{Format, Tongue};
use super::quote::{one_line, web_address};
use super::wording::{Labels, labels};
use super::{Alert, Contribution, Mail, Period, Quote, Share, Word};
use crate::detect::Direction;
use crate::mention::Language;
use crate::mjml;

/// Sources that get a row of their own; the others share one.
const MOST_SOURCES: usize = 6;

/// Characters of the brand's name that the subject has room for.
const BRAND_IN_SUBJECT: usize = 60;

/// Characters in a line of the plain-text part.
const LINE: usize = 72;

/// Everything that both parts of the mail say, and the page about a finding, ready to be set.
pub(crate) struct Letter {
    pub(crate) language: &'static str,
    pub(crate) labels: &'static Labels,
    pub(crate) subject: String,
    pub(crate) headline: String,
    pub(crate) lead: Option<String>,
    pub(crate) timing: String,
    /// Before and since.
    pub(crate) columns: [Column; 2],
    /// What the picture shows, if there is one.
    pub(crate) picture: Option<String>,
    pub(crate) moods: Vec<MoodRow>,
    pub(crate) net: Option<NetRow>,
    pub(crate) sources: Vec<PartRow>,
    pub(crate) languages: Option<String>,
    pub(crate) words: Vec<WordRow>,
    pub(crate) supporting: Vec<QuoteRow>,
    pub(crate) opposing: Option<QuoteRow>,
    pub(crate) certainty: Vec<String>,
    pub(crate) footer: String,
}

/// The head of a column: how many mentions, from when to when.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) mentions: String,
    pub(crate) period: String,
}

/// One mood before and since; `None` where there were no mentions.
pub(crate) struct MoodRow {
    pub(crate) name: &'static str,
    pub(crate) figures: [Option<Figure>; 2],
}

/// A share with its interval, its count and its bar.
pub(crate) struct Figure {
    pub(crate) percent: String,
    pub(crate) range: String,
    pub(crate) count: String,
    /// Percent of the bar's room.
    pub(crate) bar: u8,
}

pub(crate) struct NetRow {
    pub(crate) before: String,
    pub(crate) since: String,
    pub(crate) change: String,
}

/// What a source contributed.
pub(crate) struct PartRow {
    pub(crate) name: String,
    pub(crate) points: String,
    pub(crate) detail: String,
    /// Percent of the longest bar.
    pub(crate) bar: u8,
    /// Whether it goes the way that all of them together do.
    pub(crate) with_the_change: bool,
}

pub(crate) struct WordRow {
    pub(crate) text: String,
    pub(crate) shares: String,
}

pub(crate) struct QuoteRow {
    pub(crate) text: String,
    /// Source and time.
    pub(crate) origin: String,
    pub(crate) url: Option<String>,
}

#[derive(Template)]
#[template(path = "alert/mail.mjml")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "alert/mail.txt", escape = "none")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// What a list of mails shows beside the subject.
    fn preview(&self) -> &str {
        self.lead.as_deref().unwrap_or(&self.timing)
    }
}

impl Text<'_> {
    /// The head of the table of moods.
    fn columns(&self) -> String {
        let [before, since] = &self.letter.columns;
        format!("            {:<25}{}\n            {:<25}{}", before.name, since.name, before.mentions, since.mentions)
    }

    /// A row of it.
    fn mood(&self, row: &MoodRow) -> String {
        let cell = |figure: &Figure| format!("{} ({})", figure.percent, figure.range);
        let [before, since] = row.figures.each_ref().map(|figure| figure.as_ref().map_or_else(|| "–".to_owned(), cell));
        format!("  {:<10}{before:<25}{since}", row.name)
    }

    /// A paragraph in lines.
    fn lines(&self, text: &str) -> String {
        wrap(text, "")
    }

    /// A stranger's words: every line is marked, so that none can pass for ours.
    fn quoted(&self, text: &str) -> String {
        wrap(text, "> ")
    }
}

pub(super) fn write(alert: &Alert, language: Language, zone: Tz) -> Mail {
    let picture = day::picture(alert, language, zone);
    let shown = picture.as_ref().map(|picture| picture.alternative.clone());
    let letter = letter(alert, shown, Format { tongue: Tongue::of(language), zone });
    // Writing into a string does not fail; should a template ever do, the subject still says what happened.
    let text = Text { letter: &letter }.render().unwrap_or_else(|_| letter.subject.clone()) + "\n";
    let html = mjml::render(&Html { letter: &letter });
    Mail { subject: letter.subject, text, html, picture }
}

/// Prepares all that is said of a finding; `picture` is what its picture shows, if there is one.
pub(crate) fn letter(alert: &Alert, picture: Option<String>, format: Format) -> Letter {
    let finding = &alert.finding;
    let direction = finding.kind.direction();
    let labels = labels(format.tongue);
    let brand = one_line(&alert.brand);
    let moved = direction.and_then(|direction| moved_shares(alert, direction));
    let moods = mood_rows(alert, labels, format);
    let mut certainty = Vec::new();
    certainty.extend((finding.rarity_days > 0.0).then(|| format.rarity(finding, alert.rule)));
    certainty.extend(alert.hinges_on.iter().map(|hinge| format.hinge(hinge)));
    certainty.extend(direction.map(|_| labels.caveat.to_owned()));
    certainty.extend(direction.and_then(|_| format.patience(alert.per_day)));
    certainty.extend((!moods.is_empty()).then(|| format.left_out(alert.left_out)).flatten());
    Letter {
        language: format.tongue.code(),
        labels,
        subject: subject(alert, moved, format),
        headline: format.headline(&brand, finding),
        lead: lead(alert, moved, format),
        timing: format.timing(finding),
        picture,
        columns: [column(labels.before, &alert.before, format), column(labels.since, &alert.since, format)],
        moods,
        net: net_row(alert, format),
        sources: source_rows(alert, labels, format),
        languages: blends(alert, format),
        words: word_rows(alert, format),
        supporting: alert.supporting.iter().map(|quote| quote_row(quote, format)).collect(),
        opposing: alert.opposing.as_ref().map(|quote| quote_row(quote, format)),
        certainty,
        footer: format.footer(),
    }
}

/// The number that matters most, in a sentence.
fn lead(alert: &Alert, moved: Option<(f64, f64)>, format: Format) -> Option<String> {
    let finding = &alert.finding;
    match finding.kind.direction() {
        Some(direction) => moved.map(|(since, before)| format.lead(direction, finding, since, before)),
        None => finding.extent.as_ref().map(|extent| format.extent(extent, finding)),
    }
}

/// The change by language and by topic, in a sentence each.
fn blends(alert: &Alert, format: Format) -> Option<String> {
    let mut sentences = Vec::new();
    let has_parts = [&alert.sources, &alert.languages, &alert.topics].iter().any(|parts| parts.len() > 1);
    sentences.extend(alert.split.filter(|_| has_parts).map(|split| format.split(&split)));
    if alert.languages.len() > 1 {
        sentences.push(format.languages(&alert.languages));
    }
    if alert.topics.len() > 1 {
        sentences.push(format.topics(&alert.topics));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// The shares, since and before, of the mood that the finding is about.
fn moved_shares(alert: &Alert, direction: Direction) -> Option<(f64, f64)> {
    let index = match direction {
        Direction::Down => 0,
        Direction::Up => 2,
    };
    Some((alert.since.shares?[index].fraction, alert.before.shares?[index].fraction))
}

fn subject(alert: &Alert, moved: Option<(f64, f64)>, format: Format) -> String {
    let brand: String = one_line(&alert.brand).chars().take(BRAND_IN_SUBJECT).collect();
    let direction = alert.finding.kind.direction();
    let shares = direction.zip(moved).map(|(way, (since, before))| format.subject_shares(way, since, before));
    format!("{}{}", format.subject(&brand, &alert.finding), shares.unwrap_or_default())
}

fn column(name: &'static str, period: &Period, format: Format) -> Column {
    Column { name, mentions: format.mentions(period.mentions), period: format.period(period) }
}

fn mood_rows(alert: &Alert, labels: &'static Labels, format: Format) -> Vec<MoodRow> {
    let periods = [&alert.before, &alert.since];
    let figures = |index: usize| periods.map(|period| period.shares.map(|shares| figure(shares[index], format)));
    if alert.before.mentions + alert.since.mentions == 0 {
        return Vec::new();
    }
    let row = |(index, name)| MoodRow { name, figures: figures(index) };
    labels.moods.into_iter().enumerate().map(row).collect()
}

fn figure(share: Share, format: Format) -> Figure {
    Figure {
        percent: format.percent(share.fraction),
        range: format.percent_range(share.low, share.high),
        count: format.count(share.count),
        bar: bar(share.fraction),
    }
}

/// A fraction as the width of a bar, in percent.
fn bar(fraction: f64) -> u8 {
    (fraction.abs() * 100.0).round().clamp(0.0, 100.0) as u8
}

fn net_row(alert: &Alert, format: Format) -> Option<NetRow> {
    Some(NetRow {
        before: format.points(alert.before.net()?),
        since: format.points(alert.since.net()?),
        change: format.points(alert.net_change()?),
    })
}

/// The sources by what their own change of mood contributed, then what is left: other sources, the mix. The rows sum to the
/// change.
fn source_rows(alert: &Alert, labels: &Labels, format: Format) -> Vec<PartRow> {
    let mut sources: Vec<&Contribution> = alert.sources.iter().collect();
    sources.sort_by(|a, b| b.mood.abs().total_cmp(&a.mood.abs()));
    let (own, others) = sources.split_at(sources.len().min(MOST_SOURCES));
    let mut rows: Vec<(String, f64, String)> =
        own.iter().map(|part| (one_line(&part.name), part.mood, format.contribution(part))).collect();
    if !others.is_empty() {
        let mood = others.iter().map(|part| part.mood).sum();
        rows.push((format.other_sources(others.len()), mood, String::new()));
    }
    if rows.len() > 1 {
        let mix = alert.sources.iter().map(|part| part.mix).sum();
        rows.push((labels.source_mix.to_owned(), mix, labels.source_mix_hint.to_owned()));
    }
    let change: f64 = rows.iter().map(|row| row.1).sum();
    let longest = rows.iter().map(|row| row.1.abs()).fold(f64::MIN_POSITIVE, f64::max);
    let row = |(name, part, detail): (String, f64, String)| PartRow {
        name,
        points: format.points(part),
        detail,
        bar: bar(part / longest),
        with_the_change: part * change >= 0.0,
    };
    rows.into_iter().map(row).collect()
}

fn word_rows(alert: &Alert, format: Format) -> Vec<WordRow> {
    let share = |count: u64, all: u64| (all > 0).then(|| count as f64 / all as f64);
    let row = |word: &Word| {
        let since = share(word.since, alert.since.mentions)?;
        let before = share(word.before, alert.before.mentions);
        Some(WordRow { text: one_line(&word.text), shares: format.word_shares(since, before) })
    };
    alert.words.iter().filter_map(row).collect()
}

fn quote_row(quote: &Quote, format: Format) -> QuoteRow {
    QuoteRow {
        text: one_line(&quote.text),
        origin: format!("{}, {}", one_line(&quote.source), format.moment(quote.at)),
        url: quote.url.as_deref().and_then(web_address),
    }
}

/// Breaks a text into lines of at most [`LINE`] characters, each with the mark in front. Words longer than a line stay whole.
pub(crate) fn wrap(text: &str, mark: &str) -> String {
    let mut lines = vec![mark.to_owned()];
    let mut length = mark.chars().count();
    for word in text.split([' ', '\n', '\r', '\t']).filter(|word| !word.is_empty()) {
        let is_first = length == mark.chars().count();
        let with_word = length + word.chars().count() + usize::from(!is_first);
        if !is_first && with_word > LINE {
            lines.push(format!("{mark}{word}"));
            length = mark.chars().count() + word.chars().count();
        } else if let Some(line) = lines.last_mut() {
            line.push_str(if is_first { "" } else { " " });
            line.push_str(word);
            length = with_word;
        }
    }
    lines.join("\n")
}
