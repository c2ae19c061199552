//! How the weights are learned: from the labelled replies of `tests/it/replies` and the fixtures beside the code.
//!
//! `cargo test --lib weights_are_learned -- --ignored` writes them anew. How they do on replies that they were not
//! learned from, `cargo test --lib each_fifth_is_judged_by_what_the_others_teach -- --ignored --nocapture` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;

use super::weight::{self, ALWAYS, Kinds};
use super::words::{Sentence, sentences};
use super::{Reply, RuleName, blame, identity, rating, regret, tests};

/// A rule that weighs.
struct Learned {
    rule: RuleName,
    /// Of its file of weights.
    name: &'static str,
    /// How much a large weight of a feature costs that one example in e has: as it does best on other files.
    cost: f64,
    /// Whether its heaviest sentence counts beside the whole.
    by_sentence: bool,
}

const RULES: [Learned; 4] = [
    Learned { rule: RuleName::BlamesCustomer, name: "blame", cost: 20.0, by_sentence: true },
    Learned { rule: RuleName::RegretWithoutOffer, name: "regret", cost: 20.0, by_sentence: false },
    Learned { rule: RuleName::RevealsIdentity, name: "identity", cost: 20.0, by_sentence: true },
    Learned { rule: RuleName::AsksForRating, name: "rating", cost: 20.0, by_sentence: true },
];

/// Fixtures of these rules neither blame nor regret nor tell too much: most short replies do not.
const OTHERS: [RuleName; 3] = [RuleName::NoGreeting, RuleName::PersonalData, RuleName::MixedAddress];

/// A sentence says less than a reply.
const SENTENCE: f64 = 0.5;
/// How much a large weight of a kind of words costs, however many examples have it.
const KIND: f64 = 1.0;
/// A feature that fewer examples have is left out.
const FEWEST: usize = 3;
/// A smaller weight is left out.
const LEAST: f64 = 0.03;
/// Times that each weight is looked at.
const ROUNDS: usize = 20;
/// So many parts the files are dealt into, each judged by what the others teach.
const PARTS: usize = 5;

/// A reply with the names of the rules that should speak, and on which words of it.
#[derive(Deserialize)]
struct Line {
    reply: String,
    #[serde(default)]
    review: String,
    author: Option<String>,
    rules: Vec<RuleName>,
    #[serde(default)]
    words: BTreeMap<RuleName, Underlined>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Underlined {
    Once(String),
    Often(Vec<String>),
}

impl Line {
    /// Bytes of the reply that are underlined for a rule.
    fn underlined(&self, rule: RuleName) -> Vec<Range<usize>> {
        let words = match self.words.get(&rule) {
            Some(Underlined::Once(words)) => std::slice::from_ref(words),
            Some(Underlined::Often(all)) => all,
            None => &[],
        };
        words.iter().filter_map(|words| self.reply.find(words).map(|at| at..at + words.len())).collect()
    }
}

struct Example {
    features: BTreeSet<String>,
    speaks: bool,
    counts: f64,
    /// Of the files, for the reply that it is or that it is a sentence of; `None`: a fixture.
    part: Option<usize>,
}

/// A reply and its sentences.
struct Judged {
    whole: Example,
    sentences: Vec<Example>,
}

/// Files of replies, each by one person, in the order of their names.
fn lines() -> impl Iterator<Item = (usize, Line)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/replies");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_meant = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("development");
    let files: BTreeSet<_> = files.filter(is_meant).collect();
    files.into_iter().enumerate().flat_map(|(file, path)| {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| (file % PARTS, serde_json::from_str(line).unwrap())).collect::<Vec<_>>()
    })
}

/// The features of all of a reply, and those of each sentence.
fn features(rule: RuleName, reply: &Reply<'_>, all: &[Sentence]) -> (BTreeSet<String>, Vec<BTreeSet<String>>) {
    let weighed = |kinds: Kinds<'_>| {
        let each = all.iter().map(|one| weight::features(std::slice::from_ref(one), kinds)).collect();
        (weight::features(all, kinds), each)
    };
    match rule {
        RuleName::RevealsIdentity => {
            let said = sentences(reply.review);
            let known = identity::Known::of(reply, &said);
            let told = identity::told(all, &known);
            weighed(&|sentence| identity::kinds(sentence, &told, &known))
        }
        RuleName::AsksForRating => {
            let told = rating::told(all);
            weighed(&|sentence| rating::kinds(sentence, &told))
        }
        RuleName::RegretWithoutOffer => weighed(&regret::kinds),
        _ => weighed(&blame::kinds),
    }
}

