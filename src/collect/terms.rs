//! What the terms of each kind of source allow: the table of docs/sources.md, which is compiled in, so that the pages say
//! what the document says.

use std::sync::LazyLock;

const DOCUMENT: &str = include_str!("../../docs/sources.md");

/// What is known of the terms of a kind, in English; Markdown's code marks are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    kinds: Vec<String>,
    /// What allows to listen there.
    pub allowed_by: String,
    /// What of a person comes with it.
    pub of_a_person: String,
    /// What may be kept, and for how long.
    pub kept: String,
    /// What this program does about it; may be empty.
    pub done: String,
}

static TERMS: LazyLock<Vec<Terms>> = LazyLock::new(|| DOCUMENT.lines().filter_map(row).collect());

/// What the terms of a kind allow, by its name in `sources.toml`.
pub fn terms(kind: &str) -> Option<&'static Terms> {
    TERMS.iter().find(|terms| terms.kinds.iter().any(|known| known == kind))
}

/// A row of the table: its first cell names kinds as code.
fn row(line: &str) -> Option<Terms> {
    let cells: Vec<&str> = line.strip_prefix("| `")?.trim_end().strip_suffix('|')?.split('|').map(str::trim).collect();
    let [kinds, allowed_by, of_a_person, kept, done] = cells[..] else { return None };
    let plain = |cell: &str| cell.replace('`', "");
    Some(Terms {
        kinds: plain(kinds).split(',').map(|kind| kind.trim().to_owned()).collect(),
        allowed_by: plain(allowed_by),
        of_a_person: plain(of_a_person),
        kept: plain(kept),
        done: plain(done),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::Kind;

    #[test]
    fn the_terms_of_every_kind_are_known_and_none_of_another() {
        for about in Kind::ALL {
            let terms = terms(about.name).unwrap_or_else(|| panic!("docs/sources.md does not name {}", about.name));
            assert!(!terms.allowed_by.is_empty() && !terms.of_a_person.is_empty(), "{}", about.name);
        }
        let named: usize = TERMS.iter().map(|terms| terms.kinds.len()).sum();
        assert_eq!(named, Kind::ALL.len());
    }
}
