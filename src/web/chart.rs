//! How the mood went, as a drawing for a page: the net mood with what chance leaves open, the number of mentions below it, what
//! was found, and when nobody could listen. Pure.
//!
//! It is drawn here and not in the browser, so that it stands there at once, prints, and needs no scripts; a script shows the
//! values of the day that one points at, touches, or reaches by the arrow keys. The same values stand in a table.

use chrono::NaiveDate;

use crate::alert::Period;
use crate::alert::format::Format;

/// In units of the drawing; the page scales it.
const WIDTH: f64 = 960.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
/// Where the mood is drawn.
const MOOD: (f64, f64) = (16.0, 190.0);
/// Where the numbers of mentions are.
const BARS: (f64, f64) = (212.0, 268.0);

/// The share of what is usually heard that could not be heard, from which on a day is hatched.
const BLIND: f64 = 0.25;

/// One column: a day, or several where there are many.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// Its first day.
    pub(super) first: NaiveDate,
    /// Its last day.
    pub(super) last: NaiveDate,
    /// Of the texts whose mood is known.
    pub(super) period: Period,
    /// All that was said, copies and untold ones included.
    pub(super) mentions: u64,
    /// The share of what is usually heard that could not be heard, 0…1.
    pub(super) blind: f64,
    /// The number of the finding that was made then, and what it says.
    pub(super) findings: Vec<(i64, String)>,
}

/// What is drawn, ready to be written down.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) columns: Vec<Drawn>,
    /// Net mood: where, and what is written there.
    pub(super) grid: Vec<(f64, String)>,
    /// Numbers of mentions, likewise.
    pub(super) counts: Vec<(f64, String)>,
    /// Stretches without a break.
    pub(super) lines: Vec<Stretch>,
    pub(super) dates: Vec<(f64, String)>,
}

/// A stretch of days in which something was said.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    /// The points of the line.
    pub(super) line: String,
    /// The outline of the interval.
    pub(super) band: String,
    /// A day by itself is a dot.
    pub(super) dot: Option<(f64, f64)>,
}

/// A column with its place.
#[derive(Clone, Debug)]
pub(super) struct Drawn {
    pub(super) left: f64,
    pub(super) width: f64,
    pub(super) middle: f64,
    /// Where the line is.
    pub(super) at: Option<f64>,
    pub(super) bar_top: f64,
    pub(super) bar_height: f64,
    pub(super) is_blind: bool,
    pub(super) findings: Vec<(i64, String)>,
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    /// For the table, and for whoever points at it.
    pub(super) date: String,
    pub(super) net: String,
    pub(super) range: String,
    pub(super) shares: String,
    pub(super) mentions: String,
    pub(super) blind: Option<String>,
}

/// Draws columns in the order of time.
pub(super) fn draw(columns: &[Column], format: Format) -> Drawing {
    let reach = reach(columns);
    let most = columns.iter().map(|column| column.mentions).max().unwrap_or(0).max(4);
    let step = (WIDTH - LEFT - RIGHT) / columns.len().max(1) as f64;
    let level = |net: f64| MOOD.0 + (MOOD.1 - MOOD.0) * (1.0 - (net / reach + 1.0) / 2.0);
    let drawn: Vec<Drawn> = columns
        .iter()
        .enumerate()
        .map(|(index, column)| {
            let height = (BARS.1 - BARS.0) * column.mentions as f64 / most as f64;
            Drawn {
                left: LEFT + step * index as f64,
                width: step,
                middle: LEFT + step * (index as f64 + 0.5),
                at: column.period.net().map(level),
                bar_top: BARS.1 - height,
                bar_height: height,
                is_blind: column.blind >= BLIND,
                findings: column.findings.clone(),
                first: column.first,
                last: column.last,
                date: date(column, format),
                net: column.period.net().map_or_else(|| "–".to_owned(), |net| format.points(net)),
                range: column.period.net_range().map_or_else(String::new, |(low, high)| {
                    format!("{} … {}", format.points(low), format.points(high))
                }),
                shares: column.period.shares.map_or_else(String::new, |shares| {
                    shares.map(|share| format.whole_percent(share.fraction)).join(" / ")
                }),
                mentions: format.count(column.mentions),
                blind: (column.blind > 0.005).then(|| format.whole_percent(column.blind)),
            }
        })
        .collect();
    Drawing {
        lines: stretches(columns, &drawn, level),
        grid: [reach, 0.0, -reach]
            .map(|net| (level(net), format.points(net).replace(",0", "").replace(".0", "")))
            .to_vec(),
        counts: [(BARS.0, most), (BARS.1, 0)].map(|(at, count)| (at, format.count(count))).to_vec(),
        dates: dates(&drawn),
        columns: drawn,
    }
}

/// How far the scale goes: a round number that holds all of the line, so that a calm brand's small waves are not drawn as storms.
fn reach(columns: &[Column]) -> f64 {
    let furthest = columns.iter().filter_map(|column| column.period.net()).map(f64::abs).fold(0.0, f64::max);
    [0.4, 0.6, 0.8].into_iter().find(|reach| furthest <= *reach).unwrap_or(1.0)
}

/// Where the line is, across and down, and how far down the ends of its interval are.
type Point = (f64, f64, (f64, f64));

fn stretches(columns: &[Column], drawn: &[Drawn], level: impl Fn(f64) -> f64) -> Vec<Stretch> {
    let points: Vec<_> = columns
        .iter()
        .zip(drawn)
        .map(|(column, drawn)| Some((drawn.middle, drawn.at?, column.period.net_range()?)).filter(|_| !drawn.is_blind))
        .collect();
    let stretch = |points: &[Option<Point>]| {
        let points: Vec<_> = points.iter().flatten().collect();
        let join = |points: Vec<String>| points.join(" ");
        let upper = points.iter().map(|(x, _, (_, high))| format!("{x:.1},{:.1}", level(*high).max(MOOD.0)));
        let lower = points.iter().rev().map(|(x, _, (low, _))| format!("{x:.1},{:.1}", level(*low).min(MOOD.1)));
        Stretch {
            line: join(points.iter().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect()),
            band: join(upper.chain(lower).collect()),
            dot: (points.len() == 1).then(|| (points[0].0, points[0].1)),
        }
    };
    points.split(Option::is_none).filter(|points| !points.is_empty()).map(stretch).collect()
}

/// At most eight dates below, and none that runs into another.
fn dates(drawn: &[Drawn]) -> Vec<(f64, String)> {
    let every = drawn.len().div_ceil(8).max(1);
    let short = |date: NaiveDate, format: &str| date.format(format).to_string();
    let spans_years =
        drawn.first().zip(drawn.last()).is_some_and(|(first, last)| (last.last - first.first).num_days() > 300);
    let pattern = if spans_years { "%m/%Y" } else { "%d.%m." };
    drawn.iter().step_by(every).map(|column| (column.middle, short(column.first, pattern))).collect()
}

fn date(column: &Column, format: Format) -> String {
    let day = |date| format.day(crate::schedule::midnight(date, format.zone));
    if column.first == column.last {
        day(column.first)
    } else {
        format!("{} – {}", day(column.first), day(column.last))
    }
}
