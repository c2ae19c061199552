//! Letters as readers compare them: without regard to case, width and ligatures.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Folds case and compatibility forms: `STRASSE`, `Straße` and `ｓｔｒａｓｓｅ` become `strasse`. Umlauts stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower: String = match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => text.chars().flat_map(char::to_lowercase).collect(),
        IsNormalized::No | IsNormalized::Maybe => text.nfkc().flat_map(char::to_lowercase).collect(),
    };
    // A small letter may compose with a mark where its capital could not.
    let composed = match is_nfkc_quick(lower.chars()) {
        IsNormalized::Yes => lower,
        IsNormalized::No | IsNormalized::Maybe => lower.nfkc().collect(),
    };
    if composed.contains(['ß', 'ς']) { composed.replace('ß', "ss").replace('ς', "σ") } else { composed }
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

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in r"\PC{0,20}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