fn judged(rule: RuleName, part: usize, line: &Line) -> Judged {
    let reply = Reply { reply: &line.reply, review: &line.review, author: line.author.as_deref(), ..Reply::default() };
    let (all, underlined) = (sentences(&line.reply), line.underlined(rule));
    let (whole, each) = features(rule, &reply, &all);
    let example = |features, speaks, counts| Example { features, speaks, counts, part: Some(part) };
    let is_underlined = |sentence: &Sentence| {
        underlined.iter().any(|place| place.start < sentence.place.end && sentence.place.start < place.end)
    };
    Judged {
        whole: example(whole, line.rules.contains(&rule), 1.0),
        sentences: all.iter().zip(each).map(|(one, each)| example(each, is_underlined(one), SENTENCE)).collect(),
    }
}

fn fixtures(rule: RuleName) -> Vec<Example> {
    let fixtures = tests::FIXTURES.into_iter().filter(|(one, _)| *one == rule || OTHERS.contains(one));
    let fixtures = fixtures.flat_map(|(one, file)| tests::read(file).map(move |fixture| (one, fixture)));
    let example = |(one, it): (RuleName, tests::Fixture<'_>)| {
        let reply = it.to_reply();
        let (features, _) = features(rule, &reply, &sentences(reply.reply));
        Example { features, speaks: one == rule && it.speaks, counts: 1.0, part: None }
    };
    fixtures.map(example).collect()
}

/// What a rule learns from: replies, their sentences if these count, fixtures.
fn lessons<'a>(learned: &Learned, judged: &'a [Judged], fixtures: &'a [Example]) -> Vec<&'a Example> {
    let sentences = judged.iter().filter(|_| learned.by_sentence).flat_map(|one| &one.sentences);
    judged.iter().map(|one| &one.whole).chain(sentences).chain(fixtures).collect()
}

/// Logistic regression with a penalty on the squares of the weights, the smaller the rarer the feature (by the square of its
/// inverse document frequency): Newton's step for one weight after the other.
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
            let rarity = f64::ln(examples.len() as f64 / columns[feature].len() as f64);
            let penalty = match *feature {
                ALWAYS => 0.0,
                kind if kind.starts_with('[') => KIND,
                _ => cost / (rarity * rarity).max(0.01),
            };
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

fn odds(example: &Example, weights: &BTreeMap<&str, f64>) -> f64 {
    example.features.iter().filter_map(|feature| weights.get(feature.as_str())).sum()
}

#[test]
#[ignore = "writes src/outreach/lint/weights"]
fn weights_are_learned() {
    let lines: Vec<(usize, Line)> = lines().collect();
    for learned in RULES {
        let judged: Vec<Judged> = lines.iter().map(|(part, line)| judged(learned.rule, *part, line)).collect();
        let fixtures = fixtures(learned.rule);
        let mut file = String::new();
        for (feature, weight) in learn(&lessons(&learned, &judged, &fixtures), learned.cost) {
            if weight.abs() >= LEAST {
                writeln!(file, "{weight:.2}\t{feature}").unwrap();
            }
        }
        let path = format!("{}/src/outreach/lint/weights/{}.tsv", env!("CARGO_MANIFEST_DIR"), learned.name);
        std::fs::write(path, file).unwrap();
    }
}

/// Precision and recall for every quarter of log-odds, of each part of the files by weights that were learned without it.
#[test]
#[ignore = "proves nothing, and is read by people"]
#[expect(clippy::print_stdout, reason = "what people read")]
fn each_fifth_is_judged_by_what_the_others_teach() {
    let lines: Vec<(usize, Line)> = lines().collect();
    for learned in RULES {
        let judged: Vec<Judged> = lines.iter().map(|(part, line)| judged(learned.rule, *part, line)).collect();
        let fixtures = fixtures(learned.rule);
        let lessons = lessons(&learned, &judged, &fixtures);
        let mut found: Vec<(f64, bool)> = Vec::new();
        for part in 0..PARTS {
            let others: Vec<&Example> = lessons.iter().copied().filter(|one| one.part != Some(part)).collect();
            let weights = learn(&others, learned.cost);
            for one in judged.iter().filter(|one| one.whole.part == Some(part)) {
                let heaviest = one.sentences.iter().map(|sentence| odds(sentence, &weights)).reduce(f64::max);
                let heaviest = heaviest.filter(|_| learned.by_sentence).unwrap_or_default();
                found.push((odds(&one.whole, &weights) + heaviest, one.whole.speaks));
            }
        }
        let all = found.iter().filter(|(_, speaks)| *speaks).count();
        for quarter in -16..10 {
            let enough = f64::from(quarter) / 4.0;
            let spoke = found.iter().filter(|(odds, _)| *odds >= enough).count();
            let right = found.iter().filter(|(odds, speaks)| *odds >= enough && *speaks).count();
            println!("{}\t{enough:.2}\t{right} right of {spoke} that spoke and {all} that should", learned.name);
        }
    }
}
