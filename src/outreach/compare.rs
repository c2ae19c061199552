//! How many people each of several orders wins back: the same people, the same team, the same luck, and only the order differs.
//!
//! Nobody knows who would have come back. So people are invented (`people`), by a model that is not the one of the queue and
//! does not know its numbers: what makes them come back is drawn anew for each run, and so is how long they are patient. The
//! cases are those of a database, or an invented month (`month`). A team works through them as they arrive (`shift`). What is
//! compared are pairs: each run is lived through by all orders.

mod month;
mod past;
mod people;
mod shift;
#[cfg(test)]
mod tests;

use fastrand::Rng;
use serde::Serialize;

pub use month::month;
pub use past::past;
pub use people::{Assumptions, Visible};

use super::hours::Hours;
use super::queue::Facts;
use crate::mention::Timestamp;
use people::{Person, Truth};

/// A case, as far as it was known at each time.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The source's id.
    pub source: String,
    /// What was known, the first first; at least one.
    pub known: Vec<Known>,
}

/// What was known of a case from some time on.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// From then on.
    pub from: Timestamp,
    /// What its order is made of.
    pub facts: Facts,
    /// The fewest stars that the person gave, from 1 to 5.
    pub stars: Option<u8>,
}

/// In which order cases are taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// As [`super::queue::rank`] says.
    Queue,
    /// Who waits longest comes first.
    Oldest,
    /// Who gave the fewest stars comes first, and of those who waits longest; the mood stands in for stars where there are none.
    WorstStars,
    /// Who wrote last comes first.
    Newest,
    /// As it happens.
    Random,
    /// Only those who would come back, the quickest first: nobody can know them.
    Foreknown,
}

impl Order {
    /// All of them, the queue first.
    pub const ALL: [Self; 6] =
        [Self::Queue, Self::Oldest, Self::WorstStars, Self::Newest, Self::Random, Self::Foreknown];
}

/// How much time a team has.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Time {
    /// So many minutes on each day on which it works.
    MinutesADay(f64),
    /// So much of the time that all answers take, 1 being all of it.
    Share(f64),
}

/// What an order came to in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// So many people were answered.
    pub answered: usize,
    /// So many of them came back.
    pub won: usize,
    /// So many minutes were worked.
    pub minutes: f64,
}

/// What the orders came to in all runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// So many runs.
    pub runs: usize,
    /// Cases of a run, on average.
    pub cases: f64,
    /// Minutes that the team had on a day, on average.
    pub minutes_a_day: f64,
    /// How much of the time that all answers take the team had, on average.
    pub share: f64,
    /// What each order came to, as in [`Order::ALL`].
    pub orders: Vec<Tally>,
}

/// What an order came to in all runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tally {
    /// Which.
    pub order: Order,
    /// People who were answered in a run, on average.
    pub answered: f64,
    /// People who came back in a run, on average.
    pub won: f64,
    /// How many more the queue won back in a run.
    pub queue_more: Gain,
}

/// A difference between two orders, in people a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Gain {
    /// On average.
    pub mean: f64,
    /// The average lies above this in 95 of 100 times, …
    pub low: f64,
    /// … and below this.
    pub high: f64,
    /// In so many runs of 100 it was more.
    pub ahead: f64,
    /// In so many runs of 100 it was less.
    pub behind: f64,
}

/// Lets all orders live through so many runs; the same for the same seed.
///
/// `world` gives the cases of a run.
pub fn compare(
    mut world: impl FnMut(&mut Rng) -> Vec<Case>,
    assumptions: Assumptions,
    hours: &Hours,
    time: Time,
    (runs, seed): (usize, u64),
) -> Comparison {
    let (mut cases, mut daily, mut share) = (0, 0.0, 0.0);
    let mut outcomes: Vec<[Outcome; Order::ALL.len()]> = Vec::with_capacity(runs);
    for run in 0..runs as u64 {
        let mut random = Rng::with_seed(seed.wrapping_add(run.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        let all = world(&mut random);
        let truth = Truth::draw(assumptions, &mut random);
        let people = truth.people(&all, &mut random);
        let team = shift::Team::new(&all, &people, hours, time);
        cases += all.len();
        daily += team.minutes_a_day / runs as f64;
        share += team.share / runs as f64;
        let chance: Vec<u64> = all.iter().map(|_| random.u64(..)).collect();
        outcomes.push(Order::ALL.map(|order| team.work(order, &all, &people, &chance)));
    }
    Comparison {
        runs,
        cases: cases as f64 / runs as f64,
        minutes_a_day: daily,
        share,
        orders: (0..Order::ALL.len()).map(|place| tally(place, &outcomes)).collect(),
    }
}

fn tally(place: usize, outcomes: &[[Outcome; Order::ALL.len()]]) -> Tally {
    let runs = outcomes.len() as f64;
    let mean = |of: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(|run| of(&run[place])).sum::<f64>() / runs;
    let more: Vec<f64> = outcomes.iter().map(|run| run[0].won as f64 - run[place].won as f64).collect();
    Tally {
        order: Order::ALL[place],
        answered: mean(&|outcome| outcome.answered as f64),
        won: mean(&|outcome| outcome.won as f64),
        queue_more: gain(&more),
    }
}

/// The runs are independent of each other, and many.
fn gain(more: &[f64]) -> Gain {
    let runs = more.len() as f64;
    let mean = more.iter().sum::<f64>() / runs;
    let variance = more.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (runs - 1.0).max(1.0);
    let half = 1.96 * (variance / runs).sqrt();
    let of_100 = |fits: &dyn Fn(f64) -> bool| 100.0 * more.iter().filter(|one| fits(**one)).count() as f64 / runs;
    Gain {
        mean,
        low: mean - half,
        high: mean + half,
        ahead: of_100(&|one| one > 0.0),
        behind: of_100(&|one| one < 0.0),
    }
}
