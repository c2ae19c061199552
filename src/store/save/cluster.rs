//! Which mentions carry one text.
//!
//! What is kept of a text are hashes: the bands of its fingerprint, and one of its opening. In `cluster_band` they name
//! the mention that carried it first, or the first that carried more of it: a beginning is often met before its whole.
//! Texts that were stored before there were openings have none, and are not found by them.
//!
//! Hashes go to SQLite as flat arrays, so that the place in one tells whose hash it is.

use std::collections::{BTreeMap, HashMap, HashSet};

use sqlx::SqliteConnection;

use super::{Item, Placed, StoreError, json};
use crate::mention::Mention;
use crate::text::{self, BANDS, BANDS_ALIKE, Body, Fingerprint};

/// A hash is indexed for at most so many texts (and bands for those of the batch that exceeds it).
const MOST_TEXTS_OF_A_HASH: usize = 8;

/// Hashes of one text: [`BANDS`] and an opening.
const HASHES: usize = BANDS + 1;

/// The texts that those of a batch are compared with.
pub(super) struct Met {
    fingerprints: Vec<Option<Fingerprint>>,
    openings: Vec<Option<u64>>,
    /// For each fingerprint (by its position) the oldest stored cluster that it belongs to.
    stored: HashMap<i64, i64>,
    /// Of this batch, with their clusters.
    here: Vec<(i64, Fingerprint)>,
    /// By their openings, stored or of this batch, with their clusters.
    opened: HashMap<u64, Vec<(i64, Body)>>,
}

/// Where a text belongs.
#[derive(Clone, Copy)]
pub(super) struct Found {
    /// `None`: it was not met before.
    pub(super) cluster: Option<i64>,
    /// Other texts may be copies of it that are none of what the cluster had.
    is_more: bool,
    position: usize,
}

impl Met {
    pub(super) async fn load(connection: &mut SqliteConnection, items: &[&Item]) -> Result<Self, StoreError> {
        let fingerprints: Vec<_> = items.iter().map(|item| text::fingerprint(&item.mention.full_text())).collect();
        // Without the title, which each place words for itself.
        let openings: Vec<_> = items.iter().map(|item| text::opening(&item.mention.text)).collect();
        let stored = clusters(connection, &fingerprints).await?;
        let opened = opened(connection, &openings).await?;
        Ok(Self { fingerprints, openings, stored, here: Vec::new(), opened })
    }

    /// Where the mention at this offset in the batch belongs.
    pub(super) fn find(&self, offset: i64, mention: &Mention) -> Found {
        let position = usize::try_from(offset).unwrap_or_default();
        let near = |mine| self.here.iter().find(|(_, other)| text::near(mine, *other)).map(|(cluster, _)| *cluster);
        let cluster = self.stored.get(&offset).copied().or_else(|| self.fingerprints[position].and_then(near));
        if cluster.is_some() {
            return Found { cluster, is_more: false, position };
        }
        let candidates = self.openings[position].and_then(|opening| self.opened.get(&opening));
        match candidates.and_then(|candidates| begun(&Body::of(&mention.text), candidates)) {
            Some((cluster, is_more)) => Found { cluster: Some(cluster), is_more, position },
            None => Found { cluster: None, is_more: true, position },
        }
    }

    /// Remembers the text, if it is to be found from now on, and says by what.
    pub(super) fn add(&mut self, cluster: i64, mention: &Mention, found: Found) -> (Option<Fingerprint>, Option<u64>) {
        if !found.is_more {
            return (None, None);
        }
        let fingerprint = self.fingerprints[found.position];
        self.here.extend(fingerprint.map(|fingerprint| (cluster, fingerprint)));
        let opening = self.openings[found.position].filter(|opening| {
            let texts = self.opened.entry(*opening).or_default();
            let has_room = texts.len() < MOST_TEXTS_OF_A_HASH;
            if has_room {
                texts.push((cluster, Body::of(&mention.text)));
            }
            has_room
        });
        (fingerprint, opening)
    }
}

