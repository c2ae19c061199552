use std::fmt;

use proptest::prelude::*;

use super::simulation::{Custom, World};
use super::*;

const START: Timestamp = Timestamp::from_seconds(1_780_000_000);

fn day(days: i64) -> Timestamp {
    START.plus_seconds(days * DAY)
}

/// Nothing becomes of it for 60 days.
fn silent() -> Course {
    Course {
        source: "shop".to_owned(),
        stars: 1,
        said_at: START,
        seen_from: START,
        answered_at: None,
        template: None,
        outcome: None,
        seen_until: day(60),
    }
}

fn answered(on: i64) -> Course {
    Course { answered_at: Some(day(on)), ..silent() }
}

fn becomes(course: Course, on: i64, outcome: Outcome) -> Course {
    Course { outcome: Some((day(on), outcome)), ..course }
}

fn several(count: usize, course: &Course) -> Vec<Course> {
    vec![course.clone(); count]
}

/// One of ten comes back, of those who are answered and of the others.
fn alike() -> Vec<Course> {
    let back = |course, on| becomes(course, on, Outcome::Better(4));
    let answers = [several(27, &answered(5)), several(3, &back(answered(5), 8))];
    let controls = [several(36, &silent()), several(4, &back(silent(), 10))];
    [answers, controls].concat().concat()
}

fn effect(courses: &[Course]) -> Effect {
    Ledger::new(courses).all().effect
}

