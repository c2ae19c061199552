//! What rules that were tried came to, and what would be different from the cases that there are.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Spoken, Trial, Tried};
use crate::mention::Timestamp;
use crate::outreach::{Rule, Rules, Severity};

/// So many examples of each rule.
const EXAMPLES: usize = 3;

/// So many characters of each.
const EXCERPT: usize = 120;

const WEEK: f64 = 7.0 * 86_400.0;

/// What rules came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// Since when mentions counted that were heard, or said, …
    pub since: Timestamp,
    /// … and until when.
    pub until: Timestamp,
    /// How many mentions there were.
    pub mentions: usize,
    /// How many cases the rules would have made of them, …
    pub cases: usize,
    /// … and how many of these in a week.
    pub cases_a_week: f64,
    /// How many mentions would have joined the case of the same person, or of the same text.
    pub joined: usize,
    /// Each rule, in its order.
    pub rules: Vec<Caught>,
    /// What would be different.
    pub difference: Difference,
}

/// What one rule came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Caught {
    /// The rule's name.
    pub rule: String,
    /// How much it matters; `None`: it keeps out what fits.
    pub severity: Option<Severity>,
    /// Mentions that it decided on.
    pub mentions: usize,
    /// Cases that it would have opened, …
    pub cases: usize,
    /// … and how many of these in a week.
    pub cases_a_week: f64,
    /// The last of these mentions, without their authors.
    pub examples: Vec<Example>,
}

/// A mention on which a rule decided.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Its number.
    pub mention_id: i64,
    /// The source's id.
    pub source: String,
    /// When it was said.
    pub said_at: Timestamp,
    /// How it begins, on one line.
    pub text: String,
}

/// What would be different from the cases that there are, of mentions that could have become one.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// Mentions that would be in a case and are in none.
    pub more: usize,
    /// Mentions that are in a case and would be in none.
    pub fewer: usize,
    /// Cases of which nothing would be left, by number.
    pub cases_gone: Vec<i64>,
    /// Cases that another rule would have opened, by number.
    pub other_rule: Vec<i64>,
    /// Mentions that were said too long before they were heard to become cases: above they count, here they do not.
    pub stale: usize,
}

/// Counts what came of a trial in a time; what was heard before only says which cases there were.
pub fn outcome(spoken: &[Spoken], rules: &Rules, trial: &Trial, since: Timestamp, until: Timestamp) -> Outcome {
    let weeks = ((until.seconds() - since.seconds()) as f64 / WEEK).max(f64::MIN_POSITIVE);
    let is_in_time = |one: &&Spoken| one.heard_at >= since;
    let count =
        |mentions: &mut dyn Iterator<Item = &Spoken>| mentions.map(|one| one.mention_id).collect::<BTreeSet<_>>().len();
    let of_cases: BTreeSet<i64> = trial.parts().map(|part| spoken[part.spoken].mention_id).collect();
    let opened = |case: &&Tried| is_in_time(&&spoken[case.parts[0].spoken]);
    let cases = trial.cases.iter().filter(opened).count();
    let caught = |(place, rule): (usize, &Rule)| {
        let fitting = || {
            let decided = spoken.iter().zip(&trial.fits).filter(move |(_, fits)| **fits == Some(place));
            decided.map(|(one, _)| one).filter(is_in_time)
        };
        let cases = trial.cases.iter().filter(|case| case.rule == place).filter(opened).count();
        Caught {
            rule: rule.name.clone(),
            severity: rule.severity,
            mentions: count(&mut fitting()),
            cases,
            cases_a_week: cases as f64 / weeks,
            examples: fitting().rev().take(EXAMPLES).map(example).collect(),
        }
    };
    Outcome {
        since,
        until,
        mentions: count(&mut spoken.iter().filter(is_in_time)),
        cases,
        cases_a_week: cases as f64 / weeks,
        joined: count(&mut spoken.iter().filter(is_in_time).filter(|one| of_cases.contains(&one.mention_id))) - cases,
        rules: rules.all().iter().enumerate().map(caught).collect(),
        difference: difference(spoken, rules, trial, &of_cases, since),
    }
}

fn difference(
    spoken: &[Spoken],
    rules: &Rules,
    trial: &Trial,
    of_cases: &BTreeSet<i64>,
    since: Timestamp,
) -> Difference {
    let mut difference = Difference::default();
    let mut left: BTreeMap<i64, bool> = BTreeMap::new();
    let in_time = || spoken.iter().filter(|one| one.heard_at >= since);
    let fresh: BTreeMap<i64, &Spoken> =
        in_time().filter(|one| !one.is_stale).map(|one| (one.mention_id, one)).collect();
    for (mention, one) in &fresh {
        let would_be = of_cases.contains(mention);
        difference.more += usize::from(would_be && one.case.is_none());
        difference.fewer += usize::from(!would_be && one.case.is_some());
        if let Some(case) = &one.case {
            *left.entry(case.id).or_default() |= would_be;
        }
    }
    let stale = in_time().map(|one| one.mention_id).filter(|mention| !fresh.contains_key(mention));
    difference.stale = stale.collect::<BTreeSet<_>>().len();
    difference.cases_gone = left.into_iter().filter(|(_, is_left)| !is_left).map(|(case, _)| case).collect();
    for tried in trial.cases.iter().filter(|tried| spoken[tried.parts[0].spoken].heard_at >= since) {
        let case = spoken[tried.parts[0].spoken].case.as_ref().filter(|case| case.was_opened_by_it);
        difference.other_rule.extend(case.filter(|case| case.rule != rules.all()[tried.rule].name).map(|case| case.id));
    }
    difference
}

fn example(one: &Spoken) -> Example {
    // What strangers wrote must not steer a terminal.
    let line = one.text.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, " ");
    let is_cut = line.chars().count() > EXCERPT;
    let text: String = line.chars().take(EXCERPT).chain(is_cut.then_some('…')).collect();
    Example { mention_id: one.mention_id, source: one.source.clone(), said_at: one.said_at, text }
}
