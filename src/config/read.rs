//! From the text of `sources.toml` to a [`Config`], or to everything that is wrong with it.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::brand::brands;
use super::digest::digests;
use super::hand_off::desks;
use super::login::{LoginSection, login};
use super::outreach::outreach;
use super::recipient::{RecipientEntry, recipient};
use super::service::ServiceSection;
use super::source::sources;
use super::urgent::urgency;
use super::{Alerting, Config, Origin, Problem, Transformer, route};
use crate::analyse::OwnTopic;
use crate::brand::Brand;
use crate::detect::{Direction, Rule};
use crate::mention::{Label, Language};
use crate::{duration, http, notify};

const SECTIONS: [&str; 16] = [
    "brand", "topic", "source", "alert", "channel", "route", "urgent", "digest", "mail", "fetch", "analyse", "service",
    "login", "outreach", "case", "hand_off",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlertSection {
    #[serde(default)]
    to: Vec<Spanned<RecipientEntry>>,
    language: Option<Spanned<Language>>,
    time_zone: Option<Spanned<String>>,
    at_most_one_false_alarm_per: Option<Spanned<String>>,
    cool_down: Option<Spanned<String>>,
    direction: Option<Spanned<String>>,
    minimum_points: Option<Spanned<f64>>,
    quiet_hours: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AnalyseSection {
    languages: Vec<Language>,
    adapt: bool,
    transformer: Option<TransformerSection>,
}

impl Default for AnalyseSection {
    fn default() -> Self {
        Self { languages: Vec::new(), adapt: true, transformer: None }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransformerSection {
    folder: Spanned<PathBuf>,
    #[serde(default)]
    labels: BTreeMap<String, Label>,
}

/// Reads the whole text; the problems are in no order.
pub(super) fn read(text: &str) -> Result<Config, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(of_toml).collect());
    }
    let mut problems = Vec::new();
    let mut sections = Sections::split(table.into_inner(), &SECTIONS, &mut problems);
    let brands = brands(text, sections.list("brand", &mut problems), &mut problems);
    let topics = topics(sections.list("topic", &mut problems), &mut problems);
    let sources = sources(&mut sections, &brands, (Origin::File, &[]), &mut problems);
    let alert = sections.one("alert", &mut problems);
    let alert = alert.map(|(section, _)| alerting(section, &mut problems)).unwrap_or_default();
    let channel_sections = sections.list("channel", &mut problems);
    let names = route::names(&channel_sections);
    let channels = route::channels(channel_sections, alert.language, &mut problems);
    let routes = route::routes(sections.list("route", &mut problems), &brands, &names, &alert, &mut problems);
    let urgent =
        sections.one("urgent", &mut problems).map(|(section, _)| urgency(section, &names, &alert, &mut problems));
    let digests = digests(sections.list("digest", &mut problems), &brands, &alert, &mut problems);
    let outreach = outreach(&mut sections, &brands, &alert, &mut problems);
    let mail = settings("mail", notify::mail::Settings::validate, &mut sections, &mut problems);
    let fetch = settings("fetch", http::Settings::problems, &mut sections, &mut problems);
    let analyse: Option<(AnalyseSection, _)> = sections.one("analyse", &mut problems);
    let AnalyseSection { languages, adapt, transformer: section } = analyse.map(|(it, _)| it).unwrap_or_default();
    let transformer = section.and_then(|section| transformer(section, &mut problems));
    let service = sections.one::<ServiceSection>("service", &mut problems).map(|(it, _)| it).unwrap_or_default();
    let has_public_url = service.has_public_url();
    let public_url = service.public_url(&mut problems);
    let desks = desks(sections.list("hand_off", &mut problems), alert.language, has_public_url, &mut problems);
    let login_section = sections.one::<LoginSection>("login", &mut problems);
    let login = login_section.and_then(|(section, _)| login(section, has_public_url, &mut problems));
    let metrics = service.metrics(&mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Config {
        brands,
        topics,
        sources,
        alert,
        channels,
        routes,
        urgent: urgent.unwrap_or_default(),
        digests,
        outreach,
        desks,
        mail,
        fetch,
        languages,
        adapt,
        transformer,
        listen: service.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
        public_url,
        login,
        metrics,
    })
}

/// The settings of a component, which knows what makes them unusable.
fn settings<'a, T: Deserialize<'a> + Default>(
    name: &str,
    mistakes: impl Fn(&T) -> Vec<String>,
    sections: &mut Sections<'a>,
    problems: &mut Vec<Problem>,
) -> T {
    let Some((settings, span)) = sections.one::<T>(name, problems) else { return T::default() };
    problems.extend(mistakes(&settings).into_iter().map(|message| Problem::at(span.clone(), message)));
    settings
}

pub(super) fn of_toml(error: &toml::de::Error) -> Problem {
    Problem { message: error.message().to_owned(), span: error.span(), hint: None }
}

/// The top-level tables, each read on its own, so that a mistake in one does not hide those in the others.
pub(super) struct Sections<'a>(HashMap<String, Spanned<DeValue<'a>>>);

