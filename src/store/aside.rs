//! What people put aside: it leaves figures, lists, quotes and exports, and comes back when they say so.

use super::save::json;
use super::{Store, StoreError};

/// Why a mention does not count although it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It is nobody's voice.
    Spam,
    /// It is of no use to anybody.
    Hidden,
}

impl Aside {
    /// As the database and addresses have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Hidden => "hidden",
        }
    }
}

impl Store {
    /// Puts mentions aside, or brings them back with `None`; how many of them that changed.
    ///
    /// What detectors have seen stays seen: a finding does not become another one by it.
    pub async fn set_aside(&self, ids: &[i64], aside: Option<Aside>) -> Result<u64, StoreError> {
        let changed = sqlx::query(
            "UPDATE mention SET set_aside = ?2
             WHERE id IN (SELECT value FROM json_each(?1)) AND set_aside IS NOT ?2",
        )
        .bind(json(&ids))
        .bind(aside.map(Aside::name))
        .execute(&self.writer)
        .await?;
        Ok(changed.rows_affected())
    }
}

#[cfg(test)]
mod tests;
