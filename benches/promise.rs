//! Whether the promise about false alarms is kept, and how soon a shift of the mood is found: on invented streams with a known
//! truth, beside the rules of others on the very same streams.
//!
//! ```sh
//! cargo bench --bench promise                                  # 24 streams a cell, two minutes or so
//! cargo bench --bench promise -- --streams 200 --rates 3,30    # more of fewer
//! cargo bench --bench promise -- --promise "30 days"
//! ```

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints, and has failed if it cannot go on")]

#[path = "promise/peers.rs"]
mod peers;
#[path = "promise/scenario.rs"]
mod scenario;
#[path = "promise/stream.rs"]
mod stream;

use std::time::Instant;

use clap::Parser;
use peers::Peer;
use scenario::Scenario;
use stimmung::alert::{Excerpt, Heard, explain};
use stimmung::detect::{Detector, Finding, FindingKind, Hygiene, Observation, Report, Rule};
use stimmung::mention::Timestamp;
use stream::{DAYS, HISTORY_DAYS, Stream, hours_since_start, stream, unshifted};

#[derive(Parser)]
struct Arguments {
    /// Streams for each rate and scenario
    #[arg(long, default_value_t = 24)]
    streams: u64,
    /// Mentions a day
    #[arg(long, value_delimiter = ',', default_value = "3,10,30,100,300,1000")]
    rates: Vec<f64>,
    /// At most one false alarm in so many days
    #[arg(long, default_value = "90 days")]
    promise: Rule,
    /// The number of the first stream
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only scenarios whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// cargo bench passes it
    #[arg(long, hide = true)]
    bench: bool,
}

/// What came of one stream.
struct Outcome {
    /// Findings of a shift in the days that count, in hours since the change.
    moods: Vec<(f64, FindingKind)>,
    /// All findings within seven days of the change.
    named: Vec<FindingKind>,
    /// How many other findings there are in the days that count.
    others: [usize; 4],
    peers: [usize; Peer::ALL.len()],
    /// Whether the topic and the segment that carry the shift were named first, where there are such.
    driver: [Option<bool>; 2],
    /// Whether it would be named by the moods alone, by who knew all but the segment and the hour.
    knowable: bool,
    /// Whether the first finding after the change is there without the change, too: whatever it names, it has no driver.
    by_chance: bool,
}

const OTHERS: [FindingKind; 4] = [FindingKind::Volume, FindingKind::Gap, FindingKind::Burst, FindingKind::Mix];

fn main() {
    let arguments = Arguments::parse();
    let begin = Instant::now();
    for scenario in Scenario::ALL.into_iter().filter(|it| it.name().contains(&arguments.only)) {
        println!("\n{}", scenario.name());
        for rate in &arguments.rates {
            let seeds: Vec<u64> = (arguments.seed..arguments.seed + arguments.streams).collect();
            let halves = seeds.split_at(seeds.len() / 2);
            let run = |seeds: &[u64]| -> Vec<Outcome> {
                seeds.iter().map(|seed| outcome(scenario, *rate, *seed, arguments.promise)).collect()
            };
            let outcomes = std::thread::scope(|scope| {
                let other = scope.spawn(|| run(halves.1));
                let mut all = run(halves.0);
                all.extend(other.join().unwrap());
                all
            });
            println!("  {rate:>5}/day  {}", line(scenario, &outcomes));
        }
    }
    println!("\n{:.0} s", begin.elapsed().as_secs_f64());
}

/// All findings of a stream.
fn findings(stream: &Stream, rule: Rule) -> Vec<Finding> {
    let mut detector = Detector::default();
    let mut reports = detector.run(rule, &stream.observations, Timestamp::from_seconds(0));
    if let Some(last) = stream.observations.last() {
        reports.extend(detector.run(rule, &[], last.arrived_at.plus_seconds(3600)));
    }
    reports.into_iter().filter_map(Report::finding).collect()
}

/// The first finding of a shift the right way after the change.
fn right<'a>(findings: &'a [Finding], stream: &Stream) -> Option<&'a Finding> {
    let is_right = |it: &&Finding| it.kind.direction().is_some_and(|way| way.sign() == stream.direction);
    findings.iter().filter(is_right).find(|it| hours_since_start(it.at) >= stream.change as f64)
}

fn outcome(scenario: Scenario, rate: f64, seed: u64, rule: Rule) -> Outcome {
    let stream = &stream(scenario, rate, seed);
    let findings = findings(stream, rule);
    let at = |finding: &Finding| hours_since_start(finding.at);
    let change = stream.change as f64;
    let is_mood = |kind| matches!(kind, FindingKind::MoodDown | FindingKind::MoodUp);
    let counts = |finding: &&Finding| at(finding) >= (HISTORY_DAYS * 24) as f64;
    let right = right(&findings, stream);
    let by_chance = |finding: &Finding| {
        let twin = unshifted(scenario, rate, seed);
        self::right(&self::findings(&twin, rule), &twin).is_some_and(|it| it.at <= finding.at)
    };
    Outcome {
        knowable: stream.segment.is_some() && right.is_some_and(|finding| likeliest(stream, finding) == stream.segment),
        by_chance: stream.segment.is_some() && right.is_some_and(by_chance),
        driver: right.map_or([None, None], |finding| drivers(stream, finding, rule)),
        moods: findings
            .iter()
            .filter(counts)
            .filter(|it| is_mood(it.kind))
            .map(|it| (at(it) - change, it.kind))
            .collect(),
        named: findings.iter().filter(|it| (0.0..168.0).contains(&(at(it) - change))).map(|it| it.kind).collect(),
        others: OTHERS.map(|kind| findings.iter().filter(counts).filter(|it| it.kind == kind).count()),
        peers: Peer::ALL
            .map(|peer| peer.alarms(&stream.observations).iter().filter(|day| **day >= HISTORY_DAYS).count()),
    }
}

