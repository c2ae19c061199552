//! What lists can be filtered by, as the description has it; read by [`View::parse`](crate::view::View::parse).

use chrono::NaiveDate;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::problem::ApiError;

/// So many a page, unless somebody asks for fewer or more.
pub(super) const USUAL_LIMIT: usize = 50;
/// And never more.
pub(super) const MOST: usize = 500;

/// A filter of mentions. Lists take several values with commas between.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: a view is read as a whole")]
pub(super) struct ViewParameters {
    /// About this brand.
    brand: Option<String>,
    /// What must stand in it, in the query language of brands.
    q: Option<String>,
    /// From one of these sources, by their ids.
    source: Option<String>,
    /// In one of these languages, by their two letters.
    #[param(pattern = "^[a-z]{2}(,[a-z]{2})*$")]
    language: Option<String>,
    /// In one of these moods: negative, neutral, positive, unknown.
    #[param(pattern = "^(negative|neutral|positive|unknown)(,(negative|neutral|positive|unknown))*$")]
    mood: Option<String>,
    /// With one of these emotions, by name.
    emotion: Option<String>,
    /// With one of these intents, by name.
    intent: Option<String>,
    /// About one of these topics, by name.
    topic: Option<String>,
    /// With so many stars, 1 to 5, as in `1` or `1-2`.
    #[param(pattern = "^[1-5](-[1-5])?$")]
    stars: Option<String>,
    /// Whether only what cannot wait.
    #[param(pattern = "^(yes|no)$")]
    urgent: Option<String>,
    /// By this author, by number.
    author: Option<i64>,
    /// Said on this day or later.
    from: Option<NaiveDate>,
    /// Said on this day or earlier.
    to: Option<NaiveDate>,
    /// Whether the owner has answered.
    #[param(pattern = "^(yes|no)$")]
    replied: Option<String>,
    /// Whether it counts: counted (as long as nothing else is said), removed, spam, hidden.
    #[param(pattern = "^(counted|removed|spam|hidden)$")]
    state: Option<String>,
    /// How many, 1 to 500.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// Where to go on: `next` of the answer before.
    after: Option<String>,
}

/// A brand.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by `brand`")]
pub(super) struct BrandParameter {
    /// The brand, by its name; the first one of one's own, if it is not given.
    brand: Option<String>,
}

/// The brand of a query that takes nothing else.
pub(super) fn brand(query: &str) -> Result<Option<String>, ApiError> {
    let (mut brand, mut wrong) = (None, Vec::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "brand" => brand = Some(value.into_owned()),
            name => wrong.push(format!("there is no `{name}`")),
        }
    }
    if wrong.is_empty() { Ok(brand) } else { Err(ApiError::Invalid(wrong)) }
}