impl<'a> Sections<'a> {
    pub(super) fn split(table: DeTable<'a>, allowed: &[&str], problems: &mut Vec<Problem>) -> Self {
        let mut sections = HashMap::new();
        for (key, value) in table {
            let (span, key) = (key.span(), key.into_inner().into_owned());
            if allowed.contains(&key.as_str()) {
                sections.insert(key, value);
            } else {
                let known = allowed.iter().map(|section| format!("`{section}`")).collect::<Vec<_>>().join(", ");
                problems.push(Problem::at(span, format!("unknown section `{key}`")).hint(format!("known are {known}")));
            }
        }
        Self(sections)
    }

    /// What is there, to be looked at before it is taken.
    pub(super) fn peek(&self, name: &str) -> Option<&DeValue<'a>> {
        self.0.get(name).map(Spanned::get_ref)
    }

    /// `[[name]]`, any number of times.
    pub(super) fn list<T: Deserialize<'a>>(
        &mut self,
        name: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<(T, Range<usize>)> {
        let Some(value) = self.0.remove(name) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(items) = value.into_inner() else {
            problems
                .push(Problem::at(span, format!("`{name}` may occur several times")).hint(format!("write [[{name}]]")));
            return Vec::new();
        };
        items.into_iter().filter_map(|item| section(item, problems)).collect()
    }

    /// `[name]`, at most once.
    pub(super) fn one<T: Deserialize<'a>>(
        &mut self,
        name: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<(T, Range<usize>)> {
        self.0.remove(name).and_then(|value| section(value, problems))
    }
}

fn section<'a, T: Deserialize<'a>>(
    value: Spanned<DeValue<'a>>,
    problems: &mut Vec<Problem>,
) -> Option<(T, Range<usize>)> {
    let span = value.span();
    match T::deserialize(ValueDeserializer::from(value)) {
        Ok(section) => Some((section, span)),
        Err(error) => {
            let mut problem = of_toml(&error);
            problem.span.get_or_insert(span);
            problems.push(problem);
            None
        }
    }
}

fn topics(sections: Vec<(OwnTopic, Range<usize>)>, problems: &mut Vec<Problem>) -> Vec<OwnTopic> {
    let (topics, spans): (Vec<OwnTopic>, Vec<_>) = sections.into_iter().unzip();
    for (place, (topic, span)) in topics.iter().zip(spans).enumerate() {
        problems.extend(topic.problems(&topics).into_iter().map(|message| Problem::at(span.clone(), message)));
        if topics[..place].iter().any(|earlier| earlier.name == topic.name) {
            problems.push(Problem::at(span, format!("topic \"{}\" is defined twice", topic.name)));
        }
    }
    topics
}

