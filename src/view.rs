//! Which mentions somebody wants to see: a filter that is an address. Pure.
//!
//! A [`View`] is what stands behind the `?` of a page, of a call of the API, and of an export; [`View::parse`] reads it and
//! [`View::query`] writes it, so that what one sees can be shared and kept.

use std::fmt;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use url::form_urlencoded;

use crate::analyse::{Emotion, Intent};
use crate::brand::QueryError;
use crate::mention::{Label, Language, Timestamp};
use crate::schedule::midnight;
use crate::tongue::{Said, Tongue};

mod search;
#[cfg(test)]
mod tests;

pub use search::Search;

/// Urgency from here on is called urgent.
pub const URGENT: f64 = 0.5;

/// A filter; empty, it shows everything that counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// About this brand.
    pub brand: Option<String>,
    /// From one of these sources; empty: from any.
    pub sources: Vec<String>,
    /// In one of these languages; empty: in any.
    pub languages: Vec<Language>,
    /// In one of these moods; empty: in any.
    pub moods: Vec<MoodChoice>,
    /// With one of these emotions; empty: with any or none.
    pub emotions: Vec<Emotion>,
    /// With one of these intents; empty: with any or none.
    pub intents: Vec<Intent>,
    /// About one of these topics; empty: about any or none.
    pub topics: Vec<String>,
    /// With so many stars, from the first to the second, whatever the scale was: 1 is the worst, 5 the best.
    pub stars: Option<(u8, u8)>,
    /// Only what cannot wait: an urgency of [`URGENT`] and more.
    pub urgent: bool,
    /// By this author, by the number that the database knows them by: names do not belong into addresses.
    pub author: Option<i64>,
    /// Said on this day or later.
    pub from: Option<NaiveDate>,
    /// Said on this day or earlier.
    pub to: Option<NaiveDate>,
    /// Whether the owner has answered.
    pub replied: Option<bool>,
    /// Whether it counts.
    pub state: State,
    /// What must stand in it.
    pub search: Option<Search>,
}

/// A mood to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoodChoice {
    /// This one.
    Told(Label),
    /// None can be told.
    Untold,
}

impl MoodChoice {
    /// All there are.
    pub const ALL: [Self; 4] =
        [Self::Told(Label::Negative), Self::Told(Label::Neutral), Self::Told(Label::Positive), Self::Untold];

    /// As an address has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Told(label) => label.name(),
            Self::Untold => "unknown",
        }
    }
}

/// Whether a mention counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// It does.
    #[default]
    Counted,
    /// Its source says that it was deleted.
    Removed,
    /// A person called it spam.
    Spam,
    /// A person has hidden it.
    Hidden,
}

impl State {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Counted, Self::Removed, Self::Spam, Self::Hidden];

    /// As an address has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Removed => "removed",
            Self::Spam => "spam",
            Self::Hidden => "hidden",
        }
    }
}

/// A part of an address that means nothing here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewError {
    /// Which part.
    pub name: String,
    /// What it says.
    pub value: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a part of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such part.
    Name,
    /// It may only be one of these.
    NotAmong(Vec<&'static str>),
    /// It is no language.
    Language,
    /// It is no day as in `2026-03-29`.
    Day,
    /// It is no number of stars as in `1` or `1-2`.
    Stars,
    /// It is no number.
    Number,
    /// The search cannot be read.
    Search(Vec<QueryError>),
}

impl ViewError {
    /// What is wrong, as a sentence without its full stop.
    pub fn words(&self) -> Said {
        let Self { name, value, problem } = self;
        let is = |german: &str, english: &str| Said {
            german: format!("„{name}“ ist {german}, nicht „{value}“"),
            english: format!("`{name}` is {english}, not `{value}`"),
        };
        match problem {
            Problem::Name => {
                Said { german: format!("„{name}“ gibt es nicht"), english: format!("there is no `{name}`") }
            }
            Problem::NotAmong(choices) => {
                let choices = choices.join(", ");
                is(&format!("eines von {choices}"), &format!("one of {choices}"))
            }
            Problem::Language => is("eine Sprache mit ihren zwei Buchstaben", "a language by its two letters"),
            Problem::Day => is("ein Tag wie 2026-03-29", "a day as in 2026-03-29"),
            Problem::Stars => is("1 bis 5 oder eine Spanne wie 1-2", "1 to 5, or a range as in 1-2"),
            Problem::Number => is("eine Zahl", "a number"),
            Problem::Search(errors) => {
                let all = |tongue| {
                    let each =
                        |error: &QueryError| format!("{}: {}", error.message().to(tongue), error.hint().to(tongue));
                    errors.iter().map(each).collect::<Vec<_>>().join("; ")
                };
                Said {
                    german: format!("„{name}“: {}", all(Tongue::German)),
                    english: format!("`{name}`: {}", all(Tongue::English)),
                }
            }
        }
    }
}

/// In English.
impl fmt::Display for ViewError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

