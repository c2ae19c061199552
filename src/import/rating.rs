//! Stars and points as people and programs write them.

use crate::mention::Rating;

/// Units that may follow a number.
const UNITS: [&str; 10] =
    ["stern", "sterne", "sternen", "star", "stars", "punkt", "punkte", "punkten", "point", "points"];

/// Words between the value and the best.
const OF: [&str; 4] = ["von", "aus", "of", "out"];

/// Ratings in words, as Google's own export has them.
const WORDS: [&str; 5] = ["one", "two", "three", "four", "five"];

/// What a cell says: a number, and out of how many if it says that too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Points {
    pub(super) value: f64,
    pub(super) best: Option<f64>,
}

/// Reads `4`, `4,5`, `4/5`, `4 von 5 Sternen`, `8/10`, `80 %`, `★★★★☆`, `FOUR`; nothing below zero or above the best.
pub(super) fn parse(cell: &str) -> Option<Points> {
    let points = if cell.contains(|c: char| c.is_ascii_digit()) { parse_numbers(cell) } else { parse_symbols(cell) }?;
    points.best.is_none_or(|best| best > 0.0 && points.value <= best).then_some(points)
}

/// On the scale that ends at `best`: five and six stars begin at one, points and percent at zero.
pub(super) fn on_scale(value: f64, best: f64) -> Rating {
    let worst = if (best == 5.0 || best == 6.0) && value > 0.0 { 1.0 } else { 0.0 };
    Rating { value, worst, best }
}

/// A German school grade, from 1 (very good) to 6 (insufficient), turned round so that more is better.
pub(super) fn from_grade(grade: f64) -> Option<Rating> {
    (1.0..=6.0).contains(&grade).then_some(Rating { value: 7.0 - grade, worst: 1.0, best: 6.0 })
}

fn parse_symbols(cell: &str) -> Option<Points> {
    let word = cell.trim().to_ascii_lowercase();
    if let Some(stars) = (1_u8..).zip(WORDS).find_map(|(stars, name)| (name == word).then_some(stars)) {
        return Some(Points { value: f64::from(stars), best: None });
    }
    let (mut value, mut empty) = (0.0, 0.0);
    for symbol in cell.chars().filter(|c| !c.is_whitespace() && *c != '\u{fe0f}') {
        match symbol {
            '★' | '⭐' | '🌟' => value += 1.0,
            '½' => value += 0.5,
            '☆' => empty += 1.0,
            _ => return None,
        }
    }
    let shown = value + empty;
    (shown > 0.0).then_some(Points { value, best: (empty > 0.0).then(|| f64::ceil(shown)) })
}

fn parse_numbers(cell: &str) -> Option<Points> {
    let (mut numbers, mut is_percent) = (Vec::new(), false);
    let mut rest = cell;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let (number, after) = leading_number(rest)?;
            numbers.push(number);
            rest = after;
        } else if first.is_alphabetic() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let word = rest[..end].to_lowercase();
            if !UNITS.contains(&word.as_str()) && !OF.contains(&word.as_str()) {
                return None;
            }
            rest = &rest[end..];
        } else {
            is_percent |= first == '%';
            if !first.is_whitespace() && !"/()%:★⭐\u{fe0f}".contains(first) {
                return None;
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    match numbers[..] {
        [value] => Some(Points { value, best: is_percent.then_some(100.0) }),
        [value, best] if !is_percent => Some(Points { value, best: Some(best) }),
        _ => None,
    }
}

/// The number that a text begins with, its decimals after a point or a comma, and what follows.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(text);
    if text[end..].starts_with(['.', ',']) {
        let decimals = digits(&text[end + 1..]);
        end += if decimals > 0 { 1 + decimals } else { 0 };
    }
    Some((text[..end].replace(',', ".").parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(cell: &str) -> Option<(f64, Option<f64>)> {
        parse(cell).map(|points| (points.value, points.best))
    }

    #[test]
    fn numbers_are_read_with_point_and_comma() {
        assert_eq!(said("4"), Some((4.0, None)));
        assert_eq!(said("4,5"), Some((4.5, None)));
        assert_eq!(said(" 4.50 "), Some((4.5, None)));
        assert_eq!(said("3 Sterne"), Some((3.0, None)));
        assert_eq!(said("5 ★"), Some((5.0, None)));
    }

    #[test]
    fn the_best_is_read_where_it_is_said() {
        assert_eq!(said("4/5"), Some((4.0, Some(5.0))));
        assert_eq!(said("4,5 / 5,0"), Some((4.5, Some(5.0))));
        assert_eq!(said("4 von 5 Sternen"), Some((4.0, Some(5.0))));
        assert_eq!(said("3.0 out of 5 stars"), Some((3.0, Some(5.0))));
        assert_eq!(said("8/10"), Some((8.0, Some(10.0))));
        assert_eq!(said("80 %"), Some((80.0, Some(100.0))));
    }

    #[test]
    fn stars_are_counted() {
        assert_eq!(said("★★★★☆"), Some((4.0, Some(5.0))));
        assert_eq!(said("⭐️⭐️"), Some((2.0, None)));
        assert_eq!(said("★★★½☆"), Some((3.5, Some(5.0))));
        assert_eq!(said("FIVE"), Some((5.0, None)));
    }

    #[test]
    fn what_is_no_rating_is_none() {
        for cell in ["", "gut", "-1", "6/5", "1.2.3", "05. Mai", "4 Leute", "★ gut", "12.03.2025", "1/2/3"] {
            assert_eq!(said(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_school_grade_is_turned_round() {
        assert_eq!(from_grade(1.0).map(Rating::fraction), Some(1.0));
        assert_eq!(from_grade(6.0).map(Rating::fraction), Some(0.0));
        assert_eq!(from_grade(7.0), None);
    }

    #[test]
    fn stars_begin_at_one_and_points_at_zero() {
        assert_eq!(on_scale(1.0, 5.0).fraction(), 0.0);
        assert_eq!(on_scale(8.0, 10.0).fraction(), 0.8);
    }

    proptest! {
        #[test]
        fn every_value_of_every_scale_comes_back(value in 0_u32..=100, best in 100_u32..=200) {
            prop_assert_eq!(said(&format!("{value}/{best}")), Some((value.into(), Some(best.into()))));
        }

        #[test]
        fn no_cell_makes_it_panic(cell in "[0-9.,/%★☆ vonof-]{0,12}|.{0,12}") {
            let within = parse(&cell).is_none_or(|points| points.value >= 0.0);
            prop_assert!(within);
        }
    }
}
