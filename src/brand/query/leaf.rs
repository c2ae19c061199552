//! Terms and clauses.

use std::ops::Range;

use super::{QueryError, Word};
use crate::brand::context::Sources;
use crate::brand::expression::Expression;
use crate::brand::misspelling::{LEAST_LETTERS, Misspelling};
use crate::brand::normal::Normal;
use crate::brand::term::{LETTERS_OF_PART, Pattern, Term};
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
    let problem = |message: String, hint: String| Some(QueryError::new(place.clone(), message, hint));
    if matches!(text, "&" | "&&" | "|" | "||" | "!") {
        return problem(format!("`{text}` is no operator"), "write AND, OR or NOT".to_owned());
    }
    let (sign, rest) = text.split_at_checked(1).filter(|(_, rest)| !rest.is_empty())?;
    let operator = match sign {
        "-" | "!" => "AND NOT",
        "+" => "AND",
        _ => return None,
    };
    let message = format!("`{sign}` before a word says nothing");
    problem(message, format!("write `{operator} {rest}`, or \"{text}\" in quotation marks to look for it"))
}

fn misspelling(text: &str, meant: &str, place: &Range<usize>, umlauts: bool) -> Result<Misspelling, QueryError> {
    let folded = Normal::new(meant, umlauts).text;
    Misspelling::new(folded, umlauts).ok_or_else(|| {
        let message = format!("`{text}` cannot be looked for with misspellings");
        let hint = format!("`~` stands before one word of {LEAST_LETTERS} letters or more, without other marks");
        QueryError::new(place.clone(), message, hint)
    })
}

fn marked(text: &str, place: &Range<usize>, umlauts: bool) -> Result<Term, QueryError> {
    let Some(begin) = text.strip_suffix('-') else { return starred(text, text, place, umlauts) };
    starred(text, begin, place, umlauts)?.with_compounds().ok_or_else(|| {
        let message = format!("`{text}` begins no compounds");
        let hint = format!("`-` stands behind a word of {LETTERS_OF_PART} letters or more, without a `*` before it");
        QueryError::new(place.clone(), message, hint)
    })
}

fn starred(whole: &str, text: &str, place: &Range<usize>, umlauts: bool) -> Result<Term, QueryError> {
    let (open, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
    let wrong = |problem: &str| {
        let (message, hint) = problem.split_once(": ").unwrap_or((problem, ""));
        QueryError::new(place.clone(), format!("the term `{whole}` {message}"), hint)
    };
    let term = Term::parse(rest, umlauts).map_err(wrong)?;
    if !open {
        return Ok(term);
    }
    term.at_the_end_of_words()
        .ok_or_else(|| wrong("says too little of how words end: a `*` stands before three letters or more"))
}

fn clause(name: &str, value: &str, place: Range<usize>) -> Leaf {
    match name {
        "lang" => {
            let language = Language::parse(value).filter(|language| language.code().eq_ignore_ascii_case(value));
            language.map(Expression::Language).ok_or_else(|| {
                QueryError::new(place, format!("`{value}` is no language"), "write its two letters, as in `lang:de`")
            })
        }
        "source" => {
            let (id, begins) = value.strip_suffix('*').map_or((value, false), |id| (id, true));
            let sources = SourceId::parse(id).map(|id| Sources { id: id.as_str().to_owned(), begins });
            sources.map(Expression::Source).ok_or_else(|| {
                let hint = "write one as in `source:app-store-de`, or how several begin, as in `source:app-store-*`";
                QueryError::new(place, format!("`{value}` is no source"), hint)
            })
        }
        _ => {
            let hint = "known are `lang:` and `source:`; what has a colon in it is looked for in quotation marks";
            Err(QueryError::new(place, format!("there is no clause `{name}:`"), hint))
        }
    }
}
