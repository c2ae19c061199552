//! The hours of a week, as people write them.

use std::ops::Range;
use std::str::FromStr;

use thiserror::Error;

/// Minutes since midnight, up to 1440 for the end of the day.
pub(super) type Minutes = Range<u32>;

/// The hours of each weekday, Monday first: in order and apart, and some on at least one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Week(pub(super) [Vec<Minutes>; 7]);

/// Why a text names no hours of a week, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Nothing is ever open.
    #[error("these are never any hours: write them as in \"Mon-Fri 08:00-18:00\"")]
    Never,
    /// Not the name of a day.
    #[error("`{0}` is no weekday: write it as in \"Mon\", \"Mo\" or \"Mon-Fri\"")]
    Day(String),
    /// Not two times.
    #[error("`{0}` are no hours: write them as in \"8-18\" or \"08:00-18:00\"")]
    Time(String),
    /// Two times that are not one after the other.
    #[error(
        "`{0}` does not end after it begins: write what is after midnight with its day, as in \"Fri 22-24, Sat 0-6\""
    )]
    Order(String),
    /// Times that belong to no day.
    #[error("`{0}` has no day: write it before the hours, as in \"Mon-Fri 8-18\"")]
    NoDay(String),
    /// Days that have no times.
    #[error("`{0}` has no hours: write them behind it, as in \"Sat 9-13\"")]
    NoHours(String),
}

/// German and English, in full and short.
const DAYS: [&[&str]; 7] = [
    &["mo", "mon", "monday", "montag"],
    &["di", "die", "dienstag", "tu", "tue", "tues", "tuesday"],
    &["mi", "mit", "mittwoch", "we", "wed", "wednesday"],
    &["do", "don", "donnerstag", "th", "thu", "thur", "thurs", "thursday"],
    &["fr", "fre", "freitag", "fri", "friday"],
    &["sa", "sam", "samstag", "sonnabend", "sat", "saturday"],
    &["so", "son", "sonntag", "su", "sun", "sunday"],
];

/// Words that may stand between days and hours and say nothing.
const FILLERS: [&str; 7] = ["und", "and", "von", "from", "uhr", "h", "&"];

impl FromStr for Week {
    type Err = HoursError;

    /// Days, then the hours of all of them, then other days: `Mon-Fri 8-12, 13-17, Sat 9-13`. Hours that overlap are
    /// one.
    fn from_str(text: &str) -> Result<Self, HoursError> {
        let mut week = Self::default();
        let (mut days, mut without_hours) = (Vec::<usize>::new(), None);
        for word in words(text) {
            if word.starts_with(|first: char| first.is_ascii_digit()) {
                let minutes = minutes(&word)?;
                if days.is_empty() {
                    return Err(HoursError::NoDay(word));
                }
                days.iter().for_each(|day| week.0[*day].push(minutes.clone()));
                without_hours = None;
            } else {
                if without_hours.is_none() {
                    days.clear();
                }
                days.extend(weekdays(&word)?);
                without_hours = Some(word);
            }
        }
        week.0.iter_mut().for_each(unite);
        match without_hours {
            Some(days) => Err(HoursError::NoHours(days)),
            None if days.is_empty() => Err(HoursError::Never),
            None => Ok(week),
        }
    }
}

/// Days or hours, each with what it reaches to: `mo-fr`, `8-18`.
fn words(text: &str) -> impl Iterator<Item = String> {
    let dashes = text.replace(['–', '—'], "-").replace(" bis ", "-").replace(" to ", "-");
    let close = dashes.split('-').map(str::trim).collect::<Vec<_>>().join("-");
    let words: Vec<String> =
        close.split([',', ';', ' ', '\t', '\n']).map(|word| word.trim_end_matches([':', '.']).to_owned()).collect();
    words.into_iter().filter(|word| !word.is_empty() && !FILLERS.contains(&word.to_lowercase().as_str()))
}

/// The numbers of a day, or of all from one to another, over the weekend too.
fn weekdays(word: &str) -> Result<Vec<usize>, HoursError> {
    let number = |name: &str| {
        let name = name.trim_end_matches('.').to_lowercase();
        DAYS.iter().position(|names| names.contains(&name.as_str())).ok_or_else(|| HoursError::Day(word.to_owned()))
    };
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (first, last) = (number(first)?, number(last)?);
    let count = (last + 7 - first) % 7;
    Ok((first..=first + count).map(|day| day % 7).collect())
}