/// What would be named by who knew all but the segment and the hour, from the moods of what had arrived.
fn likeliest(stream: &Stream, finding: &Finding) -> Option<&'static str> {
    let mut hygiene = Hygiene::default();
    let seen = stream.observations.iter().filter(|seen| seen.arrived_at < finding.at);
    let clean = seen.filter(|seen| hygiene.exclude(seen).is_none());
    let hour = |seen: &Observation| seen.published_at.map_or(f64::INFINITY, hours_since_start);
    stream.likeliest(clean.map(|seen| (seen.segment.clone(), hour(seen), seen.label)))
}

/// What the explanation of a finding names first.
fn drivers(stream: &Stream, finding: &Finding, rule: Rule) -> [Option<bool>; 2] {
    let [known, compared] = Heard::spans(finding.onset);
    let excerpt = |seen: &Observation| Excerpt {
        arrived_at: seen.arrived_at,
        source: seen.source().to_owned(),
        language: None,
        topics: seen.topics.clone(),
        label: seen.label,
        score: 0.0,
        text: String::new(),
        url: None,
    };
    let seen = stream.observations.iter().filter(|seen| (known..finding.at).contains(&seen.arrived_at)).cloned();
    let (earlier, arrivals): (Vec<_>, Vec<_>) = seen.partition(|seen| seen.arrived_at < compared);
    let arrivals = arrivals.into_iter().map(|seen| (seen.clone(), excerpt(&seen))).collect();
    let alert = explain("", finding, rule, &Heard::new(finding.onset, earlier, arrivals));
    let topic = alert.topics.first().map(|first| first.name == stream.topic);
    let most = alert.sources.first();
    let segment = stream.segment.zip(most).map(|(segment, most)| Some(most.name.as_str()) == segment.split(':').next());
    [topic, segment]
}

fn line(scenario: Scenario, outcomes: &[Outcome]) -> String {
    let share = |is: &dyn Fn(&Outcome) -> bool| {
        100.0 * outcomes.iter().filter(|it| is(it)).count() as f64 / outcomes.len() as f64
    };
    if scenario == Scenario::Quiet {
        let days = (outcomes.len() as i64 * (DAYS - HISTORY_DAYS)) as f64;
        let rate = |count: usize| 90.0 * count as f64 / days;
        let own = rate(outcomes.iter().map(|it| it.moods.len()).sum());
        let peers: Vec<String> = (0..Peer::ALL.len())
            .map(|peer| {
                let count = rate(outcomes.iter().map(|it| it.peers[peer]).sum());
                format!("{} {count:.1}", Peer::ALL[peer].name())
            })
            .collect();
        let others: Vec<String> = (0..OTHERS.len())
            .map(|other| {
                format!("{} {:.2}", OTHERS[other].name(), rate(outcomes.iter().map(|it| it.others[other]).sum()))
            })
            .collect();
        format!("false alarms in 90 days: mood {own:.2}, {}   ({})", others.join(", "), peers.join(", "))
    } else if scenario.direction() == 0.0 {
        let false7 = share(&|it| it.moods.iter().any(|(at, _)| (0.0..168.0).contains(at)));
        let named = [FindingKind::Burst, FindingKind::Volume, FindingKind::Mix, FindingKind::Gap]
            .map(|kind| format!("{} {:.0} %", kind.name(), share(&|it| it.named.contains(&kind))));
        format!("called a shift {false7:.0} %, named {}", named.join(", "))
    } else {
        let kind = if scenario.direction() < 0.0 { FindingKind::MoodDown } else { FindingKind::MoodUp };
        let mut delays: Vec<f64> = outcomes
            .iter()
            .map(|it| it.moods.iter().find(|(at, found)| *found == kind && *at >= 0.0).map_or(f64::INFINITY, |it| it.0))
            .collect();
        delays.sort_by(f64::total_cmp);
        let within = |hours: f64| share(&|it| it.moods.iter().any(|(at, k)| *k == kind && (0.0..=hours).contains(at)));
        let median = f64::midpoint(delays[(delays.len() - 1) / 2], delays[delays.len() / 2]);
        let first = |index: usize, counts: &dyn Fn(&Outcome) -> bool| {
            let known: Vec<bool> = outcomes.iter().filter(|it| counts(it)).filter_map(|it| it.driver[index]).collect();
            let first = known.iter().filter(|first| **first).count();
            (!known.is_empty()).then(|| (100.0 * first as f64 / known.len() as f64, known.len()))
        };
        let mut named = String::new();
        if let Some((share, _)) = first(0, &|_| true) {
            named += &format!(", topic first {share:.1} %");
        }
        if let (Some((share, all)), Some((made, left))) = (first(1, &|_| true), first(1, &|it| !it.by_chance)) {
            named += &format!(", segment first {share:.1} %; {} of {all} come without the drop, too", all - left);
            named += &format!(", of the others {made:.1} %");
            let found = outcomes.iter().filter(|it| it.driver[1].is_some());
            let knowable = found.filter(|it| it.knowable).count();
            named += &format!("; by the moods, knowing all else, {:.1} %", 100.0 * knowable as f64 / all as f64);
        }
        let (soon, later) = (within(72.0), within(168.0));
        format!("found within 3 days {soon:.0} %, 7 days {later:.0} %, median {median:.0} h{named}")
    }
}
