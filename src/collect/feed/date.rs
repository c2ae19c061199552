//! Dates as feeds write them: RFC 822 and 3339, ISO 8601 with parts missing, asctime, German and English prose, seconds since 1970.
//!
//! One grammar for all of them: the text is cut into numbers, words and marks, and each piece says what it is (a weekday says
//! nothing, so a wrong one does no harm).

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use lexeme::Lexeme::{self, Mark, Number, Word};

mod lexeme;
mod zone;

/// What a date says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collect) struct Reading {
    /// The moment; in UTC where no zone is named.
    pub(in crate::collect) at: DateTime<Utc>,
    /// Whether a zone was named and known.
    pub(super) zoned: bool,
}

/// Reads a date, or `None` where there is no day in it. Without a time it is midnight.
pub(in crate::collect) fn parse(text: &str) -> Option<Reading> {
    let lexemes = lexeme::cut(text);
    if let Some(at) = since_1970(&lexemes) {
        return Some(Reading { at, zoned: true });
    }
    let mut draft = Draft::default();
    let mut rest = lexemes.as_slice();
    while !rest.is_empty() {
        rest = draft.take(rest);
    }
    draft.resolve(text)
}

/// Seconds (nine or ten digits, perhaps with a fraction) or milliseconds (12 or 13) since 1970.
fn since_1970(lexemes: &[Lexeme]) -> Option<DateTime<Utc>> {
    let ([Number(value, digits)] | [Number(value, digits), Mark('.'), Number(..)]) = lexemes else { return None };
    match digits {
        9 | 10 => DateTime::from_timestamp(*value, 0),
        12 | 13 => DateTime::from_timestamp_millis(*value),
        _ => None,
    }
}

/// A number of the day's part: its value, its digits, and the mark before it.
type Part = (i64, usize, Option<char>);

/// What has been understood so far.
#[derive(Default)]
struct Draft {
    /// Numbers that are neither time nor zone: day, month, year in some order.
    parts: Vec<Part>,
    /// 1–12, if it was written as a word.
    month: Option<u32>,
    /// Hour, minute, second.
    time: Option<(i64, i64, i64)>,
    /// Minutes east of Greenwich.
    zone: Option<i64>,
    /// The last piece was a time or the name of a zone, so that a sign begins an offset.
    offset_may_follow: bool,
}

