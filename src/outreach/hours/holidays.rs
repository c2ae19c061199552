//! The public holidays of the German states, as their laws have them.
//!
//! Of every year, as the laws stand since 1995; what has changed since then changes in its year. Sundays are no
//! holidays here, though the law of Hesse calls them so. What holds in some places of a state only is left out: Corpus
//! Christi in Saxony and Thuringia, and the Friedensfest of Augsburg. The one exception is Assumption Day in Bavaria,
//! which is a holiday in more than four of five municipalities (those with more Catholics than Protestants, Munich
//! among them, Nuremberg not).

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::State;

impl State {
    /// What is kept on a date; the first, where two fall together.
    pub fn holiday(self, date: NaiveDate) -> Option<Holiday> {
        let year = date.year();
        Holiday::ALL.into_iter().find(|one| one.is_kept(self, year) && one.date(year) == Some(date))
    }

    /// All holidays of a year, in order.
    pub fn holidays(self, year: i32) -> Vec<(NaiveDate, Holiday)> {
        let kept = Holiday::ALL.into_iter().filter(|one| one.is_kept(self, year));
        let mut holidays: Vec<_> = kept.filter_map(|one| Some((one.date(year)?, one))).collect();
        holidays.sort_by_key(|(date, _)| *date);
        holidays
    }
}

/// A public holiday somewhere in Germany.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holiday {
    /// Neujahr
    NewYear,
    /// Heilige Drei Könige
    Epiphany,
    /// Internationaler Frauentag
    WomensDay,
    /// Karfreitag
    GoodFriday,
    /// Ostersonntag
    EasterSunday,
    /// Ostermontag
    EasterMonday,
    /// Tag der Arbeit
    LabourDay,
    /// Tag der Befreiung, at the 75th and the 80th return of the day
    LiberationDay,
    /// Christi Himmelfahrt
    Ascension,
    /// Pfingstsonntag
    WhitSunday,
    /// Pfingstmontag
    WhitMonday,
    /// Fronleichnam
    CorpusChristi,
    /// Jahrestag des Volksaufstands vom 17. Juni 1953, at the 75th return of the day
    UprisingDay,
    /// Mariä Himmelfahrt
    Assumption,
    /// Weltkindertag
    ChildrensDay,
    /// Tag der Deutschen Einheit
    UnityDay,
    /// Reformationstag
    ReformationDay,
    /// Allerheiligen
    AllSaints,
    /// Buß- und Bettag
    RepentanceDay,
    /// Erster Weihnachtstag
    ChristmasDay,
    /// Zweiter Weihnachtstag
    SecondChristmasDay,
}

impl Holiday {
    /// All of them, in the order of most years.
    pub const ALL: [Self; 21] = [
        Self::NewYear,
        Self::Epiphany,
        Self::WomensDay,
        Self::GoodFriday,
        Self::EasterSunday,
        Self::EasterMonday,
        Self::LabourDay,
        Self::LiberationDay,
        Self::Ascension,
        Self::WhitSunday,
        Self::WhitMonday,
        Self::CorpusChristi,
        Self::UprisingDay,
        Self::Assumption,
        Self::ChildrensDay,
        Self::UnityDay,
        Self::ReformationDay,
        Self::AllSaints,
        Self::RepentanceDay,
        Self::ChristmasDay,
        Self::SecondChristmasDay,
    ];

    /// When it is in a year; `None` beyond the calendar.
    fn date(self, year: i32) -> Option<NaiveDate> {
        let on = |month, day| NaiveDate::from_ymd_opt(year, month, day);
        let after_easter = |days| easter(year)?.checked_add_signed(TimeDelta::days(days));
        match self {
            Self::NewYear => on(1, 1),
            Self::Epiphany => on(1, 6),
            Self::WomensDay => on(3, 8),
            Self::GoodFriday => after_easter(-2),
            Self::EasterSunday => after_easter(0),
            Self::EasterMonday => after_easter(1),
            Self::LabourDay => on(5, 1),
            Self::LiberationDay => on(5, 8),
            Self::Ascension => after_easter(39),
            Self::WhitSunday => after_easter(49),
            Self::WhitMonday => after_easter(50),
            Self::CorpusChristi => after_easter(60),
            Self::UprisingDay => on(6, 17),
            Self::Assumption => on(8, 15),
            Self::ChildrensDay => on(9, 20),
            Self::UnityDay => on(10, 3),
            Self::ReformationDay => on(10, 31),
            Self::AllSaints => on(11, 1),
            // The Wednesday before 23 November.
            Self::RepentanceDay => {
                let last = on(11, 22)?;
                let days = (last.weekday().num_days_from_monday() + 7 - 2) % 7;
                last.checked_sub_signed(TimeDelta::days(days.into()))
            }
            Self::ChristmasDay => on(12, 25),
            Self::SecondChristmasDay => on(12, 26),
        }
    }

