//! How words are put together: NOT binds most, then NEAR, then AND, then OR.

use std::iter::Peekable;
use std::ops::Range;
use std::slice::Iter;

use super::tokens::{Kind, Token};
use super::{QueryError, Structure, Word};
use crate::brand::expression::Expression;

/// Deeper, nobody can follow.
pub(super) const MOST_NESTED: usize = 32;

/// Reads the pieces of a query of that length.
pub(super) fn expression(tokens: &[Token], length: usize) -> Result<Expression<Word>, QueryError> {
    if tokens.is_empty() {
        return Err(QueryError::new(0..length, Structure::Empty));
    }
    let mut reader = Reader { tokens: tokens.iter().peekable(), end: length..length, depth: 0, last: None };
    let expression = reader.any()?;
    match reader.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(QueryError::new(token.place.clone(), Structure::Unopened)),
    }
}

struct Reader<'t> {
    tokens: Peekable<Iter<'t, Token>>,
    /// Where a query ends.
    end: Range<usize>,
    depth: usize,
    /// The piece that was read last.
    last: Option<&'t Token>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<&'t Token> {
        let token = self.tokens.next();
        self.last = token.or(self.last);
        token
    }

    fn takes(&mut self, kind: &Kind) -> bool {
        let takes = self.tokens.peek().is_some_and(|token| token.kind == *kind);
        if takes {
            self.next();
        }
        takes
    }

    fn any(&mut self) -> Result<Expression<Word>, QueryError> {
        let mut parts = vec![self.all()?];
        while self.takes(&Kind::Or) {
            parts.push(self.all()?);
        }
        Ok(any_of(parts))
    }

    fn all(&mut self) -> Result<Expression<Word>, QueryError> {
        let mut parts = vec![self.near()?];
        while self.takes(&Kind::And) {
            parts.push(self.near()?);
        }
        match self.tokens.peek() {
            Some(Token { kind: Kind::Open | Kind::Leaf(_) | Kind::Not, place }) => Err(self.no_operator(place)),
            _ => Ok(all_of(parts)),
        }
    }

    fn no_operator(&self, place: &Range<usize>) -> QueryError {
        let place = self.last.map_or(place.start, |last| last.place.start)..place.end;
        QueryError::new(place, Structure::NoOperator)
    }

    fn near(&mut self) -> Result<Expression<Word>, QueryError> {
        let start = self.tokens.peek().map_or(self.end.start, |token| token.place.start);
        let left = self.not()?;
        let left_end = self.last.map_or(start, |last| last.place.end);
        let Some(&&Token { kind: Kind::Near(words), ref place }) = self.tokens.peek() else { return Ok(left) };
        self.next();
        let right_start = self.tokens.peek().map_or(self.end.start, |token| token.place.start);
        let right = self.not()?;
        let right_end = self.last.map_or(right_start, |last| last.place.end);
        if let Some(Token { kind: Kind::Near(_), place: second }) = self.tokens.peek() {
            return Err(QueryError::new(place.start..second.end, Structure::ThreeNears));
        }
        let left = side(left, start..left_end)?;
        let right = side(right, right_start..right_end)?;
        Ok(Expression::Near { left, words, right })
    }

    fn not(&mut self) -> Result<Expression<Word>, QueryError> {
        let Some(token) = self.next() else {
            return Err(QueryError::new(self.end.clone(), Structure::EndsEarly));
        };
        match &token.kind {
            Kind::Leaf(Some(leaf)) => Ok(leaf.clone()),
            // It was named; anything that needs a term will do for what is around it.
            Kind::Leaf(None) => Ok(Expression::Any(Vec::new())),
            Kind::Not => self.within(token, |reader| Ok(Expression::Not(Box::new(reader.not()?)))),
            Kind::Open => self.within(token, |reader| reader.group(token)),
            Kind::Close | Kind::And | Kind::Or | Kind::Near(_) => {
                Err(QueryError::new(token.place.clone(), Structure::NothingBefore))
            }
        }
    }

    fn group(&mut self, open: &Token) -> Result<Expression<Word>, QueryError> {
        let inner = self.any()?;
        if self.takes(&Kind::Close) {
            return Ok(inner);
        }
        Err(QueryError::new(open.place.clone(), Structure::Unclosed))
    }

    fn within(
        &mut self,
        token: &Token,
        read: impl FnOnce(&mut Self) -> Result<Expression<Word>, QueryError>,
    ) -> Result<Expression<Word>, QueryError> {
        if self.depth == MOST_NESTED {
            return Err(QueryError::new(token.place.clone(), Structure::TooDeep));
        }
        self.depth += 1;
        let expression = read(self);
        self.depth -= 1;
        expression
    }
}

/// Groups of one kind within one another are one group.
fn all_of(mut parts: Vec<Expression<Word>>) -> Expression<Word> {
    if parts.len() == 1 {
        return parts.swap_remove(0);
    }
    let flat = parts.into_iter().flat_map(|part| if let Expression::All(inner) = part { inner } else { vec![part] });
    Expression::All(flat.collect())
}

fn any_of(mut parts: Vec<Expression<Word>>) -> Expression<Word> {
    if parts.len() == 1 {
        return parts.swap_remove(0);
    }
    let flat = parts.into_iter().flat_map(|part| if let Expression::Any(inner) = part { inner } else { vec![part] });
    Expression::Any(flat.collect())
}

/// What may stand beside NEAR: a term, or alternatives of terms.
fn side(expression: Expression<Word>, place: Range<usize>) -> Result<Vec<Word>, QueryError> {
    let alternatives = match expression {
        Expression::Any(parts) => parts,
        other => vec![other],
    };
    let term = |part| if let Expression::Term(word) = part { Some(word) } else { None };
    let terms = alternatives.into_iter().map(term).collect::<Option<Vec<_>>>();
    terms.ok_or_else(|| QueryError::new(place, Structure::NearSide))
}
