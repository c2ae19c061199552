//! `lint-reply`, as one who writes replies uses it, and how often its rules are right.

use serde_json::Value;

use crate::program::{Program, stderr, stdout};

/// Replies written for this project, with the rules that should speak.
const DEVELOPMENT: &str = concat!(
    include_str!("replies/development.jsonl"),
    include_str!("replies/development-2.jsonl"),
    include_str!("replies/development-3.jsonl"),
    include_str!("replies/development-4.jsonl"),
    include_str!("replies/development-5.jsonl"),
    include_str!("replies/development-6.jsonl"),
    include_str!("replies/development-7.jsonl"),
);

fn lines(output: &std::process::Output) -> Vec<Value> {
    stdout(output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_reply_is_answered_with_the_rules_that_speak_their_words_and_advice() {
    let input = "{\"reply\": \"🙏 Ach je! Das tut uns leid.\", \"review\": \"Akku tot\", \"lang\": \"de\"}\n";
    let output = Program::with("").feed(&["lint-reply", "--language", "de"], input);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    insta::assert_json_snapshot!(lines(&output)[0], @r#"
    {
      "line": 1,
      "rules": [
        {
          "rule": "no_greeting",
          "words": "Ach",
          "start": 2,
          "end": 5,
          "advice": "Beginnen Sie mit einem Gruß, am besten mit dem Namen, der bei der Bewertung steht."
        },
        {
          "rule": "regret_without_offer",
          "words": "tut uns leid",
          "start": 14,
          "end": 26,
          "advice": "Bedauern allein hilft niemandem: Nennen Sie Abhilfe, den nächsten Schritt oder einen Kontakt, oder fragen Sie nach."
        }
      ]
    }
    "#);
}

#[test]
fn a_reply_that_is_fine_ends_with_0() {
    let input =
        "{\"reply\": \"Hi Amy, your new kettle leaves today.\", \"review\": \"Kettle leaks\", \"author\": \"Amy\"}\n\n";
    let output = Program::with("").feed(&["lint-reply", "-"], input);
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert_eq!(lines(&output), [serde_json::json!({"line": 1, "rules": []})]);
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_the_others_are_answered() {
    let input = "{\"reply\": \"Hallo\"}\n{\"reply\": 7}\n{\"reply\": \"Hallo\", \"lang\": \"deutsch\"}\n{\"reply\": \"Moin\"}\n";
    let output = Program::with("").feed(&["lint-reply"], input);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(lines(&output).iter().map(|line| line["line"].clone()).collect::<Vec<_>>(), [1, 4]);
    let shown = stderr(&output);
    assert!(shown.contains("line=2") && shown.contains("line=3"), "{shown}");
}

#[test]
fn what_everybody_reads_and_what_one_person_reads_are_told_apart() {
    let program = Program::with("");
    let reply = "{\"reply\": \"Hallo Frau Abel, Auftrag R-220918 ist fertig.\", \"author\": \"Abel\", \"public\": ";
    std::fs::write(program.folder().join("replies.jsonl"), format!("{reply}true}}\n{reply}false}}\n")).unwrap();
    let output = program.run(&["lint-reply", "replies.jsonl"]);
    let rules: Vec<Value> = lines(&output).iter().map(|line| line["rules"][0]["rule"].clone()).collect();
    assert_eq!(rules, [Value::from("personal_data"), Value::Null]);
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let output = Program::with("").run(&["lint-reply", "nowhere.jsonl"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("cannot read nowhere.jsonl"));
}

/// Precision and recall of each rule on labelled replies.
fn measured(replies: &str) -> Vec<(String, f64, f64)> {
    let output = Program::with("").feed(&["lint-reply", "--measure"], replies);
    assert!(output.status.success(), "{}", stderr(&output));
    let number = |line: &str, name: &str| -> f64 {
        let behind = line.split(name).nth(1).unwrap().trim();
        behind.split([',', ';']).next().unwrap().parse().unwrap()
    };
    let line = |line: &str| {
        let rule = line.split_whitespace().next().unwrap().to_owned();
        (rule, number(line, "precision"), number(line, "recall"))
    };
    stdout(&output).lines().map(line).collect()
}

#[test]
fn every_rule_is_right_often_enough_on_the_replies_it_was_written_with() {
    let scores = measured(DEVELOPMENT);
    assert_eq!(scores.len(), 10);
    for (rule, precision, recall) in &scores {
        assert!(*precision >= 0.9 && *recall >= 0.8, "{rule}: {precision} {recall}");
    }
}

#[test]
fn what_does_not_depend_on_meaning_is_told_of_replies_that_the_rules_had_not_met() {
    let scores = measured(include_str!("replies/held-out.jsonl"));
    for rule in ["no_greeting", "mixed_address", "repeated_text", "wrong_language", "too_long"] {
        let (_, precision, recall) = scores.iter().find(|(name, ..)| name == rule).unwrap();
        assert!(*precision >= 0.9 && *recall >= 0.8, "{rule}: {precision} {recall}");
    }
}
