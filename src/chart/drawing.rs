//! What stands where in the picture; the looks are in the template.

use std::ops::RangeInclusive;

use askama::Template;

use super::level::{Levels, Net, volume};
use super::scale::{Scale, round_down, ticks};
use super::wording::Reader;
use super::{Day, Focus, HEIGHT, Series, WIDTH, number};
use crate::mention::Timestamp;

/// Where the days begin and end; on the left stand the axes, on the right what the levels are.
const LEFT: f64 = 60.0;
const RIGHT: f64 = 335.0;

/// Room that a label of two lines takes.
const LABEL: f64 = 38.0;

/// Room between two lines of the grid, at least.
const GRID: f64 = 28.0;

/// The share of a day that its bar takes.
const BAR: f64 = 0.64;

/// Room above and below the band.
const MARGIN: f64 = 0.03;

const NET_STEPS: [f64; 6] = [0.02, 0.05, 0.1, 0.25, 0.5, 1.0];
const DATE_STEPS: [i64; 6] = [1, 2, 7, 14, 28, 91];
const MOST_DATES: i64 = 5;

#[derive(Template)]
#[template(path = "chart/chart.svg")]
struct Picture {
    width: u32,
    height: u32,
    left: f64,
    right: f64,
    reader: Reader,
    /// Inside a page.
    is_inline: bool,
    is_about_mood: bool,
    mood: MoodPanel,
    bars: BarPanel,
    onset: Onset,
    dates: Vec<Mark>,
}

/// The net mood.
struct MoodPanel {
    top: f64,
    bottom: f64,
    grid: Vec<Mark>,
    runs: Vec<Run>,
    /// Before the onset.
    before: Option<Level>,
    since: Option<Level>,
}

/// The number of mentions.
struct BarPanel {
    top: f64,
    bottom: f64,
    grid: Vec<Mark>,
    bars: Vec<Bar>,
    before: Option<Level>,
    most: Option<Level>,
}

/// A label and its place.
struct Mark {
    at: f64,
    label: String,
    is_strong: bool,
}

struct Onset {
    at: f64,
    label: String,
    /// In the right half, where its label stands to the left.
    is_late: bool,
}

/// What a level is, beside it.
struct Level {
    at: f64,
    /// The middle of its label, which steps aside for another.
    label_at: f64,
    label: String,
}

/// Days without a gap.
struct Run {
    line: String,
    band: String,
    /// Where it is a single day.
    dot: Option<(f64, f64)>,
}

struct Bar {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    is_since: bool,
    is_over: bool,
}

pub(super) fn draw(series: Series, reader: Reader, is_inline: bool) -> String {
    let levels = Levels::of(series);
    let shown = shown(series);
    let calendar = Scale::new((*shown.start() as f64, *shown.end() as f64 + 1.0), (LEFT, RIGHT));
    let is_about_mood = series.focus == Focus::Mood;
    let (large, small) = if is_about_mood { ((66.0, 190.0), (234.0, 276.0)) } else { ((66.0, 170.0), (216.0, 276.0)) };
    let (mood, bars) = if is_about_mood { (large, small) } else { (small, large) };
    let picture = Picture {
        width: WIDTH,
        height: HEIGHT,
        left: LEFT,
        right: RIGHT,
        reader,
        is_inline,
        is_about_mood,
        mood: mood_panel(series, levels, calendar, mood, reader),
        bars: bar_panel(series, levels, calendar, bars, reader),
        onset: onset(series, calendar, reader),
        dates: dates(&shown, calendar, reader),
    };
    // Writing into a string does not fail; should it ever do, there is no picture.
    picture.render().unwrap_or_default()
}

/// All days from the first to the last of which something is known, the onset's among them.
fn shown(series: Series) -> RangeInclusive<i64> {
    let days = || series.days.iter().map(Day::number);
    let known = [number(series.onset), number(series.until.plus_seconds(-1))];
    let first = days().chain(known).min().unwrap_or_default();
    first..=days().chain(known).max().unwrap_or_default()
}

fn mood_panel(series: Series, levels: Levels, calendar: Scale, place: (f64, f64), reader: Reader) -> MoodPanel {
    let says_something = |day: &&Day| !has_hardly_begun(day, series, levels);
    let net = |day: &Day| Some((day.number(), Net::of(&[*day])?));
    let nets: Vec<(i64, Net)> = series.days.iter().filter(says_something).filter_map(net).collect();
    let low = nets.iter().map(|(_, net)| net.low - MARGIN).fold(-MARGIN, f64::min).max(-1.0);
    let high = nets.iter().map(|(_, net)| net.high + MARGIN).fold(MARGIN, f64::max).min(1.0);
    let values = ticks(low, high, &NET_STEPS, ((place.1 - place.0) / GRID).floor().max(3.0));
    let scale = Scale::new((low, high), (place.1, place.0));
    let grid = values.into_iter().map(|value| Mark {
        at: tenth(scale.place(value)),
        label: reader.whole_points(value),
        is_strong: value.abs() < 1e-9,
    });
    let level = |net: Option<Net>| net.map(|net| level(scale.place(net.value), reader.points(net.value)));
    let (mut before, mut since) = (level(levels.net_before), level(levels.net_since));
    step_aside(&mut before, &mut since);
    MoodPanel { top: place.0, bottom: place.1, grid: grid.collect(), runs: runs(&nets, calendar, scale), before, since }
}

