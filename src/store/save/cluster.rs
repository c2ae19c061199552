//! Which mentions carry one text.

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::{Placed, StoreError, json};
use crate::text::{BANDS, BANDS_ALIKE, Fingerprint};

/// A band of fingerprints is indexed for at most so many texts (and those of the batch that exceeds it).
const MOST_CLUSTERS_OF_A_BAND: i64 = 8;

/// For each fingerprint (by its position) the oldest stored cluster that it belongs to.
pub(super) async fn clusters(
    connection: &mut SqliteConnection,
    fingerprints: &[Option<Fingerprint>],
) -> Result<HashMap<i64, i64>, StoreError> {
    let wanted: Vec<(i64, [i64; BANDS])> = (0..)
        .zip(fingerprints)
        .filter_map(|(item, fingerprint)| Some((item, fingerprint.as_ref()?.bands.map(u64::cast_signed))))
        .collect();
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT item, min(cluster_id) FROM (
             SELECT wanted.value ->> 0 AS item, cluster_id
             FROM json_each(?1) AS wanted, json_each(wanted.value -> 1) AS one
             CROSS JOIN cluster_band ON band = one.value
             GROUP BY 1, 2 HAVING count(*) >= ?2
         ) GROUP BY item",
    )
    .bind(json(&wanted))
    .bind(i64::try_from(BANDS_ALIKE).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Texts that were not met before become clusters of their own.
///
/// A band that many different texts share is a footer or a form letter. It tells nothing, and looking through all of its
/// texts would take longer and longer, so it is left out from then on.
pub(super) async fn insert_clusters(
    connection: &mut SqliteConnection,
    placed: &[Placed<'_>],
) -> Result<(), StoreError> {
    let bands: Vec<(i64, i64)> = placed
        .iter()
        .filter(|one| one.cluster_id == one.mention_id)
        .filter_map(|one| Some((one.cluster_id, one.fingerprint?)))
        .flat_map(|(id, fingerprint)| fingerprint.bands.map(|band| (band.cast_signed(), id)))
        .collect();
    sqlx::query(
        "INSERT INTO cluster_band (band, cluster_id)
         SELECT value ->> 0, value ->> 1 FROM json_each(?1)
         WHERE (SELECT count(*) FROM cluster_band WHERE band = value ->> 0) < ?2 ON CONFLICT DO NOTHING",
    )
    .bind(json(&bands))
    .bind(MOST_CLUSTERS_OF_A_BAND)
    .execute(connection)
    .await?;
    Ok(())
}
