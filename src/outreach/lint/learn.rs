//! How the weights are learned: from the labelled replies of `tests/it/replies` and the fixtures beside the code.
//!
//! `cargo test --lib weights_are_learned -- --ignored` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::weight::{ALWAYS, features};
use super::words::sentences;
use super::{RuleName, tests};

/// Replies with the names of the rules that should speak.
const REPLIES: [&str; 4] = [
    include_str!("../../../tests/it/replies/development.jsonl"),
    include_str!("../../../tests/it/replies/development-2.jsonl"),
    include_str!("../../../tests/it/replies/development-3.jsonl"),
    include_str!("../../../tests/it/replies/development-4.jsonl"),
];

/// Fixtures of these rules neither blame nor regret: most short replies do not.
const OTHERS: [RuleName; 4] =
    [RuleName::NoGreeting, RuleName::PersonalData, RuleName::AsksForRating, RuleName::MixedAddress];

/// A fixture is often one sentence: it says less than a reply.
const FIXTURE: f64 = 0.5;
/// A feature that fewer examples have is left out.
const FEWEST: usize = 2;
/// Times that each weight is looked at.
const ROUNDS: usize = 30;

struct Example {
    features: Vec<String>,
    speaks: bool,
    counts: f64,
}

fn example(reply: &str, speaks: bool, counts: f64) -> Example {
    Example { features: features(&sentences(reply)).into_iter().collect(), speaks, counts }
}

fn examples(rule: RuleName) -> Vec<Example> {
    let replies = REPLIES.iter().flat_map(|file| file.lines()).map(|line| {
        let reply: serde_json::Value = serde_json::from_str(line).unwrap();
        let speaks = reply["rules"].as_array().unwrap().iter().any(|name| name == rule.name());
        example(reply["reply"].as_str().unwrap(), speaks, 1.0)
    });
    let fixtures = tests::FIXTURES.into_iter().filter(|(one, _)| *one == rule || OTHERS.contains(one));
    let fixtures = fixtures.flat_map(|(one, file)| tests::read(file).map(move |fixture| (one, fixture)));
    replies.chain(fixtures.map(|(one, it)| example(it.reply, one == rule && it.speaks, FIXTURE))).collect()
}

/// Logistic regression with a penalty on the squares of the weights: Newton's step for one weight after the other.
fn learn(examples: &[Example]) -> BTreeMap<&str, f64> {
    let mut columns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, example) in examples.iter().enumerate() {
        example.features.iter().for_each(|feature| columns.entry(feature).or_default().push(at));
    }
    columns.retain(|_, column| column.len() >= FEWEST);
    let mut weights: BTreeMap<&str, f64> = columns.keys().map(|feature| (*feature, 0.0)).collect();
    let mut odds = vec![0.0; examples.len()];
    for _ in 0..ROUNDS {
        for (feature, weight) in &mut weights {
            let penalty = if *feature == ALWAYS { 0.0 } else { 1.0 };
            let (mut slope, mut bend) = (penalty * *weight, penalty + 1e-6);
            for &at in &columns[feature] {
                let likely = 1.0 / (1.0 + f64::exp(-odds[at]));
                slope += examples[at].counts * (likely - f64::from(u8::from(examples[at].speaks)));
                bend += examples[at].counts * likely * (1.0 - likely);
            }
            let step = slope / bend;
            *weight -= step;
            columns[feature].iter().for_each(|&at| odds[at] -= step);
        }
    }
    weights
}

#[test]
#[ignore = "writes src/outreach/lint/weights"]
fn weights_are_learned() {
    for (rule, name) in [(RuleName::BlamesCustomer, "blame"), (RuleName::RegretWithoutOffer, "regret")] {
        let examples = examples(rule);
        let mut file = String::new();
        for (feature, weight) in learn(&examples) {
            let written = format!("{weight:.2}");
            if written.trim_start_matches('-') != "0.00" {
                writeln!(file, "{written}\t{feature}").unwrap();
            }
        }
        let path = format!("{}/src/outreach/lint/weights/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, file).unwrap();
    }
}
