//! What the whole of a column says about how to read each of its cells.

use csv::StringRecord;

use super::columns::names::{Meaning, is_german};
use super::columns::{Columns, Field};
use super::date::{self, DateOrder};
use super::{Options, rating};

/// The scales that bare numbers may be on.
const SCALES: [f64; 3] = [5.0, 10.0, 100.0];

/// The share of bare numbers that a scale has to hold; the rest are mistakes, and are reported as such.
const FITTING: f64 = 0.95;

/// What was seen in one column.
#[derive(Clone, Debug, Default)]
struct Seen {
    filled: usize,
    ratings: usize,
    /// Bare numbers up to 5, 10 and 100.
    within: [usize; 3],
    day_first: bool,
    month_first: bool,
}

impl Seen {
    fn rating(&mut self, cell: &str) {
        self.filled += 1;
        let Some(points) = rating::parse(cell) else { return };
        self.ratings += 1;
        if points.best.is_none() {
            for (within, scale) in self.within.iter_mut().zip(SCALES) {
                *within += usize::from(points.value <= scale);
            }
        }
    }

    fn date(&mut self, cell: &str) {
        match date::order_shown_by(cell) {
            Some(DateOrder::DayFirst) => self.day_first = true,
            Some(DateOrder::MonthFirst) => self.month_first = true,
            None => {}
        }
    }

    /// Most cells are ratings. No text is one by accident.
    fn holds_ratings(&self) -> bool {
        self.ratings * 2 > self.filled
    }
}

/// What was seen in all columns that have something to say.
#[derive(Debug)]
pub(super) struct Survey<'h> {
    headers: &'h [String],
    meanings: Vec<Option<Meaning>>,
    seen: Vec<Seen>,
}

/// How the cells of a file are to be read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) columns: Columns,
    /// `None` where nothing tells, so that dates which depend on it are problems.
    pub(super) order: Option<DateOrder>,
    /// The most that a bare number in the rating column can be.
    pub(super) best: f64,
}

impl<'h> Survey<'h> {
    pub(super) fn new(headers: &'h [String], meanings: Vec<Option<Meaning>>) -> Self {
        Self { headers, seen: vec![Seen::default(); meanings.len()], meanings }
    }

    pub(super) fn observe(&mut self, row: &StringRecord) {
        for ((meaning, seen), cell) in self.meanings.iter().zip(&mut self.seen).zip(row) {
            match meaning {
                _ if cell.trim().is_empty() => {}
                Some(Meaning::RatingOrText | Meaning::Field { field: Field::Rating, .. }) => seen.rating(cell),
                Some(Meaning::Field { field, .. }) if field.is_date() => seen.date(cell),
                _ => {}
            }
        }
    }

    pub(super) fn reading(self, options: &Options) -> Reading {
        let columns = Columns::assign(&self.meanings, |column| self.seen[column].holds_ratings());
        let best = options.rating_best.unwrap_or_else(|| self.scale(&columns));
        Reading { order: options.date_order.or_else(|| self.order()), best, columns }
    }

    /// One kind of evidence decides; without any, German headers mean that the day comes first.
    fn order(&self) -> Option<DateOrder> {
        let any = |is: fn(&Seen) -> bool| self.seen.iter().any(is);
        match (any(|seen| seen.day_first), any(|seen| seen.month_first)) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            (true, true) => None,
            (false, false) => self.headers.iter().any(|header| is_german(header)).then_some(DateOrder::DayFirst),
        }
    }

    /// The smallest scale that holds nearly all bare numbers.
    fn scale(&self, columns: &Columns) -> f64 {
        let within = columns.at(Field::Rating).map_or([0; 3], |column| self.seen[column].within);
        let [.., all] = within;
        let fits = |count: usize| count as f64 >= all as f64 * FITTING;
        SCALES.into_iter().zip(within).find_map(|(scale, count)| fits(count).then_some(scale)).unwrap_or(5.0)
    }
}
