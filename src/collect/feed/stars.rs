//! Ratings in feeds: as an element, or in words.

use crate::mention::Rating;

/// Stars of the app stores: one to five.
pub(super) fn stars(given: &str) -> Option<Rating> {
    let value: f64 = given.trim().replace(',', ".").parse().ok()?;
    (1.0..=5.0).contains(&value).then_some(Rating::stars(value))
}

/// Takes out a rating that stands in the first lines of the text, and in the title again, as in the reviews of WordPress plug-ins:
/// `Replies: 0`, `Rating: 4 stars`, then the review. Returns it with title and text as they are without it.
pub(super) fn told<'a>(title: &'a str, text: &'a str) -> (Option<Rating>, &'a str, &'a str) {
    let untouched = (None, title, text);
    let review = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("Replies: ") => rest.trim_start(),
        _ => text,
    };
    let (first, rest) = review.split_once('\n').unwrap_or((review, ""));
    let words = first.strip_prefix("Rating: ").and_then(|words| words.split_once(' '));
    match words {
        Some((value, "star" | "stars")) => match stars(value) {
            Some(rating) => (Some(rating), without_stars(title), rest.trim_start()),
            None => untouched,
        },
        _ => untouched,
    }
}

/// `Very good (5 stars)` → `Very good`
fn without_stars(title: &str) -> &str {
    let words = title.rsplit_once('(').filter(|(_, end)| end.ends_with(" stars)") || end.ends_with(" star)"));
    words.map_or(title, |(words, _)| words.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_one_to_five_with_either_mark() {
        assert_eq!(stars(" 4,5 "), Some(Rating::stars(4.5)));
        assert_eq!(stars("5"), Some(Rating::stars(5.0)));
        for none in ["0", "6", "", "gut", "NaN"] {
            assert_eq!(stars(none), None, "{none}");
        }
    }

    #[test]
    fn a_rating_in_the_first_lines_is_taken_out() {
        let review = "Replies: 0\nRating: 1 star\n\nNach dem Update weiße Seite.";
        assert_eq!(
            told("Finger weg (1 star)", review),
            (Some(Rating::stars(1.0)), "Finger weg", "Nach dem Update weiße Seite.")
        );
        assert_eq!(told("Gut", "Rating: 5 stars"), (Some(Rating::stars(5.0)), "Gut", ""));
    }

    #[test]
    fn what_is_no_rating_stays() {
        for text in ["Rating: 9 stars\nx", "Rating: schlecht", "Replies: 3\nAch so", "", "4 stars"] {
            assert_eq!(told("Titel (5 stars)", text), (None, "Titel (5 stars)", text));
        }
    }
}
