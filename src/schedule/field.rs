//! One field of a cron line: the set of numbers that it names.

use super::ScheduleError;

/// What a field may say.
#[derive(Debug)]
pub(super) struct Scale {
    name: &'static str,
    low: u32,
    high: u32,
    /// Names of the numbers from `low` on.
    names: &'static [&'static str],
}

pub(super) const MINUTE: Scale = Scale { name: "minute", low: 0, high: 59, names: &[] };
pub(super) const HOUR: Scale = Scale { name: "hour", low: 0, high: 23, names: &[] };
pub(super) const DAY: Scale = Scale { name: "day of month", low: 1, high: 31, names: &[] };
pub(super) const MONTH: Scale = Scale {
    name: "month",
    low: 1,
    high: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
/// Sunday is 0 and 7.
pub(super) const WEEKDAY: Scale =
    Scale { name: "weekday", low: 0, high: 7, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

/// The numbers that a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// Bit n stands for the number n.
    set: u64,
    /// Begins with `*`, so that it does not restrict a day by itself.
    pub(super) is_star: bool,
}

impl Field {
    /// Reads a list of numbers, names, ranges and steps: `*`, `*/15`, `6-22`, `0,30`, `mon-fri`, `5/20`.
    pub(super) fn parse(text: &str, scale: &Scale) -> Result<Self, ScheduleError> {
        let set = text.split(',').try_fold(0, |set, item| scale.item(item).map(|numbers| set | numbers))?;
        Ok(Self { set, is_star: text.starts_with('*') })
    }

    /// Whether it names this number.
    pub(super) fn has(self, number: u32) -> bool {
        self.set >> number & 1 == 1
    }

    /// The numbers that it names, ascending.
    pub(super) fn numbers(self) -> impl Iterator<Item = u32> {
        (0..u64::BITS).filter(move |&number| self.has(number))
    }

    /// The same weekdays, Sunday only as 0.
    pub(super) fn with_sunday_as_zero(self) -> Self {
        Self { set: (self.set | self.set >> 7) & 0x7f, ..self }
    }
}

impl Scale {
    fn item(&self, item: &str) -> Result<u64, ScheduleError> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(self.step(step, item)?)),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (self.low, self.high),
            Some((first, last)) => (self.number(first)?, self.last(first, last)?),
            None if step.is_some() => (self.number(range)?, self.high),
            None => (self.number(range)?, self.number(range)?),
        };
        if first > last {
            let problem = format!("ends before it begins, write {first}-{},{}-{last}", self.high, self.low);
            return Err(self.error(item, problem));
        }
        Ok((first..=last).step_by(step.unwrap_or(1)).fold(0, |set, number| set | 1 << number))
    }

    /// The end of a range. A week may end on Sunday: `fri-sun`.
    fn last(&self, first: &str, last: &str) -> Result<u32, ScheduleError> {
        let number = self.number(last)?;
        let is_sunday = self.high == WEEKDAY.high && number == 0 && self.number(first)? > 0;
        Ok(if is_sunday { WEEKDAY.high } else { number })
    }

    fn number(&self, text: &str) -> Result<u32, ScheduleError> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let number = match named {
            Some(position) => u32::try_from(position).ok().map(|position| position + self.low),
            None => text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit())),
        };
        number.filter(|number| (self.low..=self.high).contains(number)).ok_or_else(|| {
            let names = match self.names {
                [first, .., last] => format!(", or {first} to {last}"),
                _ => String::new(),
            };
            self.error(text, format!("write a number from {} to {}{names}", self.low, self.high))
        })
    }

    fn step(&self, text: &str, item: &str) -> Result<usize, ScheduleError> {
        let step = text.parse().ok().filter(|step| (1..=self.high as usize).contains(step));
        step.ok_or_else(|| self.error(item, format!("the step behind `/` is a number from 1 to {}", self.high)))
    }

    fn error(&self, text: &str, problem: String) -> ScheduleError {
        ScheduleError::Field { field: self.name, text: text.to_owned(), problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str, scale: &Scale) -> Vec<u32> {
        Field::parse(text, scale).unwrap().numbers().collect()
    }

    #[test]
    fn lists_ranges_and_steps_name_numbers() {
        assert_eq!(numbers("*/15", &MINUTE), [0, 15, 30, 45]);
        assert_eq!(numbers("50/5,3", &MINUTE), [3, 50, 55]);
        assert_eq!(numbers("6-22/8", &HOUR), [6, 14, 22]);
        assert_eq!(numbers("*", &MONTH), (1..=12).collect::<Vec<_>>());
    }

    #[test]
    fn months_and_weekdays_have_names() {
        assert_eq!(numbers("jan,MAR-May", &MONTH), [1, 3, 4, 5]);
        assert_eq!(numbers("mon-fri", &WEEKDAY), [1, 2, 3, 4, 5]);
        assert_eq!(numbers("fri-sun", &WEEKDAY), [5, 6, 7]);
    }

    #[test]
    fn sunday_is_zero_and_seven() {
        for text in ["0", "7", "sun", "0,7"] {
            let field = Field::parse(text, &WEEKDAY).unwrap().with_sunday_as_zero();
            assert_eq!(field.numbers().collect::<Vec<_>>(), [0], "{text}");
        }
    }

    #[test]
    fn every_error_says_what_to_write() {
        let wrong = [
            ("60", &MINUTE),
            ("22-6", &HOUR),
            ("*/0", &HOUR),
            ("0", &DAY),
            ("+1", &DAY),
            ("1,,2", &DAY),
            ("L", &DAY),
            ("January", &MONTH),
            ("mo-fr", &WEEKDAY),
            ("8", &WEEKDAY),
        ];
        let errors: Vec<String> =
            (wrong.iter()).map(|(text, scale)| Field::parse(text, scale).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(errors.join("\n"), @r"
        minute `60`: write a number from 0 to 59
        hour `22-6`: ends before it begins, write 22-23,0-6
        hour `*/0`: the step behind `/` is a number from 1 to 23
        day of month `0`: write a number from 1 to 31
        day of month `+1`: write a number from 1 to 31
        day of month ``: write a number from 1 to 31
        day of month `L`: write a number from 1 to 31
        month `January`: write a number from 1 to 12, or jan to dec
        weekday `mo`: write a number from 0 to 7, or sun to sat
        weekday `8`: write a number from 0 to 7, or sun to sat
        ");
    }
}
