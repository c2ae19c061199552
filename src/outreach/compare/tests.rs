use fastrand::Rng;
use proptest::prelude::*;

use super::*;
use crate::outreach::Severity;

fn office() -> Hours {
    Hours::parse("Mo-Fr 8-18", chrono_tz::Europe::Berlin, None).unwrap()
}

fn none() -> Assumptions {
    Assumptions { half_life_hours: None, visible: Visible::Alike }
}

fn more(comparison: &Comparison, order: Order) -> Gain {
    comparison.orders.iter().find(|tally| tally.order == order).unwrap().queue_more
}

#[test]
fn an_invented_month_arrives_in_order_and_has_everything_that_makes_a_difference() {
    let cases = month(&mut Rng::with_seed(3));
    assert!(cases.len() > 150 && cases.is_sorted_by_key(|case| case.known[0].facts.waits_since));
    let has = |fits: &dyn Fn(&Facts) -> bool| cases.iter().filter(|case| fits(&case.known[0].facts)).count() > 1;
    assert!(has(&|facts| facts.severity == Severity::Urgent) && has(&|facts| facts.severity == Severity::Low));
    assert!(has(&|facts| facts.leaves) && has(&|facts| facts.was_content) && has(&|facts| !facts.is_concrete));
    assert!(cases.iter().any(|case| case.known[0].stars.is_none()));
    assert!(cases.iter().all(|case| case.known[0].from > case.known[0].facts.waits_since));
}

#[test]
fn where_waiting_does_nothing_and_all_are_alike_no_order_wins() {
    let comparison = compare(month, none(), &office(), Time::Share(0.5), (60, 7));
    for order in [Order::Oldest, Order::WorstStars, Order::Random] {
        let gain = more(&comparison, order);
        assert!(gain.low < 0.6 && gain.high > -0.6, "{order:?} {gain:?}");
    }
    let answered: Vec<f64> = comparison.orders.iter().map(|tally| tally.answered).collect();
    assert!(answered.iter().all(|count| (count - answered[0]).abs() < 0.1), "{answered:?}");
    assert!(comparison.orders[0].won > 5.0 && more(&comparison, Order::Foreknown).high < 0.0);
}

#[test]
fn where_people_lose_patience_and_can_be_told_apart_the_queue_wins_more_of_them_back() {
    let comparison = compare(month, Assumptions::default(), &office(), Time::Share(0.5), (30, 1));
    for order in [Order::Oldest, Order::WorstStars, Order::Random] {
        assert!(more(&comparison, order).low > 0.0, "{order:?} {comparison:?}");
    }
    assert!(more(&comparison, Order::Foreknown).high < 0.0, "nobody knows better than who knows everything");
}

#[test]
fn whoever_has_more_time_than_work_answers_all_who_wrote_in_time_in_any_order() {
    let comparison = compare(month, none(), &office(), Time::Share(20.0), (5, 1));
    for tally in &comparison.orders {
        assert!(tally.answered > 0.9 * comparison.cases, "{tally:?}");
        assert!((tally.answered - comparison.orders[0].answered).abs() < 1e-9, "{tally:?}");
    }
}

#[test]
fn the_same_seed_tells_the_same() {
    let run = |seed| compare(month, Assumptions::default(), &office(), Time::MinutesADay(60.0), (3, seed));
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_order_works_longer_than_there_is_time_and_nobody_is_answered_twice(
        seed: u64, minutes in 1.0..600.0_f64, place in 0..Order::ALL.len(),
    ) {
        let mut random = Rng::with_seed(seed);
        let mut cases = month(&mut random);
        cases.truncate(120);
        // Some say more later, even after they were answered.
        for case in cases.iter_mut().step_by(3) {
            let again = Known { from: case.known[0].from.plus_seconds(90_000), ..case.known[0].clone() };
            case.known.push(again);
        }
        let people = Truth::draw(Assumptions::default(), &mut random).people(&cases, &mut random);
        let hours = office();
        let team = shift::Team::new(&cases, &people, &hours, Time::MinutesADay(minutes));
        let chance: Vec<u64> = cases.iter().map(|_| random.u64(..)).collect();
        let outcome = team.work(Order::ALL[place], &cases, &people, &chance);
        let begins = cases[0].known[0].from;
        let ends = cases.iter().flat_map(|case| &case.known).map(|known| known.from).max().unwrap();
        let days: f64 = hours.shares(begins, ends).iter().map(|(_, share)| share).sum();
        prop_assert!(outcome.minutes <= days * minutes + 1e-6);
        prop_assert!(outcome.won <= outcome.answered && outcome.answered <= cases.len());
        let quickest = |count: usize| {
            let mut minutes: Vec<f64> = people.iter().map(|person| person.minutes).collect();
            minutes.sort_by(f64::total_cmp);
            minutes.into_iter().take(count).sum::<f64>()
        };
        prop_assert!(quickest(outcome.answered) <= outcome.minutes + 1e-6, "each answer takes the time that it takes");
    }
}
