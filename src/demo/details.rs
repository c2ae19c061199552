//! The particulars of the invented world: lines, stations, times, amounts, filled into phrases.

use std::sync::LazyLock;

use chrono::Weekday;
use fastrand::Rng;

use super::phrases;
use crate::mention::Language;

/// Names of people, papers and places.
pub(super) const NAMES: &str = include_str!("texts/names.txt");

static STATIONS: LazyLock<Vec<&str>> = LazyLock::new(|| phrases::lines(NAMES, "station"));

const LINES: [&str; 9] = ["L1", "L2", "L3", "L3", "L4", "L5", "L7", "L7", "L9"];
const SIGHTS_DE: [&str; 5] = ["Quendelmoor", "Freilichtmuseum", "Heidebad", "Schloss Ellernbruch", "Nebelfurter Wehr"];
const SIGHTS_EN: [&str; 5] =
    ["Quendel moor", "open-air museum", "heath lido", "castle at Ellernbruch", "weir at Nebelfurt"];
const FEW_DE: [&str; 5] = ["drei", "vier", "fünf", "sechs", "sieben"];
const FEW_EN: [&str; 5] = ["three", "four", "five", "six", "seven"];
const DAYS_DE: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Where and when one text plays: the same in its every part, so that nobody boards in one place and leaves another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Details {
    language: Language,
    line: &'static str,
    station: &'static str,
    other: &'static str,
    sight: usize,
    minute_of_day: u32,
    weekday: usize,
}

impl Details {
    /// Invents a scene; the weekday is that of the writing.
    pub(super) fn invent(language: Language, weekday: Weekday, rng: &mut Rng) -> Self {
        let (first, step) = (rng.usize(..STATIONS.len()), rng.usize(1..STATIONS.len()));
        Self {
            language,
            line: LINES[rng.usize(..LINES.len())],
            station: STATIONS[first],
            other: STATIONS[(first + step) % STATIONS.len()],
            sight: rng.usize(..SIGHTS_DE.len()),
            minute_of_day: rng.u32(5 * 60..22 * 60),
            weekday: weekday.num_days_from_monday() as usize,
        }
    }

    /// Chooses among `[one|other]` and replaces every `{detail}`.
    pub(super) fn fill(&self, phrase: &str, rng: &mut Rng) -> String {
        let mut filled = String::with_capacity(phrase.len() + 32);
        let mut rest = phrase;
        while let Some(at) = rest.find(['[', '{']) {
            let (before, open) = rest.split_at(at);
            let choice = open.starts_with('[');
            let Some((inside, after)) = open[1..].split_once(if choice { ']' } else { '}' }) else { break };
            filled.push_str(before);
            filled.push_str(&if choice { self.fill(chosen(inside, rng), rng) } else { self.value(inside, rng) });
            rest = after;
        }
        filled + rest
    }

    /// Numbers are drawn anew each time, the scene stays.
    fn value(&self, name: &str, rng: &mut Rng) -> String {
        let german = self.language == Language::GERMAN;
        let of = |de: &[&str], en: &[&str], at: usize| if german { de[at] } else { en[at] }.to_owned();
        match name {
            "line" => self.line.to_owned(),
            "station" => self.station.to_owned(),
            "other" => self.other.to_owned(),
            "sight" => of(&SIGHTS_DE, &SIGHTS_EN, self.sight),
            "weekday" => of(&DAYS_DE, &DAYS_EN, self.weekday),
            "time" => format!("{}:{:02}", self.minute_of_day / 60, self.minute_of_day % 60),
            "few" => of(&FEW_DE, &FEW_EN, rng.usize(..FEW_DE.len())),
            "count" => rng.u32(3..15).to_string(),
            "minutes" => rng.u32(12..58).to_string(),
            "amount" => self.money(rng.u32(7..48), rng.u32(0..10) * 10),
            "coins" => self.money(rng.u32(1..5), rng.u32(1..10) * 10),
            "thousands" => of(&["{}.000"], &["{},000"], 0).replace("{}", &rng.u32(4..90).to_string()),
            unknown => format!("{{{unknown}}}"),
        }
    }

    fn money(&self, euros: u32, cents: u32) -> String {
        if self.language == Language::GERMAN {
            format!("{euros},{cents:02} Euro")
        } else {
            format!("€{euros}.{cents:02}")
        }
    }
}

fn chosen<'a>(choices: &'a str, rng: &mut Rng) -> &'a str {
    let count = choices.split('|').count();
    choices.split('|').nth(rng.usize(..count)).unwrap_or(choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(language: Language) -> (Details, Rng) {
        let mut rng = Rng::with_seed(7);
        (Details::invent(language, Weekday::Tue, &mut rng), rng)
    }

    #[test]
    fn choices_and_details_are_filled_in() {
        let (details, mut rng) = scene(Language::GERMAN);
        let text = details.fill("[Am {weekday}|Am {weekday}] um {time} ab {station}: {amount}.", &mut rng);
        assert!(text.starts_with("Am Dienstag um "), "{text}");
        assert!(text.ends_with(" Euro.") && !text.contains(['[', '{', '|']), "{text}");
    }

    #[test]
    fn a_scene_stays_the_same_in_all_its_parts() {
        let (details, mut rng) = scene(Language::ENGLISH);
        let phrase = "{line} {station} {other} {time} {weekday} {sight}";
        assert_eq!(details.fill(phrase, &mut rng), details.fill(phrase, &mut rng));
        assert_ne!(details.fill("{station}", &mut rng), details.fill("{other}", &mut rng));
    }

    #[test]
    fn what_is_no_detail_stays_as_it_is() {
        let (details, mut rng) = scene(Language::ENGLISH);
        assert_eq!(details.fill("a {riddle} and an open [end", &mut rng), "a {riddle} and an open [end");
    }
}
