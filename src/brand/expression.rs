//! What a query asks of a text, whatever stands for its terms.

use std::fmt;

use super::context::{Context, Sources, Spoken};
use super::found::{Found, Sought};
use crate::mention::Language;

/// A condition on texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression<T> {
    /// The term occurs.
    Term(T),
    /// One of the terms on either side occur, in either order, with at most so many words between them.
    Near { left: Vec<T>, words: usize, right: Vec<T> },
    /// The text is in this language.
    Language(Language),
    /// The text is from one of these sources.
    Source(Sources),
    /// This does not hold.
    Not(Box<Self>),
    /// All of these hold.
    All(Vec<Self>),
    /// At least one of these holds.
    Any(Vec<Self>),
}

impl<T> Expression<T> {
    /// The same with other things for terms.
    pub(super) fn map<U>(&self, term: &mut dyn FnMut(&T) -> U) -> Expression<U> {
        match self {
            Self::Term(one) => Expression::Term(term(one)),
            Self::Near { left, words, right } => Expression::Near {
                left: left.iter().map(&mut *term).collect(),
                words: *words,
                right: right.iter().map(&mut *term).collect(),
            },
            Self::Language(language) => Expression::Language(*language),
            Self::Source(sources) => Expression::Source(sources.clone()),
            Self::Not(inner) => Expression::Not(Box::new(inner.map(term))),
            Self::All(parts) => Expression::All(parts.iter().map(|part| part.map(term)).collect()),
            Self::Any(parts) => Expression::Any(parts.iter().map(|part| part.map(term)).collect()),
        }
    }

    /// The fewest terms of which one occurs wherever it holds; `None`: it may hold where no term does.
    pub(super) fn keys(&self) -> Option<Vec<&T>> {
        self.keys_where(true)
    }

    fn keys_where(&self, wanted: bool) -> Option<Vec<&T>> {
        match self {
            Self::Term(term) => wanted.then(|| vec![term]),
            // People write the name first, and what is said with it second.
            Self::Near { left, right, .. } => {
                wanted.then(|| if left.len() <= right.len() { left } else { right }.iter().collect())
            }
            Self::Language(_) | Self::Source(_) => None,
            Self::Not(inner) => inner.keys_where(!wanted),
            // Where an alternative is not to hold, none of its parts is.
            Self::All(parts) if wanted => parts.iter().filter_map(|part| part.keys_where(wanted)).min_by_key(Vec::len),
            Self::Any(parts) if !wanted => parts.iter().filter_map(|part| part.keys_where(wanted)).min_by_key(Vec::len),
            Self::All(parts) | Self::Any(parts) => {
                let keys: Option<Vec<_>> = parts.iter().map(|part| part.keys_where(wanted)).collect();
                Some(keys?.concat())
            }
        }
    }

    /// The terms that speak for it.
    pub(super) fn wanted(&self) -> Vec<&T> {
        let mut terms = Vec::new();
        self.collect(true, &mut |term, wanted| terms.extend(wanted.then_some(term)));
        terms
    }

    /// All of its terms, for and against.
    pub(super) fn terms(&self) -> Vec<&T> {
        let mut terms = Vec::new();
        self.collect(true, &mut |term, _| terms.push(term));
        terms
    }

    fn collect<'t>(&'t self, wanted: bool, take: &mut dyn FnMut(&'t T, bool)) {
        match self {
            Self::Term(term) => take(term, wanted),
            Self::Near { left, right, .. } => left.iter().chain(right).for_each(|term| take(term, wanted)),
            Self::Language(_) | Self::Source(_) => {}
            Self::Not(inner) => inner.collect(!wanted, take),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.collect(wanted, take)),
        }
    }

    /// The terms that suffice by themselves, but for what must not be and for clauses: what the brand goes by.
    pub(super) fn names(&self) -> Vec<&T> {
        match self {
            Self::Term(term) => vec![term],
            Self::Any(parts) => parts.iter().flat_map(Self::names).collect(),
            Self::All(parts) => {
                let mut wanting = parts.iter().filter(|part| !part.wanted().is_empty());
                match (wanting.next(), wanting.next()) {
                    (Some(only), None) => only.names(),
                    _ => Vec::new(),
                }
            }
            Self::Near { .. } | Self::Language(_) | Self::Source(_) | Self::Not(_) => Vec::new(),
        }
    }
}

impl Expression<Sought> {
    /// Whether it holds; or, with a language that is undecided, whether it could.
    pub(super) fn holds(&self, found: &Found<'_>, context: &Context<'_>) -> bool {
        self.is(true, found, context)
    }

    /// `undecided` is what a clause about a language comes to that nobody knows yet: under a `NOT` the other way round, so
    /// that it never keeps the whole from holding.
    fn is(&self, undecided: bool, found: &Found<'_>, context: &Context<'_>) -> bool {
        match self {
            Self::Term(term) => found.has(term),
            Self::Near { left, words, right } => {
                found.words_between(left, right).is_some_and(|between| between <= *words)
            }
            Self::Language(language) => match context.language {
                Spoken::In(spoken) => spoken == *language,
                Spoken::Unknown => false,
                Spoken::Undecided => undecided,
            },
            Self::Source(sources) => context.source.is_some_and(|source| sources.include(source)),
            Self::Not(inner) => !inner.is(!undecided, found, context),
            Self::All(parts) => parts.iter().all(|part| part.is(undecided, found, context)),
            Self::Any(parts) => parts.iter().any(|part| part.is(undecided, found, context)),
        }
    }
}

/// As people write it, with no more parentheses than it takes.
impl<T: fmt::Display> fmt::Display for Expression<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(term) => term.fmt(f),
            Self::Near { left, words, right } => {
                side(left, f)?;
                write!(f, " NEAR/{words} ")?;
                side(right, f)
            }
            Self::Language(language) => write!(f, "lang:{language}"),
            Self::Source(Sources { id, begins }) => write!(f, "source:{id}{}", if *begins { "*" } else { "" }),
            Self::Not(inner) if matches!(**inner, Self::Near { .. } | Self::All(_) | Self::Any(_)) => {
                write!(f, "NOT ({inner})")
            }
            Self::Not(inner) => write!(f, "NOT {inner}"),
            Self::All(parts) => joined(parts, " AND ", f),
            Self::Any(parts) => joined(parts, " OR ", f),
        }
    }
}

fn side<T: fmt::Display>(terms: &[T], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match terms {
        [term] => term.fmt(f),
        terms => write!(f, "({})", terms.iter().map(ToString::to_string).collect::<Vec<_>>().join(" OR ")),
    }
}

fn joined<T: fmt::Display>(parts: &[Expression<T>], operator: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_str(operator)?;
        }
        match part {
            Expression::All(_) | Expression::Any(_) => write!(f, "({part})")?,
            part => write!(f, "{part}")?,
        }
    }
    Ok(())
}
