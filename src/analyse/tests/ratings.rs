//! Stars and words together.

use super::*;

#[test]
fn stars_alone_are_a_mood() {
    for (stars, expected) in [
        (1.0, Label::Negative),
        (2.0, Label::Negative),
        (3.0, Label::Neutral),
        (4.0, Label::Positive),
        (5.0, Label::Positive),
    ] {
        let mood = rated("", Rating::stars(stars));
        assert_eq!(mood.label, expected, "{stars}");
        assert_eq!(mood.why[0].words, format!("rating {stars}/5"));
    }
}

#[test]
fn a_clear_rating_outweighs_the_words() {
    assert_eq!(rated("Super App, alles bestens, ich liebe sie!", Rating::stars(1.0)).label, Label::Negative);
    assert_eq!(rated("Katastrophe, nie wieder, nur Abzocke!", Rating::stars(5.0)).label, Label::Positive);
}

#[test]
fn three_stars_leave_it_to_the_words() {
    assert_eq!(rated("Nie wieder, furchtbar schlecht!", Rating::stars(3.0)).label, Label::Negative);
    assert_eq!(rated("Das Hotel liegt am Bahnhof.", Rating::stars(3.0)).label, Label::Neutral);
}

#[test]
fn the_words_move_the_score_within_a_rating() {
    assert!(rated("Schrecklich!", Rating::stars(1.0)).score < rated("Gut.", Rating::stars(1.0)).score);
}

#[test]
fn other_scales_are_understood() {
    assert_eq!(rated("", Rating { value: 10.0, worst: 0.0, best: 10.0 }).why[0].words, "rating 10/10");
    assert_eq!(rated("", Rating { value: f64::NAN, worst: 1.0, best: 5.0 }).label, Label::Neutral);
}
