//! What other promises would have reported: the database's own history, lived through once more.

use super::{READ_DAYS, Service, on_a_thread};
use crate::detect::rehearsal::as_published;
use crate::detect::{Observation, Replay, Rule};
use crate::mention::Timestamp;
use crate::store::StoreError;

const DAY: i64 = 86_400;

/// Which history is lived through.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    /// As if everything had arrived, live, when it was published: what was imported counts, too.
    pub as_published: bool,
    /// What is found from here on matters; the days in which detectors learn what is usual lie before.
    pub from: Timestamp,
    /// Up to here.
    pub to: Timestamp,
    /// No more mentions than so many, from the earliest on.
    pub most: usize,
}

impl Past {
    /// All of it.
    pub const ALL: Self = Self {
        as_published: false,
        from: Timestamp::from_seconds(0),
        to: Timestamp::from_seconds(i64::MAX),
        most: usize::MAX,
    };
}

impl Service {
    /// Lives through what is known about a brand, with a detector for each promise that starts anew; and once more where
    /// another model took over, whose readings are not to be compared with those before.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn replay(&self, brand: &str, rules: &[Rule], past: Past) -> Result<Replay, StoreError> {
        let since = Timestamp::from_seconds(past.from.seconds().saturating_sub(READ_DAYS * DAY).max(0));
        let mut replay = Replay::new(rules);
        if past.as_published {
            let mut history = as_published(&self.store.history(brand, since, past.most).await?);
            history.retain(|seen| seen.arrived_at < past.to);
            return Ok(lived_through(replay, history, Vec::new())
                .await
                .map(closed)
                .unwrap_or_else(|| Replay::new(rules)));
        }
        let changes = self.store.model_changes(brand).await?;
        let read_since: Vec<Timestamp> = changes.iter().map(|(at, _)| at.plus_seconds(-READ_DAYS * DAY)).collect();
        let mut through = self.store.last_arrival_before(since).await?;
        loop {
            let mut turn = self.store.arrivals(brand, through).await?;
            let arrived = turn.observations.len();
            turn.observations.retain(|seen| seen.arrived_at < past.to);
            turn.observations.truncate(past.most - replay.mentions());
            let is_all = turn.observations.len() < arrived || !turn.more;
            // Nothing is left to be done where the program is about to end.
            let Some(next) = lived_through(replay, turn.observations, read_since.clone()).await else {
                return Ok(Replay::new(rules));
            };
            replay = next;
            through = turn.through;
            if is_all {
                return Ok(closed(replay));
            }
        }
    }
}

/// Some of the history; detectors start anew where another model read what comes next. `None`: the program ends.
async fn lived_through(
    mut replay: Replay,
    observations: Vec<Observation>,
    read_since: Vec<Timestamp>,
) -> Option<Replay> {
    let work = move || {
        let another_model = |from: Timestamp, to: Timestamp| read_since.iter().any(|at| from < *at && *at <= to);
        for read in observations.chunk_by(|one, next| !another_model(one.arrived_at, next.arrived_at)) {
            let last = replay.span().map(|(_, last)| last);
            if last.zip(read.first()).is_some_and(|(last, next)| another_model(last, next.arrived_at)) {
                replay.start_anew();
            }
            replay.take(read);
        }
        replay
    };
    on_a_thread(work).await
}

fn closed(mut replay: Replay) -> Replay {
    replay.close();
    replay
}
