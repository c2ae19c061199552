//! An invented month of cases: everyday trouble in four sources, more by day than by night, and one day on which something breaks.

use fastrand::Rng;

use super::people::normal;
use super::{Case, Known};
use crate::mention::Timestamp;
use crate::outreach::Severity;
use crate::outreach::queue::Facts;

/// Monday, 1 June 2026, in UTC.
const BEGINS: Timestamp = Timestamp::from_seconds(1_780_272_000);
const DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// A source, how much of everything it has, whether people give stars there, and characters that half of them stay below.
const SOURCES: [(&str, f64, bool, f64); 4] = [
    ("store", 0.45, true, 120.0),
    ("maps", 0.25, true, 180.0),
    ("forum", 0.2, false, 450.0),
    ("social", 0.1, false, 160.0),
];

/// Within how many hours each severity is due, the smallest first.
const DUE_HOURS: [i64; 4] = [16, 8, 4, 2];

/// Cases of a month, in the order in which they arrive: some six to forty a day.
pub fn month(random: &mut Rng) -> Vec<Case> {
    let daily = 6.0 * (40.0_f64 / 6.0).powf(random.f64());
    let bad_day = random.i64(3..DAYS - 5);
    let mut moments: Vec<i64> = (0..DAYS)
        .flat_map(|day| {
            let busy = if day % 7 >= 5 { 0.7 } else { 1.0 } * if day == bad_day { 4.0 } else { 1.0 };
            let count = (daily * busy * (0.25 * normal(random)).exp()).round() as usize;
            (0..count).map(|_| day * DAY + second(random)).collect::<Vec<_>>()
        })
        .collect();
    moments.sort_unstable();
    moments.into_iter().zip(1..).map(|(second, id)| case(id, BEGINS.plus_seconds(second), random)).collect()
}

/// Of a day: most people write between seven in the morning and eleven at night.
fn second(random: &mut Rng) -> i64 {
    let hours = if random.u8(..10) == 0 { 0..7 } else { 7..23 };
    hours.start * 3600 + random.i64(0..(hours.end - hours.start) * 3600)
}

fn case(id: i64, at: Timestamp, random: &mut Rng) -> Case {
    let mut place = random.f64();
    let fits = |(_, share, ..): &&(&str, f64, bool, f64)| {
        place -= share;
        place < 0.0
    };
    let (source, _, has_stars, length) = *SOURCES.iter().find(fits).unwrap_or(&SOURCES[0]);
    let score = -random.f64().sqrt();
    let mut one_in = |of_100: u32| random.u32(..100) < of_100;
    let (leaves, is_urgent, asks) = (one_in(8), one_in(2), one_in(15));
    let (is_concrete, was_content) = (one_in(60), one_in(15));
    let stars = has_stars.then_some(if score < -0.55 || leaves { 1 } else { 2 });
    let severity = match (is_urgent, leaves || score < -0.75) {
        (true, _) => Severity::Urgent,
        (_, true) => Severity::High,
        _ if asks && score > -0.4 => Severity::Low,
        _ => Severity::Normal,
    };
    let facts = Facts {
        id,
        severity,
        score,
        // Nobody has answered here before: nothing is known of any source.
        usual_return: 0.2,
        is_concrete,
        asks,
        leaves,
        was_content,
        copies: 1,
        length: (length * (0.8 * normal(random)).exp()).clamp(15.0, 4000.0) as usize,
        waits_since: at,
        due_at: Some(at.plus_seconds(3600 * DUE_HOURS[severity as usize])),
        promised_at: None,
    };
    // Sources are asked every so often.
    let from = at.plus_seconds(random.i64(60..3600));
    Case { source: source.to_owned(), known: vec![Known { from, facts, stars }] }
}
