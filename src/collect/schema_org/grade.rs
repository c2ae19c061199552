//! What a page states of all reviews together: its `aggregateRating`.

use serde_json::Value;

use super::review::{Node, list, on_scale, said};
use crate::mention::Grade;

/// The grade of what the page is about.
///
/// Pages state grades of other things too, such as products that go well with theirs. One that stands with reviews
/// comes first; where several differ still, it is not known which is meant, and there is none.
pub(super) fn grade(stated: &[Value]) -> Option<Grade> {
    let mut found = Vec::new();
    for value in stated {
        gather(value, &mut found);
    }
    let with_reviews: Vec<_> = found.iter().filter(|(_, has_reviews)| *has_reviews).map(|(grade, _)| *grade).collect();
    let of_all: Vec<_> = found.iter().map(|(grade, _)| *grade).collect();
    let grades = if with_reviews.is_empty() { of_all } else { with_reviews };
    let first = *grades.first()?;
    grades.iter().all(|grade| *grade == first).then_some(first)
}

/// Grades, and whether each stands with reviews.
fn gather(value: &Value, found: &mut Vec<(Grade, bool)>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        Value::Object(node) => {
            let has_reviews = ["review", "reviews"].iter().any(|name| node.contains_key(*name));
            let ratings = node.get("aggregateRating").map(list).unwrap_or_default();
            found.extend(ratings.iter().filter_map(|rating| Some((read(rating.as_object()?)?, has_reviews))));
            if node.contains_key("itemReviewed") && is_aggregate(node) {
                found.extend(read(node).map(|grade| (grade, false)));
            }
            node.values().for_each(|value| gather(value, found));
        }
        _ => {}
    }
}

/// One that stands alone and names what it is of.
fn is_aggregate(node: &Node) -> bool {
    let types = node.get("@type").map(list).unwrap_or_default();
    types.iter().filter_map(Value::as_str).any(|name| name.rsplit(['/', '#', ':']).next() == Some("AggregateRating"))
}

/// Ratings make the value, so their number comes first; many pages only tell that of the reviews.
fn read(rating: &Node) -> Option<Grade> {
    let number = |name: &str| rating.get(name).and_then(said).and_then(|written| count(&written));
    Grade::new(on_scale(rating)?, number("ratingCount").or_else(|| number("reviewCount")))
}

/// `1204`, and with any mark between thousands.
fn count(written: &str) -> Option<u64> {
    let is_mark = |c: char| matches!(c, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}');
    written.split(is_mark).collect::<String>().parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mention::Rating;

    fn stars(value: f64, reviews: u64) -> Option<Grade> {
        Grade::new(Rating::stars(value), Some(reviews))
    }

    #[test]
    fn a_grade_is_read_with_its_scale_and_number() {
        let grade = |rating: Value| grade(&[json!({ "@type": "Organization", "aggregateRating": rating })]);
        assert_eq!(grade(json!({ "ratingValue": "3,9", "reviewCount": 3 })), stars(3.9, 3));
        assert_eq!(grade(json!({ "ratingValue": 4.5, "ratingCount": "1.204", "reviewCount": "80" })), stars(4.5, 1204));
        let of_ten = Grade::new(Rating { value: 8.6, worst: 0.0, best: 10.0 }, None);
        assert_eq!(grade(json!({ "ratingValue": 8.6, "bestRating": "10", "worstRating": "0" })), of_ten);
        for none in
            [json!({ "ratingValue": 0, "reviewCount": 0 }), json!({ "reviewCount": 3 }), json!("4.5"), json!(null)]
        {
            assert_eq!(grade(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn of_several_the_one_that_stands_with_reviews_counts_and_else_none() {
        let rated =
            |value: f64| json!({ "@type": "Product", "aggregateRating": { "ratingValue": value, "ratingCount": 7 } });
        let mut own = rated(2.0);
        own["review"] = json!([{ "@type": "Review", "itemReviewed": rated(5.0) }]);
        assert_eq!(grade(&[rated(4.0), own, rated(3.0)]), stars(2.0, 7));
        assert_eq!(grade(&[rated(4.0), rated(3.0)]), None);
        assert_eq!(grade(&[rated(4.0), json!({ "@graph": [rated(4.0)] })]), stars(4.0, 7), "twice the same");
    }

    #[test]
    fn a_grade_that_stands_alone_names_what_it_is_of() {
        let alone =
            json!({ "@type": "AggregateRating", "ratingValue": 4, "ratingCount": 7, "itemReviewed": { "name": "B" } });
        assert_eq!(grade(&[alone]), stars(4.0, 7));
        assert_eq!(
            grade(&[json!({ "@type": "Review", "reviewRating": { "ratingValue": 4 }, "itemReviewed": {} })]),
            None
        );
    }
}
