//! What Google Maps shows of a place that is not one's own: its grade, and up to five reviews, through the Places API (New).
//! Those of one's own places come by `google_business`, all of them, and may be kept.
//!
//! Google's terms allow to keep the id of a place, and nothing else of the answer: no grade, no review, and nothing
//! made of them (Google Maps Platform Terms of Service, 3.2.3, and the policies of the Places API). So a round asks only
//! whether key and place still hold, for which Google charges nothing; it also tells of a place that was given another
//! id. The reviews are fetched when a person asks to see them ([`look`]), and shown with their authors and as from
//! Google Maps.
//!
//! Google has an answer of more than five nowhere, and does not say how it chooses them beyond "by relevance". An author
//! may be without a name. A text comes translated (`text`) and as it was written (`originalText`); the latter is shown.

use std::path::PathBuf;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::pages::{json, list, missing, no_address, read_each};
use super::{About, Batch, CollectError, Cursor, Detail, Look, Round, google, keys};
use crate::http::{Answer, Header, Page, Request};
use crate::mention::{Grade, Rating};
use crate::secret::SecretPlace;
use crate::text;
use crate::tongue::{Said, said};

mod review;

/// For `stimmung kinds`.
pub const ABOUT: About = About {
    name: "google_places",
    listens_to: said(
        "Note und bis zu fünf Bewertungen eines fremden Standorts bei Google Maps; nur zum Ansehen, behalten darf man nichts",
        "grade and up to five reviews of somebody else's place on Google Maps; to look at only, nothing may be kept",
    ),
    needs: Some(said(
        "einen Schlüssel eines Google-Cloud-Projekts mit der Places API (New); Bewertungen anzusehen kostet bei Google Geld",
        "a key of a Google Cloud project with the Places API (New); Google charges for looking at reviews",
    )),
    brings: &[Detail::Rating, Detail::Author, Detail::Link, Detail::Language, Detail::Grade],
    history: said("nichts: gezeigt wird, was Google gerade zeigt", "none: it shows what Google shows at the moment"),
    example: "google_places = { place = \"ChIJN1t_tDeuEmsRUsoyG83frY4\", key_env = \"GOOGLE_PLACES_KEY\" }",
    ..About::PLAIN
};

/// What a round asks for: by that alone, an answer costs nothing.
const ID: &str = "id";

/// What somebody wants to see who looks.
const SHOWN: &str = "displayName,googleMapsUri,rating,userRatingCount,reviews";

const HINT: Said<&'static str> = said(
    "Prüfen Sie „place“ und „base“; bleibt es dabei, hat Google womöglich seine API geändert",
    "check `place` and `base`; if it stays, Google may have changed its API",
);

/// `from.google_places = { place = "ChIJ…", key_env = "GOOGLE_PLACES_KEY" }`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct GooglePlaces {
    /// The id of the place.
    pub place: String,
    /// The key of the project.
    pub key: SecretPlace,
    /// Another server in Google's place; for tests and proxies.
    pub base: Url,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    place: String,
    key_env: Option<String>,
    key_file: Option<PathBuf>,
    #[serde(default = "base", deserialize_with = "super::web_address")]
    base: Url,
}

fn base() -> Url {
    Url::parse("https://places.googleapis.com/").expect("an address")
}

impl TryFrom<Written> for GooglePlaces {
    type Error = String;

    /// # Errors
    /// All mistakes at once.
    fn try_from(written: Written) -> Result<Self, String> {
        let Written { place, key_env, key_file, base } = written;
        let is_id =
            !place.is_empty() && place.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'));
        let mistake = (!is_id)
            .then(|| format!("`{place}` is no id of a place: find it with Google's Place ID Finder, as in \"ChIJ…\""));
        match (mistake, keys::place("key", key_env, key_file)) {
            (None, Ok(key)) => Ok(Self { place, key, base }),
            (mistake, key) => Err(mistake.into_iter().chain(key.err()).collect::<Vec<_>>().join("; ")),
        }
    }
}

/// The keys that it takes.
pub fn secrets(kind: &GooglePlaces) -> Vec<(&'static str, SecretPlace)> {
    vec![("key", kind.key.clone())]
}

/// One round: whether the key and the place still hold. Nothing comes of it that would be kept.
///
/// # Errors
/// Where Google does not know the place, or refuses.
pub async fn collect(kind: &GooglePlaces, round: &Round<'_>) -> Result<Batch, CollectError> {
    let page = kind.ask(ID, round).await?;
    let answer = json(&page, HINT)?;
    let id = answer.get("id").and_then(Value::as_str).ok_or_else(|| missing("id", HINT))?;
    let notes = if id == kind.place { vec![] } else { vec![moved(id)] };
    Ok(Batch { notes, rest: page.rest, quota_left: page.quota_left, cursor: Cursor::default(), ..Batch::default() })
}

fn moved(id: &str) -> String {
    let id: String = text::plain(id).chars().take(100).collect();
    format!("Google knows this place by another id now: write place = {id:?} before the old one is forgotten")
}

/// What Google Maps shows of the place now.
///
/// # Errors
/// Where Google does not know the place, refuses, or does not answer in its format.
pub async fn look(kind: &GooglePlaces, round: &Round<'_>) -> Result<Look, CollectError> {
    let answer = json(&kind.ask(SHOWN, round).await?, HINT)?;
    // Google leaves out what is empty, so that there need be nothing in it at all.
    if !answer.is_object() {
        return Err(super::pages::format_error(said("Die Antwort ist kein Objekt", "the answer is no object"), HINT));
    }
    let reviews = read_each(list(&answer, "/reviews", HINT)?, review::Review::mention);
    let word = |pointer: &str| answer.pointer(pointer)?.as_str().map(text::plain).filter(|word| !word.is_empty());
    Ok(Look {
        name: word("/displayName/text"),
        url: word("/googleMapsUri"),
        grade: grade(&answer),
        mentions: reviews.mentions,
        unread: reviews.unread,
        credit: "Google Maps",
        chosen: said(
            "Google zeigt höchstens fünf Bewertungen und wählt sie nach Relevanz aus. Google bestätigt Bewertungen \
             nicht, entfernt aber gefälschte, die auffallen.",
            "Google shows five reviews at most and chooses them by relevance. Google does not verify reviews, but \
             removes false ones that it notices.",
        ),
    })
}

impl GooglePlaces {
    async fn ask(&self, fields: &'static str, round: &Round<'_>) -> Result<Page, CollectError> {
        let key = keys::read("google_places.key", &self.key)?;
        let request = self.request(fields, key, round)?;
        match round.fetcher.get(&request).await.map_err(|error| google::refusal(error, round.now))? {
            Answer::Page(page) => Ok(page),
            Answer::NotModified { .. } => Err(missing(fields, HINT)),
        }
    }

    fn request(&self, fields: &str, key: SecretString, round: &Round<'_>) -> Result<Request, CollectError> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| no_address(HINT))?.pop_if_empty().extend(["v1", "places", &self.place]);
        let headers = vec![
            Header { name: "x-goog-api-key".into(), value: key.clone() },
            Header { name: "x-goog-fieldmask".into(), value: fields.into() },
        ];
        Ok(Request { headers, key: Some(key), ..Request::new(url, "application/json", round.allow_private_network) })
    }
}

fn grade(answer: &Value) -> Option<Grade> {
    let average = answer.get("rating")?.as_f64()?;
    Grade::new(Rating::stars(average), answer.get("userRatingCount").and_then(Value::as_u64))
}

#[cfg(test)]
mod tests;
