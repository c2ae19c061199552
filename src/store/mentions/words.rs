//! What must stand in a text, as a query of the full-text index.
//!
//! The index knows words without their accents, and `ß` as it is; a search writes umlauts out. Each word is looked up in all
//! spellings that it can stand for. What is found that way is more than what is sought: the search itself has the last word.

use crate::brand::Needed;

/// A word in more spellings is not looked up.
const MOST_SPELLINGS: usize = 32;

/// As FTS5 wants it; `None` where the index is of no help.
pub(super) fn lookup(needed: &Needed) -> Option<String> {
    match needed {
        Needed::Phrase { words, begins } => phrase(words, *begins),
        // What cannot be looked up of several that all must be there may be left out.
        Needed::All(parts) => joined(&parts.iter().filter_map(lookup).collect::<Vec<_>>(), " AND "),
        Needed::Any(parts) => joined(&parts.iter().map(lookup).collect::<Option<Vec<_>>>()?, " OR "),
    }
}

fn joined(parts: &[String], operator: &str) -> Option<String> {
    (!parts.is_empty()).then(|| format!("({})", parts.join(operator)))
}

fn phrase(words: &[String], begins: bool) -> Option<String> {
    let mut phrases = vec![String::new()];
    for word in words {
        let spellings = spellings(word);
        if phrases.len() * spellings.len() > MOST_SPELLINGS {
            return None;
        }
        phrases = phrases
            .iter()
            .flat_map(|phrase| spellings.iter().map(move |spelling| format!("{phrase} {spelling}").trim().to_owned()))
            .collect();
    }
    let star = if begins { " *" } else { "" };
    joined(&phrases.iter().map(|phrase| format!("\"{phrase}\"{star}")).collect::<Vec<_>>(), " OR ")
}

/// In how many ways a folded word may stand in a text, as the index knows it.
fn spellings(word: &str) -> Vec<String> {
    const PAIRS: [(&str, &str); 4] = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "ß")];
    let mut spellings = vec![String::new()];
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let pair = PAIRS.iter().find(|(written, _)| rest.starts_with(written));
        let (taken, other) =
            pair.map_or((&rest[..first.len_utf8()], None), |(written, other)| (*written, Some(*other)));
        let others: Vec<String> =
            other.iter().flat_map(|other| spellings.iter().map(move |spelling| format!("{spelling}{other}"))).collect();
        spellings.iter_mut().for_each(|spelling| spelling.push_str(taken));
        spellings.extend(others);
        if spellings.len() > MOST_SPELLINGS {
            break;
        }
        rest = &rest[taken.len()..];
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brand::Query;

    fn looked_up(search: &str) -> Option<String> {
        lookup(&Query::search(search).unwrap().needed()?)
    }

    #[test]
    fn words_are_looked_up_in_every_spelling() {
        assert_eq!(looked_up("Zug").as_deref(), Some("(\"zug\")"));
        assert_eq!(looked_up("müller*").as_deref(), Some("(\"mueller\" * OR \"muller\" *)"));
        assert_eq!(
            looked_up("\"große Straße\"").as_deref(),
            Some("(\"grosse strasse\" OR \"grosse straße\" OR \"große strasse\" OR \"große straße\")")
        );
    }
    #[test]
    fn what_the_index_does_not_know_is_left_to_the_search() {
        assert_eq!(looked_up("*bahn"), None);
        assert_eq!(looked_up("~Verspätung"), None);
        assert_eq!(looked_up("zug OR *bahn"), None);
        assert_eq!(looked_up("zug *bahn NOT bus").as_deref(), Some("((\"zug\"))"));
        assert_eq!(
            looked_up("zug NEAR/3 (spat OR bus)").as_deref(),
            Some("(((\"zug\")) AND ((\"spat\") OR (\"bus\")))")
        );
    }
}
