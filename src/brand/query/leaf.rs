//! Terms and clauses.

use std::ops::Range;

use super::{QueryError, Word, Wrong};
use crate::brand::context::Sources;
use crate::brand::expression::Expression;
use crate::brand::misspelling::Misspelling;
use crate::brand::normal::Normal;
use crate::brand::term::{Pattern, Term, TermError};
use crate::mention::{Language, SourceId};

type Leaf = Result<Expression<Word>, QueryError>;

/// A bare word with its marks, or a clause.
pub(super) fn word(text: &str, place: Range<usize>, umlauts: bool) -> Leaf {
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    if let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_name(name)) {
        return clause(name, value, place);
    }
    if let Some(problem) = habit(text, &place) {
        return Err(problem);
    }
    let pattern = match text.strip_prefix('~') {
        Some(meant) => Pattern::Misspelling(misspelling(text, meant, &place, umlauts)?),
        None => Pattern::Term(marked(text, &place, umlauts)?),
    };
    Ok(Expression::Term(Word { written: text.to_owned(), pattern }))
}

/// What stands between quotation marks: words in this order. Of the marks only `*` counts.
pub(super) fn phrase(text: &str, place: Range<usize>, umlauts: bool) -> Leaf {
    let pattern = Pattern::Term(starred(text, text, &place, umlauts)?);
    Ok(Expression::Term(Word { written: format!("\"{text}\""), pattern }))
}

/// What means something elsewhere, and nothing here.
fn habit(text: &str, place: &Range<usize>) -> Option<QueryError> {
    let problem = |wrong| Some(QueryError::of_word(place.clone(), wrong, text));
    if matches!(text, "&" | "&&" | "|" | "||" | "!") {
        return problem(Wrong::Operator);
    }
    if text.len() > 1 && text.starts_with(['-', '!', '+']) { problem(Wrong::Sign) } else { None }
}

fn misspelling(text: &str, meant: &str, place: &Range<usize>, umlauts: bool) -> Result<Misspelling, QueryError> {
    let folded = Normal::new(meant, umlauts).text;
    Misspelling::new(folded, umlauts).ok_or_else(|| QueryError::of_word(place.clone(), Wrong::Misspelling, text))
}

fn marked(text: &str, place: &Range<usize>, umlauts: bool) -> Result<Term, QueryError> {
    let Some(begin) = text.strip_suffix('-') else { return starred(text, text, place, umlauts) };
    starred(text, begin, place, umlauts)?
        .with_compounds()
        .ok_or_else(|| QueryError::of_word(place.clone(), Wrong::Compounds, text))
}

fn starred(whole: &str, text: &str, place: &Range<usize>, umlauts: bool) -> Result<Term, QueryError> {
    let (open, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
    let wrong = |error| QueryError::of_word(place.clone(), Wrong::Term(error), whole);
    let term = Term::parse(rest, umlauts).map_err(wrong)?;
    if open { term.at_the_end_of_words().ok_or_else(|| wrong(TermError::ShortEnd)) } else { Ok(term) }
}

fn clause(name: &str, value: &str, place: Range<usize>) -> Leaf {
    match name {
        "lang" => {
            let language = Language::parse(value).filter(|language| language.code().eq_ignore_ascii_case(value));
            let wrong = || QueryError::of_word(place, Wrong::Language, value);
            language.map(Expression::Language).ok_or_else(wrong)
        }
        "source" => {
            let (id, begins) = value.strip_suffix('*').map_or((value, false), |id| (id, true));
            let sources = SourceId::parse(id).map(|id| Sources { id: id.as_str().to_owned(), begins });
            let wrong = || QueryError::of_word(place, Wrong::Source, value);
            sources.map(Expression::Source).ok_or_else(wrong)
        }
        _ => Err(QueryError::of_word(place, Wrong::Clause, name)),
    }
}
