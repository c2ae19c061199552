//! Which mentions become cases: rules that one can read, in their order; the first that fits decides.

use serde::Deserialize;

use super::Severity;
use crate::analyse::{Emotion, Intent};
use crate::mention::Label;

/// What is known of a mention that may become a case.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// The source's id.
    pub source: &'a str,
    /// The brands that it is about.
    pub brands: &'a [String],
    /// The mood, if it can be told.
    pub mood: Option<Label>,
    /// From 1 to 5, if there are any.
    pub stars: Option<u8>,
    /// By name.
    pub emotions: &'a [String],
    /// By name.
    pub intents: &'a [String],
    /// By name.
    pub topics: &'a [String],
    /// From 0 to 1.
    pub urgency: f64,
}

/// What must be so for a rule to fit; what is not mentioned does not matter.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Conditions {
    /// From one of these sources.
    pub sources: Vec<String>,
    /// About one of these brands.
    pub brands: Vec<String>,
    /// In one of these moods.
    pub moods: Vec<Label>,
    /// Not in one of these moods.
    pub moods_not: Vec<Label>,
    /// At most so many stars, of five; without stars, the rule does not fit.
    pub stars_at_most: Option<u8>,
    /// With one of these emotions.
    pub emotions: Vec<Emotion>,
    /// With one of these intents.
    pub intents: Vec<Intent>,
    /// About one of these topics.
    pub topics: Vec<String>,
    /// So urgent at least, from 0 to 1.
    pub urgency_at_least: Option<f64>,
}

impl Conditions {
    /// Whether all of them hold.
    pub fn hold(&self, said: &Said<'_>) -> bool {
        let one_of = |asked: &[String], has: &[String]| asked.is_empty() || asked.iter().any(|one| has.contains(one));
        (self.sources.is_empty() || self.sources.iter().any(|source| source == said.source))
            && one_of(&self.brands, said.brands)
            && (self.moods.is_empty() || said.mood.is_some_and(|mood| self.moods.contains(&mood)))
            && !said.mood.is_some_and(|mood| self.moods_not.contains(&mood))
            && self.stars_at_most.is_none_or(|most| said.stars.is_some_and(|stars| stars <= most))
            && (self.emotions.is_empty() || self.emotions.iter().any(|one| has(said.emotions, one.name())))
            && (self.intents.is_empty() || self.intents.iter().any(|one| has(said.intents, one.name())))
            && one_of(&self.topics, said.topics)
            && self.urgency_at_least.is_none_or(|least| said.urgency >= least)
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|one| one == name)
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// By which the case says why it is there.
    pub name: String,
    /// How much it matters; `None`: what fits never becomes a case.
    pub severity: Option<Severity>,
    /// When it fits.
    pub when: Conditions,
}

/// All rules, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules(Vec<Rule>);

impl Default for Rules {
    fn default() -> Self {
        Self(usual())
    }
}

impl Rules {
    /// The brand's own rules before the usual ones, or alone.
    pub fn new(mut own: Vec<Rule>, with_usual: bool) -> Self {
        if with_usual {
            own.extend(usual());
        }
        Self(own)
    }

    /// The first rule that fits; `None`: none does, or it says that this is no case.
    pub fn judge(&self, said: &Said<'_>) -> Option<(&Rule, Severity)> {
        let rule = self.0.iter().find(|rule| rule.when.hold(said))?;
        Some((rule, rule.severity?))
    }

    /// All of them, to be shown.
    pub fn all(&self) -> &[Rule] {
        &self.0
    }
}

/// The rules that hold where nobody says otherwise.
fn usual() -> Vec<Rule> {
    let rule = |name: &str, severity, when| Rule { name: name.to_owned(), severity: Some(severity), when };
    let upset = || Conditions { moods: vec![Label::Negative], ..Conditions::default() };
    let stars = |most| Conditions { stars_at_most: Some(most), ..Conditions::default() };
    vec![
        rule(
            "cannot_wait",
            Severity::Urgent,
            Conditions { urgency_at_least: Some(0.5), moods_not: vec![Label::Positive], ..Conditions::default() },
        ),
        rule("leaving", Severity::High, Conditions { intents: vec![Intent::Leave], ..upset() }),
        rule("one_star", Severity::High, stars(1)),
        rule(
            "strong_feeling",
            Severity::High,
            Conditions {
                emotions: vec![Emotion::Anger, Emotion::Worry, Emotion::Sadness, Emotion::Disgust],
                intents: vec![Intent::Complaint],
                ..upset()
            },
        ),
        rule("two_stars", Severity::Normal, stars(2)),
        rule("complaint", Severity::Normal, Conditions { intents: vec![Intent::Complaint], ..upset() }),
        rule("upset", Severity::Low, Conditions { emotions: vec![Emotion::Disappointment], ..upset() }),
        rule(
            "question",
            Severity::Low,
            Conditions { intents: vec![Intent::Question], moods_not: vec![Label::Positive], ..Conditions::default() },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said<'a>(mood: Label, intents: &'a [String], emotions: &'a [String], stars: Option<u8>) -> Said<'a> {
        Said { source: "forum", brands: &[], mood: Some(mood), stars, emotions, intents, topics: &[], urgency: 0.1 }
    }

    fn judged(rules: &Rules, said: &Said<'_>) -> Option<(String, Severity)> {
        rules.judge(said).map(|(rule, severity)| (rule.name.clone(), severity))
    }

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rules = Rules::default();
        let (complaint, leave) = (["complaint".to_owned()], ["complaint".to_owned(), "leave".to_owned()]);
        let anger = ["anger".to_owned()];
        let name = |said| judged(&rules, &said).map(|(name, severity)| format!("{name} {}", severity.name()));
        let upset = Label::Negative;
        assert_eq!(name(said(upset, &leave, &anger, Some(1))).as_deref(), Some("leaving high"));
        assert_eq!(name(said(upset, &complaint, &anger, Some(2))).as_deref(), Some("strong_feeling high"));
        assert_eq!(name(said(upset, &complaint, &[], None)).as_deref(), Some("complaint normal"));
        assert_eq!(name(said(Label::Positive, &[], &[], Some(1))).as_deref(), Some("one_star high"));
        assert_eq!(name(said(Label::Positive, &complaint, &[], Some(4))), None);
        assert_eq!(name(said(upset, &[], &[], Some(3))), None, "a sigh is no case");
        let fire = Said { urgency: 0.8, ..said(upset, &complaint, &[], None) };
        assert_eq!(name(fire).as_deref(), Some("cannot_wait urgent"));
    }

    #[test]
    fn own_rules_come_first_and_may_keep_something_out() {
        let never = Rule {
            name: "press".to_owned(),
            severity: None,
            when: Conditions { sources: vec!["forum".to_owned()], ..Conditions::default() },
        };
        let complaint = ["complaint".to_owned()];
        let said = said(Label::Negative, &complaint, &[], None);
        assert_eq!(judged(&Rules::new(vec![never.clone()], true), &said), None);
        let elsewhere = Said { source: "app-store", ..said };
        assert!(judged(&Rules::new(vec![never.clone()], true), &elsewhere).is_some());
        assert_eq!(judged(&Rules::new(vec![never], false), &elsewhere), None);
    }
}