pub(super) fn no_such_brand(name: &Spanned<String>, brands: &[Brand]) -> Problem {
    let known: Vec<_> = brands.iter().map(|brand| format!("\"{}\"", brand.name)).collect();
    let hint = match known.as_slice() {
        [] => "add a [[brand]] section".to_owned(),
        known => format!("defined are {}", known.join(", ")),
    };
    Problem::at(name.span(), format!("there is no brand \"{}\"", name.get_ref())).hint(hint)
}

/// The value, or its error as a problem at the place where it was written.
pub(super) fn keep<T, E: std::fmt::Display>(
    result: Result<T, E>,
    span: Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    result.map_err(|error| problems.push(Problem::at(span, error.to_string()))).ok()
}

impl Default for Alerting {
    fn default() -> Self {
        Self {
            to: Vec::new(),
            language: Language::GERMAN,
            rule: Rule::default(),
            time_zone: Tz::Europe__Berlin,
            quiet_hours: None,
            cool_down: Duration::from_hours(7 * 24),
        }
    }
}

fn alerting(section: AlertSection, problems: &mut Vec<Problem>) -> Alerting {
    let default = Alerting::default();
    let language = section.language.map_or(Language::GERMAN, Spanned::into_inner);
    let to = section.to.into_iter().filter_map(|entry| recipient(entry, language, problems)).collect();
    let rule = section
        .at_most_one_false_alarm_per
        .and_then(|words| keep(words.get_ref().parse(), words.span(), problems))
        .unwrap_or(default.rule);
    let time_zone = section
        .time_zone
        .and_then(|zone| {
            let parsed = zone
                .get_ref()
                .parse::<Tz>()
                .map_err(|_| format!("`{}` is no time zone; write one like \"Europe/Berlin\"", zone.get_ref()));
            keep(parsed, zone.span(), problems)
        })
        .unwrap_or(default.time_zone);
    let cool_down = section
        .cool_down
        .and_then(|words| keep(duration::parse(words.get_ref()), words.span(), problems))
        .unwrap_or(default.cool_down);
    let direction =
        section.direction.and_then(|words| keep(direction(words.get_ref()), words.span(), problems)).flatten();
    let minimum = section.minimum_points.map_or(0.0, |points| {
        let in_range = (0.0..=200.0).contains(points.get_ref());
        let problem = format!("{} points are out of range: the net mood goes from -100 to 100", points.get_ref());
        keep(if in_range { Ok(points.get_ref() / 100.0) } else { Err(problem) }, points.span(), problems).unwrap_or(0.0)
    });
    let quiet_hours = section.quiet_hours.and_then(|words| keep(words.get_ref().parse(), words.span(), problems));
    let rule = Rule { direction, minimum, ..rule };
    Alerting { to, language, rule, time_zone, quiet_hours, cool_down }
}

/// Which shifts are told.
fn direction(words: &str) -> Result<Option<Direction>, String> {
    match words {
        "both" => Ok(None),
        "down" => Ok(Some(Direction::Down)),
        "up" => Ok(Some(Direction::Up)),
        other => Err(format!("`{other}` is no direction: write \"both\", \"down\" or \"up\"")),
    }
}

/// Whether the folder has a model is seen when the service loads it: reading a configuration touches no other file.
fn transformer(section: TransformerSection, problems: &mut Vec<Problem>) -> Option<Transformer> {
    let TransformerSection { folder, labels } = section;
    if cfg!(not(feature = "transformer")) {
        let problem = Problem::at(folder.span(), "this program was built without the feature `transformer`");
        problems.push(problem.hint("build it with `cargo build --release --features transformer`, or leave this out"));
        return None;
    }
    if folder.get_ref().as_os_str().is_empty() {
        let problem = Problem::at(folder.span(), "the folder has no name");
        problems.push(problem.hint("`stimmung model fetch ID` downloads a model and says what to write here"));
    }
    Some(Transformer { folder: folder.into_inner(), labels })
}
