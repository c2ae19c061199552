//! Numbers for whoever watches over the service, cheap enough to be asked for every few seconds.

use super::{Store, StoreError};

/// How much there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// Mentions that count, by source and brand, as of the last roll-up.
    pub mentions: Vec<(String, String, i64)>,
    /// Letters by the name of their state.
    pub letters: Vec<(String, i64)>,
    /// Mentions of a brand that its detector has not looked at yet.
    pub lags: Vec<(String, i64)>,
    /// The size of the database.
    pub bytes: i64,
}

impl Store {
    /// Measures.
    pub async fn measures(&self) -> Result<Measures, StoreError> {
        let mentions = sqlx::query_as(
            "SELECT value, brand.name, sum(negative + neutral + positive + untold + copies)
             FROM tally JOIN brand ON brand.id = brand_id WHERE dimension = 'source' GROUP BY value, brand_id
             ORDER BY 1, 2",
        );
        let lags = sqlx::query_as(
            "SELECT brand.name, (SELECT count(*) FROM mention_brand AS about
                 WHERE about.mention_id > seen_through AND about.brand_id = detector.brand_id)
             FROM detector JOIN brand ON brand.id = brand_id ORDER BY 1",
        );
        let bytes = sqlx::query_scalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
        Ok(Measures {
            mentions: mentions.fetch_all(&self.reader).await?,
            letters: self.letters_by_state().await?,
            lags: lags.fetch_all(&self.reader).await?,
            bytes: bytes.fetch_one(&self.reader).await?,
        })
    }
}
