//! Whose mood it was that turned, and about what: of few mentions, the largest contribution and the greatest of all changes are
//! often chance.
//!
//! For each source, and for the brand as a whole, it is asked how much likelier what was said is if the mood has turned than if
//! it has not (the Bayes factor). What is not known is averaged over: the moment of the turn, each of the last 30 days being as
//! likely (as Shiryaev 1963 and Roberts 1966 do); its extent, by half a normal distribution; and which topic it is about. The
//! usual mood is that of all that is known, before and since.

use std::collections::BTreeMap;
use std::f64::consts::{FRAC_1_SQRT_2, LN_2, PI};

use statrs::function::erf::erfc;

use super::Heard;
use crate::detect::{Direction, Finding};
use crate::mention::{Label, Timestamp};

/// How far back from a finding a source may have turned, for it to be what was found: a finding begins where the brand as a whole
/// gives it away, and one source may have said it for weeks.
const WITHIN: i64 = 30 * 86_400;
/// How far a source's net mood turns when it does: the standard deviation of the normal distribution whose half is meant.
const EXTENT: f64 = 0.4;
/// How many of the mentions that are telling are about what made the source turn, beside those that always are.
const ABOUT_IT: f64 = 0.25;

/// What one mention adds to what is known.
#[derive(Clone, Copy)]
struct Said<'a> {
    at: Timestamp,
    label: Label,
    topic: Option<&'a str>,
}

/// How sure it is whose mood has turned the way of the finding, or any way where it has none, and about what: as logarithms of
/// Bayes factors.
#[derive(Debug, Default)]
pub(super) struct Turns<'a> {
    /// By source. Those of which there is only one mention are left out, and so are those that have said nothing for long.
    pub(super) sources: BTreeMap<&'a str, f64>,
    /// By topic, be it all that talk of it or one source alone. Empty where the finding has no direction.
    pub(super) topics: BTreeMap<&'a str, f64>,
}

/// Asks everyone who was heard.
pub(super) fn turns<'a>(finding: &Finding, heard: &'a Heard) -> Turns<'a> {
    let topic = |topics: &'a [String]| topics.first().map(String::as_str);
    let earlier = heard
        .earlier
        .iter()
        .map(|seen| (seen.source(), Said { at: seen.arrived_at, label: seen.label, topic: topic(&seen.topics) }));
    let excerpts = heard
        .before
        .iter()
        .chain(&heard.since)
        .map(|seen| (&*seen.source, Said { at: seen.arrived_at, label: seen.label, topic: topic(&seen.topics) }));
    let mut all: Vec<(&str, Said<'_>)> = earlier.chain(excerpts).collect();
    all.sort_by_key(|(_, said)| said.at);
    let direction = finding.kind.direction();
    let topics = direction.map(|way| usual(way, all.iter().map(|(_, said)| said))).unwrap_or_default();
    let from = finding.at.plus_seconds(-WITHIN);
    let mut sources: BTreeMap<&str, Vec<Said<'_>>> = BTreeMap::new();
    for (source, said) in &all {
        sources.entry(source).or_default().push(*said);
    }
    let by_source: BTreeMap<&str, Vec<f64>> = sources
        .into_iter()
        .filter_map(|(source, said)| Some((source, turn(direction, &topics, from, &said)?)))
        .collect();
    let all: Vec<Said<'_>> = all.into_iter().map(|(_, said)| said).collect();
    let of_brand = turn(direction, &topics, from, &all);
    let of_topic = |(at, (topic, _)): (usize, &(&'a str, f64))| {
        let alone = by_source.values().map(|of_source| of_source[at] - (by_source.len() as f64).ln());
        (*topic, ln_sum(&of_brand.iter().map(|of_brand| of_brand[at]).chain(alone).collect::<Vec<_>>()))
    };
    Turns {
        topics: topics.iter().enumerate().map(of_topic).collect(),
        sources: by_source.into_iter().map(|(source, factors)| (source, ln_mean(&factors))).collect(),
    }
}

/// Whether a mention is of the mood of which there is more after a turn.
fn is_telling(way: Direction, label: Label) -> bool {
    f64::from(label.sign()) * way.sign() > 0.0
}

/// The topics of what is telling, with their shares, none of which is 0.
fn usual<'a: 'b, 'b>(way: Direction, said: impl Iterator<Item = &'b Said<'a>>) -> Vec<(&'a str, f64)> {
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    for topic in said.filter(|said| is_telling(way, said.label)).filter_map(|said| said.topic) {
        *counts.entry(topic).or_insert(1.0) += 1.0;
    }
    let all: f64 = counts.values().sum();
    counts.into_iter().map(|(topic, count)| (topic, count / all)).collect()
}

