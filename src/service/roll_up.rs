//! Counting the days in which something changed.

use super::Service;
use crate::store::StoreError;

impl Service {
    /// Counts some of the days anew in which something changed; whether there are more.
    ///
    /// # Errors
    /// When the database refuses; the next time begins where this one did.
    pub async fn roll_up_once(&self) -> Result<bool, StoreError> {
        self.store.roll_up(self.config.alert.time_zone).await
    }
}