fn minutes(word: &str) -> Result<Minutes, HoursError> {
    let wrong = || HoursError::Time(word.to_owned());
    let (from, to) = word.split_once('-').ok_or_else(wrong)?;
    let (from, to) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
    if from < to { Ok(from..to) } else { Err(HoursError::Order(word.to_owned())) }
}

/// Minutes since midnight of `8`, `8:00`, `08.00` or `24:00`, with or without `h` or `Uhr`.
fn minute(text: &str) -> Option<u32> {
    let text = text
        .strip_suffix("Uhr")
        .or_else(|| text.strip_suffix("uhr"))
        .or_else(|| text.strip_suffix('h'))
        .unwrap_or(text);
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let is_number = |digits: &str| digits.len() <= 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(hour) || !is_number(minute) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}

/// In order, and what overlaps or adjoins as one.
fn unite(hours: &mut Vec<Minutes>) {
    hours.sort_by_key(|minutes| minutes.start);
    hours.dedup_by(|next, before| {
        let touches = next.start <= before.end;
        if touches {
            before.end = before.end.max(next.end);
        }
        touches
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each day with hours, and those.
    fn read(text: &str) -> String {
        let Week(days) = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        let shown = |minutes: &Minutes| {
            let Range { start, end } = minutes;
            format!("{}:{:02}-{}:{:02}", start / 60, start % 60, end / 60, end % 60)
        };
        let day = |(names, hours): (&&[&str], &Vec<Minutes>)| {
            (!hours.is_empty())
                .then(|| [names[0].to_owned()].into_iter().chain(hours.iter().map(shown)).collect::<Vec<_>>())
        };
        let days: Vec<String> = DAYS.iter().zip(&days).filter_map(day).map(|words| words.join(" ")).collect();
        days.join(", ")
    }

    #[test]
    fn hours_are_read_as_people_write_them_in_both_languages() {
        let office = "mo 8:00-18:00, di 8:00-18:00, mi 8:00-18:00, do 8:00-18:00, fr 8:00-18:00";
        for text in [
            "Mon-Fri 08:00-18:00",
            "Mo-Fr 8-18",
            "Mo.–Fr.: 8.00 – 18.00 Uhr",
            "Montag bis Freitag von 8 bis 18 Uhr",
            "monday to friday from 8:00 to 18:00",
            "Mo,Tu,We,Th,Fr 08:00-18:00",
            "Mo und Mi-Fr 8h-18h; Di 8-18uhr",
            "Mo-Fr 8-12, 12-18",
        ] {
            assert_eq!(read(text), office, "{text}");
        }
        assert_eq!(read("Mo-Fr 8-18, Sa 9-13"), format!("{office}, sa 9:00-13:00"));
        assert_eq!(read("Sat-Mon 0-24"), "mo 0:00-24:00, sa 0:00-24:00, so 0:00-24:00");
        assert_eq!(read("Di 13:30-17, 8-12:15, 9-10"), "di 8:00-12:15 13:30-17:00");
    }

    #[test]
    fn every_day_has_its_names() {
        for (number, names) in DAYS.iter().enumerate() {
            assert!(names.iter().all(|name| weekdays(name) == Ok(vec![number])), "{names:?}");
        }
    }

    #[test]
    fn what_is_never_or_not_readable_is_refused_with_an_example() {
        let refused = [
            "",
            " , ",
            "Mon-Fri",
            "8-18",
            "Mon-Fri 8-18, Sat",
            "Mox 8-18",
            "Mon-Foo 8-18",
            "Mon 18",
            "Mon 8-25",
            "Mon 8-24:01",
            "Mon 8:60-9",
            "Mon 8:5-9",
            "Mon 8-",
            "Mon 22-6",
            "Mon 8-8",
            "Mon 8-18 Uhr Sat",
            "24/7",
            "Mon 8-12-18",
            "Mon 8am-6pm",
        ];
        let told: String =
            refused.iter().map(|text| format!("{text}: {}\n", text.parse::<Week>().unwrap_err())).collect();
        insta::assert_snapshot!(told);
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in r"((mo|fri|so|-| |,|\.|:|[0-9]{1,3}|\PC){0,12})") {
            if let Ok(Week(days)) = text.parse::<Week>() {
                prop_assert!(days.iter().any(|hours| !hours.is_empty()));
                for hours in days {
                    prop_assert!(hours.iter().all(|minutes| minutes.start < minutes.end && minutes.end <= 1440));
                    prop_assert!(hours.windows(2).all(|two| two[0].end < two[1].start));
                }
            }
        }
    }
}
