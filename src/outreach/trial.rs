//! Rules tried on what was said: which cases they would have made of it, by the very way on which cases begin.
//!
//! Each mention goes on with the case of the same person, or of the same text, where there is one, and else opens one where a
//! rule fits. What people have done since (solved, dismissed) ends a case of the trial as it ended the one in which its first
//! mention is. What was said long before it was heard of counts as if it had been heard at once: the trial asks what will be.

use std::collections::HashMap;

use super::{Rules, Said, Severity};
use crate::mention::{Label, Timestamp};

pub use outcome::{Caught, Difference, Example, Outcome, outcome};

mod outcome;

/// Who speaks again within this time after all was well goes on with the same case.
pub const SAME_SECONDS: i64 = 30 * 86_400;

/// One version of a mention, as it was heard.
#[derive(Clone, Debug, PartialEq)]
pub struct Spoken {
    /// The mention's number.
    pub mention_id: i64,
    /// Who said it, the same for authors that are known to be one; `None`: the source does not say.
    pub person: Option<i64>,
    /// The same for all that carry the same text.
    pub cluster_id: i64,
    /// The brand of its case.
    pub brand_id: i64,
    /// The source's id.
    pub source: String,
    /// The brands that it is about.
    pub brands: Vec<String>,
    /// How title and text begin.
    pub text: String,
    /// Characters of the text.
    pub length: usize,
    /// The mood, if it can be told.
    pub mood: Option<Label>,
    /// From −1 to 1; 0 where none can be told.
    pub score: f64,
    /// From 1 to 5, if there are any.
    pub stars: Option<u8>,
    /// By name.
    pub emotions: Vec<String>,
    /// By name.
    pub intents: Vec<String>,
    /// By name.
    pub topics: Vec<String>,
    /// From 0 to 1.
    pub urgency: f64,
    /// Mentions that carried the text by then, this one included.
    pub copies: u64,
    /// The person has said something friendly before.
    pub was_content: bool,
    /// When it was said, or changed.
    pub said_at: Timestamp,
    /// When it was heard; when it was said, where that was long before.
    pub heard_at: Timestamp,
    /// It was said too long before it was heard to become a case.
    pub is_stale: bool,
    /// It had an answer by then.
    pub is_answered: bool,
    /// The case that the mention is in.
    pub case: Option<Known>,
}

/// A case that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub id: i64,
    /// The name of the rule by which it is one.
    pub rule: String,
    /// It is this mention by which it is one.
    pub was_opened_by_it: bool,
    /// How it ended, if it has.
    pub end: Option<End>,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It was settled then.
    Solved(Timestamp),
    /// There was nothing to do, as somebody found then.
    Dismissed(Timestamp),
}

/// A case that the rules would have made.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// The place of the rule that opened it, in [`Rules::all`].
    pub rule: usize,
    /// What belongs to it, by its place in what was spoken; the first opened it.
    pub parts: Vec<Part>,
    /// How the case ended that its first mention is in.
    end: Option<End>,
}

/// Something that belongs to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place in what was spoken.
    pub spoken: usize,
    /// How much it matters by itself; `None`: by itself it would be no case.
    pub severity: Option<Severity>,
}

/// What came of a trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// The cases, in the order in which they began.
    pub cases: Vec<Tried>,
    /// For each that was spoken the place of the rule that fits, if one does; also of one that keeps it out.
    pub fits: Vec<Option<usize>>,
}

impl Spoken {
    fn said(&self) -> Said<'_> {
        Said {
            source: &self.source,
            brands: &self.brands,
            mood: self.mood,
            stars: self.stars,
            emotions: &self.emotions,
            intents: &self.intents,
            topics: &self.topics,
            urgency: self.urgency,
        }
    }
}

impl Trial {
    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.cases.iter().flat_map(|case| &case.parts)
    }
}

impl Tried {
    fn is_open(&self, at: Timestamp) -> bool {
        match self.end {
            None => true,
            Some(End::Solved(end) | End::Dismissed(end)) => at < end,
        }
    }

    fn goes_on(&self, at: Timestamp) -> bool {
        self.is_open(at) || matches!(self.end, Some(End::Solved(end)) if at < end.plus_seconds(SAME_SECONDS))
    }
}

/// Tries rules on what was spoken, in the order in which it was heard.
pub fn try_rules(spoken: &[Spoken], rules: &Rules) -> Trial {
    let mut trial = Trial::default();
    let mut of_person: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut of_text: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut of_mention: HashMap<i64, usize> = HashMap::new();
    for (place, one) in spoken.iter().enumerate() {
        let fits = rules.all().iter().position(|rule| rule.when.hold(&one.said()));
        let severity = fits.and_then(|rule| rules.all()[rule].severity);
        trial.fits.push(fits);
        let at = one.heard_at;
        let person = one.person.map(|person| (one.brand_id, person));
        let text = (one.brand_id, one.cluster_id);
        let last = |cases: &Vec<usize>| cases.iter().rev().find(|case| trial.cases[**case].goes_on(at)).copied();
        let open = |cases: &Vec<usize>| cases.iter().find(|case| trial.cases[**case].is_open(at)).copied();
        let known = (of_mention.get(&one.mention_id).copied())
            .or_else(|| of_person.get(&person?).and_then(last))
            .or_else(|| of_text.get(&text).and_then(open));
        let case = match (known, fits.zip(severity)) {
            (Some(case), _) => case,
            (None, Some((rule, _))) => {
                trial.cases.push(Tried { rule, parts: Vec::new(), end: one.case.as_ref().and_then(|case| case.end) });
                let case = trial.cases.len() - 1;
                if let Some(person) = person {
                    of_person.entry(person).or_default().push(case);
                }
                case
            }
            (None, None) => continue,
        };
        trial.cases[case].parts.push(Part { spoken: place, severity });
        of_mention.insert(one.mention_id, case);
        let same = of_text.entry(text).or_default();
        if !same.contains(&case) {
            same.push(case);
            same.sort_unstable();
        }
    }
    trial
}

#[cfg(test)]
mod tests;
