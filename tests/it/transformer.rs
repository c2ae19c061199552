//! Each architecture against what the Python reference implementation computes; `transformer/reference.py` made the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use stimmung::mention::Label;
use stimmung::transformer::Transformer;
use tempfile::TempDir;

mod beside;
mod wrong;

/// The greatest difference of a logit to the reference.
const TOLERANCE: f32 = 1e-4;

#[derive(Deserialize)]
struct Expected {
    text: String,
    logits: Vec<f32>,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/transformer").join(name)
}

fn expected(name: &str) -> Vec<Expected> {
    serde_json::from_str(&std::fs::read_to_string(fixture(name).join("expected.json")).unwrap()).unwrap()
}

/// What RoBERTa's labels mean; those of the others speak for themselves.
fn labels(name: &str) -> BTreeMap<String, Label> {
    let labels = if name == "roberta" { Label::ALL.as_slice() } else { &[] };
    labels.iter().enumerate().map(|(number, &label)| (format!("LABEL_{number}"), label)).collect()
}

fn load(name: &str) -> Transformer {
    Transformer::load(&fixture(name), &labels(name)).unwrap()
}

/// A copy of a fixture, to be damaged.
fn copy(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::copy(fixture(name).join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max)
}

/// All texts in one call, and each of them alone.
fn check(name: &str) {
    let model = load(name);
    assert_eq!(model.name(), name);
    let expected = expected(name);
    let texts: Vec<&str> = expected.iter().map(|expected| expected.text.as_str()).collect();
    let together = model.logits(&texts).unwrap();
    for (expected, together) in expected.iter().zip(&together) {
        let alone = &model.logits(&[&expected.text]).unwrap()[0];
        for found in [together, alone] {
            let difference = difference(found, &expected.logits);
            assert!(difference < TOLERANCE, "{name}: {:?} differs by {difference}", expected.text);
        }
    }
}

#[test]
fn bert_is_computed_like_the_reference() {
    check("bert");
}

#[test]
fn distilbert_is_computed_like_the_reference() {
    check("distilbert");
}

#[test]
fn roberta_is_computed_like_the_reference() {
    check("roberta");
}

#[test]
fn xlm_roberta_in_half_precision_is_computed_like_the_reference() {
    check("xlm-roberta");
}

#[test]
fn more_texts_than_fit_in_a_batch_come_back_in_their_order() {
    for name in ["bert", "distilbert", "roberta", "xlm-roberta"] {
        let expected = expected(name);
        let many = || expected.iter().cycle().take(53);
        let texts: Vec<&str> = many().map(|expected| expected.text.as_str()).collect();
        for (found, expected) in load(name).logits(&texts).unwrap().iter().zip(many()) {
            assert!(difference(found, &expected.logits) < TOLERANCE, "{name}: {:?}", expected.text);
        }
    }
}

#[test]
fn no_texts_have_no_moods() {
    assert!(load("bert").classify(&[]).unwrap().is_empty());
}

#[test]
fn of_a_text_that_is_too_long_the_beginning_is_read() {
    for name in ["bert", "distilbert", "roberta", "xlm-roberta"] {
        let model = load(name);
        let long = "the train was late again and the refund took three months, ".repeat(20);
        let longer = format!("{long}but now all is good. {}", "gut ".repeat(300_000));
        let logits = model.logits(&[&long, &longer, "good food"]).unwrap();
        assert!(difference(&logits[0], &logits[1]) < TOLERANCE, "{name}");
        assert!(difference(&logits[0], &logits[2]) > TOLERANCE, "{name}");
    }
}

fn softmax(logits: &[f32]) -> Vec<f64> {
    let total: f64 = logits.iter().map(|&logit| f64::from(logit).exp()).sum();
    logits.iter().map(|&logit| f64::from(logit).exp() / total).collect()
}

#[test]
fn labels_become_negative_neutral_and_positive() {
    for name in ["bert", "distilbert", "roberta", "xlm-roberta"] {
        let expected = expected(name);
        let texts: Vec<&str> = expected.iter().map(|expected| expected.text.as_str()).collect();
        for (found, expected) in load(name).classify(&texts).unwrap().into_iter().zip(&expected) {
            let shares = softmax(&expected.logits);
            let moods = match (name, shares.as_slice()) {
                ("bert", &[one, two, three, four, five]) => [one + two, three, four + five],
                ("distilbert", &[negative, positive]) => [negative, 0.0, positive],
                ("roberta", &[negative, neutral, positive]) => [negative, neutral, positive],
                ("xlm-roberta", &[positive, negative, neutral]) => [negative, neutral, positive],
                _ => panic!("{name} has other labels"),
            };
            assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            assert!(found.iter().zip(moods).all(|(found, mood)| (found - mood).abs() < 1e-4), "{name}");
        }
    }
}