    /// Whether the law of a state has it in a year.
    fn is_kept(self, state: State, year: i32) -> bool {
        use State as S;
        match self {
            Self::NewYear
            | Self::GoodFriday
            | Self::EasterMonday
            | Self::LabourDay
            | Self::Ascension
            | Self::WhitMonday
            | Self::UnityDay
            | Self::ChristmasDay
            | Self::SecondChristmasDay => true,
            Self::Epiphany => matches!(state, S::BadenWuerttemberg | S::Bavaria | S::SaxonyAnhalt),
            Self::WomensDay => match state {
                S::Berlin => year >= 2019,
                S::MecklenburgVorpommern => year >= 2023,
                _ => false,
            },
            Self::EasterSunday | Self::WhitSunday => state == S::Brandenburg,
            Self::LiberationDay => state == S::Berlin && matches!(year, 2020 | 2025),
            Self::CorpusChristi => matches!(
                state,
                S::BadenWuerttemberg
                    | S::Bavaria
                    | S::Hesse
                    | S::NorthRhineWestphalia
                    | S::RhinelandPalatinate
                    | S::Saarland
            ),
            Self::UprisingDay => state == S::Berlin && year == 2028,
            Self::Assumption => matches!(state, S::Bavaria | S::Saarland),
            Self::ChildrensDay => state == S::Thuringia && year >= 2019,
            Self::ReformationDay => match state {
                S::Brandenburg | S::MecklenburgVorpommern | S::Saxony | S::SaxonyAnhalt | S::Thuringia => true,
                S::Bremen | S::Hamburg | S::LowerSaxony | S::SchleswigHolstein => year >= 2017,
                _ => year == 2017,
            },
            Self::AllSaints => matches!(
                state,
                S::BadenWuerttemberg | S::Bavaria | S::NorthRhineWestphalia | S::RhinelandPalatinate | S::Saarland
            ),
            Self::RepentanceDay => state == S::Saxony,
        }
    }
}

