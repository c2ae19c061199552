//! Mentions as people look at them: filtered, searched, page by page, the newest first.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;
use futures_util::TryStreamExt as _;
use serde::Serialize;
use sqlx::{QueryBuilder, Sqlite};

use super::{Store, StoreError};
use crate::analyse::Reason;
use crate::brand::Context;
use crate::mention::{Label, Language, Mention, Rating, Timestamp};
use crate::view::{MoodChoice, State, URGENT, View};

use row::{COLUMNS, JOINS, Row};

mod row;
mod words;

/// So many mentions are looked at for one page, unless somebody says otherwise.
const LOOKED_AT: u32 = 20_000;

/// So many texts with the words of a search are put in order at once; with more, all texts are gone through in their order.
const PUT_IN_ORDER: i64 = 20_000;

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

    fn context(&self) -> Context<'_> {
        Context { source: Some(&self.source), language: self.language.into() }
    }
}

impl Store {
    /// A page of a view, by the calendar of a zone.
    ///
    /// A page may hold fewer mentions than asked for although there are more, where few of very many fit; it says where to go
    /// on.
    pub async fn mentions(&self, view: &View, cut: Cut, zone: Tz) -> Result<Page, StoreError> {
        let words = view.search.as_ref().and_then(|search| search.needed()).and_then(words::lookup);
        let is_rare = match &words {
            Some(words) => self.hits(words).await? < PUT_IN_ORDER,
            None => false,
        };
        let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM (SELECT m.id FROM "));
        let rare = words.as_deref().filter(|_| is_rare);
        looked_at(&mut query, view, cut, zone, rare);
        query.push(" ORDER BY m.said_at DESC, m.id DESC LIMIT ").push_bind(cut.looked_at);
        query.push(") AS near CROSS JOIN mention AS m ON m.id = near.id").push(JOINS);
        fitting(&mut query, view, words.as_deref().filter(|_| !is_rare));
        let mut page = Page::default();
        let mut rows = query.build_query_as::<Row>().fetch(&self.reader);
        while let Some(row) = rows.try_next().await? {
            let mention = StoredMention::from(row);
            let is_found =
                view.search.as_ref().is_none_or(|search| search.finds(&mention.full_text(), &mention.context()));
            if is_found && page.mentions.len() == cut.most {
                page.next = page.mentions.last().map(StoredMention::place);
                return Ok(page);
            }
            page.mentions.extend(is_found.then_some(mention));
        }
        drop(rows);
        page.next = self.edge(view, cut, zone, rare).await?;
        Ok(page)
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

    /// How many texts have these words, as far as it matters.
    async fn hits(&self, words: &str) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM (SELECT rowid FROM mention_text WHERE mention_text MATCH ?1 LIMIT ?2)",
        )
        .bind(words)
        .bind(PUT_IN_ORDER)
        .fetch_one(&self.reader)
        .await?)
    }

    /// Where the mentions end that were looked at, if there are more behind them.
    async fn edge(&self, view: &View, cut: Cut, zone: Tz, rare: Option<&str>) -> Result<Option<Place>, StoreError> {
        let mut query = QueryBuilder::new("SELECT m.said_at, m.id FROM ");
        looked_at(&mut query, view, cut, zone, rare);
        query.push(" ORDER BY m.said_at DESC, m.id DESC LIMIT 1 OFFSET ").push_bind(cut.looked_at.saturating_sub(1));
        let last: Option<(i64, i64)> = query.build_query_as().fetch_optional(&self.reader).await?;
        Ok(last.map(|(said_at, id)| Place { said_at: Timestamp::from_seconds(said_at), id }))
    }
}

