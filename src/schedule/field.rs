//! One field of a cron line: the set of numbers that it names.
//!
//! The cron crate reads lists, ranges, steps and names. It wants seconds first, so each field is put into a line of its own;
//! and it counts Sunday as 1, so weekdays are handed over by their names.

use cron::{Schedule, TimeUnitSpec};

use super::ScheduleError;

/// Which of the five fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Minute,
    Hour,
    Day,
    Month,
    /// Sunday is 0 and 7.
    Weekday,
}

const WEEKDAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/// The numbers that a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Bit n stands for the number n; Sunday is 0.
    set: u64,
    /// Begins with `*`, so that it does not restrict a day by itself.
    pub(super) is_star: bool,
}

impl Field {
    /// Reads a list of numbers, names, ranges and steps: `*`, `*/15`, `6-22`, `0,30`, `mon-fri`, `5/20`.
    pub(super) fn parse(text: &str, scale: Scale) -> Result<Self, ScheduleError> {
        let error = |_| ScheduleError::Field { field: scale.name(), text: text.to_owned(), range: scale.range() };
        let schedule: Schedule = scale.line(text).parse().map_err(error)?;
        Ok(Self {
            set: scale.numbers(&schedule).fold(0, |set, number| set | 1 << number),
            is_star: text.starts_with('*'),
        })
    }

    /// Whether it names this number.
    pub(super) fn has(self, number: u32) -> bool {
        self.set >> number & 1 == 1
    }

    /// The numbers that it names, ascending.
    pub(super) fn numbers(self) -> impl Iterator<Item = u32> {
        (0..u64::BITS).filter(move |&number| self.has(number))
    }
}

impl Scale {
    const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day of month",
            Self::Month => "month",
            Self::Weekday => "weekday",
        }
    }

    const fn range(self) -> &'static str {
        match self {
            Self::Minute => "0 to 59",
            Self::Hour => "0 to 23",
            Self::Day => "1 to 31",
            Self::Month => "1 to 12, or jan to dec",
            Self::Weekday => "0 to 7, or sun to sat",
        }
    }

    /// The field in a line of the cron crate, beside fields that do not matter.
    fn line(self, text: &str) -> String {
        match self {
            Self::Minute => format!("0 {text} * * * *"),
            Self::Hour => format!("0 0 {text} * * *"),
            Self::Day => format!("0 0 0 {text} * *"),
            Self::Month => format!("0 0 0 * {text} *"),
            Self::Weekday => format!("0 0 0 * * {}", text.split(',').map(weekday).collect::<Vec<_>>().join(",")),
        }
    }

    fn numbers(self, schedule: &Schedule) -> Box<dyn Iterator<Item = u32> + '_> {
        match self {
            Self::Minute => Box::new(schedule.minutes().iter()),
            Self::Hour => Box::new(schedule.hours().iter()),
            Self::Day => Box::new(schedule.days_of_month().iter()),
            Self::Month => Box::new(schedule.months().iter()),
            Self::Weekday => Box::new(schedule.days_of_week().iter().map(|number| number - 1)),
        }
    }
}

/// A weekday, or a range of them, by name; a range may end on Sunday.
fn weekday(item: &str) -> String {
    let (days, step) = item.split_at(item.find('/').unwrap_or(item.len()));
    let name = |day: &str| match day.parse::<usize>().ok().and_then(|number| WEEKDAYS.get(number)) {
        Some(name) => (*name).to_owned(),
        None => day.to_ascii_uppercase(),
    };
    match days.split_once('-') {
        Some((first, last)) if name(last) == "SUN" && name(first) != "SUN" && step.is_empty() => {
            format!("{}-SAT,SUN", name(first))
        }
        Some((first, last)) => format!("{}-{}{step}", name(first), name(last)),
        None => name(days) + step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str, scale: Scale) -> Vec<u32> {
        Field::parse(text, scale).unwrap().numbers().collect()
    }

    #[test]
    fn lists_ranges_and_steps_name_numbers() {
        assert_eq!(numbers("*/15", Scale::Minute), [0, 15, 30, 45]);
        assert_eq!(numbers("50/5,3", Scale::Minute), [3, 50, 55]);
        assert_eq!(numbers("6-22/8", Scale::Hour), [6, 14, 22]);
        assert_eq!(numbers("*", Scale::Month), (1..=12).collect::<Vec<_>>());
    }

    #[test]
    fn months_and_weekdays_have_names() {
        assert_eq!(numbers("jan,MAR-May", Scale::Month), [1, 3, 4, 5]);
        assert_eq!(numbers("mon-fri", Scale::Weekday), [1, 2, 3, 4, 5]);
        assert_eq!(numbers("fri-sun", Scale::Weekday), [0, 5, 6]);
    }

    #[test]
    fn sunday_is_zero_and_seven() {
        for text in ["0", "7", "sun", "0,7"] {
            let field = Field::parse(text, Scale::Weekday).unwrap();
            assert_eq!(field.numbers().collect::<Vec<_>>(), [0], "{text}");
        }
    }

    #[test]
    fn every_error_says_what_to_write() {
        let wrong = [
            ("60", Scale::Minute),
            ("22-6", Scale::Hour),
            ("*/0", Scale::Hour),
            ("0", Scale::Day),
            ("+1", Scale::Day),
            ("1,,2", Scale::Day),
            ("Januar", Scale::Month),
            ("mo-fr", Scale::Weekday),
            ("8", Scale::Weekday),
        ];
        let errors: Vec<String> =
            (wrong.iter()).map(|(text, scale)| Field::parse(text, *scale).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}
