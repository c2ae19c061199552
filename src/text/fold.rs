//! Letters as readers compare them: without regard to case, width and ligatures.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Folds case and compatibility forms: `STRASSE`, `Straße` and `ｓｔｒａｓｓｅ` become `strasse`. Umlauts stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len() + 8);
    for c in composed(text).chars() {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'ς' => folded.push('σ'),
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    // A small letter may compose with a mark where its capital could not.
    match composed(&folded) {
        Cow::Borrowed(_) => folded,
        Cow::Owned(composed) => composed,
    }
}

/// Unicode's normal form KC.
fn composed(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_stable) || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// Whether the normal form of a text of such characters is the text itself: those that European texts are made of.
/// Looking them up would take longer than all the rest.
fn is_stable(c: char) -> bool {
    matches!(c, '\0'..='\x7f' | 'À'..='į' | '–' | '—' | '‘'..='„' | '€' | '\u{1f300}'..='\u{1faff}')
}

/// Like [`fold`], and writes umlauts as people do who have none on their keyboard: `Müller` becomes `mueller`.
pub fn fold_umlauts(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    folded.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_width_do_not_matter() {
        assert_eq!(
            fold("Straße STRASSE STRAẞE ｓｔｒａｓｓｅ ﬁx Σίσυφος"),
            "strasse strasse strasse strasse fix σίσυφοσ"
        );
        assert_eq!(fold("MU\u{308}LLER"), "müller");
    }

    #[test]
    fn umlauts_are_written_out_where_asked() {
        assert_eq!(fold_umlauts("Müller, Börse, Bär, Maß"), "mueller, boerse, baer, mass");
        assert_eq!(fold("Müller"), "müller");
    }

    #[test]
    fn what_is_held_for_stable_is() {
        for c in ('\0'..=char::MAX).filter(|c| is_stable(*c)) {
            assert_eq!(is_nfkc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in r"\PC{0,20}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
