//! `[[brand]]`: whom it is about.

use std::collections::HashSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::Problem;
use super::literal::within_literal;
use super::read::no_such_brand;
use crate::brand::{Brand, Query};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BrandSection {
    name: String,
    #[serde(default)]
    any: Vec<String>,
    #[serde(default)]
    all: Vec<String>,
    #[serde(default)]
    none: Vec<String>,
    query: Option<Spanned<String>>,
    #[serde(default)]
    fold_umlauts: bool,
    #[serde(default)]
    urgent: Vec<String>,
    #[serde(default)]
    large_accounts: Vec<String>,
    competitor_of: Option<Spanned<String>>,
}

/// The brands of the file with that text.
pub(super) fn brands(
    text: &str,
    sections: Vec<(BrandSection, Range<usize>)>,
    problems: &mut Vec<Problem>,
) -> Vec<Brand> {
    let mut names = HashSet::new();
    let (mut brands, mut rivals) = (Vec::new(), Vec::new());
    for (section, span) in sections {
        rivals.extend(section.competitor_of.clone());
        let brand = brand(text, section, problems);
        problems.extend(brand.validate().into_iter().map(|message| Problem::at(span.clone(), message)));
        if brand.competitor_of.is_some() && !(brand.urgent.is_empty() && brand.large_accounts.is_empty()) {
            let message = "`urgent` and `large_accounts` are for brands of your own: nobody is told of a competitor";
            problems.push(Problem::at(span.clone(), message).hint("delete them, or `competitor_of`"));
        }
        if !names.insert(brand.name.clone()) {
            problems.push(Problem::at(span, format!("brand \"{}\" is defined twice", brand.name)));
        }
        brands.push(brand);
    }
    problems.extend(rivals.iter().filter_map(|rival| of_nobody(rival, &brands)));
    brands
}

fn brand(text: &str, section: BrandSection, problems: &mut Vec<Problem>) -> Brand {
    let query = section.query.and_then(|query| self::query(text, &query, section.fold_umlauts, problems));
    Brand {
        name: section.name,
        any: section.any,
        all: section.all,
        none: section.none,
        query,
        fold_umlauts: section.fold_umlauts,
        urgent: section.urgent,
        large_accounts: section.large_accounts,
        competitor_of: section.competitor_of.map(Spanned::into_inner),
    }
}

/// Each mistake is shown where it stands in the query.
fn query(text: &str, written: &Spanned<String>, folds: bool, problems: &mut Vec<Problem>) -> Option<Query> {
    let span = written.span();
    let literal = text.get(span.clone()).unwrap_or_default();
    let at = |place: usize| span.start + within_literal(literal, place);
    let errors = match Query::parse(written.get_ref(), folds) {
        Ok(query) => return Some(query),
        Err(errors) => errors,
    };
    problems.extend(errors.into_iter().map(|error| {
        let place = at(error.place.start)..at(error.place.end);
        Problem::at(place, error.message().english).hint(error.hint().english)
    }));
    None
}

/// A competitor is one of a brand of one's own.
fn of_nobody(rival: &Spanned<String>, brands: &[Brand]) -> Option<Problem> {
    let Some(brand) = brands.iter().find(|brand| brand.name == *rival.get_ref()) else {
        return Some(no_such_brand(rival, brands));
    };
    brand.competitor_of.as_ref().map(|_| {
        Problem::at(rival.span(), format!("\"{}\" is a competitor, too", brand.name)).hint("name a brand of your own")
    })
}