fn comparison(courses: &[Course]) -> Comparison {
    match effect(courses) {
        Effect::Known(comparison) => comparison,
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_after_which_no_more_come_back_than_by_themselves_have_done_nothing() {
    let Comparison { people, answered, by_themselves, difference, left_out } = comparison(&alike());
    let a_tenth = 100.0 * (1.0 - f64::exp(-0.1));
    assert_eq!((people, left_out), (30, 0.0));
    assert!((answered.value - a_tenth).abs() < 1e-9 && (by_themselves.value - a_tenth).abs() < 1e-9);
    assert!(difference.value.abs() < 1e-9 && difference.low < -8.0 && difference.high > 8.0, "{difference:?}");
}

#[test]
fn answers_after_which_many_come_back_are_told_from_chance() {
    let mut courses = alike();
    courses.extend(several(12, &becomes(answered(5), 8, Outcome::Better(2))));
    let Comparison { answered, by_themselves, difference, .. } = comparison(&courses);
    assert!(answered.value > 29.0 && by_themselves.value < 10.0 && difference.low > 0.0, "{difference:?}");
}

#[test]
fn whoever_changed_before_the_answer_came_back_by_themselves() {
    let late = Course { answered_at: Some(day(12)), ..becomes(silent(), 10, Outcome::Better(1)) };
    let mut courses = alike();
    let before = comparison(&courses).by_themselves.value;
    courses.extend(several(4, &late));
    assert_eq!(Ledger::new(&courses).all().answered, 30);
    assert!(comparison(&courses).by_themselves.value > before + 5.0);
}

#[test]
fn time_in_which_nobody_looked_counts_for_nobody() {
    let mut courses = alike();
    courses.extend(several(500, &Course { seen_from: day(50), ..silent() }));
    assert_eq!(comparison(&courses), comparison(&alike()));
}

#[test]
fn whoever_comes_back_later_than_30_days_after_an_answer_is_counted_and_not_credited() {
    let mut courses = alike();
    courses.extend(several(5, &becomes(answered(5), 36, Outcome::Better(1))));
    let account = Ledger::new(&courses).all();
    let Effect::Known(comparison) = &account.effect else { panic!("{account:?}") };
    assert_eq!(account.better, 8);
    assert!(comparison.answered.value < 10.0, "{comparison:?}");
}

#[test]
fn where_there_is_too_little_no_number_is_told() {
    let controls = several(40, &silent());
    let with = |count, course| [controls.clone(), several(count, &course)].concat();
    let elsewhere = Course { source: "forum".to_owned(), ..answered(5) };
    assert_eq!(effect(&with(29, answered(5))), Effect::TooFew { people: 29 });
    assert_eq!(effect(&with(40, Course { seen_until: day(20), ..answered(5) })), Effect::TooSoon);
    assert_eq!(effect(&with(40, elsewhere.clone())), Effect::NoControl);
    assert_eq!(effect(&with(40, Course { stars: 2, ..answered(5) })), Effect::NoControl);
    assert_eq!(effect(&[]), Effect::TooFew { people: 0 });
    assert_eq!(effect(&with(201, answered(5))), Effect::NoControl, "40 can stand for 200");
    let partly = [with(30, answered(5)), several(20, &elsewhere)].concat();
    let Comparison { people, left_out, .. } = comparison(&partly);
    assert_eq!(people, 30);
    assert!((left_out - 0.4).abs() < 1e-12);
}

#[test]
fn what_came_of_answers_is_counted_by_source_and_whatever_else() {
    let stranger = Course { source: "forum".to_owned(), answered_at: Some(START.plus_seconds(600)), ..silent() };
    let courses = [
        Course { template: Some("sorry@2".to_owned()), ..becomes(answered(2), 9, Outcome::Better(4)) },
        Course { template: Some("sorry@2".to_owned()), ..becomes(answered(4), 40, Outcome::Better(1)) },
        becomes(answered(2), 3, Outcome::Worse),
        becomes(stranger, 3, Outcome::Gone),
        becomes(answered(9), 3, Outcome::Better(1)),
        silent(),
    ];
    let ledger = Ledger::new(&courses);
    let counts = |it: &Account| [it.answered, it.better, it.stars_gained as usize, it.worse, it.gone];
    assert_eq!(counts(&ledger.all()), [4, 2, 5, 1, 1]);
    let sources = ledger.by(|course| Some(course.source.as_str()));
    assert_eq!(counts(&sources["shop"]), [3, 2, 5, 1, 0]);
    assert_eq!(counts(&sources["forum"]), [1, 0, 0, 0, 1]);
    let templates = ledger.by(|course| course.template.as_deref());
    assert_eq!(templates.into_iter().map(|(name, it)| (name, it.better)).collect::<Vec<_>>(), [("sorry@2", 2)]);
    let waits = ledger.by(Course::wait);
    assert_eq!(waits.keys().collect::<Vec<_>>(), [&Wait::Hour, &Wait::ThreeDays, &Wait::Week]);
}

#[test]
fn a_share_of_those_who_were_answered_has_wilsons_interval() {
    let account = Ledger::new(&alike()).all();
    let better = account.of_100(account.better).unwrap();
    assert!((better.value - 10.0).abs() < 1e-9);
    assert!((better.low - 3.46).abs() < 0.01 && (better.high - 25.62).abs() < 0.01, "{better:?}");
    assert_eq!(Ledger::new(&[]).all().of_100(0), None);
}

/// What became of a number of runs of a world.
#[derive(Debug, Default)]
struct Runs {
    known: usize,
    /// The interval of the difference has the truth in it.
    covers: usize,
    /// It lies above zero.
    claims: usize,
    /// It lies below zero.
    warns: usize,
    /// A plain comparison of those who were answered with those who never were finds a difference.
    plainly: usize,
    /// By how much the difference is too great, in all.
    excess: f64,
}

impl World {
    fn runs(self, count: u64) -> Runs {
        let mut runs = Runs::default();
        for seed in 1..=count {
            let (courses, effects) = self.live(&mut fastrand::Rng::with_seed(seed));
            let ledger = Ledger::new(&courses);
            let account = ledger.all();
            let Effect::Known(Comparison { difference, .. }) = account.effect else { continue };
            let truth = truth(&ledger, courses.iter().zip(effects));
            runs.known += 1;
            runs.covers += usize::from(difference.low <= truth && truth <= difference.high);
            runs.claims += usize::from(difference.low > 0.0);
            runs.warns += usize::from(difference.high < 0.0);
            runs.plainly += usize::from(differ_plainly(&courses, &account));
            runs.excess += difference.value - truth;
        }
        runs
    }
}

impl Runs {
    fn share(&self, count: usize) -> f64 {
        count as f64 / self.known as f64
    }
}

impl fmt::Display for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [covers, claims, warns, plainly] =
            [self.covers, self.claims, self.warns, self.plainly].map(|count| 100.0 * self.share(count));
        let excess = self.excess / self.known as f64;
        write!(f, "{} known, {covers:.1} % cover, {claims:.1} % claim, {warns:.1} % warn, ", self.known)?;
        write!(f, "excess {excess:+.2}; plainly {plainly:.1} %")
    }
}

/// How many of 100 came back because of an answer, of those who can be compared: whoever is for longer counts for more.
fn truth<'a>(ledger: &Ledger<'a>, effects: impl Iterator<Item = (&'a Course, f64)>) -> f64 {
    let (mut sum, mut all) = (0.0, 0.0);
    for (course, effect) in effects {
        let seconds: i64 = ledger.controls.comparable(course).map(|one| one.span.seconds()).sum();
        sum += 100.0 * effect * seconds as f64;
        all += seconds as f64;
    }
    sum / all
}