impl View {
    /// Reads the part of an address behind the `?`; what cannot be read is left out and told. Parts named in `others` belong to
    /// the page and are passed over; empty ones, which forms send, mean nothing.
    pub fn parse(query: &str, others: &[&str]) -> (Self, Vec<ViewError>) {
        let (mut view, mut errors) = (Self::default(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            if value.is_empty() || others.contains(&name.as_ref()) {
                continue;
            }
            if let Err(problem) = view.take(&name, value) {
                errors.push(ViewError { name: name.into_owned(), value: value.to_owned(), problem });
            }
        }
        (view, errors)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        match name {
            "brand" => self.brand = Some(value.to_owned()),
            "source" => self.sources.extend(list(value).map(str::to_owned)),
            "language" => {
                for code in list(value) {
                    self.languages.push(Language::parse(code).ok_or(Problem::Language)?);
                }
            }
            "mood" => choose(&mut self.moods, value, &MoodChoice::ALL, |mood| mood.name())?,
            "emotion" => choose(&mut self.emotions, value, Emotion::ALL, |emotion| emotion.name())?,
            "intent" => choose(&mut self.intents, value, Intent::ALL, |intent| intent.name())?,
            "topic" => self.topics.extend(list(value).map(str::to_owned)),
            "stars" => self.stars = Some(stars(value).ok_or(Problem::Stars)?),
            "urgent" => self.urgent = yes_or_no(value)?,
            "author" => self.author = Some(value.parse().map_err(|_| Problem::Number)?),
            "from" => self.from = Some(value.parse().map_err(|_| Problem::Day)?),
            "to" => self.to = Some(value.parse().map_err(|_| Problem::Day)?),
            "replied" => self.replied = Some(yes_or_no(value)?),
            "state" => {
                let chosen = State::ALL.into_iter().find(|state| state.name() == value);
                self.state = chosen.ok_or_else(|| Problem::NotAmong(State::ALL.map(State::name).to_vec()))?;
            }
            "q" => self.search = Some(Search::parse(value).map_err(Problem::Search)?),
            _ => return Err(Problem::Name),
        }
        Ok(())
    }

    /// As it stands behind the `?`; empty where nothing is filtered.
    pub fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.parts() {
            query.append_pair(name, &value);
        }
        query.finish()
    }

    /// Everything that is filtered by, as name and value; lists in one part, with commas.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        let mut parts: Vec<(&'static str, Option<String>)> = vec![("brand", self.brand.clone())];
        parts.push(("q", self.search.as_ref().map(|search| search.written().to_owned())));
        parts.push(("source", joined(self.sources.iter().map(String::as_str))));
        parts.push(("language", joined(self.languages.iter().map(Language::code))));
        parts.push(("mood", joined(self.moods.iter().map(|mood| mood.name()))));
        parts.push(("emotion", joined(self.emotions.iter().map(|emotion| emotion.name()))));
        parts.push(("intent", joined(self.intents.iter().map(|intent| intent.name()))));
        parts.push(("topic", joined(self.topics.iter().map(String::as_str))));
        let stars = |(low, high): (u8, u8)| if low == high { low.to_string() } else { format!("{low}-{high}") };
        parts.push(("stars", self.stars.map(stars)));
        parts.push(("urgent", self.urgent.then(|| "yes".to_owned())));
        parts.push(("author", self.author.map(|author| author.to_string())));
        parts.push(("from", self.from.map(|day| day.to_string())));
        parts.push(("to", self.to.map(|day| day.to_string())));
        parts.push(("replied", self.replied.map(|replied| if replied { "yes" } else { "no" }.to_owned())));
        parts.push(("state", (self.state != State::Counted).then(|| self.state.name().to_owned())));
        parts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// From when to when it was said (that moment does not belong to it), on the calendar of a zone.
    pub fn span(&self, zone: Tz) -> (Option<Timestamp>, Option<Timestamp>) {
        let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        (self.from.map(|day| midnight(day, zone)), self.to.map(|day| midnight(after(day), zone)))
    }
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn joined<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    let values: Vec<&str> = values.collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn choose<T: Copy + PartialEq>(
    chosen: &mut Vec<T>,
    value: &str,
    all: &[T],
    name: impl Fn(&T) -> &'static str,
) -> Result<(), Problem> {
    for written in list(value) {
        let one = all.iter().find(|one| name(one) == written);
        let one = *one.ok_or_else(|| Problem::NotAmong(all.iter().map(&name).collect()))?;
        if !chosen.contains(&one) {
            chosen.push(one);
        }
    }
    Ok(())
}

fn stars(value: &str) -> Option<(u8, u8)> {
    let (low, high) = value.split_once('-').unwrap_or((value, value));
    let (low, high) = (low.trim().parse().ok()?, high.trim().parse().ok()?);
    (1 <= low && low <= high && high <= 5).then_some((low, high))
}

fn yes_or_no(value: &str) -> Result<bool, Problem> {
    match value {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Problem::NotAmong(vec!["yes", "no"])),
    }
}