impl Draft {
    /// Understands the first piece (or the first few) and returns what is left.
    fn take<'l>(&mut self, rest: &'l [Lexeme]) -> &'l [Lexeme] {
        let offset_may_follow = std::mem::take(&mut self.offset_may_follow);
        match rest {
            [
                Number(h, _),
                Mark(':'),
                Number(m, _),
                Mark(':'),
                Number(s, _),
                Mark('.' | ','),
                Number(..),
                rest @ ..,
            ] => self.take_time((*h, *m, *s), rest),
            [Number(h, _), Mark(':'), Number(m, _), Mark(':'), Number(s, _), rest @ ..] => {
                self.take_time((*h, *m, *s), rest)
            }
            [Number(h, _), Mark(':'), Number(m, _), rest @ ..] => self.take_time((*h, *m, 0), rest),
            [Number(h, _), Mark('.'), Number(m, _), Word(word), rest @ ..] if word == "uhr" => {
                self.take_time((*h, *m, 0), rest)
            }
            [Number(h, _), Word(word), rest @ ..] if word == "uhr" => self.take_time((*h, 0, 0), rest),
            [Mark(sign @ ('+' | '-' | '\u{2212}')), Number(value, digits), rest @ ..] if offset_may_follow => {
                self.take_offset(*sign == '+', *value, *digits, rest)
            }
            [Mark(_), Number(..), Mark(':'), ..] => &rest[1..],
            [Mark(mark @ ('.' | '-' | '/')), Number(value, digits), rest @ ..] => {
                self.take_number(*value, *digits, Some(*mark), rest)
            }
            [Number(value, digits), rest @ ..] => self.take_number(*value, *digits, None, rest),
            [Word(word), rest @ ..] => {
                self.take_word(word, offset_may_follow);
                rest
            }
            [Mark(_), rest @ ..] => rest,
            [] => rest,
        }
    }

    fn take_time<'l>(&mut self, time: (i64, i64, i64), rest: &'l [Lexeme]) -> &'l [Lexeme] {
        self.time.get_or_insert(time);
        self.offset_may_follow = true;
        rest
    }

    /// `+0200`, `+02:00`, `+02`; it outranks a zone's name, as in `GMT+0200 (CEST)`.
    fn take_offset<'l>(&mut self, east: bool, value: i64, digits: usize, rest: &'l [Lexeme]) -> &'l [Lexeme] {
        let (minutes, rest) = match rest {
            [Mark(':'), Number(minutes, 2), rest @ ..] if digits <= 2 => (value * 60 + minutes, rest),
            _ if digits <= 2 => (value * 60, rest),
            _ => (value / 100 * 60 + value % 100, rest),
        };
        if minutes <= 15 * 60 {
            self.zone = Some(if east { minutes } else { -minutes });
        }
        rest
    }

    /// A part of the day, or day and time without marks between (`20250701T101500`).
    fn take_number<'l>(&mut self, value: i64, digits: usize, mark: Option<char>, rest: &'l [Lexeme]) -> &'l [Lexeme] {
        let has_day = self.parts.len() == 3;
        match digits {
            14 if !has_day => {
                self.take_compact_day(value / 1_000_000);
                return self.take_time(compact_time(value % 1_000_000), rest);
            }
            8 if !has_day => self.take_compact_day(value),
            6 if has_day && self.time.is_none() => return self.take_time(compact_time(value), rest),
            _ => self.parts.push((value, digits, mark)),
        }
        rest
    }

    fn take_compact_day(&mut self, value: i64) {
        self.parts = vec![(value / 10_000, 4, None), (value / 100 % 100, 2, None), (value % 100, 2, None)];
    }

    fn take_word(&mut self, word: &str, after_time: bool) {
        if let Some(month) = month(word) {
            self.month.get_or_insert(month);
        } else if let Some(minutes) = zone::offset(word) {
            self.zone.get_or_insert(minutes);
            self.offset_may_follow = true;
        } else if let ("pm" | "p" | "am" | "a", true, Some((hour, _, _))) = (word, after_time, self.time.as_mut()) {
            *hour = *hour % 12 + if word.starts_with('p') { 12 } else { 0 };
            self.offset_may_follow = true;
        }
    }

    fn resolve(self, text: &str) -> Option<Reading> {
        let (hour, minute, second) = self.time.unwrap_or_default();
        if hour > 24 || minute > 59 || second > 60 {
            return None;
        }
        // Hour 24 is the next midnight (ISO 8601), second 60 a leap second: both are reached by adding.
        let clock = Duration::seconds(hour * 3600 + minute * 60 + second);
        let local = self.day()?.and_hms_opt(0, 0, 0)?.checked_add_signed(clock)?;
        let at = match self.zone {
            Some(minutes) => Some(local.checked_sub_signed(Duration::minutes(minutes))?.and_utc()),
            None => in_named_place(local, text),
        };
        Some(Reading { at: at.unwrap_or(local.and_utc()), zoned: at.is_some() })
    }

    fn day(&self) -> Option<NaiveDate> {
        let (year, month, day) = match (self.month, self.parts.as_slice()) {
            (Some(month), [year @ (_, 4, _), day, ..] | [day, year, ..]) => (full_year(*year), month.into(), day.0),
            (Some(month), [year @ (_, 4, _)]) => (year.0, month.into(), 1),
            (None, [year @ (_, 4, _), month, day, ..]) => (year.0, month.0, day.0),
            (None, [year @ (_, 4, _), month]) => (year.0, month.0, 1),
            (None, [year @ (_, 4, _)]) if self.time.is_none() => (year.0, 1, 1),
            // 07/13/2025 is American; where the first number is no month, it is the day after all.
            (None, [month, day @ (_, _, Some('/')), year, ..]) if month.0 <= 12 => (full_year(*year), month.0, day.0),
            (None, [day, month, year, ..]) => (full_year(*year), month.0, day.0),
            _ => return None,
        };
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }
}

fn compact_time(value: i64) -> (i64, i64, i64) {
    (value / 10_000, value / 100 % 100, value % 100)
}

/// Two digits mean 1969 to 2068, as in POSIX.
fn full_year((value, digits, _): Part) -> i64 {
    match (digits, value) {
        (1 | 2, 69..) => 1900 + value,
        (1 | 2, _) => 2000 + value,
        _ => value,
    }
}

/// `2025-07-01 10:00 Europe/Berlin`; in the hour that clocks repeat, its first half.
fn in_named_place(local: NaiveDateTime, text: &str) -> Option<DateTime<Utc>> {
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).parse::<Tz>().ok();
    let place = text.split_whitespace().filter(|part| part.contains('/')).find_map(word)?;
    Some(place.from_local_datetime(&local).earliest()?.with_timezone(&Utc))
}

/// English and German names, whole or cut short after three letters or more. Words are in lower case without umlauts.
fn month(word: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["january", "januar", "janner", "jaenner"],
        &["february", "februar", "feber"],
        &["march", "marz", "maerz", "mrz"],
        &["april"],
        &["may", "mai"],
        &["june", "juni"],
        &["july", "juli"],
        &["august"],
        &["september"],
        &["october", "oktober"],
        &["november"],
        &["december", "dezember"],
    ];
    let named = |names: &&[&str]| names.iter().any(|name| name.starts_with(word));
    if word.len() < 3 { None } else { NAMES.iter().zip(1..).find(|(names, _)| named(names)).map(|(_, number)| number) }
}

#[cfg(test)]
mod tests;