/// The logarithms of the Bayes factors for a turn after `from` that is about each of the topics, or about none if there are
/// none, among mentions in the order of their arrival.
fn turn(direction: Option<Direction>, topics: &[(&str, f64)], from: Timestamp, said: &[Said<'_>]) -> Option<Vec<f64>> {
    let moments = moments(direction, from, said);
    let weight: f64 = moments.iter().map(|moment| moment.duration).sum();
    let mood: Vec<f64> = moments.iter().map(|moment| moment.factor + (moment.duration / weight).ln()).collect();
    if moments.is_empty() {
        return None;
    }
    let Some(way) = direction.filter(|_| !topics.is_empty()) else { return Some(vec![ln_sum(&mood)]) };
    let of_topic = |(topic, share): &(&str, f64)| {
        let about = about(way, topic, *share, said);
        let weighed = mood.iter().zip(&moments).map(|(mood, moment)| mood + about[moment.index]);
        ln_sum(&weighed.collect::<Vec<_>>())
    };
    Some(topics.iter().map(of_topic).collect())
}

/// When a mood may have turned.
struct Moment {
    /// The first mention after the turn.
    index: usize,
    /// Seconds since the mention before it, and one more.
    duration: f64,
    /// How much likelier the moods are with a turn here than without: the logarithm.
    factor: f64,
}

fn moments(direction: Option<Direction>, from: Timestamp, said: &[Said<'_>]) -> Vec<Moment> {
    let all = said.len() as f64;
    let sum: f64 = said.iter().map(|said| f64::from(said.label.sign())).sum();
    let decided = said.iter().filter(|said| said.label != Label::Neutral).count() as f64;
    // As if there were four more: who always says the same may yet say something else.
    let variance = ((decided + 2.8) / (all + 4.0) - (sum / all).powi(2)).max(f64::EPSILON);
    let mut sum_before = 0.0;
    let mut moments = Vec::new();
    for (pair, before) in said.windows(2).zip(1_u32..) {
        sum_before += f64::from(pair[0].label.sign());
        if pair[1].at < from {
            continue;
        }
        let (index, before) = (before as usize, f64::from(before));
        let since = all - before;
        let change = (sum - sum_before) / since - sum_before / before;
        let information = before * since / all / variance;
        let factor = match direction {
            Some(way) => moved(change * way.sign(), information),
            None => ln_mean(&[moved(change, information), moved(-change, information)]),
        };
        let duration = (pair[1].at.seconds() - pair[0].at.seconds().max(from.seconds()) + 1) as f64;
        moments.push(Moment { index, duration, factor });
    }
    moments
}

/// For each mention, how much likelier the topics of what is telling from it on are if this topic is what it is about, which has
/// this share otherwise: as the logarithm of the factor.
fn about(way: Direction, topic: &str, share: f64, said: &[Said<'_>]) -> Vec<f64> {
    let [other, same] = [0.0, ABOUT_IT / share].map(|more| (1.0 - ABOUT_IT + more).ln());
    let mut factor = 0.0;
    let mut about: Vec<f64> = said
        .iter()
        .rev()
        .map(|said| {
            factor += match said.topic.filter(|_| is_telling(way, said.label)) {
                Some(found) if found == topic => same,
                Some(_) => other,
                None => 0.0,
            };
            factor
        })
        .collect();
    about.reverse();
    about
}

/// The logarithm of how much likelier a change of the mean, of which so much is known (1/variance), is if there is a true one
/// upwards than if there is none.
fn moved(change: f64, information: f64) -> f64 {
    let precision = information + EXTENT.powi(-2);
    let surprise = change * information / precision.sqrt();
    // exp(x²/2) times the normal distribution up to x; far below, what is left of it after the two have cancelled out.
    let tail = if surprise > -8.0 {
        surprise * surprise / 2.0 + (erfc(-surprise * FRAC_1_SQRT_2) / 2.0).ln()
    } else {
        -(-surprise * (2.0 * PI).sqrt()).ln()
    };
    LN_2 - (1.0 + EXTENT * EXTENT * information).ln() / 2.0 + tail
}

/// The logarithm of a sum whose parts are given by theirs.
fn ln_sum(parts: &[f64]) -> f64 {
    let greatest = parts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    greatest + parts.iter().map(|part| (part - greatest).exp()).sum::<f64>().ln()
}

/// The logarithm of the mean of what is given by its logarithms.
fn ln_mean(parts: &[f64]) -> f64 {
    ln_sum(parts) - (parts.len() as f64).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::{FindingKind, Observation};

    const NOW: i64 = 1_000;

    fn found(kind: FindingKind) -> Finding {
        let at = Timestamp::from_seconds(3_600 * NOW);
        Finding {
            kind,
            at,
            onset: at,
            onset_earliest: at,
            onset_latest: at,
            evidence: 6.0,
            rarity_days: 200.0,
            residual: 0.0,
            place: None,
            extent: None,
        }
    }

    /// One mention an hour, the last one an hour before now; each "-", "0" or "+", of a topic if a letter follows.
    fn hourly(source: &str, moods: &str) -> Vec<Observation> {
        let mut said: Vec<(Label, Vec<String>)> = Vec::new();
        for sign in moods.chars() {
            match sign {
                '-' => said.push((Label::Negative, Vec::new())),
                '0' => said.push((Label::Neutral, Vec::new())),
                '+' => said.push((Label::Positive, Vec::new())),
                topic => said.last_mut().unwrap().1.push(topic.to_string()),
            }
        }
        let begin = NOW - i64::try_from(said.len()).unwrap();
        let seen = |(hour, (label, topics)): (i64, (Label, Vec<String>))| Observation {
            arrived_at: Timestamp::from_seconds(3_600 * hour),
            published_at: None,
            segment: format!("{source}:de"),
            author: None,
            text: 0,
            topics,
            label,
            copy: false,
            backfill: false,
        };
        (begin..).zip(said).map(seen).collect()
    }

    fn named(turns: BTreeMap<&str, f64>) -> BTreeMap<String, f64> {
        turns.into_iter().map(|(name, turn)| (name.to_owned(), turn)).collect()
    }

    fn of(kind: FindingKind, earlier: Vec<Observation>) -> BTreeMap<String, f64> {
        named(turns(&found(kind), &Heard { earlier, ..Heard::default() }).sources)
    }

    #[test]
    fn a_source_that_turned_outweighs_a_chance_in_another() {
        let heard =
            [hourly("forum", "+++++++++++++++++-----------"), hourly("shop", "++-+-++-+-+++-+-++-+++-+-+++---")]
                .concat();
        let down = of(FindingKind::MoodDown, heard.clone());
        assert!(down["forum"] > 3.0 && down["shop"] < 1.0, "{down:?}");
        let up = of(FindingKind::MoodUp, heard);
        assert!(up["forum"] < -1.0, "{up:?}");
    }

    #[test]
    fn what_was_usual_tells_a_turn_from_a_habit() {
        let turn = |usual: &str| of(FindingKind::MoodDown, hourly("forum", &(usual.repeat(30) + "-----")))["forum"];
        assert!(turn("+") > 4.0 && turn("-") < 0.0, "{} {}", turn("+"), turn("-"));
    }

    #[test]
    fn a_source_that_complains_of_one_thing_has_turned_more_surely_than_one_that_complains_of_many() {
        let usual = "+a-a+b-b+c-c".repeat(5);
        let heard =
            [hourly("one", &(usual.clone() + "-a-a-a-b-a-a-a-a-a")), hourly("many", &(usual + "-a-b-c-a-b-c-a-b-c"))]
                .concat();
        let turns = of(FindingKind::MoodDown, heard);
        assert!(turns["one"] > turns["many"] + 0.5, "{turns:?}");
    }

    #[test]
    fn what_one_source_alone_complains_of_is_not_lost_among_what_all_talk_of() {
        let others = |name: &str| hourly(name, &"+a-b+b-a+a-b".repeat(12));
        let turned = hourly("turned", &("+a+c+b-c+a+b".repeat(10) + "-c-c-c-a-c-c-c-c"));
        let earlier = [others("one"), others("two"), others("three"), turned].concat();
        let topics = named(turns(&found(FindingKind::MoodDown), &Heard { earlier, ..Heard::default() }).topics);
        assert!(topics["c"] > topics["a"].max(topics["b"]) + 2.0, "{topics:?}");
    }

    #[test]
    fn of_one_mention_or_of_long_silence_nothing_is_said() {
        let mut silent = hourly("silent", "++++----");
        silent.iter_mut().for_each(|seen| seen.arrived_at = seen.arrived_at.plus_seconds(-WITHIN));
        assert!(of(FindingKind::MoodDown, [silent, hourly("shop", "-")].concat()).is_empty());
    }

    #[test]
    fn the_mean_over_extents_agrees_with_adding_them_up() {
        for (change, information) in [(0.5, 12.0), (0.0, 40.0), (-0.3, 9.0), (-2.0, 400.0), (0.02, 90_000.0)] {
            let (step, normal) = (1e-4, 2.0 / (EXTENT * (2.0 * PI).sqrt()));
            let at = |extent: f64| {
                let likelihood = information * (change * extent - extent * extent / 2.0);
                normal * (likelihood - (extent / EXTENT).powi(2) / 2.0).exp()
            };
            let added: f64 = (0..40_000).map(|index| step * at((f64::from(index) + 0.5) * step)).sum();
            let difference = moved(change, information) - added.ln();
            assert!(difference.abs() < 0.02, "{change} {information}: {difference}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_turn_is_finite_and_the_same_in_a_mirror(moods in "([-0+][a-c]?){0,40}") {
            let mirrored: String = moods.chars().map(|c| match c { '-' => '+', '+' => '-', c => c }).collect();
            let turn = |kind, moods: &str| of(kind, hourly("forum", moods)).get("forum").copied();
            let [down, up] = [FindingKind::MoodDown, FindingKind::MoodUp].map(|kind| turn(kind, &moods));
            proptest::prop_assert!([down, up, turn(FindingKind::Volume, &moods)].iter().flatten().all(|it| it.is_finite()));
            proptest::prop_assert_eq!(turn(FindingKind::MoodUp, &mirrored).is_some(), down.is_some());
            let same = turn(FindingKind::MoodUp, &mirrored).zip(down).is_none_or(|(one, other)| (one - other).abs() < 1e-9);
            proptest::prop_assert!(same, "{moods}");
        }
    }
}
