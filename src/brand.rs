//! Which brands a text is about: the query language. Pure.

use serde::Deserialize;

/// Whom it is about, with its query.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// The shown name.
    pub name: String,
    /// At least one of these terms must occur.
    #[serde(default)]
    pub any: Vec<String>,
    /// Each of these terms must occur.
    #[serde(default)]
    pub all: Vec<String>,
    /// None of these terms may occur.
    #[serde(default)]
    pub none: Vec<String>,
}

/// All brands' queries, compiled for one pass over a text.
#[derive(Debug)]
pub struct Matcher {}

impl Matcher {
    /// Compiles the queries.
    pub fn new(brands: &[Brand]) -> Self {
        let _ = brands;
        todo!()
    }

    /// The positions (in the slice given to [`Matcher::new`], ascending) of the brands that the text is about.
    pub fn brands_in(&self, text: &str) -> Vec<usize> {
        let _ = text;
        todo!()
    }
}
