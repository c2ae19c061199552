//! How the words of a mail become a review: by the labels before them. Pure.

use serde::Deserialize;

use crate::mention::Rating;
use crate::text;

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRule {
    rating: Option<String>,
    text: Option<String>,
    title: Option<String>,
    author: Option<String>,
    link: Option<String>,
    end: Option<String>,
    scale: Option<Scale>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    worst: f64,
    best: f64,
}

/// Which labels stand before what.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    /// For each [`Field`], folded.
    labels: [Vec<String>; FIELDS],
    /// Begin the line that ends the text, folded.
    ends: Vec<String>,
    scale: Option<Scale>,
    /// A mail without a rating is none for this rule.
    needs_rating: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Rating,
    Text,
    Title,
    Author,
    Link,
}

const FIELDS: usize = 5;

impl Field {
    const ALL: [Self; FIELDS] = [Self::Rating, Self::Text, Self::Title, Self::Author, Self::Link];
}

/// What was found in a mail.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Review {
    pub(super) rating: Option<Rating>,
    pub(super) text: String,
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) link: Option<String>,
}

impl TryFrom<WrittenRule> for Rule {
    type Error = String;

    fn try_from(written: WrittenRule) -> Result<Self, String> {
        let WrittenRule { rating, text, title, author, link, end, scale } = written;
        if rating.is_none() && text.is_none() {
            return Err("write the label of `rating` or of `text`, as in `rating = \"Bewertung\"`".to_owned());
        }
        if scale.is_some_and(|scale| !(scale.worst.is_finite() && scale.best.is_finite() && scale.worst != scale.best))
        {
            return Err("`scale` needs two different numbers: { worst = 6, best = 1 }".to_owned());
        }
        let labels = [rating, text, title, author, link].map(|label| {
            let label = label.map(|label| folded(label.trim().trim_end_matches(':')));
            label.into_iter().collect::<Vec<_>>()
        });
        if labels.iter().flatten().any(String::is_empty) {
            return Err("a label is empty: write what stands before the colon".to_owned());
        }
        let ends = end.map(|end| folded(&end)).filter(|end| !end.is_empty()).into_iter().collect();
        Ok(Self { needs_rating: !labels[0].is_empty() && labels[1].is_empty(), labels, ends, scale })
    }
}

impl Rule {
    fn ready(labels: [&[&str]; FIELDS], ends: &[&str]) -> Self {
        let all = |words: &[&str]| words.iter().map(|word| folded(word)).collect::<Vec<_>>();
        Self { labels: labels.map(all), ends: all(ends), scale: None, needs_rating: true }
    }

    fn german() -> Self {
        Self::ready(
            [
                &["Bewertung", "Gesamtbewertung", "Sterne"],
                &["Text", "Kommentar", "Bewertungstext", "Rezension", "Nachricht"],
                &["Titel", "Überschrift"],
                &["Name", "Autor", "Autorin", "Verfasser", "Kunde", "Kundin"],
                &["Link"],
            ],
            &[
                "Jetzt antworten",
                "Zur Bewertung",
                "Diese E-Mail",
                "Sie erhalten diese",
                "Mit freundlichen Grüßen",
                "Abmelden",
            ],
        )
    }

    fn english() -> Self {
        Self::ready(
            [
                &["Rating", "Overall rating", "Stars"],
                &["Review", "Comment", "Text", "Feedback", "Message"],
                &["Title", "Headline"],
                &["Name", "Author", "Reviewer", "Customer", "By"],
                &["Link", "Permalink"],
            ],
            &[
                "Reply to",
                "Reply now",
                "View review",
                "View this",
                "This email",
                "You are receiving",
                "Kind regards",
                "Unsubscribe",
            ],
        )
    }

    /// The field whose label begins this line, and what comes after it.
    fn field<'a>(&self, line: &'a str) -> Option<(Field, &'a str)> {
        let (label, value) = line.split_once(':')?;
        let label = folded(label);
        let field = Field::ALL.into_iter().find(|field| self.labels[*field as usize].contains(&label))?;
        Some((field, value.trim_matches(is_mark)))
    }

    fn ends(&self, line: &str) -> bool {
        let line_folded = folded(line);
        line.trim_end() == "--" || self.ends.iter().any(|end| line_folded.starts_with(end))
    }

    /// What the labels say; a label that was met before belongs to the text.
    fn read(&self, words: &str) -> Review {
        let mut found: [Option<String>; FIELDS] = Default::default();
        let mut current = None;
        for line in words.lines() {
            let first_met = self.field(line).filter(|(field, _)| found[*field as usize].is_none());
            match (first_met, current) {
                (Some((field, value)), _) => {
                    found[field as usize] = Some(value.to_owned());
                    current = Some(field);
                }
                (None, _) if self.ends(line) => current = None,
                (None, Some(field)) => {
                    let value = found[field as usize].get_or_insert_default();
                    if field == Field::Text {
                        value.push('\n');
                        value.push_str(line);
                    } else if value.is_empty() {
                        line.trim_matches(is_mark).clone_into(value);
                    } else {
                        current = None;
                    }
                }
                (None, None) => {}
            }
        }
        let [rating, text, title, author, link] = found.map(|value| value.map(|value| text::plain(value.trim())));
        let there = |value: Option<String>| value.filter(|value| !value.is_empty());
        Review {
            rating: rating.and_then(|rating| self.rating(&rating)),
            text: text.unwrap_or_default(),
            title: there(title),
            author: there(author),
            link: there(link).filter(|link| link.starts_with("https://") || link.starts_with("http://")),
        }
    }

    /// `4`, `4/5`, `4,5 von 5 Sternen`, `4 out of 5`, `★★★★☆`.
    fn rating(&self, words: &str) -> Option<Rating> {
        let numbers = numbers(words);
        let count = |stars: [char; 2]| words.chars().filter(|c| stars.contains(c)).count();
        let (full, empty) = (count(['★', '⭐']), count(['☆', '✩']));
        let small = |count: usize| u8::try_from(count).ok().map(f64::from);
        let (value, out_of) = match numbers.first() {
            Some(value) => (*value, numbers.get(1).copied().filter(|_| names_best(words))),
            None if full > 0 => (small(full)?, small(full + empty).filter(|_| empty > 0)),
            None => return None,
        };
        let scale = self.scale.unwrap_or(Scale { worst: 1.0, best: out_of.unwrap_or(5.0) });
        let Scale { worst, best } = scale;
        let fits = value >= worst.min(best) && value <= worst.max(best) && worst != best;
        fits.then_some(Rating { value, worst, best })
    }

    fn understands(&self, review: &Review) -> bool {
        review.rating.is_some() || (!self.needs_rating && !review.text.is_empty())
    }
}