/// Which mentions are looked at: those with rare words, else those that an index has together, in the order of their time.
/// Nothing stands here that an index does not know, or a page would go through all mentions to find a few.
fn looked_at(query: &mut QueryBuilder<Sqlite>, view: &View, cut: Cut, zone: Tz, rare: Option<&str>) {
    match rare {
        Some(words) => {
            query.push("(SELECT rowid AS id FROM mention_text WHERE mention_text MATCH ").push_bind(words.to_owned());
            query.push(") AS hit CROSS JOIN mention AS m ON m.id = hit.id WHERE true");
        }
        // By their numbers: few have arrived since, of very many.
        _ if cut.arrived_after.is_some() => {
            query.push("mention AS m NOT INDEXED WHERE true");
        }
        _ if view.author.is_some() => {
            query.push("mention AS m INDEXED BY mention_by_author WHERE true");
        }
        _ => {
            let index = if view.sources.len() == 1 { "mention_by_source" } else { "mention_by_saying" };
            query.push(format!("mention AS m INDEXED BY {index} WHERE m.said_at >= 0"));
        }
    }
    if let [source] = &view.sources[..] {
        query.push(" AND m.source_id = (SELECT id FROM source WHERE name = ").push_bind(source.clone()).push(")");
    }
    if let Some(author) = view.author {
        query.push(" AND m.author_id = ").push_bind(author);
    }
    let (from, to) = view.span(zone);
    if let Some(from) = from {
        query.push(" AND m.said_at >= ").push_bind(from.seconds());
    }
    if let Some(to) = to {
        query.push(" AND m.said_at < ").push_bind(to.seconds());
    }
    if let Some(after) = cut.after {
        query.push(" AND (m.said_at, m.id) < (").push_bind(after.said_at.seconds());
        query.push(", ").push_bind(after.id).push(")");
    }
    if let Some(id) = cut.arrived_after {
        query.push(" AND m.id > ").push_bind(id);
    }
}

/// Which of those that are looked at fit; `frequent` are words that stand in too many texts to begin with.
fn fitting(query: &mut QueryBuilder<Sqlite>, view: &View, frequent: Option<&str>) {
    query.push(match view.state {
        State::Counted => " WHERE m.removed_at IS NULL AND m.set_aside IS NULL",
        State::Removed => " WHERE m.removed_at IS NOT NULL",
        State::Spam => " WHERE m.set_aside = 'spam'",
        State::Hidden => " WHERE m.set_aside = 'hidden'",
    });
    if let Some(words) = frequent {
        query.push(" AND EXISTS (SELECT 1 FROM mention_text WHERE mention_text MATCH ").push_bind(words.to_owned());
        query.push(" AND mention_text.rowid = m.id)");
    }
    if let Some(brand) = &view.brand {
        query.push(" AND EXISTS (SELECT 1 FROM mention_brand AS about WHERE about.mention_id = m.id");
        query.push(" AND about.brand_id = (SELECT id FROM brand WHERE name = ").push_bind(brand.clone()).push("))");
    }
    if view.sources.len() > 1 {
        query.push(" AND source.name IN (");
        bind_all(query, view.sources.iter().cloned());
        query.push(")");
    }
    if let Some(replied) = view.replied {
        query.push(if replied { " AND m.reply_text IS NOT NULL" } else { " AND m.reply_text IS NULL" });
    }
    if !view.languages.is_empty() {
        query.push(" AND a.language IN (");
        bind_all(query, view.languages.iter().map(|language| language.code().to_owned()));
        query.push(")");
    }
    if !view.moods.is_empty() {
        let signs = view.moods.iter().filter_map(|mood| match mood {
            MoodChoice::Told(label) => Some(i64::from(label.sign())),
            MoodChoice::Untold => None,
        });
        query.push(" AND (a.label IN (");
        bind_all(query, signs);
        query.push(if view.moods.contains(&MoodChoice::Untold) { ") OR a.label IS NULL)" } else { "))" });
    }
    any_of(query, "a.emotions", view.emotions.iter().map(|emotion| emotion.name().to_owned()));
    any_of(query, "a.intents", view.intents.iter().map(|intent| intent.name().to_owned()));
    any_of(query, "a.topics", view.topics.iter().cloned());
    if let Some((low, high)) = view.stars {
        query.push(
            " AND round(1 + 4 * (r.rating - r.rating_worst) / nullif(r.rating_best - r.rating_worst, 0)) BETWEEN ",
        );
        query.push_bind(i64::from(low)).push(" AND ").push_bind(i64::from(high));
    }
    if view.urgent {
        query.push(" AND (a.urgency >= ").push_bind(URGENT);
        query.push(" OR EXISTS (SELECT 1 FROM urgent WHERE mention_id = m.id))");
    }
}

/// One of these names is in a list of names.
fn any_of(query: &mut QueryBuilder<Sqlite>, list: &str, names: impl ExactSizeIterator<Item = String>) {
    if names.len() > 0 {
        query.push(format!(" AND EXISTS (SELECT 1 FROM json_each({list}) WHERE value IN ("));
        bind_all(query, names);
        query.push("))");
    }
}

fn bind_all<T>(query: &mut QueryBuilder<Sqlite>, values: impl Iterator<Item = T>)
where
    T: for<'q> sqlx::Encode<'q, Sqlite> + sqlx::Type<Sqlite> + Send + 'static,
{
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
}

#[cfg(test)]
mod tests;
