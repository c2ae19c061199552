//! The queries of all brands at once.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::AhoCorasick;

use super::Brand;
use super::normal::Normal;
use super::term::Term;

/// All brands' queries, compiled for one pass over a text (two, if it has umlauts that a brand wants folded).
#[derive(Debug)]
pub struct Matcher {
    /// Each distinct term once.
    terms: Vec<Term>,
    /// Finds the heads of the terms. `None` only if there are gigabytes of them.
    heads: Option<AhoCorasick>,
    /// For each term, the brands that want it found, ascending.
    wanted_by: Vec<Vec<usize>>,
    /// For each brand, its query.
    queries: Vec<Query>,
}

impl Matcher {
    /// Compiles the queries. A term that [`Brand::validate`] cannot read is never found.
    pub fn new(brands: &[Brand]) -> Self {
        let mut positions = HashMap::new();
        let queries: Vec<Query> = brands.iter().map(|brand| Query::new(brand, &mut positions)).collect();
        let mut terms: Vec<(Term, usize)> = positions.into_iter().collect();
        terms.sort_unstable_by_key(|(_, position)| *position);
        let terms: Vec<Term> = terms.into_iter().map(|(term, _)| term).collect();
        let mut wanted_by = vec![Vec::new(); terms.len()];
        for (brand, query) in queries.iter().enumerate() {
            query.any.iter().chain(&query.all).flatten().for_each(|&term| wanted_by[term].push(brand));
        }
        let heads = AhoCorasick::new(terms.iter().map(|term| &term.head)).ok();
        Self { terms, heads, wanted_by, queries }
    }

    /// The positions (in the slice given to [`Matcher::new`], ascending) of the brands that the text is about.
    pub fn brands_in(&self, text: &str) -> Vec<usize> {
        let mut found: Vec<usize> = self.hits(text).into_iter().map(|(term, _)| term).collect();
        found.sort_unstable();
        found.dedup();
        let mut brands: Vec<usize> = found.iter().flat_map(|&term| &self.wanted_by[term]).copied().collect();
        brands.sort_unstable();
        brands.dedup();
        brands.retain(|&brand| self.queries[brand].holds(&found));
        brands
    }

    /// Where the `any` and `all` terms of brands stand in a text, ascending, as bytes of that text.
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
    fn hits(&self, text: &str) -> Vec<(usize, Range<usize>)> {
        let normal = Normal::new(text, false);
        let differs = normal.text.contains(['ä', 'ö', 'ü']) && self.terms.iter().any(|term| term.umlauts);
        let written_out = differs.then(|| Normal::new(text, true));
        let mut hits = Vec::new();
        self.add_hits(&normal, |term| !differs || !term.umlauts, &mut hits);
        if let Some(written_out) = written_out {
            self.add_hits(&written_out, |term| term.umlauts, &mut hits);
        }
        hits
    }

    fn add_hits(&self, normal: &Normal, counts: impl Fn(&Term) -> bool, hits: &mut Vec<(usize, Range<usize>)>) {
        let Some(heads) = &self.heads else { return };
        for head in heads.find_overlapping_iter(&normal.text) {
            let position = head.pattern().as_usize();
            let term = &self.terms[position];
            if counts(term)
                && let Some(end) = term.end_at(&normal.text, head.range())
            {
                hits.push((position, normal.origin(head.start()..end)));
            }
        }
    }
}

/// A brand's query as positions of its terms; `None` for one that cannot be read.
#[derive(Debug)]
struct Query {
    any: Vec<Option<usize>>,
    all: Vec<Option<usize>>,
    none: Vec<Option<usize>>,
}

impl Query {
    fn new(brand: &Brand, positions: &mut HashMap<Term, usize>) -> Self {
        let mut position = |text: &String| {
            let next = positions.len();
            Some(*positions.entry(Term::parse(text, brand.fold_umlauts).ok()?).or_insert(next))
        };
        Self {
            any: brand.any.iter().map(&mut position).collect(),
            all: brand.all.iter().map(&mut position).collect(),
            none: brand.none.iter().map(&mut position).collect(),
        }
    }

    /// Whether the terms found (ascending) are what the brand asks for.
    fn holds(&self, found: &[usize]) -> bool {
        let is_found = |term: &Option<usize>| term.is_some_and(|term| found.binary_search(&term).is_ok());
        let any = self.any.is_empty() || self.any.iter().any(is_found);
        any && self.all.iter().all(is_found) && !self.none.iter().any(is_found)
    }
}
