//! What must stand in the mentions that somebody looks for.

use std::ops::Range;
use std::sync::Arc;

use crate::brand::{Brand, Context, Matcher, Needed, Query, QueryError};

/// A search in the query language of brands, ready to be used.
#[derive(Clone, Debug)]
pub struct Search {
    written: String,
    needed: Option<Needed>,
    matcher: Arc<Matcher>,
}

/// Two that are written alike find alike.
impl PartialEq for Search {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Search {
    /// Reads a search; words side by side must all occur.
    ///
    /// # Errors
    /// Everything that is wrong with it, as with a brand's query.
    pub fn parse(text: &str) -> Result<Self, Vec<QueryError>> {
        let query = Query::search(text)?;
        let needed = query.needed();
        let brand = Brand { name: "search".to_owned(), query: Some(query), ..Brand::default() };
        Ok(Self { written: text.to_owned(), needed, matcher: Arc::new(Matcher::new(&[brand])) })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// What must stand in a text that it finds, for an index of words; `None`: each text has to be looked at.
    pub fn needed(&self) -> Option<&Needed> {
        self.needed.as_ref()
    }

    /// Whether it finds a text.
    pub fn finds(&self, text: &str, context: &Context<'_>) -> bool {
        !self.matcher.brands_in_context(text, context).is_empty()
    }

    /// Where its words stand in a text, ascending, as bytes of it.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        self.matcher.spans(text).into_iter().map(|(_, place)| place).collect()
    }
}
