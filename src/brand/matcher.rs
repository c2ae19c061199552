//! The queries of all brands at once.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::Brand;
use super::context::Context;
use super::expression::Expression;
use super::found::{Found, Sought};
use super::misspelling::Misspellings;
use super::normal::Normal;
use super::term::{Pattern, Term};

/// All brands' queries, compiled for one pass over a text (two, if it has umlauts that a brand wants folded).
#[derive(Debug)]
pub struct Matcher {
    /// Each distinct term that is found by its letters, with its position among all terms.
    literal: Vec<(Term, usize)>,
    /// Finds the heads of these. `None` only if there are gigabytes of them.
    heads: Option<AhoCorasick>,
    /// The other terms.
    misspellings: Misspellings,
    /// Whether a term is sought with umlauts written out.
    folds: bool,
    /// For each term, the brands that want it found, ascending.
    wanted_by: Vec<Vec<usize>>,
    /// For each term, the brands to look at where it is found: those that hold nowhere without some such term.
    key_of: Vec<Vec<usize>>,
    /// For each brand, what must hold.
    pub(super) queries: Vec<Vec<(Part, Expression<Sought>)>>,
}

/// The key of a brand that a part of its query stands under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Any,
    All,
    None,
    Query,
}

impl Matcher {
    /// Compiles the queries. A term that [`Brand::validate`] cannot read is never found.
    pub fn new(brands: &[Brand]) -> Self {
        let mut positions = HashMap::new();
        let queries: Vec<_> = brands.iter().map(|brand| compiled(brand, &mut positions)).collect();
        let (mut wanted_by, mut key_of) = (vec![Vec::new(); positions.len()], vec![Vec::new(); positions.len()]);
        for (brand, query) in queries.iter().enumerate() {
            let wanted = query.iter().flat_map(|(_, part)| part.wanted());
            wanted.filter_map(|sought| sought.term).for_each(|term| wanted_by[term].push(brand));
            let keys = query.iter().filter_map(|(_, part)| part.keys()).min_by_key(Vec::len).unwrap_or_default();
            keys.iter().filter_map(|sought| sought.term).for_each(|term| key_of[term].push(brand));
        }
        wanted_by.iter_mut().for_each(Vec::dedup);
        let folds = positions.keys().any(Pattern::umlauts);
        let misspellings = positions.iter().filter_map(|(pattern, position)| match pattern {
            Pattern::Misspelling(misspelling) => Some((misspelling, *position)),
            Pattern::Term(_) => None,
        });
        let misspellings = Misspellings::new(misspellings);
        let literal = positions.into_iter().filter_map(|(pattern, position)| match pattern {
            Pattern::Term(term) => Some((term, position)),
            Pattern::Misspelling(_) => None,
        });
        let mut literal: Vec<(Term, usize)> = literal.collect();
        literal.sort_unstable_by_key(|(_, position)| *position);
        let heads = AhoCorasick::new(literal.iter().map(|(term, _)| &term.head)).ok();
        Self { literal, heads, misspellings, folds, wanted_by, key_of, queries }
    }

    /// The positions (in the slice given to [`Matcher::new`], ascending) of the brands that a text is about, where nothing
    /// else is known of it.
    pub fn brands_in(&self, text: &str) -> Vec<usize> {
        self.brands_in_context(text, &Context::default())
    }

    /// The same with what is known of the text. With a language that is undecided, also those that it could be about.
    pub fn brands_in_context(&self, text: &str, context: &Context<'_>) -> Vec<usize> {
        let hits = self.hits(text);
        let mut brands: Vec<usize> = hits.iter().flat_map(|(term, _)| &self.key_of[*term]).copied().collect();
        if brands.is_empty() {
            return brands;
        }
        brands.sort_unstable();
        brands.dedup();
        let found = Found::new(text, hits);
        brands.retain(|&brand| self.queries[brand].iter().all(|(_, part)| part.holds(&found, context)));
        brands
    }

    /// Where the terms of brands stand in a text, but for those that must not, ascending, as bytes of that text.
    ///
    /// Each place comes with the position of its brand. This holds for every brand, also for those that the text is not
    /// about because of their other terms. Places of one brand that overlap are joined.
    pub fn spans(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let hits = self.hits(text).into_iter();
        let mut spans: Vec<_> = hits
            .flat_map(|(term, place)| self.wanted_by[term].iter().map(move |&brand| (brand, place.clone())))
            .collect();
        spans.sort_unstable_by_key(|(brand, place)| (*brand, place.start));
        spans.dedup_by(|(brand, place), (brand_before, before)| {
            let overlaps = brand == brand_before && place.start < before.end;
            if overlaps {
                before.end = before.end.max(place.end);
            }
            overlaps
        });
        spans.sort_unstable_by_key(|(brand, place)| (place.start, *brand));
        spans
    }

    /// Each occurrence of each term, with its place in the text.
    pub(super) fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let normal = Normal::new(text, false);
        let differs = self.folds && normal.text.contains(['ä', 'ö', 'ü']);
        let mut hits = Vec::new();
        self.add_hits(&normal, |umlauts| !differs || !umlauts, &mut hits);
        if differs {
            self.add_hits(&Normal::new(text, true), |umlauts| umlauts, &mut hits);
        }
        hits
    }

    /// `counts` says of terms with and without umlauts written out whether they are looked for here.
    fn add_hits(&self, normal: &Normal, counts: impl Fn(bool) -> bool, hits: &mut Vec<(usize, Range<usize>)>) {
        self.misspellings.find(&normal.text, &counts, |position, place| hits.push((position, normal.origin(place))));
        let Some(heads) = &self.heads else { return };
        for head in heads.find_overlapping_iter(&normal.text) {
            let (term, position) = &self.literal[head.pattern().as_usize()];
            if counts(term.umlauts)
                && let Some(place) = term.place_at(&normal.text, head.range())
            {
                hits.push((*position, normal.origin(place)));
            }
        }
    }
}

/// What a brand asks for, its terms as their positions.
fn compiled(brand: &Brand, positions: &mut HashMap<Pattern, usize>) -> Vec<(Part, Expression<Sought>)> {
    let mut position = |pattern: Pattern| {
        let next = positions.len();
        *positions.entry(pattern).or_insert(next)
    };
    let mut listed = |terms: &[String]| -> Vec<Expression<Sought>> {
        let term = |text: &String| {
            let term = Term::parse(text, brand.fold_umlauts).ok();
            let term = term.map(|term| position(Pattern::Term(term)));
            Expression::Term(Sought { term, written: format!("\"{text}\"") })
        };
        terms.iter().map(term).collect()
    };
    let mut parts = Vec::new();
    if !brand.any.is_empty() {
        parts.push((Part::Any, Expression::Any(listed(&brand.any))));
    }
    if !brand.all.is_empty() {
        parts.push((Part::All, Expression::All(listed(&brand.all))));
    }
    if !brand.none.is_empty() {
        parts.push((Part::None, Expression::Not(Box::new(Expression::Any(listed(&brand.none))))));
    }
    if let Some(query) = &brand.query {
        let query = query
            .expression
            .map(&mut |word| Sought { term: Some(position(word.pattern.clone())), written: word.written.clone() });
        parts.push((Part::Query, query));
    }
    parts
}