/// The one cluster whose texts all begin this one, or are begun by it; and whether this one is more than all of them.
///
/// Form letters open alike and go on each for itself: a beginning of two of them is nobody's, and what goes on
/// otherwise than what the cluster has is another text.
fn begun(text: &Body, candidates: &[(i64, Body)]) -> Option<(i64, bool)> {
    let mut clusters: BTreeMap<i64, Option<bool>> = BTreeMap::new();
    for (cluster, candidate) in candidates {
        let is_less = text.begins(candidate);
        let is_more = !is_less && candidate.begins(text);
        let all = clusters.entry(*cluster).or_insert(Some(true));
        *all = all.filter(|_| is_less || is_more).map(|all| all && is_more);
    }
    let mut fitting = clusters.into_iter().filter_map(|(cluster, is_more)| Some((cluster, is_more?)));
    fitting.next().filter(|_| fitting.next().is_none())
}

async fn clusters(
    connection: &mut SqliteConnection,
    fingerprints: &[Option<Fingerprint>],
) -> Result<HashMap<i64, i64>, StoreError> {
    let bands = |one: &Option<Fingerprint>| one.map_or([None; BANDS], |one| one.bands.map(Some));
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT item, min(mention.cluster_id) FROM (
             SELECT key / ?2 AS item, cluster_id AS text FROM json_each(?1) CROSS JOIN cluster_band ON band = value
             GROUP BY 1, 2 HAVING count(*) >= ?3
         ) JOIN mention ON mention.id = text GROUP BY item",
    )
    .bind(signed(fingerprints.iter().flat_map(bands)))
    .bind(BANDS as i64)
    .bind(BANDS_ALIKE as i64)
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().collect())
}

/// Stored texts with these openings, as they stand now, with their clusters.
async fn opened(
    connection: &mut SqliteConnection,
    openings: &[Option<u64>],
) -> Result<HashMap<u64, Vec<(i64, Body)>>, StoreError> {
    let wanted: HashSet<u64> = openings.iter().flatten().copied().collect();
    let rows: Vec<(i64, i64, String)> = sqlx::query_as(
        "SELECT band, m.cluster_id, r.text FROM json_each(?1) CROSS JOIN cluster_band ON band = value
         JOIN mention AS m ON m.id = cluster_band.cluster_id JOIN revision AS r ON r.id = m.revision_id
         ORDER BY m.id",
    )
    .bind(signed(wanted.into_iter().map(Some)))
    .fetch_all(connection)
    .await?;
    let mut opened: HashMap<u64, Vec<(i64, Body)>> = HashMap::new();
    for (opening, cluster, text) in rows {
        opened.entry(opening.cast_unsigned()).or_default().push((cluster, Body::of(&text)));
    }
    Ok(opened)
}

/// Makes new texts known by their hashes. The ids of `placed` follow one another.
///
/// A hash that many different texts share is of a footer, a greeting or a form letter. It tells nothing, and looking
/// through all of its texts would take longer and longer, so it is left out from then on.
pub(super) async fn insert_clusters(
    connection: &mut SqliteConnection,
    placed: &[Placed<'_>],
) -> Result<(), StoreError> {
    let hashes = |one: &Placed<'_>| {
        let bands = one.fingerprint.map_or([None; BANDS], |one| one.bands.map(Some));
        bands.into_iter().chain([one.opening])
    };
    sqlx::query(
        "INSERT INTO cluster_band (band, cluster_id)
         SELECT value, ?2 + key / ?3 FROM json_each(?1)
         WHERE value IS NOT NULL AND (SELECT count(*) FROM cluster_band WHERE band = value) < ?4
         ON CONFLICT DO NOTHING",
    )
    .bind(signed(placed.iter().flat_map(hashes)))
    .bind(placed.first().map(|one| one.mention_id))
    .bind(HASHES as i64)
    .bind(MOST_TEXTS_OF_A_HASH as i64)
    .execute(connection)
    .await?;
    Ok(())
}

/// Hashes in one array as SQLite has them, null where there is none.
fn signed(hashes: impl Iterator<Item = Option<u64>>) -> String {
    json(&hashes.map(|hash| hash.map(u64::cast_signed)).collect::<Vec<_>>())
}
