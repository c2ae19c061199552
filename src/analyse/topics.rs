//! Topics of the operator's own, below the ones that every brand has.

use std::borrow::Cow;

use serde::Deserialize;

use super::aspects::Topic;
use crate::brand::{Brand, Matcher};

/// A topic that the operator adds, as `sources.toml` has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnTopic {
    /// The shown name.
    pub name: String,
    /// The topic that this is a part of: a built-in one by its name, or another of one's own.
    #[serde(default)]
    pub under: Option<String>,
    /// Any of these terms, in the query language of brands.
    pub any: Vec<String>,
    /// None of these.
    #[serde(default)]
    pub none: Vec<String>,
}

/// The operator's topics, ready to be found.
#[derive(Debug)]
pub(super) struct OwnTopics {
    topics: Vec<OwnTopic>,
    matcher: Matcher,
}

impl OwnTopics {
    pub(super) fn new(topics: Vec<OwnTopic>) -> Self {
        let queries: Vec<Brand> = topics.iter().map(OwnTopic::query).collect();
        Self { matcher: Matcher::new(&queries), topics }
    }

    /// Adds those that a text is about, each with the ones it is a part of.
    pub(super) fn add(&self, text: &str, names: &mut Vec<Cow<'static, str>>) {
        if self.topics.is_empty() {
            return;
        }
        for found in self.matcher.brands_in(text) {
            let mut next = Some(self.topics[found].name.as_str());
            // No more steps than topics: a ring is refused by `problems`, and would end here all the same.
            for _ in 0..=self.topics.len() {
                let Some(name) = next else { break };
                if !names.iter().any(|known| known == name) {
                    names.push(Cow::Owned(name.to_owned()));
                }
                next = self.topics.iter().find(|topic| topic.name == name).and_then(|topic| topic.under.as_deref());
            }
        }
    }
}

impl OwnTopic {
    fn query(&self) -> Brand {
        Brand { name: self.name.clone(), any: self.any.clone(), none: self.none.clone(), ..Brand::default() }
    }

    /// What is wrong with it, beside all topics of one's own.
    pub fn problems(&self, all: &[Self]) -> Vec<String> {
        let mut problems = self.query().validate();
        if self.any.is_empty() {
            problems.push(format!("topic \"{}\" has no terms: write `any = [\"…\"]`", self.name));
        }
        if Topic::parse(&self.name).is_some() {
            problems.push(format!("\"{}\" is a built-in topic: give yours a name of its own", self.name));
        }
        if let Some(under) = &self.under
            && Topic::parse(under).is_none()
            && !all.iter().any(|topic| topic.name == *under)
        {
            let names: Vec<_> = Topic::ALL.iter().map(|topic| topic.name()).collect();
            problems
                .push(format!("there is no topic \"{under}\": write one of {}, or one of your own", names.join(", ")));
        }
        if self.is_in_a_ring(all) {
            problems.push(format!("topic \"{}\" is, by its `under`, a part of itself", self.name));
        }
        problems
    }

    fn is_in_a_ring(&self, all: &[Self]) -> bool {
        let mut next = self.under.as_deref();
        for _ in 0..all.len() {
            let Some(name) = next else { return false };
            if name == self.name {
                return true;
            }
            next = all.iter().find(|topic| topic.name == name).and_then(|topic| topic.under.as_deref());
        }
        next.is_some_and(|name| name == self.name)
    }
}
