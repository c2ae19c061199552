//! The cases that a database holds, as far as each was known at each time.

use super::{Case, Known};
use crate::mention::Timestamp;
use crate::outreach::queue::Facts;
use crate::outreach::trial::{Spoken, Trial};
use crate::outreach::{Rules, Severity};

/// Cases that rules have made of what was spoken, but for those that had an answer before anybody heard of them.
///
/// `usual_return` is how likely people of a source come back, `due_at` when who has spoken then is to have an answer.
pub fn past(
    spoken: &[Spoken],
    rules: &Rules,
    trial: &Trial,
    usual_return: impl Fn(&str) -> f64,
    due_at: impl Fn(Severity, Timestamp) -> Timestamp,
) -> Vec<Case> {
    let mut cases = Vec::new();
    for (tried, id) in trial.cases.iter().zip(1..) {
        let first = &spoken[tried.parts[0].spoken];
        let Some(severity) = rules.all()[tried.rule].severity.filter(|_| !first.is_answered) else { continue };
        let mut facts = Facts {
            id,
            severity,
            score: 0.0,
            usual_return: usual_return(&first.source),
            is_concrete: false,
            asks: false,
            leaves: false,
            was_content: first.was_content,
            copies: 1,
            length: 0,
            waits_since: first.said_at,
            due_at: Some(due_at(severity, first.said_at)),
            promised_at: None,
        };
        let (mut stars, mut known) = (None, Vec::with_capacity(tried.parts.len()));
        for part in &tried.parts {
            let one = &spoken[part.spoken];
            facts.severity = facts.severity.max(part.severity.unwrap_or(severity));
            facts.score = facts.score.min(one.score);
            facts.is_concrete |= !one.topics.is_empty();
            facts.asks |= one.intents.iter().any(|intent| intent == "question");
            facts.leaves |= one.intents.iter().any(|intent| intent == "leave");
            facts.copies = facts.copies.max(one.copies);
            facts.length += one.length;
            stars = stars.into_iter().chain(one.stars).min();
            known.push(Known { from: one.heard_at, facts: facts.clone(), stars });
        }
        cases.push(Case { source: first.source.clone(), known });
    }
    cases
}
