//! How the weights are learned: from the labelled replies of `tests/it/replies` and the fixtures beside the code.
//!
//! `cargo test --lib weights_are_learned -- --ignored` writes them anew. How they do on replies that they were not
//! learned from, `cargo test --lib each_file_is_judged_by_what_the_others_teach -- --ignored --nocapture` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::weight::{self, ALWAYS};
use super::words::sentences;
use super::{Reply, RuleName, blame, identity, rating, regret, tests};

/// Replies with the names of the rules that should speak.
const REPLIES: [&str; 7] = [
    include_str!("../../../tests/it/replies/development.jsonl"),
    include_str!("../../../tests/it/replies/development-2.jsonl"),
    include_str!("../../../tests/it/replies/development-3.jsonl"),
    include_str!("../../../tests/it/replies/development-4.jsonl"),
    include_str!("../../../tests/it/replies/development-5.jsonl"),
    include_str!("../../../tests/it/replies/development-6.jsonl"),
    include_str!("../../../tests/it/replies/development-7.jsonl"),
];

/// The rules that weigh, the files of their weights, and how much a large weight costs: as it does best on other files.
const RULES: [(RuleName, &str, f64); 4] = [
    (RuleName::BlamesCustomer, "blame", 1.0),
    (RuleName::RegretWithoutOffer, "regret", 1.0),
    (RuleName::RevealsIdentity, "identity", 2.0),
    (RuleName::AsksForRating, "rating", 1.0),
];

/// Fixtures of these rules neither blame nor regret nor tell too much: most short replies do not.
const OTHERS: [RuleName; 3] = [RuleName::NoGreeting, RuleName::PersonalData, RuleName::MixedAddress];

/// A fixture is often one sentence: it says less than a reply.
const FIXTURE: f64 = 0.5;
/// A feature that fewer examples have is left out.
const FEWEST: usize = 2;
/// A smaller weight is left out.
const LEAST: f64 = 0.02;
/// Times that each weight is looked at.
const ROUNDS: usize = 25;

struct Example {
    features: BTreeSet<String>,
    speaks: bool,
    counts: f64,
    /// Which of the files of replies it stands in.
    file: Option<usize>,
}

fn features(rule: RuleName, reply: &Reply<'_>) -> BTreeSet<String> {
    let sentences_of_reply = sentences(reply.reply);
    match rule {
        RuleName::RevealsIdentity => identity::features(reply, &sentences_of_reply, &sentences(reply.review)),
        RuleName::AsksForRating => rating::features(&sentences_of_reply),
        RuleName::RegretWithoutOffer => weight::features(&sentences_of_reply, &regret::kinds),
        _ => weight::features(&sentences_of_reply, &blame::kinds),
    }
}

fn examples(rule: RuleName) -> Vec<Example> {
    let lines = REPLIES.iter().enumerate().flat_map(|(file, text)| text.lines().map(move |line| (file, line)));
    let replies = lines.map(|(file, line)| {
        let it: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| it[name].as_str().unwrap_or_default();
        let reply = Reply {
            reply: text("reply"),
            review: text("review"),
            author: it["author"].as_str(),
            is_public: true,
            ..Reply::default()
        };
        let speaks = it["rules"].as_array().unwrap().iter().any(|name| name == rule.name());
        Example { features: features(rule, &reply), speaks, counts: 1.0, file: Some(file) }
    });
    let fixtures = tests::FIXTURES.into_iter().filter(|(one, _)| *one == rule || OTHERS.contains(one));
    let fixtures = fixtures.flat_map(|(one, file)| tests::read(file).map(move |fixture| (one, fixture)));
    let fixtures = fixtures.map(|(one, it)| Example {
        features: features(rule, &it.to_reply()),
        speaks: one == rule && it.speaks,
        counts: FIXTURE,
        file: None,
    });
    replies.chain(fixtures).collect()
}

/// Logistic regression with a penalty on the squares of the weights: Newton's step for one weight after the other.
fn learn<'a>(examples: &[&'a Example], cost: f64) -> BTreeMap<&'a str, f64> {
    let mut columns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, example) in examples.iter().enumerate() {
        example.features.iter().for_each(|feature| columns.entry(feature).or_default().push(at));
    }
    columns.retain(|_, column| column.len() >= FEWEST);
    let mut weights: BTreeMap<&str, f64> = columns.keys().map(|feature| (*feature, 0.0)).collect();
    let mut odds = vec![0.0; examples.len()];
    for _ in 0..ROUNDS {
        for (feature, weight) in &mut weights {
            let penalty = if *feature == ALWAYS { 0.0 } else { cost };
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
    for (rule, name, penalty) in RULES {
        let examples = examples(rule);
        let mut file = String::new();
        for (feature, weight) in learn(&examples.iter().collect::<Vec<_>>(), penalty) {
            if weight.abs() >= LEAST {
                let written = format!("{weight:.2}");
                writeln!(file, "{written}\t{feature}").unwrap();
            }
        }
        let path = format!("{}/src/outreach/lint/weights/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
        std::fs::write(path, file).unwrap();
    }
}

/// Precision and recall for every tenth of log-odds, of each file by weights that were learned without it.
#[test]
#[ignore = "proves nothing, and is read by people"]
#[expect(clippy::print_stdout, reason = "what people read")]
fn each_file_is_judged_by_what_the_others_teach() {
    for (rule, name, penalty) in RULES {
        let examples = examples(rule);
        let mut judged: Vec<(f64, bool)> = Vec::new();
        for file in 0..REPLIES.len() {
            let (of_file, others): (Vec<&Example>, Vec<&Example>) =
                examples.iter().partition(|example| example.file == Some(file));
            let weights = learn(&others, penalty);
            judged.extend(of_file.iter().map(|example| {
                let odds = example.features.iter().filter_map(|feature| weights.get(feature.as_str())).sum();
                (odds, example.speaks)
            }));
        }
        let all = judged.iter().filter(|(_, speaks)| *speaks).count();
        for tenth in -30..15 {
            let enough = f64::from(tenth) / 10.0;
            let spoke = judged.iter().filter(|(odds, _)| *odds >= enough).count();
            let right = judged.iter().filter(|(odds, speaks)| *odds >= enough && *speaks).count();
            println!("{name}\t{enough:.1}\t{right} right of {spoke} that spoke and {all} that should");
        }
    }
}
