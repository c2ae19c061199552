//! Why a text is about a brand, or is not.

use std::ops::Range;

use serde::Serialize;

use super::context::{Context, Spoken};
use super::expression::Expression;
use super::found::{Found, Sought};
use super::matcher::{Matcher, Part};

/// What a brand's query makes of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Whether the text is about the brand.
    pub matches: bool,
    /// Where its terms stand, but for those that must not, ascending.
    pub found: Vec<Occurrence>,
    /// Why the text is not about it, each reason a clause in English; empty if it is.
    pub why_not: Vec<String>,
}

/// A term in a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Occurrence {
    /// The term as the brand writes it.
    pub term: String,
    /// What was found.
    pub words: String,
    /// Where it begins, in characters from 1.
    pub at: usize,
    /// The same place, as bytes of the text.
    #[serde(skip)]
    pub place: Range<usize>,
}

impl Matcher {
    /// Why a text is about the brand at that position of those given to [`Matcher::new`], or is not; `None`: no such brand.
    pub fn explain(&self, brand: usize, text: &str, context: &Context<'_>) -> Option<Explanation> {
        let query = self.queries.get(brand)?;
        let why = Why { text, found: Found::new(text, self.hits(text)), context };
        let wanted: Vec<&Sought> = query.iter().flat_map(|(_, part)| part.wanted()).collect();
        let mut why_not: Vec<String> =
            query.iter().flat_map(|(part, expression)| why.part(*part, expression)).collect();
        if wanted.is_empty() {
            why_not.push("it has no terms to be found by".to_owned());
        }
        Some(Explanation { matches: why_not.is_empty(), found: why.occurrences(&wanted), why_not })
    }
}

struct Why<'t> {
    text: &'t str,
    found: Found<'t>,
    context: &'t Context<'t>,
}

impl Why<'_> {
    /// Why a part of a query does not hold; empty if it does.
    fn part(&self, part: Part, expression: &Expression<Sought>) -> Vec<String> {
        match (part, expression) {
            (Part::None, Expression::Not(inner)) => {
                self.holding(inner).into_iter().map(|found| format!("`none`: {found}")).collect()
            }
            (part, expression) => {
                let key = match part {
                    Part::Any => "any",
                    Part::All => "all",
                    Part::None => "none",
                    Part::Query => "query",
                };
                self.missing(expression).into_iter().map(|reason| format!("`{key}`: {reason}")).collect()
            }
        }
    }

    /// Why an expression does not hold; empty if it does.
    fn missing(&self, expression: &Expression<Sought>) -> Vec<String> {
        if expression.holds(&self.found, self.context) {
            return Vec::new();
        }
        match expression {
            Expression::Term(term) => vec![format!("{term} does not occur")],
            Expression::Near { left, right, .. } => vec![self.far(expression, left, right)],
            Expression::Language(_) => vec![match self.context.language {
                Spoken::In(language) => format!("{expression}: the text is in `{language}`"),
                Spoken::Unknown | Spoken::Undecided => format!("{expression}: the language is not known"),
            }],
            Expression::Source(_) => vec![match self.context.source {
                Some(source) => format!("{expression}: the text is from `{source}`"),
                None => format!("{expression}: the text is from no source"),
            }],
            Expression::Not(inner) => {
                self.holding(inner).into_iter().map(|found| format!("{expression}: {found}")).collect()
            }
            Expression::All(parts) => parts.iter().flat_map(|part| self.missing(part)).collect(),
            Expression::Any(parts) => self.alternatives(parts),
        }
    }

    /// Why none of these holds: one sentence for all terms among them.
    fn alternatives(&self, parts: &[Expression<Sought>]) -> Vec<String> {
        let (terms, others): (Vec<_>, Vec<_>) = parts.iter().partition(|part| matches!(part, Expression::Term(_)));
        let absent = match &terms[..] {
            [] => None,
            [term] => Some(format!("{term} does not occur")),
            terms => Some(format!("none of these occurs: {}", listed(terms))),
        };
        absent.into_iter().chain(others.into_iter().flat_map(|part| self.missing(part))).collect()
    }

    fn far(&self, expression: &Expression<Sought>, left: &[Sought], right: &[Sought]) -> String {
        let absent = |side: &[Sought]| (!side.iter().any(|term| self.found.has(term))).then(|| listed(side));
        if let Some(absent) = absent(left).or_else(|| absent(right)) {
            return format!("{expression}: {absent} does not occur");
        }
        match self.found.words_between(left, right) {
            Some(words) => format!("{expression}: {words} words between"),
            None => format!("{expression}: both are the same words"),
        }
    }

    /// What makes an expression hold that should not; empty if it does not hold.
    fn holding(&self, expression: &Expression<Sought>) -> Vec<String> {
        if !expression.holds(&self.found, self.context) {
            return Vec::new();
        }
        let found = self.occurrences(&expression.terms());
        if found.is_empty() {
            return vec![format!("{expression} holds")];
        }
        found.into_iter().map(|one| format!("found \"{}\" at {}", one.words, one.at)).collect()
    }

    /// Where terms stand, ascending.
    fn occurrences(&self, terms: &[&Sought]) -> Vec<Occurrence> {
        let places = terms.iter().flat_map(|term| self.found.places(term).iter().map(|(_, place)| (*term, place)));
        let mut found: Vec<Occurrence> = places
            .map(|(term, place)| Occurrence {
                term: term.written.clone(),
                words: self.text[place.clone()].to_owned(),
                at: self.text[..place.start].chars().count() + 1,
                place: place.clone(),
            })
            .collect();
        found.sort_by_key(|one| (one.place.start, one.place.end));
        found.dedup();
        found
    }
}

fn listed(parts: &[impl ToString]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
