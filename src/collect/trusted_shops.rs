//! Trusted Shops: the grade of a shop, by the older public interface, which needs no key. It tells no single reviews;
//! those of one's own shop come by `etrusted`.
//!
//! The interface is not documented any more. What is read here is what public programs read of it:
//! `response.data.shop.qualityIndicators.reviewIndicator` with `overallMark`, of 5, and `activeReviewCount` and
//! `totalReviewCount`. Most of them ask for `quality/reviews.json`; that `quality.json` has the same shape without the
//! reviews is held to be so. That the active ones are those of the last twelve months, which make the mark, is from
//! memory; so is what it answers of a shop that nobody has reviewed (held to be a mark of 0, or none).

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use url::Url;

use super::pages::{format_error, json, no_address};
use super::{About, Batch, CollectError, Cursor, Detail, Round};
use crate::http::{Answer, Page, Request, Validators};
use crate::mention::{Grade, Rating};
use crate::tongue::{Said, said};

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "trusted_shops",
    listens_to: said(
        "die Gesamtnote eines Shops bei Trusted Shops; keine einzelnen Bewertungen",
        "the grade of a shop at Trusted Shops; no single reviews",
    ),
    brings: &[Detail::Grade],
    history: said("nichts: die Note von heute", "none: the grade of today"),
    example: "trusted_shops = { shop = \"X0123456789ABCDEF0123456789ABCDEF\" }",
    ..About::PLAIN
};

const HINT: Said<&'static str> = said(
    "Prüfen Sie „shop“: Das ist die Kennung hinter „info_“ in der Adresse des Shop-Profils; bleibt es dabei, hat \
     Trusted Shops womöglich seine Schnittstelle geändert",
    "check `shop`: it is the id in the address of the shop's profile, after `info_`; if it stays, Trusted Shops may \
     have changed its interface",
);

/// `from.trusted_shops = { shop = "X0123…" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustedShops {
    /// The id of the shop: 33 letters and digits, the first an X.
    #[serde(deserialize_with = "shop")]
    pub shop: String,
    /// Another server in the place of Trusted Shops'; for tests and proxies.
    #[serde(default = "trusted_shops", deserialize_with = "super::web_address")]
    pub base: Url,
}

fn trusted_shops() -> Url {
    Url::parse("https://api.trustedshops.com/").expect("an address")
}

fn shop<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let shop = String::deserialize(deserializer)?;
    if shop.len() == 33 && shop.starts_with('X') && shop.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(shop)
    } else {
        Err(serde::de::Error::custom(format!(
            "`{shop}` is no shop: write the 33 characters after `info_` in the address of its profile, the first an X"
        )))
    }
}

/// One round: the grade of now.
///
/// # Errors
/// Where it cannot be had or read.
pub async fn collect(kind: &TrustedShops, round: &Round<'_>) -> Result<Batch, CollectError> {
    let is_same = round.cursor.position.as_deref() == Some(&kind.shop);
    let validators = if is_same { round.cursor.validators.clone() } else { Validators::default() };
    let request = Request::new(kind.address()?, "application/json", round.allow_private_network);
    let page = match round.fetcher.get(&Request { validators, ..request }).await? {
        Answer::NotModified { .. } => {
            return Ok(Batch { cursor: round.cursor.clone(), not_modified: true, ..Batch::default() });
        }
        Answer::Page(page) => page,
    };
    let grade = read(&page)?;
    let note = "Trusted Shops tells no grade of this shop: nobody may have reviewed it of late";
    Ok(Batch {
        grade,
        notes: grade.is_none().then(|| note.to_owned()).into_iter().collect(),
        rest: page.rest,
        quota_left: page.quota_left,
        cursor: Cursor { position: Some(kind.shop.clone()), validators: page.validators, ..Cursor::default() },
        ..Batch::default()
    })
}

impl TrustedShops {
    fn address(&self) -> Result<Url, CollectError> {
        let path = format!("rest/public/v2/shops/{}/quality.json", self.shop);
        self.base.join(&path).map_err(|_| no_address(HINT))
    }
}

/// `None` where the shop has none.
fn read(page: &Page) -> Result<Option<Grade>, CollectError> {
    let answer = json(page, HINT)?;
    let shop = answer.pointer("/response/data/shop").filter(|shop| shop.is_object());
    let shop = shop.ok_or_else(|| {
        format_error(said("Die Antwort sagt nichts über diesen Shop", "the answer says nothing of this shop"), HINT)
    })?;
    let indicator = shop.pointer("/qualityIndicators/reviewIndicator");
    let told = |name: &str| indicator.and_then(|indicator| indicator.get(name)).and_then(number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of reviews")]
    let reviews = told("activeReviewCount").or_else(|| told("totalReviewCount")).map(|reviews| reviews as u64);
    Ok(told("overallMark").and_then(|mark| Grade::new(Rating::stars(mark), reviews)))
}

/// Also where it is written as a text.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests;
