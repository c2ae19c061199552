use super::*;
use crate::outreach::{Conditions, Rule};

const DAY: i64 = 86_400;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + 3600 * hours)
}

fn spoken(mention_id: i64, person: i64, hours: i64, stars: u8) -> Spoken {
    Spoken {
        mention_id,
        person: Some(person),
        cluster_id: mention_id,
        brand_id: 1,
        source: "forum".to_owned(),
        brands: vec!["Bahn".to_owned()],
        text: "Es geht nicht.".to_owned(),
        length: 14,
        mood: Some(Label::Negative),
        score: -0.7,
        stars: Some(stars),
        emotions: Vec::new(),
        intents: Vec::new(),
        topics: Vec::new(),
        urgency: 0.0,
        copies: 1,
        was_content: false,
        said_at: at(hours),
        heard_at: at(hours),
        is_stale: false,
        is_answered: false,
        case: None,
    }
}

fn known(id: i64, end: Option<End>) -> Known {
    Known { id, rule: "one_star".to_owned(), was_opened_by_it: true, end }
}

/// The mentions of each case.
fn mentions(spoken: &[Spoken]) -> Vec<Vec<i64>> {
    let trial = try_rules(spoken, &Rules::default());
    let mentions = |case: &Tried| case.parts.iter().map(|part| spoken[part.spoken].mention_id).collect();
    trial.cases.iter().map(mentions).collect()
}

#[test]
fn who_speaks_again_and_whoever_copies_the_text_joins() {
    let copy = Spoken { cluster_id: 1, ..spoken(3, 8, 2, 5) };
    let elsewhere = Spoken { brand_id: 2, ..spoken(4, 7, 3, 1) };
    assert_eq!(mentions(&[spoken(1, 7, 0, 1), spoken(2, 7, 1, 5), copy, elsewhere]), [vec![1, 2, 3], vec![4]]);
}

#[test]
fn what_people_have_done_ends_cases_as_it_did() {
    let ended = |end| Spoken { case: Some(known(1, Some(end))), ..spoken(1, 7, 0, 1) };
    let soon = [ended(End::Solved(at(5))), spoken(2, 7, 6, 1)];
    assert_eq!(mentions(&soon), [vec![1, 2]], "who is upset again soon after goes on");
    let late = [ended(End::Solved(at(5))), spoken(2, 7, 5 + SAME_SECONDS / 3600, 1)];
    assert_eq!(mentions(&late), [vec![1], vec![2]]);
    let dismissed = [ended(End::Dismissed(at(5))), spoken(2, 7, 6, 1)];
    assert_eq!(mentions(&dismissed), [vec![1], vec![2]]);
    let same_text = [ended(End::Solved(at(5))), Spoken { cluster_id: 1, ..spoken(2, 8, 6, 1) }];
    assert_eq!(mentions(&same_text), [vec![1], vec![2]], "a text goes on with what is open only");
}

#[test]
fn an_edit_stays_in_its_case_and_one_that_turns_bad_opens_one() {
    let nobody = |mut one: Spoken| {
        one.person = None;
        one
    };
    let better = [nobody(spoken(1, 7, 0, 1)), nobody(spoken(1, 7, 9, 5))];
    assert_eq!(mentions(&better), [vec![1, 1]]);
    let worse = [nobody(spoken(1, 7, 0, 5)), nobody(spoken(1, 7, 9, 1))];
    let trial = try_rules(&worse, &Rules::default());
    assert_eq!((trial.cases.len(), trial.cases[0].parts[0].spoken), (1, 1));
}

#[test]
fn what_a_rule_keeps_out_is_told_and_makes_no_case() {
    let never = Rule {
        name: "forum".to_owned(),
        severity: None,
        when: Conditions { sources: vec!["forum".to_owned()], ..Conditions::default() },
    };
    let trial = try_rules(&[spoken(1, 7, 0, 1), spoken(2, 8, DAY, 5)], &Rules::new(vec![never], true));
    assert_eq!((trial.cases.len(), trial.fits), (0, vec![Some(0), Some(0)]));
}

#[test]
fn what_would_be_different_is_told_and_nobody_is_named() {
    let of = |id, one: Spoken| Spoken { case: Some(known(id, None)), ..one };
    let spoken = [
        of(1, spoken(1, 7, 0, 1)),
        of(2, spoken(2, 8, 1, 5)),
        spoken(3, 9, 2, 1),
        of(3, Spoken { intents: vec!["leave".to_owned()], ..spoken(4, 10, 3, 1) }),
        Spoken { is_stale: true, text: format!("Das ist\n alt. {}", "Sehr ".repeat(40)), ..spoken(5, 11, 4, 2) },
    ];
    let rules = Rules::default();
    let before = outcome(&spoken, &rules, &try_rules(&spoken, &rules), at(3), at(7 * 24 * 2));
    assert_eq!(
        (before.mentions, before.cases, before.difference.more),
        (2, 2, 0),
        "what was heard before does not count"
    );
    let outcome = outcome(&spoken, &rules, &try_rules(&spoken, &rules), at(0), at(7 * 24 * 2));
    assert_eq!((outcome.mentions, outcome.cases, outcome.cases_a_week, outcome.joined), (5, 4, 2.0, 0));
    let difference = Difference { more: 1, fewer: 1, cases_gone: vec![2], other_rule: vec![3], stale: 1 };
    assert_eq!(outcome.difference, difference);
    let caught = |name: &str| outcome.rules.iter().find(|caught| caught.rule == name).unwrap();
    assert_eq!((caught("one_star").mentions, caught("one_star").cases_a_week, caught("leaving").cases), (2, 1.0, 1));
    let example = &caught("two_stars").examples[0];
    assert!(example.text.starts_with("Das ist alt. Sehr") && example.text.ends_with('…'), "{example:?}");
}