fn differ_plainly(courses: &[Course], account: &Account) -> bool {
    let never: Vec<&Course> = courses.iter().filter(|course| course.answered().is_none()).collect();
    let by_themselves = never.iter().filter(|course| course.came_back()).count();
    let after = account.of_100(account.better).unwrap();
    let interval = wilson(by_themselves, never.len());
    let value = 100.0 * by_themselves as f64 / never.len() as f64;
    let difference = after.minus(Estimate { value, low: 100.0 * interval.low, high: 100.0 * interval.high });
    difference.low > 0.0 || difference.high < 0.0
}

const WORLD: World = World { reviews: 600, hazard: 0.01, effect: 0.0, half: 2.0, custom: Custom::Even, keen: 0.8 };

#[test]
fn where_answers_do_nothing_no_effect_is_claimed_though_a_plain_comparison_would() {
    for custom in [Custom::EasyFirst, Custom::UpsetFirst] {
        let runs = World { custom, ..WORLD }.runs(100);
        assert!(runs.known > 90 && runs.share(runs.covers) >= 0.95 && runs.claims <= 3, "{custom:?} {runs:?}");
        assert!(runs.share(runs.plainly) > 0.5, "{custom:?} {runs:?}");
    }
}

#[test]
fn where_answers_do_something_it_is_found_and_measured() {
    let runs = World { reviews: 1000, effect: 0.02, ..WORLD }.runs(60);
    assert!(runs.known == 60 && runs.share(runs.covers) >= 0.93 && runs.share(runs.claims) > 0.9, "{runs:?}");
    assert!((runs.excess / 60.0).abs() < 0.7, "{runs:?}");
}

/// `cargo test --lib thousand_runs -- --ignored --nocapture`
#[test]
#[ignore = "60,000 runs take minutes"]
#[expect(clippy::print_stderr, reason = "the figures are what it is for")]
fn in_a_thousand_runs_of_each_world_the_interval_covers_the_truth_in_95_of_100() {
    let kinds = [(2.0, 0.8), (10.0, 0.95)];
    let sizes = [(600, 0.003), (1000, 0.001), (1000, 0.01), (1500, 0.02), (3000, 0.005)];
    for custom in [Custom::Even, Custom::EasyFirst, Custom::UpsetFirst] {
        for ((half, keen), (reviews, hazard)) in kinds.into_iter().flat_map(|kind| sizes.map(|size| (kind, size))) {
            for effect in [0.0, 0.02] {
                let world = World { reviews, hazard, effect, half, custom, keen };
                let runs = world.runs(1000);
                eprintln!("{world:?}: {runs}");
                assert!(runs.share(runs.covers) >= 0.935 && runs.known > 900, "{world:?}: {runs}");
                assert!(effect > 0.0 || runs.share(runs.claims) <= 0.035, "{world:?}: {runs}");
            }
        }
    }
}

fn any_course() -> impl Strategy<Value = Course> {
    let outcome = prop_oneof![
        3 => Just(Outcome::Better(2)),
        1 => Just(Outcome::Worse),
        1 => Just(Outcome::Gone),
    ];
    let becomes = prop::option::of((0..90_i64, outcome));
    (1..3_u8, 0..20_i64, 0..40_i64, prop::option::weighted(0.5, 0..30_i64), becomes).prop_map(
        |(stars, from, more, answered, outcome)| Course {
            stars,
            seen_from: day(from / 4),
            seen_until: day(from + more + 30),
            answered_at: answered.map(day),
            outcome: outcome.map(|(on, outcome)| (day(on), outcome)),
            ..silent()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_global_rejects: 32, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_every_number_lies_in_its_interval(courses in prop::collection::vec(any_course(), 150..400)) {
        let account = Ledger::new(&courses).all();
        prop_assert!(account.better + account.worse + account.gone <= account.answered);
        prop_assume!(matches!(account.effect, Effect::Known(_)));
        if let Effect::Known(Comparison { people, answered, by_themselves, difference, left_out }) = account.effect {
            prop_assert!(people <= account.answered && (0.0..=1.0).contains(&left_out));
            for it in [answered, by_themselves] {
                prop_assert!(0.0 <= it.low && it.low <= it.value && it.value < it.high && it.high <= 100.0, "{it:?}");
            }
            prop_assert!(difference.low < difference.value && difference.value < difference.high);
        }
    }
}
