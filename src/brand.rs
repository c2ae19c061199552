//! Which brands a text is about: the query language. Pure.
//!
//! A brand names terms: at least one of `any`, each of `all`, and none of `none` must occur in a text. A **term** is a
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

mod matcher;
mod normal;
mod term;
#[cfg(test)]
mod tests;

use serde::Deserialize;

pub use matcher::Matcher;

use normal::Normal;
use term::Term;

/// Whom it is about, with its query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
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
    /// Whether `ä`, `ö`, `ü` and `ae`, `oe`, `ue` are the same in this brand's terms.
    #[serde(default)]
    pub fold_umlauts: bool,
    /// A mention with one of these terms cannot wait.
    #[serde(default)]
    pub urgent: Vec<String>,
    /// Names and handles of authors whose leaving would be felt; case does not matter.
    #[serde(default)]
    pub large_accounts: Vec<String>,
}

impl Brand {
    /// What the brand is called: its name and the terms that it is found by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.any).map(String::as_str)
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
        let problem = Term::parse(text, self.fold_umlauts).err()?;
        Some(format!("`{list}`: the term \"{text}\" {problem}"))
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
