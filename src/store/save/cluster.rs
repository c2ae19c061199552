//! Which mentions carry one text.
//!
//! Fingerprints of a batch go to SQLite as one flat array of their bands, so that the place in it tells whose band it is.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::{Placed, StoreError, json};
use crate::text::{BANDS, BANDS_ALIKE, Fingerprint};

/// A band of fingerprints is indexed for at most so many texts (and those of the batch that exceeds it).
const MOST_CLUSTERS_OF_A_BAND: i64 = 8;

/// [`BANDS`], as SQLite counts.
const BANDS_EACH: i64 = BANDS as i64;

/// For each fingerprint (by its position) the oldest stored cluster that it belongs to.
pub(super) async fn clusters(
    connection: &mut SqliteConnection,
    fingerprints: &[Option<Fingerprint>],
) -> Result<HashMap<i64, i64>, StoreError> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT item, min(cluster_id) FROM (
             SELECT key / ?2 AS item, cluster_id FROM json_each(?1) CROSS JOIN cluster_band ON band = value
             GROUP BY 1, 2 HAVING count(*) >= ?3
         ) GROUP BY item",
    )
    .bind(bands(fingerprints.iter().copied()))
    .bind(BANDS_EACH)
    .bind(BANDS_ALIKE as i64)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Texts that were not met before become clusters of their own. The ids of `placed` follow one another.
///
/// A band that many different texts share is a footer or a form letter. It tells nothing, and looking through all of its
/// texts would take longer and longer, so it is left out from then on.
pub(super) async fn insert_clusters(
    connection: &mut SqliteConnection,
    placed: &[Placed<'_>],
) -> Result<(), StoreError> {
    let firsts = placed.iter().map(|one| one.fingerprint.filter(|_| one.cluster_id == one.mention_id));
    sqlx::query(
        "INSERT INTO cluster_band (band, cluster_id)
         SELECT value, ?2 + key / ?3 FROM json_each(?1)
         WHERE value IS NOT NULL AND (SELECT count(*) FROM cluster_band WHERE band = value) < ?4
         ON CONFLICT DO NOTHING",
    )
    .bind(bands(firsts))
    .bind(placed.first().map(|one| one.mention_id))
    .bind(BANDS_EACH)
    .bind(MOST_CLUSTERS_OF_A_BAND)
    .execute(connection)
    .await?;
    Ok(())
}

/// All bands in one array, null where there is no fingerprint.
fn bands(fingerprints: impl Iterator<Item = Option<Fingerprint>>) -> String {
    let signed = |fingerprint: Fingerprint| fingerprint.bands.map(|band| Some(band.cast_signed()));
    json(&fingerprints.flat_map(|one| one.map_or([None; BANDS], signed)).collect::<Vec<_>>())
}
