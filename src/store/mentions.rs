//! Mentions as people look at them: filtered, searched, page by page, the newest first.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;
use serde::Serialize;
use sqlx::{QueryBuilder, SqliteConnection};

use super::save::json;
use super::{Store, StoreError};
use crate::analyse::Reason;
use crate::mention::{Label, Language, Mention, Rating, Timestamp};
use crate::view::View;

use near::Near;
use row::{COLUMNS, JOINS, Row};
use search::{PACE, find};

mod near;
mod row;
mod search;
mod words;

/// So many mentions are looked at for one page, unless somebody says otherwise.
const LOOKED_AT: u32 = 20_000;

/// Where a page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When that mention was said.
    pub said_at: Timestamp,
    /// Its number.
    pub id: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.said_at.seconds(), self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (seconds, id) = text.split_once('.').ok_or(())?;
        let said_at = Timestamp::from_seconds(seconds.parse().map_err(|_| ())?);
        Ok(Self { said_at, id: id.parse().map_err(|_| ())? })
    }
}

/// Some mentions, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// These.
    pub mentions: Vec<StoredMention>,
    /// Where to go on; `None`: there are no more.
    pub next: Option<Place>,
}

/// What limits a page beside the view.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// Behind this place; `None`: from the newest on.
    pub after: Option<Place>,
    /// Only what arrived after the mention of this number.
    pub arrived_after: Option<i64>,
    /// At most so many.
    pub most: usize,
    /// At most so many are looked at; then whoever asks may go on from there. So no page takes long.
    pub looked_at: u32,
}

impl Cut {
    /// The first page.
    pub const fn first(most: usize) -> Self {
        Self { after: None, arrived_after: None, most, looked_at: LOOKED_AT }
    }
}

/// A mention with all that is known of it, in its current revision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StoredMention {
    /// Its number.
    pub id: i64,
    /// The source's id.
    pub source: String,
    /// What the source calls it.
    pub native_id: String,
    /// The brands that it is about.
    pub brands: Vec<String>,
    /// Who wrote it, by number; `None`: the source does not say.
    pub author_id: Option<i64>,
    /// What they call themselves there.
    pub author: Option<String>,
    /// Who published it, where that is not the source itself.
    pub publisher: Option<String>,
    /// Where to read it.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Plain text.
    pub text: String,
    /// Stars or points.
    pub rating: Option<Rating>,
    /// When it was said: published, else heard.
    pub said_at: Timestamp,
    /// When it arrived.
    pub first_seen_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// When its source said that it was deleted.
    pub removed_at: Option<Timestamp>,
    /// `spam` or `hidden`, if a person has put it aside.
    pub set_aside: Option<String>,
    /// What the owner answered.
    pub reply: Option<String>,
    /// When.
    pub reply_at: Option<Timestamp>,
    /// Version of the app.
    pub app_version: Option<String>,
    /// Country of the source.
    pub country: Option<String>,
    /// As recognised.
    pub language: Option<Language>,
    /// The mood: a person's word, else the model's.
    pub label: Option<Label>,
    /// Whether it is a person's word.
    pub is_corrected: bool,
    /// −1…1, by the model.
    pub score: Option<f64>,
    /// What decided the model's mood.
    pub why: Vec<Reason>,
    /// By name.
    pub emotions: Vec<String>,
    /// By name.
    pub intents: Vec<String>,
    /// By name.
    pub topics: Vec<String>,
    /// 0…1
    pub urgency: f64,
    /// Why it cannot wait, by the cause's name, if it is urgent.
    pub urgent: Option<String>,
    /// Stars and text say opposite things.
    pub contradicts: bool,
    /// The text, shared with its copies.
    pub cluster: i64,
    /// How many mentions carry the text, this one included.
    pub copies: u64,
    /// How many versions of it were met.
    pub versions: u64,
}

impl StoredMention {
    /// Where a page that ends with it goes on.
    pub const fn place(&self) -> Place {
        Place { said_at: self.said_at, id: self.id }
    }

    /// Title and text as one.
    pub fn full_text(&self) -> String {
        let mention = Mention { title: self.title.clone(), text: self.text.clone(), ..Mention::default() };
        mention.full_text().into_owned()
    }
}

impl Store {
    /// A page of a view, by the calendar of a zone.
    ///
    /// A page may hold fewer mentions than asked for although there are more, where few of very many fit; it says where to go
    /// on.
    pub async fn mentions(&self, view: &View, cut: Cut, zone: Tz) -> Result<Page, StoreError> {
        let mut snapshot = self.reader.begin().await?;
        let near = Near { view, cut, span: view.span(zone) };
        match &view.search {
            Some(search) => {
                let found = find(&mut snapshot, &near, search, PACE).await?;
                Ok(Page { mentions: at(&mut snapshot, &found.places).await?, next: found.next })
            }
            None => fitting(&mut snapshot, &near).await,
        }
    }

    /// One mention, whatever its state.
    pub async fn mention(&self, id: i64) -> Result<Option<StoredMention>, StoreError> {
        let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM mention AS m{JOINS} WHERE m.id = "));
        Ok(query.push_bind(id).build_query_as::<Row>().fetch_optional(&self.reader).await?.map(StoredMention::from))
    }

    /// The newest mentions about a brand that cannot wait and are still there.
    pub async fn newest_urgent(&self, brand: &str, most: u32) -> Result<Vec<StoredMention>, StoreError> {
        let mut query = QueryBuilder::new(format!(
            "SELECT {COLUMNS} FROM (SELECT mention_id, max(id) AS id FROM urgent WHERE brand_id =
                 (SELECT id FROM brand WHERE name = "
        ));
        query.push_bind(brand.to_owned());
        query.push(") GROUP BY 1) AS told CROSS JOIN mention AS m ON m.id = told.mention_id").push(JOINS);
        query.push(" WHERE m.removed_at IS NULL AND m.set_aside IS NULL ORDER BY told.id DESC LIMIT ").push_bind(most);
        let rows = query.build_query_as::<Row>().fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(StoredMention::from).collect())
    }

    /// The number of the newest arrival; 0: there is none.
    pub async fn newest_arrival(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM mention").fetch_one(&self.reader).await?)
    }
}

/// What fits, without a look at the texts.
async fn fitting(connection: &mut SqliteConnection, near: &Near<'_>) -> Result<Page, StoreError> {
    let cut = near.cut;
    let most = i64::try_from(cut.most).unwrap_or(i64::MAX).saturating_add(1);
    let places = near.fitting(connection, most, None).await?;
    let is_full = places.len() > cut.most;
    let mentions = at(connection, &places[..places.len().min(cut.most)]).await?;
    let next = if is_full { Some(places[cut.most - 1]) } else { near.edge(connection).await? };
    Ok(Page { mentions, next })
}

/// The mentions at these places, in their order.
async fn at(connection: &mut SqliteConnection, places: &[Place]) -> Result<Vec<StoredMention>, StoreError> {
    let ids: Vec<i64> = places.iter().map(|place| place.id).collect();
    let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM json_each("));
    query.push_bind(json(&ids)).push(") AS place CROSS JOIN mention AS m ON m.id = place.value").push(JOINS);
    let rows = query.build_query_as::<Row>().fetch_all(connection).await?;
    Ok(rows.into_iter().map(StoredMention::from).collect())
}

#[cfg(test)]
mod tests;