/// A day that is not over, with less than a quarter of what is usual: its mood would be mostly chance, and its band would press
/// all others flat.
fn has_hardly_begun(day: &Day, series: Series, levels: Levels) -> bool {
    day.number() >= number(series.until) && levels.volume_before.is_some_and(|usual| volume(day) < usual / 4.0)
}

fn bar_panel(series: Series, levels: Levels, calendar: Scale, place: (f64, f64), reader: Reader) -> BarPanel {
    let most = series.days.iter().map(volume).fold(1.0, f64::max);
    let scale = Scale::new((0.0, most), (place.1, place.0));
    let width = (calendar.place(1.0 + *shown(series).start() as f64) - LEFT) * BAR;
    let bar = |day: &Day| {
        let middle = calendar.place(day.number() as f64 + 0.5);
        let top = scale.place(volume(day));
        Bar {
            left: tenth(middle - width / 2.0),
            top: tenth(top),
            width: tenth(width.max(1.0)),
            height: tenth(place.1 - top),
            is_since: day.number() >= number(series.onset),
            is_over: day.number() < number(series.until),
        }
    };
    let mark = |value: f64| Mark { at: tenth(scale.place(value)), label: reader.count(value), is_strong: value == 0.0 };
    let mut before = levels.volume_before.map(|usual| level(scale.place(usual), reader.count(usual)));
    let mut peak = levels.peak.map(|day| level(scale.place(volume(&day)), reader.count(volume(&day))));
    step_aside(&mut before, &mut peak);
    BarPanel {
        top: place.0,
        bottom: place.1,
        grid: [0.0, round_down(most)].map(mark).into(),
        bars: series.days.iter().map(bar).collect(),
        before,
        most: peak,
    }
}

fn level(at: f64, label: String) -> Level {
    Level { at: tenth(at), label_at: tenth(at), label }
}

/// Two labels that would cover each other go apart, each in its own direction.
fn step_aside(one: &mut Option<Level>, other: &mut Option<Level>) {
    let (Some(one), Some(other)) = (one, other) else { return };
    let missing = LABEL - (one.at - other.at).abs();
    if missing > 0.0 {
        let step = if one.at <= other.at { -missing / 2.0 } else { missing / 2.0 };
        one.label_at = tenth(one.at + step);
        other.label_at = tenth(other.at - step);
    }
}

fn runs(nets: &[(i64, Net)], calendar: Scale, scale: Scale) -> Vec<Run> {
    nets.chunk_by(|(day, _), (next, _)| day.saturating_add(1) == *next)
        .map(|run| draw_run(run, calendar, scale))
        .collect()
}

fn draw_run(nets: &[(i64, Net)], calendar: Scale, scale: Scale) -> Run {
    let middle = |day: i64| calendar.place(day as f64 + 0.5);
    let corner = |across: f64, value: f64| format!("{},{}", tenth(across), tenth(scale.place(value)));
    if let [(day, net)] = nets {
        // A day between gaps has no neighbour to draw a line to.
        let (from, to) = (middle(*day) - 2.0, middle(*day) + 2.0);
        let corners = [(from, net.high), (to, net.high), (to, net.low), (from, net.low)];
        let band = corners.map(|(across, value)| corner(across, value)).join(" ");
        let dot = Some((tenth(middle(*day)), tenth(scale.place(net.value))));
        return Run { line: String::new(), band, dot };
    }
    let along = |value: fn(&Net) -> f64| nets.iter().map(move |(day, net)| corner(middle(*day), value(net)));
    let line: Vec<String> = along(|net| net.value).collect();
    let band: Vec<String> = along(|net| net.high).chain(along(|net| net.low).rev()).collect();
    Run { line: line.join(" "), band: band.join(" "), dot: None }
}

/// A mood begins with a day, a rush of mentions within one.
fn onset(series: Series, calendar: Scale, reader: Reader) -> Onset {
    let at = calendar.place(series.onset.seconds() as f64 / 86_400.0);
    Onset { at: tenth(at), label: reader.onset(series.onset), is_late: at > (LEFT + RIGHT) / 2.0 }
}

/// Dates back from the last day, as many as there is room for.
fn dates(shown: &RangeInclusive<i64>, calendar: Scale, reader: Reader) -> Vec<Mark> {
    let (first, last) = (*shown.start(), *shown.end());
    let span = last.saturating_sub(first);
    let fits = |step: &i64| span / step < MOST_DATES;
    let step = DATE_STEPS.into_iter().find(fits).unwrap_or(span / MOST_DATES + 1);
    let mark = |index: i64| {
        let day = last.saturating_sub(index.saturating_mul(step));
        let start = Timestamp::from_seconds(day.saturating_mul(24 * 3600));
        Mark { at: tenth(calendar.place(day as f64 + 0.5)), label: reader.date(start), is_strong: false }
    };
    (0..=span / step).map(mark).collect()
}

/// Finer than anybody sees, and short to write.
fn tenth(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}
