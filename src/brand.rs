//! Which brands a text is about: the query language. Pure.
//!
//! A brand lists terms: at least one of `any`, each of `all`, and none of `none` must occur in a text. A **term** is a
//! word or a phrase:
//!
//! | term | finds | does not find |
//! |---|---|---|
//! | `Beispiel Bahn` | `BEISPIEL BAHN`, `Beispiel-Bahn`, `Beispiel` at the end of a line and `Bahn` in the next, `Beispiel Bahn's` | `Beispiel Bahnen`, `Beispiel. Bahn` |
//! | `@beispielbahn`, `#BeispielBahn` | each with and without its sign | `Beispiel Bahn` |
//! | `Beispielbahn*` | `Beispielbahnen`, `Beispielbahnsteig` | `Beispiel Bahn` |
//! | `Deutsche* Beispielbahn` | `der Deutschen Beispielbahn` | `Deutsche` alone |
//! | `beispiel-bahn.de` | `https://www.beispiel-bahn.de/app`, `info@beispiel-bahn.de` | `beispiel-bahn.dev` |
//!
//! Only whole words are found; letters, digits and the underscore make a word. Case never matters, nor the width of
//! letters; `ß` is `ss`. An umlaut is only an umlaut (`Müller` is not `Mueller`), unless the brand says
//! `fold_umlauts = true`: then both are found by either. `Muller` is neither; where people write it, it is a term of its
//! own.
//!
//! A brand may have a **query** beside these lists, or in their place; both must hold. It joins terms by operators, in
//! English or German and in capitals, and groups them by parentheses:
//!
//! ```text
//! ("Deutsche Bahn" OR DB NEAR/5 zug*) AND NOT (modellbahn* OR "DB Cooper") AND lang:de
//! ```
//!
//! | in a query | holds where |
//! |---|---|
//! | `bahn`, `bahn*`, `beispiel-bahn.de` | the term occurs, as in the lists |
//! | `"Deutsche Bahn"` | the phrase does; two terms side by side are a mistake, because nobody knows what they mean |
//! | `*bahn`, `*bahn*` | a word ends with it, or has it anywhere: three letters or more |
//! | `Kundenservice-` | the word, its forms, or a compound that it begins: `Kundenservices`, `Kundenserviceleitung`. What follows is a part of three letters or more, no mere ending: `Post-` finds `Postbote`, not `postieren` |
//! | `~Lufthansa` | the word with at most one slip behind its first letter: one more, one less, another, or two swapped. Five letters or more; `Lufthanza`, `Luftahnsa`, not `Luft Hansa` |
//! | `a NEAR/5 b` | at most five words stand between the two, in either order, whatever sentences they are in; they do not overlap. Either side may be several terms: `(a OR b) NEAR/5 c` |
//! | `lang:de` | the text is in German. Where no language could be told, it does not hold |
//! | `source:app-store-de`, `source:app-store-*` | the text is from that source, or from one that begins like this |
//! | `NOT a`, `NICHT a` | `a` does not hold |
//! | `a AND b`, `a UND b` | both do |
//! | `a OR b`, `a ODER b` | at least one does |
//!
//! `NOT` binds most, then `NEAR`, `AND`, `OR`. A query must not hold for texts in which none of its terms stands.

mod context;
mod explain;
mod expression;
mod found;
mod matcher;
mod misspelling;
mod normal;
mod query;
mod term;
#[cfg(test)]
mod tests;

pub use context::{Context, Spoken};
pub use explain::{Explanation, Occurrence};
pub use matcher::Matcher;
pub use query::{Needed, Query, QueryError};

use normal::Normal;
use term::Term;

/// Whom it is about, with its query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The shown name.
    pub name: String,
    /// At least one of these terms must occur.
    pub any: Vec<String>,
    /// Each of these terms must occur.
    pub all: Vec<String>,
    /// None of these terms may occur.
    pub none: Vec<String>,
    /// This must hold, too.
    pub query: Option<Query>,
    /// Whether `ä`, `ö`, `ü` and `ae`, `oe`, `ue` are the same in this brand's terms.
    pub fold_umlauts: bool,
    /// A mention with one of these terms cannot wait.
    pub urgent: Vec<String>,
    /// Names and handles of authors whose leaving would be felt; case does not matter.
    pub large_accounts: Vec<String>,
    /// The brand that this one is compared with: it is listened to, and nobody is told of it.
    pub competitor_of: Option<String>,
}

impl Brand {
    /// What the brand is called: its name and the terms that it is found by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let listed = std::iter::once(&self.name).chain(&self.any).map(String::as_str);
        listed.chain(self.query.iter().flat_map(Query::names))
    }

    /// Whether a text can be about it by what it says.
    pub fn has_terms(&self) -> bool {
        !self.any.is_empty() || !self.all.is_empty() || self.query.is_some()
    }

    /// What is wrong with the query, each problem a sentence that says how to mend it; empty if nothing is.
    ///
    /// A brand without any term is right: it is what the sources bring that name it.
    pub fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push("`name` is empty: write what the brand is called".to_owned());
        }
        let wanted = self.wanted();
        let unwanted = self.none.iter().map(|text| ("none", text.as_str()));
        let urgent = self.urgent.iter().map(|text| ("urgent", text.as_str()));
        problems.extend(
            wanted.iter().copied().chain(unwanted).chain(urgent).filter_map(|(list, text)| self.unreadable(list, text)),
        );
        problems.extend(wanted.iter().filter_map(|(list, text)| self.contradiction(list, text)));
        if self.large_accounts.iter().any(|name| name.trim().trim_start_matches('@').is_empty()) {
            problems
                .push("`large_accounts`: a name is empty: write it as the source shows it, or delete it".to_owned());
        }
        problems
    }

    fn wanted(&self) -> Vec<(&'static str, &str)> {
        let any = self.any.iter().map(|text| ("any", text.as_str()));
        any.chain(self.all.iter().map(|text| ("all", text.as_str()))).collect()
    }

    fn unreadable(&self, list: &str, text: &str) -> Option<String> {
        let error = Term::parse(text, self.fold_umlauts).err()?;
        Some(format!("`{list}`: the term \"{text}\" {}: {}", error.problem(), error.hint()))
    }

    /// A wanted term that an unwanted one always accompanies.
    fn contradiction(&self, list: &str, text: &str) -> Option<String> {
        let normal = Normal::new(text, self.fold_umlauts);
        let always_there =
            |other: &&String| Term::parse(other, self.fold_umlauts).is_ok_and(|unwanted| unwanted.occurs_in(&normal));
        let other = self.none.iter().find(always_there)?;
        Some(format!("`{list}`: the term \"{text}\" can never count, because `none` has \"{other}\": delete one"))
    }
}
