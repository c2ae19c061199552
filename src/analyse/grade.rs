//! Grades that people write into their text: "9/10", "3,5/5", "85/100", "★★★★☆".

/// What grades are out of.
const BEST: [f64; 3] = [5.0, 10.0, 100.0];
/// The share of the best grade that neither praises nor blames: people give seven of ten to what they could do without.
const EVEN: f64 = 0.6;
/// What a whole scale is worth in the lexicon's valence: the best grade 3.2, half of it −0.8.
const SCALE: f64 = 8.0;
/// From here on a value is no day of a month.
const NO_DAY: f64 = 32.0;
/// No grade is worth more than this.
const MOST: f64 = 3.5;

/// The grade that stands at a byte of a text: its length in bytes and its valence.
///
/// A little or far more than the best is the best ("11/10", "100/10"), less than nothing is nothing ("-10/10"). What goes on like
/// a date or a page ("5/10/2023", "5/10a") or may be a day of a month ("24/5", "15/10") is none, and a single star is an ornament.
pub(super) fn at(source: &str, at: usize) -> Option<(usize, f64)> {
    let rest = &source[at..];
    let (length, share) = match rest.chars().next()? {
        '★' | '☆' => stars(rest)?,
        '-' | '−' | '–' if !source[..at].ends_with(char::is_alphanumeric) => {
            let sign = rest.chars().next()?.len_utf8();
            let (length, _) = fraction(&rest[sign..])?;
            (sign + length, 0.0)
        }
        '0'..='9' if !source[..at].ends_with(['/', '.', ',']) => fraction(rest)?,
        _ => return None,
    };
    Some((length, ((share - EVEN) * SCALE).clamp(-MOST, MOST)))
}

/// "4,5/5", "9 / 10": its length and which share of the best it is.
fn fraction(rest: &str) -> Option<(usize, f64)> {
    let value = number(rest)?;
    let slash = rest[value.len()..].trim_start_matches(' ').strip_prefix('/')?;
    let start = rest.len() - slash.trim_start_matches(' ').len();
    let best = number(&rest[start..]).filter(|best| best.bytes().all(|it| it.is_ascii_digit()))?;
    let end = start + best.len();
    let mut after = rest[end..].chars();
    let goes_on = match after.next() {
        Some('/' | '.' | '-') => after.next().is_some_and(|next| next.is_ascii_digit()),
        Some(next) => next.is_alphanumeric(),
        None => false,
    };
    let best: f64 = best.parse().ok().filter(|best| BEST.contains(best) && !goes_on)?;
    let value: f64 = value.replace(',', ".").parse().ok()?;
    (value <= best + 1.0 || value >= NO_DAY).then_some((end, (value / best).min(1.0)))
}

/// Digits with at most one comma or point between them.
fn number(rest: &str) -> Option<&str> {
    let digits = |part: &str| part.len() - part.trim_start_matches(|it: char| it.is_ascii_digit()).len();
    let whole = digits(rest);
    let decimals = rest[whole..].strip_prefix(['.', ',']).map_or(0, digits);
    let end = if decimals > 0 { whole + 1 + decimals } else { whole };
    (1..=6).contains(&end).then(|| &rest[..end])
}

/// Full stars, and empty ones behind them: of five, or of as many as there are.
fn stars(rest: &str) -> Option<(usize, f64)> {
    let count = |rest: &str, star: char| rest.chars().take_while(|it| *it == star).count();
    let full = count(rest, '★');
    let empty = count(&rest[full * '★'.len_utf8()..], '☆');
    let (of, length) = ((full + empty).max(5), (full + empty) * '★'.len_utf8());
    #[expect(clippy::cast_precision_loss, reason = "a handful of stars")]
    let share = full as f64 / of as f64;
    (full + empty > 1 && of <= 10).then_some((length, share))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valence(source: &str) -> Option<f64> {
        at(source, 0).map(|(_, valence)| (valence * 10.0).round() / 10.0)
    }

    fn length(source: &str) -> Option<usize> {
        at(source, 0).map(|(length, _)| length)
    }

    #[test]
    fn a_grade_praises_or_blames_by_its_share_of_the_best() {
        let grades = ["10/10", "8/10", "3,5/5", "6/10", "50/100", "1.5/5", "0/10"];
        assert_eq!(grades.map(|it| valence(it).unwrap()), [3.2, 1.6, 0.8, 0.0, -0.8, -2.4, -3.5]);
    }

    #[test]
    fn more_than_the_best_is_the_best_and_less_than_nothing_is_nothing() {
        assert_eq!(["11/10", "6/5", "1000/10"].map(valence), [valence("10/10"); 3]);
        assert_eq!(valence("-10/10"), valence("0/10"));
        assert_eq!(at("A-5/10", 1), None);
    }

    #[test]
    fn stars_are_counted_of_five_or_of_as_many_as_there_are() {
        let stars = ["★★★★★", "★★★★☆", "★★", "★☆☆☆☆", "★★★★★★★★☆☆"];
        assert_eq!(stars.map(|it| valence(it).unwrap()), [3.2, 1.6, -1.6, -3.2, 1.6]);
        assert_eq!(["★ Angebot", "★★★★★★★★★★★"].map(valence), [None; 2]);
    }

    #[test]
    fn a_grade_ends_where_it_ends() {
        assert_eq!(["9 / 10, sehr gut", "9/10.", "5/5-Sterne"].map(length), [Some(6), Some(4), Some(3)]);
    }

    #[test]
    fn dates_pages_and_parts_are_no_grades() {
        let others = [
            "5/10/2023",
            "5/10.2023",
            "24/7",
            "3/4",
            "1/10a",
            "5/",
            "10",
            "5.10",
            "1234567/10",
            "9/10-11",
            "24/5",
            "15/10",
        ];
        assert_eq!(others.map(valence), [None; 12]);
        assert_eq!(at("12/5/10", 3), None);
    }
}
