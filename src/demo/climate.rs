//! The true mood in the invented world: what share of each source is upset, and how much of that is about the login.

use super::timeline::Timeline;
use super::world::Source;
use crate::mention::{Label, Timestamp};

const DAY: f64 = 86_400.0;
/// The share of upset posts in a source that the broken login hits with full force.
const UPSET: f64 = 0.62;
/// What stays of the damage for good, of 1: some people do not come back.
const SCAR: f64 = 0.2;

/// How hard the broken login hits, from 0 (not at all) to 1 (everybody has the new version).
pub(super) fn impact(timeline: &Timeline, at: Timestamp) -> f64 {
    let days_since = |start: Timestamp| (at.seconds() - start.seconds()) as f64 / DAY;
    match (days_since(timeline.update_at), days_since(timeline.fixed_at)) {
        (broken, _) if broken < 0.0 => 0.0,
        (broken, fixed) if fixed < 0.0 => 1.0 - (-broken / 0.4).exp(),
        (_, fixed) => SCAR + (1.0 - SCAR) * (-fixed / 4.0).exp(),
    }
}

/// The shares of negative, neutral and positive posts. `tilt` is the weather of the day: above 0 people are kinder.
pub(super) fn shares(timeline: &Timeline, source: Source, at: Timestamp, tilt: f64) -> [f64; 3] {
    let [negative, neutral, positive] = usual(source);
    let tilted = [negative * (-tilt).exp(), neutral, positive * tilt.exp()];
    let sum: f64 = tilted.iter().sum();
    let [negative, neutral, positive] = tilted.map(|share| share / sum);
    let upset = negative + impact_on(timeline, source, at) * (UPSET - negative).max(0.0);
    let shrink = (1.0 - upset) / (1.0 - negative);
    [upset, neutral * shrink, positive * shrink]
}

fn usual(source: Source) -> [f64; 3] {
    match source {
        Source::AppStoreDe => [0.31, 0.15, 0.54],
        Source::AppStoreGb => [0.29, 0.16, 0.55],
        Source::Forum => [0.37, 0.39, 0.24],
        Source::Social => [0.30, 0.25, 0.45],
        Source::Press => [0.12, 0.76, 0.12],
        Source::Blog => [0.18, 0.24, 0.58],
    }
}

/// Papers and travellers do not use the app.
fn impact_on(timeline: &Timeline, source: Source, at: Timestamp) -> f64 {
    if matches!(source, Source::Press | Source::Blog) { 0.0 } else { impact(timeline, at) }
}

/// What a post is about: the login, broken or repaired, or anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Usual,
    BrokenLogin,
    RepairedLogin,
}

/// How likely a post of this mood is about the login, and in which way.
pub(super) fn login_share(timeline: &Timeline, source: Source, at: Timestamp, mood: Label) -> (Subject, f64) {
    let impact = impact_on(timeline, source, at);
    match mood {
        Label::Negative => (Subject::BrokenLogin, 0.72 * impact),
        Label::Positive if at > timeline.fixed_at => (Subject::RepairedLogin, 0.45 * (impact - SCAR).max(0.0)),
        _ => (Subject::Usual, 0.0),
    }
}

/// How many times as much as usual is written: those who are locked out write more.
pub(super) fn surge(timeline: &Timeline, source: Source, at: Timestamp) -> f64 {
    1.0 + 0.45 * impact_on(timeline, source, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline() -> Timeline {
        Timeline::new(Timestamp::from_seconds(1_790_000_000))
    }

    #[test]
    fn shares_add_up_in_every_source_and_weather() {
        let line = timeline();
        for source in Source::ALL {
            for (at, tilt) in [(line.begins, -0.3), (line.update_at.plus_seconds(90_000), 0.0), (line.ends, 0.3)] {
                let shares = shares(&line, source, at, tilt);
                assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9 && shares.iter().all(|&share| share > 0.0));
            }
        }
    }

    #[test]
    fn the_update_hits_within_days_and_the_repair_heals_most_of_it() {
        let line = timeline();
        let after = |moment: Timestamp, days: i64| impact(&line, moment.plus_seconds(days * 86_400));
        assert_eq!(after(line.update_at, -1), 0.0);
        assert!(after(line.update_at, 2) > 0.95);
        assert!((SCAR..0.6).contains(&after(line.fixed_at, 5)));
    }

    #[test]
    fn papers_do_not_use_the_app() {
        let line = timeline();
        let broken = line.update_at.plus_seconds(5 * 86_400);
        assert_eq!(surge(&line, Source::Press, broken), 1.0);
        assert!(surge(&line, Source::Forum, broken) > 1.4);
        assert!(shares(&line, Source::AppStoreDe, broken, 0.0)[0] > 0.55);
    }
}