/// What the first rule says that understands one of these texts: of one's own rules, then of those for plain mails.
pub(super) fn review(rules: &[Rule], texts: &[String]) -> Option<Review> {
    let ready = [Rule::german(), Rule::english()];
    let reading = rules.iter().chain(&ready).flat_map(|rule| texts.iter().map(move |text| (rule, rule.read(text))));
    reading.into_iter().find(|(rule, review)| rule.understands(review)).map(|(_, review)| review)
}

/// What lists and emphasis put around words.
fn is_mark(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '•' | '-' | '–' | '_' | '|' | '>')
}

fn folded(label: &str) -> String {
    text::fold(label.trim_matches(is_mark))
}

/// A second number is the best that could be given.
fn names_best(words: &str) -> bool {
    let words = text::fold(words);
    words.contains('/') || [" von ", " out of ", " of ", " aus "].iter().any(|between| words.contains(between))
}

/// In their order, with a point or a comma.
fn numbers(words: &str) -> Vec<f64> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let parts = words.split(|c: char| !is_part(c)).map(|part| part.trim_matches(['.', ',']).replace(',', "."));
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rating(words: &str) -> Option<(f64, f64, f64)> {
        Rule::german().rating(words).map(|rating| (rating.value, rating.worst, rating.best))
    }

    fn rule(written: &str) -> Result<Rule, String> {
        Rule::try_from(toml::from_str::<WrittenRule>(written).unwrap())
    }

    #[test]
    fn a_rating_is_read_in_every_way_that_portals_write_it() {
        let five = ["4", "4 Sterne", "4/5", "4,0 von 5 Sternen", "4 out of 5", "★★★★☆", "⭐⭐⭐⭐", "★★★★☆ (4 von 5)"];
        for words in five {
            assert_eq!(rating(words), Some((4.0, 1.0, 5.0)), "{words}");
        }
        assert_eq!(rating("8,5 / 10"), Some((8.5, 1.0, 10.0)));
        assert_eq!(rating("3 Sterne am 12.11."), Some((3.0, 1.0, 5.0)));
        for words in ["", "gut", "0", "7", "☆☆☆☆☆", "6/5", "1/1"] {
            assert_eq!(rating(words), None, "{words}");
        }
    }

    #[test]
    fn other_labels_and_school_grades_can_be_told() {
        let rule = rule(
            "rating = \"Note:\"\ntext = \"Das schreibt der Patient\"\nend = \"Ihr Team\"\n\
             scale = { worst = 6, best = 1 }",
        );
        let texts =
            ["NOTE: 1,3\n\nDas schreibt der Patient:\nSehr nett.\n\nImmer wieder.\nIhr Team von Lerche".to_owned()];
        let review = review(&[rule.unwrap()], &texts).unwrap();
        assert_eq!(review.rating, Some(Rating { value: 1.3, worst: 6.0, best: 1.0 }));
        assert_eq!(review.text, "Sehr nett.\n\nImmer wieder.");
    }

    #[test]
    fn what_a_reviewer_writes_does_not_pass_for_a_label() {
        let mail =
            "Rating: 1/5\nName: Jon\nReview: Bad.\nRating: 5/5\nName: Erika\nNever again.\nUnsubscribe\nTitle: x";
        let review = review(&[], &[mail.to_owned()]).unwrap();
        assert_eq!((review.rating, review.author.as_deref()), (Some(Rating::stars(1.0)), Some("Jon")));
        assert_eq!(review.text, "Bad.\nRating: 5/5\nName: Erika\nNever again.");
    }

    #[test]
    fn a_mail_without_a_rating_is_none_unless_a_rule_says_so() {
        let mail = ["Name: Jon\nText: Hello".to_owned()];
        assert_eq!(review(&[], &mail), None);
        let own = rule("text = \"Text\"").unwrap();
        assert_eq!(review(&[own], &mail).unwrap().text, "Hello");
    }

    #[test]
    fn rules_that_cannot_work_are_refused() {
        let mistakes = ["author = \"Name\"", "rating = \" : \"", "rating = \"Note\"\nscale = { worst = 1, best = 1 }"];
        let mistakes = mistakes.map(|written| rule(written).unwrap_err());
        insta::assert_snapshot!(mistakes.join("\n"));
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in r"((Bewertung|Rating|Text|Link)?:? ?(\PC{0,8}|[0-9./★☆-]{0,6})\n?){0,12}") {
            let _ = review(&[], &[text]);
        }
    }
}
