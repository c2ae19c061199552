//! What the terms of each kind of source allow: the tables of docs/sources.md and docs/sources.de.md, which are compiled in,
//! so that the pages say what the documents say.

use std::sync::LazyLock;

use crate::tongue::Tongue;

/// What is known of the terms of a kind, in one language; Markdown's code marks are left out.
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

static GERMAN: LazyLock<Vec<Terms>> = LazyLock::new(|| table(include_str!("../../docs/sources.de.md")));
static ENGLISH: LazyLock<Vec<Terms>> = LazyLock::new(|| table(include_str!("../../docs/sources.md")));

/// What the terms of a kind allow, by its name in `sources.toml`.
pub fn terms(kind: &str, tongue: Tongue) -> Option<&'static Terms> {
    all(tongue).iter().find(|terms| terms.kinds.iter().any(|known| known == kind))
}

fn all(tongue: Tongue) -> &'static [Terms] {
    match tongue {
        Tongue::German => &GERMAN,
        Tongue::English => &ENGLISH,
    }
}

fn table(document: &str) -> Vec<Terms> {
    document.lines().filter_map(row).collect()
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
    fn the_terms_of_every_kind_are_known_in_both_languages_and_none_of_another() {
        for about in Kind::ALL {
            let of = |tongue| terms(about.name, tongue).unwrap_or_else(|| panic!("{tongue:?}: {}", about.name));
            let (german, english) = (of(Tongue::German), of(Tongue::English));
            assert_eq!(german.kinds, english.kinds);
            for (german, english) in [
                (&german.allowed_by, &english.allowed_by),
                (&german.of_a_person, &english.of_a_person),
                (&german.kept, &english.kept),
            ] {
                assert!(!german.is_empty() && !english.is_empty() && german != english, "{}: {german}", about.name);
            }
            assert_eq!(german.done.is_empty(), english.done.is_empty(), "{}", about.name);
        }
        for tongue in [Tongue::German, Tongue::English] {
            assert_eq!(all(tongue).iter().map(|terms| terms.kinds.len()).sum::<usize>(), Kind::ALL.len());
        }
    }
}
