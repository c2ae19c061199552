//! What the service team has come to. Two years of reviews take longer to count than a page may: a loop counts them, and
//! pages say of when their figures are.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Mutex;

use super::{Service, on_a_thread};
use crate::mention::Timestamp;
use crate::outreach::ledger::Accounts;
use crate::store::StoreError;
use crate::store::outreach::{Reason, Wait};

/// Waiting, reasons and praise are told of so many days.
pub(crate) const DAYS: i64 = 30;

/// People won back, of so many: fewer would prove nothing.
pub(crate) const LEDGER_DAYS: i64 = 730;

/// What is older than so many seconds is not told any more: the loop counts more often.
const GOOD_FOR: i64 = 900;

/// What the service team has come to: numbers, nobody's name and nobody's words.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// As of when.
    pub at: Timestamp,
    /// Within so many seconds half of the people were answered, those who still wait among them; `None`: fewer were.
    pub median_wait: Option<i64>,
    /// And nine of ten.
    pub most_wait: Option<i64>,
    /// How many still wait for their first answer.
    pub waiting: usize,
    /// How many cases stand where, by the name of the state.
    pub states: BTreeMap<String, u64>,
    /// People won back.
    pub accounts: Accounts,
    /// What the cases are about, the costliest first.
    pub reasons: Vec<Reason>,
}

/// The newest count for each brand.
pub(super) type Counted = Arc<Mutex<BTreeMap<String, Arc<Team>>>>;

impl Service {
    /// Counts anew for each of one's own brands.
    ///
    /// # Errors
    /// When the database refuses; the brands that were counted by then are.
    pub async fn team_once(&self, now: Timestamp) -> Result<(), StoreError> {
        for brand in self.config.own_brands() {
            let Some(team) = self.count_team(&brand.name, now).await? else { break };
            self.team.lock().await.insert(brand.name.clone(), Arc::new(team));
        }
        Ok(())
    }

    /// What the team has come to for a brand, as counted lately, or else now; `None`: the program is stopping.
    pub(crate) async fn team(&self, brand: &str, now: Timestamp) -> Result<Option<Arc<Team>>, StoreError> {
        let mut known = self.team.lock().await;
        if let Some(team) = known.get(brand)
            && (0..GOOD_FOR).contains(&(now.seconds() - team.at.seconds()))
        {
            return Ok(Some(team.clone()));
        }
        let Some(team) = self.count_team(brand, now).await?.map(Arc::new) else { return Ok(None) };
        known.insert(brand.to_owned(), team.clone());
        Ok(Some(team))
    }

    /// Whoever asks next has it counted: somebody was erased.
    pub(crate) async fn count_team_anew(&self) {
        self.team.lock().await.clear();
    }

    async fn count_team(&self, brand: &str, now: Timestamp) -> Result<Option<Team>, StoreError> {
        let [since, long_since] = [DAYS, LEDGER_DAYS].map(|days| now.plus_seconds(-days * 86_400));
        let courses = self.store.courses(brand, long_since).await?;
        let Some(accounts) = on_a_thread(move || Accounts::of(&courses)).await else { return Ok(None) };
        let waits = self.store.waits(brand, since).await?;
        Ok(Some(Team {
            at: now,
            median_wait: share_waited(&waits, now, 0.5),
            most_wait: share_waited(&waits, now, 0.9),
            waiting: waits.iter().filter(|wait| wait.answered_at.is_none()).count(),
            states: self.store.case_states(brand, since).await?,
            accounts,
            reasons: self.store.case_reasons(brand, since).await?,
        }))
    }
}

/// How many seconds this share of the people waited at most, those who wait still among them: the quantile of Kaplan and
/// Meier (*Nonparametric estimation from incomplete observations*, 1958). `None`: so many were not answered yet.
fn share_waited(waits: &[Wait], now: Timestamp, share: f64) -> Option<i64> {
    let seconds = |wait: &Wait| (wait.answered_at.unwrap_or(now).seconds() - wait.first_word_at.seconds()).max(0);
    let mut all: Vec<(i64, bool)> = waits.iter().map(|wait| (seconds(wait), wait.answered_at.is_some())).collect();
    // Of those who waited equally long, whoever was answered comes first.
    all.sort_by_key(|(seconds, is_answered)| (*seconds, !is_answered));
    let mut waiting = 1.0;
    for (place, (seconds, is_answered)) in all.iter().enumerate() {
        if *is_answered {
            waiting *= 1.0 - 1.0 / (all.len() - place) as f64;
        }
        if 1.0 - waiting >= share - 1e-9 {
            return Some(*seconds);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn wait(hours: i64, is_answered: bool) -> Wait {
        let first_word_at = NOW.plus_seconds(-hours * 3600);
        Wait { first_word_at, answered_at: is_answered.then_some(NOW) }
    }

    #[test]
    fn whoever_still_waits_makes_the_time_longer_and_not_shorter() {
        let answered: Vec<Wait> = (1..=4).map(|hours| wait(hours, true)).collect();
        assert_eq!(share_waited(&answered, NOW, 0.5), Some(2 * 3600));
        let with_waiting = [answered.clone(), vec![wait(9, false); 4]].concat();
        assert_eq!(share_waited(&with_waiting, NOW, 0.5), Some(4 * 3600));
        assert_eq!(share_waited(&with_waiting, NOW, 0.9), None, "so many were not answered yet");
        assert_eq!(share_waited(&[], NOW, 0.5), None);
    }
}