/// Easter Sunday, by the anonymous Gregorian algorithm (*Nature* 13, 1876; Meeus, *Astronomical Algorithms*, 1991,
/// chapter 8). The letters are those of the book.
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    // Days after 22 March.
    let days = h + l - 7 * m;
    NaiveDate::from_ymd_opt(year, 3, 22)?.checked_add_signed(TimeDelta::days(days.into()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn kept(state: State, on: &str) -> Option<Holiday> {
        state.holiday(date(on))
    }

    /// Where a holiday is kept in a year.
    fn places(holiday: Holiday, year: i32) -> String {
        let states = State::ALL.into_iter().filter(|state| state.holidays(year).iter().any(|(_, one)| *one == holiday));
        let mut codes: Vec<&str> = states.map(State::code).collect();
        codes.sort_unstable();
        codes.join(" ")
    }

    #[test]
    fn easter_is_when_the_almanac_has_it() {
        let easters = [
            "1818-03-22",
            "1943-04-25",
            "2008-03-23",
            "2011-04-24",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2028-04-16",
            "2029-04-01",
            "2030-04-21",
            "2031-04-13",
            "2032-03-28",
            "2033-04-17",
            "2034-04-09",
            "2035-03-25",
            "2036-04-13",
            "2037-04-05",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2285-03-22",
        ];
        for day in easters.map(date) {
            assert_eq!(easter(day.year()), Some(day));
        }
    }

    #[test]
    fn what_goes_with_easter_and_advent_falls_on_its_day() {
        let dates: Vec<String> = [
            (Holiday::GoodFriday, 2026),
            (Holiday::EasterMonday, 2026),
            (Holiday::Ascension, 2026),
            (Holiday::WhitMonday, 2026),
            (Holiday::CorpusChristi, 2026),
            (Holiday::RepentanceDay, 2026),
            (Holiday::RepentanceDay, 2023),
            (Holiday::RepentanceDay, 2028),
            (Holiday::RepentanceDay, 2034),
        ]
        .into_iter()
        .map(|(holiday, year)| holiday.date(year).unwrap().to_string())
        .collect();
        let known = [
            "2026-04-03",
            "2026-04-06",
            "2026-05-14",
            "2026-05-25",
            "2026-06-04",
            "2026-11-18",
            "2023-11-22",
            "2028-11-22",
            "2034-11-22",
        ];
        assert_eq!(dates, known);
    }

    #[test]
    fn each_holiday_is_kept_where_its_law_holds() {
        let expected = [
            (Holiday::Epiphany, "BW BY ST"),
            (Holiday::WomensDay, "BE MV"),
            (Holiday::EasterSunday, "BB"),
            (Holiday::WhitSunday, "BB"),
            (Holiday::CorpusChristi, "BW BY HE NW RP SL"),
            (Holiday::Assumption, "BY SL"),
            (Holiday::ChildrensDay, "TH"),
            (Holiday::ReformationDay, "BB HB HH MV NI SH SN ST TH"),
            (Holiday::AllSaints, "BW BY NW RP SL"),
            (Holiday::RepentanceDay, "SN"),
            (Holiday::LiberationDay, ""),
        ];
        for (holiday, states) in expected {
            assert_eq!(places(holiday, 2026), states, "{holiday:?}");
        }
        assert!(State::ALL.into_iter().all(|state| state.holidays(2026).len() >= 9));
    }

    #[test]
    fn what_was_not_always_a_holiday_is_one_from_its_year_on() {
        assert_eq!([2018, 2019, 2022, 2023].map(|year| places(Holiday::WomensDay, year)), ["", "BE", "BE", "BE MV"]);
        assert_eq!([2018, 2019].map(|year| places(Holiday::ChildrensDay, year)), ["", "TH"]);
        assert_eq!(places(Holiday::ReformationDay, 2016), "BB MV SN ST TH");
        assert_eq!(places(Holiday::ReformationDay, 2017).split(' ').count(), 16);
        assert_eq!(places(Holiday::ReformationDay, 2018), "BB HB HH MV NI SH SN ST TH");
        assert_eq!([2020, 2024, 2025].map(|year| places(Holiday::LiberationDay, year)), ["BE", "", "BE"]);
        assert_eq!([2027, 2028, 2029].map(|year| places(Holiday::UprisingDay, year)), ["", "BE", ""]);
    }

    #[test]
    fn a_year_has_its_holidays_in_order() {
        let holidays = State::Bavaria.holidays(2026);
        let shown: Vec<String> = holidays.iter().map(|(date, holiday)| format!("{date} {holiday:?}")).collect();
        insta::assert_snapshot!(shown.join("\n"));
        assert_eq!(kept(State::Hamburg, "2008-05-01"), Some(Holiday::LabourDay), "Ascension falls on it");
        assert_eq!(kept(State::Hamburg, "2026-06-04"), None);
    }

    proptest! {
        #[test]
        fn easter_is_a_sunday_of_spring_in_any_year(year in -200_000..200_000_i32) {
            let day = easter(year).unwrap();
            prop_assert_eq!(day.weekday(), chrono::Weekday::Sun);
            let in_year = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
            prop_assert!((in_year(3, 22)..=in_year(4, 25)).contains(&day));
        }

        #[test]
        fn a_date_is_a_holiday_exactly_if_the_year_has_it(
            state in prop::sample::select(&State::ALL[..]), year in 1995..2100_i32,
        ) {
            let days: BTreeSet<NaiveDate> = state.holidays(year).into_iter().map(|(date, _)| date).collect();
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            for date in first.iter_days().take_while(|date| date.year() == year) {
                prop_assert_eq!(state.holiday(date).is_some(), days.contains(&date));
            }
        }
    }
}
