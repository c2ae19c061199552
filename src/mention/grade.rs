//! What many reviews come to.

use std::fmt;

use serde::Serialize;

use super::Rating;

/// What a source says of a whole profile: one number, made of many reviews.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Grade {
    /// With its scale.
    pub rating: Rating,
    /// Of how many reviews it is made, if the source says so.
    pub reviews: Option<u64>,
}

impl Grade {
    /// `None` where the value does not lie on its scale, as a 0 of nobody does not. No reviews are none that are told.
    pub fn new(rating: Rating, reviews: Option<u64>) -> Option<Self> {
        let is_on_scale = rating.worst < rating.best && (rating.worst..=rating.best).contains(&rating.value);
        is_on_scale.then_some(Self { rating, reviews: reviews.filter(|reviews| *reviews > 0) })
    }
}

/// `4.62 of 5 from 1204 reviews`
impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} of {}", self.rating.value, self.rating.best)?;
        self.reviews.map_or(Ok(()), |reviews| write!(f, " from {reviews} reviews"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grade_lies_on_its_scale_or_is_none() {
        let grade = |value, reviews| Grade::new(Rating::stars(value), reviews);
        assert_eq!(grade(4.615, Some(1204)).unwrap().to_string(), "4.62 of 5 from 1204 reviews");
        assert_eq!(grade(4.0, Some(0)).unwrap().to_string(), "4.00 of 5");
        assert_eq!([grade(0.0, None), grade(5.1, None), grade(f64::NAN, None)], [None; 3]);
    }
}
