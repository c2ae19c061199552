//! Invented worlds of reviews, in which it is known what answers do.

use super::{Course, DAY, Outcome};
use crate::mention::Timestamp;

/// What a world is like.
#[derive(Clone, Copy, Debug)]
pub(super) struct World {
    /// So many reviews are written in it.
    pub(super) reviews: usize,
    /// How likely somebody comes back by themselves, a day, at first.
    pub(super) hazard: f64,
    /// How likely somebody comes back because of an answer, a day, at first.
    pub(super) effect: f64,
    /// After so many days, both are half as likely.
    pub(super) half: f64,
    /// Whom one answers, and how soon.
    pub(super) custom: Custom,
    /// The share that one answers of those whom one answers first.
    pub(super) keen: f64,
}

/// Whom one answers, and how soon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Custom {
    /// Anybody, half of them, whenever.
    Even,
    /// Those who come back most easily, at once; the others rarely and late.
    EasyFirst,
    /// Those who are most upset, at once; the others rarely and late.
    UpsetFirst,
}

/// Sources, and the stars from one to three: how much more easily people come back there.
const SOURCES: [(&str, f64); 4] = [("shop", 0.4), ("forum", 1.0), ("maps", 1.6), ("store", 3.0)];
const STARS: [f64; 3] = [0.4, 1.0, 2.0];

/// Each of getting worse and going away, a day.
const OTHERWISE: f64 = 0.0005;

impl World {
    /// Nobody is watched for longer.
    const DAYS: f64 = 200.0;

    /// Its reviews, each with what an answer has done to it: how much likelier somebody came back within 30 days.
    pub(super) fn live(self, random: &mut fastrand::Rng) -> (Vec<Course>, Vec<f64>) {
        (0..self.reviews).filter_map(|_| self.review(random)).unzip()
    }

    /// `None` where it had changed before anybody watched it.
    fn review(self, random: &mut fastrand::Rng) -> Option<(Course, f64)> {
        let (source, stars) = (random.usize(..SOURCES.len()), random.usize(..STARS.len()));
        let ease = SOURCES[source].1 * STARS[stars];
        let hazard = self.hazard * ease;
        let end = random.f64() * Self::DAYS;
        let by_itself = self.arises(hazard, random);
        let otherwise = exponential(2.0 * OTHERWISE, random);
        let answered = self.answer(ease, random).filter(|at| *at < by_itself.min(otherwise).min(end));
        let because = answered.map_or(f64::INFINITY, |at| at + self.arises(self.effect, random));
        // One in seven was there before the source was watched.
        let seen_from = if random.u8(..7) == 0 { random.f64() * end } else { f64::min(0.02, end) };
        let happens = by_itself.min(because).min(otherwise);
        if happens <= seen_from {
            return None;
        }
        let outcome = if otherwise > happens {
            Outcome::Better(3)
        } else if random.bool() {
            Outcome::Worse
        } else {
            Outcome::Gone
        };
        let said_at = Timestamp::from_seconds(1_780_000_000 + random.i64(..200 * DAY));
        let at = |days: f64| said_at.plus_seconds((days * DAY as f64) as i64);
        let course = Course {
            source: SOURCES[source].0.to_owned(),
            stars: stars as u8 + 1,
            said_at,
            seen_from: at(seen_from),
            answered_at: answered.map(at),
            template: None,
            outcome: (happens < end).then(|| (at(happens), outcome)),
            seen_until: at(end),
        };
        Some((course, answered.map_or(0.0, |at| self.because(hazard, at))))
    }

    /// How much likelier somebody who is answered at this age comes back within 30 days.
    fn because(self, hazard: f64, age: f64) -> f64 {
        let by_itself = self.cumulative(hazard, age + 30.0) - self.cumulative(hazard, age);
        (-by_itself).exp() * -(-self.cumulative(self.effect, 30.0)).exp_m1()
    }

    /// At which age somebody is answered, if ever.
    fn answer(self, ease: f64, random: &mut fastrand::Rng) -> Option<f64> {
        let (likely, days) = match self.custom {
            Custom::Even => (0.5, 3.0),
            Custom::EasyFirst if ease > 1.0 => (self.keen, 0.5),
            Custom::UpsetFirst if ease < 1.0 => (self.keen, 0.5),
            Custom::EasyFirst | Custom::UpsetFirst => (0.2, 4.0),
        };
        (random.f64() < likely).then(|| exponential(1.0 / days, random))
    }

    /// The first event of a hazard that falls as 1 / (1 + days / [`World::half`]): people come back soon, or hardly
    /// ever.
    fn arises(self, hazard: f64, random: &mut fastrand::Rng) -> f64 {
        self.half * (exponential(1.0, random) / (hazard * self.half)).exp_m1()
    }

    fn cumulative(self, hazard: f64, days: f64) -> f64 {
        hazard * self.half * (days / self.half).ln_1p()
    }
}

fn exponential(rate: f64, random: &mut fastrand::Rng) -> f64 {
    -(1.0 - random.f64()).ln() / rate
}
