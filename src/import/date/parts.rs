//! A date taken apart into numbers and words.

use chrono::{NaiveDate, NaiveTime};

use super::words::{self, Word};
use super::{DateOrder, DateProblem};

/// A run of digits: its value and its length.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: u32,
    digits: usize,
}

/// A date taken apart, before anything is decided about it.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Year, month and day in the order in which they stand, without the time.
    numbers: Vec<Number>,
    /// What stands between the first two numbers.
    separator: Option<char>,
    /// The month, where it is a word.
    month: Option<u32>,
    /// Hour, minute, second.
    clock: Option<[u32; 3]>,
    /// `am` is false, `pm` true.
    afternoon: Option<bool>,
    /// Seconds east of Greenwich.
    pub(super) offset: Option<i64>,
    /// German says "Uhr" after the time.
    says_uhr: bool,
}

impl Parts {
    pub(super) fn read(cell: &str) -> Option<Self> {
        let mut parts = Self::default();
        let mut rest = cell;
        while let Some(first) = rest.chars().next() {
            rest = if first.is_ascii_digit() {
                parts.take_number(rest)?
            } else if first.is_alphabetic() {
                parts.take_word(rest)?
            } else if matches!(first, '+' | '-') && parts.clock.is_some() && starts_with_digit(&rest[1..]) {
                parts.take_offset(rest)?
            } else {
                parts.take_separator(rest, first)?
            };
        }
        parts.take_dotted_clock();
        Some(parts)
    }

    fn take_separator<'t>(&mut self, rest: &'t str, separator: char) -> Option<&'t str> {
        if self.numbers.len() == 1 && matches!(separator, '.' | '/' | '-') {
            self.separator.get_or_insert(separator);
        }
        let is_known = separator.is_whitespace() || ".,/-–()'’|".contains(separator);
        is_known.then(|| &rest[separator.len_utf8()..])
    }

    fn take_number<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let (number, after) = leading_number(rest)?;
        match after.strip_prefix(':') {
            Some(minutes) if self.clock.is_none() && starts_with_digit(minutes) => self.take_clock(number, minutes),
            _ if number.digits > 4 || self.numbers.len() > 4 => None,
            _ => {
                self.numbers.push(number);
                Some(after)
            }
        }
    }

    fn take_clock<'t>(&mut self, hour: Number, rest: &'t str) -> Option<&'t str> {
        let (minute, mut rest) = leading_number(rest)?;
        let mut second = 0;
        if let Some(seconds) = rest.strip_prefix(':') {
            let (number, after) = leading_number(seconds)?;
            (second, rest) = (number.value, after);
            if let Some(fraction) = rest.strip_prefix(['.', ',']) {
                rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            }
        }
        self.clock = Some([hour.value, minute.value, second]);
        Some(rest)
    }

    /// `+02:00`, `+0200` or `+02`.
    fn take_offset<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let is_west = rest.starts_with('-');
        let (number, mut rest) = leading_number(&rest[1..])?;
        let (hours, mut minutes) =
            if number.digits == 4 { (number.value / 100, number.value % 100) } else { (number.value, 0) };
        if let Some((number, after)) = rest.strip_prefix(':').and_then(leading_number) {
            (minutes, rest) = (number.value, after);
        }
        if hours > 14 || minutes > 59 {
            return None;
        }
        let seconds = i64::from(hours * 3600 + minutes * 60);
        self.offset = Some(if is_west { -seconds } else { seconds });
        Some(rest)
    }

    fn take_word<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        match words::meaning(&rest[..end].to_lowercase(), self.clock.is_some())? {
            Word::Month(month) if self.month.is_none() => self.month = Some(month),
            Word::Month(_) => return None,
            Word::Zone(seconds) => self.offset = Some(seconds),
            Word::Afternoon(afternoon) => self.afternoon = Some(afternoon),
            Word::Uhr => self.says_uhr = true,
            Word::Nothing => {}
        }
        Some(&rest[end..])
    }

    /// `14.03 Uhr` and `14 Uhr`: what is left after the date is the time.
    fn take_dotted_clock(&mut self) {
        let of_the_date = if self.month.is_some() { 2 } else { 3 };
        if self.says_uhr && self.clock.is_none() && self.numbers.len() > of_the_date {
            let rest = self.numbers.split_off(of_the_date);
            self.clock = Some([rest[0].value, rest.get(1).map_or(0, |minute| minute.value), 0]);
        }
    }

    /// First and second number, where nothing but their size tells day from month.
    pub(super) fn unordered(&self) -> Option<(u32, u32)> {
        match self.numbers[..] {
            [a, b, c] if self.month.is_none() && self.separator != Some('.') && a.digits <= 2 && c.digits != 3 => {
                Some((a.value, b.value))
            }
            _ => None,
        }
    }

    /// The day, if there is one and only one that is meant.
    pub(super) fn date(&self, order: Option<DateOrder>) -> Result<NaiveDate, DateProblem> {
        let (year, month, day) = match (self.month, &self.numbers[..]) {
            (Some(month), [a, b]) if a.digits == 4 => (a, month, b.value),
            (Some(month), [a, b]) => (b, month, a.value),
            (None, [a, b, c]) if a.digits == 4 => (a, b.value, c.value),
            (None, [a, b, c]) => match self.unordered() {
                None => (c, b.value, a.value),
                Some(pair) => match decided(pair, order).ok_or(DateProblem::Ambiguous)? {
                    DateOrder::DayFirst => (c, b.value, a.value),
                    DateOrder::MonthFirst => (c, a.value, b.value),
                },
            },
            _ => return Err(DateProblem::Unreadable),
        };
        let year = match (year.digits, year.value) {
            (4, year) => year,
            (2, year @ 0..70) => 2000 + year,
            (2, year) => 1900 + year,
            _ => return Err(DateProblem::Unreadable),
        };
        NaiveDate::from_ymd_opt(year.cast_signed(), month, day).ok_or(DateProblem::Unreadable)
    }

    /// Midnight where no time is stated; `None` where no clock shows it.
    pub(super) fn time_of_day(&self) -> Option<NaiveTime> {
        let [hour, minute, second] = self.clock.unwrap_or_default();
        let hour = match (self.afternoon, hour) {
            (None, hour) => hour,
            (Some(_), 0 | 13..) => return None,
            (Some(afternoon), hour) => hour % 12 + if afternoon { 12 } else { 0 },
        };
        // A leap second is the last second of its minute.
        NaiveTime::from_hms_opt(hour, minute, if second == 60 { 59 } else { second })
    }
}

fn decided((first, second): (u32, u32), order: Option<DateOrder>) -> Option<DateOrder> {
    match (first, second) {
        (13.., _) => Some(DateOrder::DayFirst),
        (_, 13..) => Some(DateOrder::MonthFirst),
        (a, b) if a == b => Some(DateOrder::DayFirst),
        _ => order,
    }
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// The digits that a text begins with, at most nine, and what follows.
fn leading_number(text: &str) -> Option<(Number, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = if digits <= 9 { text[..digits].parse().ok()? } else { return None };
    Some((Number { value, digits }, &text[digits..]))
}
