//! Cells that a spreadsheet would take for a formula, made harmless and back.
//!
//! As OWASP advises against "CSV injection", a dangerous cell gets a leading apostrophe. So does one that would look
//! guarded although it is not, because it begins with apostrophes and then a dangerous character; therefore taking
//! one away from whatever looks guarded restores every text exactly, and `'n Abend` is left as it is both ways.

/// What OWASP lists: the beginnings of a formula, also in full width, and the white space that hides one.
const DANGEROUS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn is_dangerous(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(DANGEROUS)
}

/// Makes a cell harmless. Undone by [`unguard`].
pub fn guard(cell: &mut String) {
    if is_dangerous(cell) {
        cell.insert(0, '\'');
    }
}

/// Restores what [`guard`] was given.
pub fn unguard(cell: &mut String) {
    if unguarded(cell).len() < cell.len() {
        cell.remove(0);
    }
}

/// The same without taking it out of its place.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_dangerous(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guarded(text: &str) -> String {
        let mut cell = text.to_owned();
        guard(&mut cell);
        cell
    }

    #[test]
    fn a_formula_becomes_text() {
        assert_eq!(guarded("=HYPERLINK(\"https://example.org\")"), "'=HYPERLINK(\"https://example.org\")");
        assert_eq!(guarded("-1 Stern"), "'-1 Stern");
        assert_eq!(guarded("＝1+1"), "'＝1+1");
    }

    #[test]
    fn words_stay_as_they_are() {
        for text in ["", "'", "'n Abend", "1-2 Sterne", "''"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_guarded_cell_begins_dangerously_and_every_one_comes_back(text in "'{0,3}[=+@\t\r\n＝a-]?.{0,4}") {
            let mut cell = guarded(&text);
            prop_assert!(!cell.starts_with(DANGEROUS));
            unguard(&mut cell);
            prop_assert_eq!(cell, text);
        }
    }
}
