//! Invented histories of a brand with a known truth: what people write, when it arrives, what the model makes of it.
//!
//! A stream has 120 days: 30 of history and 90 that count. Four to six segments (source and language) have each their share,
//! mood and daily rhythm. The volume wobbles from day to day (log-normal, AR(1)), the mood does (AR(1)), one in five mentions
//! is a reply within hours, which takes over the mood of what it replies to in half of the cases, and some replies are the
//! same text again. The mood is recognised rightly in 70 % or so of the cases. What happens, happens between day 60 and 74.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rand_distr::{Beta, Distribution, Exp, Gamma, Geometric, Normal, Poisson};
use stimmung::detect::Observation;
use stimmung::mention::{Label, Timestamp};

use crate::scenario::Scenario;

/// Days before those that count.
pub(crate) const HISTORY_DAYS: i64 = 30;
/// All of them.
pub(crate) const DAYS: i64 = 120;

const HOURS: i64 = DAYS * 24;
/// 2025-01-06, a Monday.
const START: i64 = 1_736_121_600;
const TOPICS: [&str; 6] = ["price", "delivery", "app", "support", "quality", "privacy"];
const SEGMENTS: [(&str, usize); 6] = [
    ("app-store-de:de", 0),
    ("app-store-us:en", 1),
    ("portal:de", 0),
    ("forum:en", 1),
    ("social:de", 0),
    ("news:de", 0),
];
/// What the model says of a negative, a neutral and a positive mention, by language.
const CONFUSION: [[[f64; 3]; 3]; 2] = [
    [[0.80, 0.14, 0.06], [0.16, 0.67, 0.17], [0.06, 0.18, 0.76]],
    [[0.78, 0.16, 0.06], [0.13, 0.71, 0.16], [0.05, 0.17, 0.78]],
];
/// So much of it is chance, which leaves about 70 % that are right.
const NOISE: f64 = 0.1;
const REPLIES: f64 = 0.25;
/// In which hours what happens can begin.
const CHANGES: std::ops::Range<i64> = 60 * 24..74 * 24;

/// A stream with its truth.
pub(crate) struct Stream {
    pub(crate) observations: Vec<Observation>,
    /// Hours since the start.
    pub(crate) change: i64,
    /// 1 where the mood rises, −1 where it falls, else 0.
    pub(crate) direction: f64,
    /// What most of the new negatives (or positives) are about.
    pub(crate) topic: &'static str,
    /// The segment in which the mood changed.
    pub(crate) segment: Option<&'static str>,
    world: World,
}

impl Stream {
    /// The segment that somebody would name who knows all that is drawn but the segment and the hour of the change: how far the
    /// mood shifted, between which days, each segment's share, its mood and how the model errs. It is the mode of the posterior
    /// of the moods, as if each were drawn alone (replies are not), and does not look at topics.
    pub(crate) fn likeliest(&self, seen: impl Iterator<Item = (String, f64, Label)>) -> Option<&'static str> {
        let mut said: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.world.segments.len()];
        for (segment, hour, label) in seen {
            let Some(at) = self.world.segments.iter().position(|it| it.0 == segment) else { continue };
            let [read, usual] = [self.world.shift, 0.0].map(|tilt| self.world.read_as(at, tilt)[label as usize]);
            said[at].push((hour, (read / usual).ln()));
        }
        let likelihood = |said: &[(f64, f64)]| {
            let of = |hour: i64| said.iter().filter(|it| it.0 >= hour as f64).map(|it| it.1).sum::<f64>().exp();
            CHANGES.map(of).sum::<f64>()
        };
        let posterior: Vec<f64> =
            said.iter().zip(&self.world.shares).map(|(it, share)| share * likelihood(it)).collect();
        let best = (0..posterior.len()).max_by(|one, other| posterior[*one].total_cmp(&posterior[*other]))?;
        Some(self.world.segments[best].0)
    }
}

/// A time, in hours since the start.
pub(crate) fn hours_since_start(at: Timestamp) -> f64 {
    (at.seconds() - START) as f64 / 3600.0
}

struct Piece {
    published: f64,
    arrived: f64,
    segment: usize,
    mood: usize,
    author: u64,
    text: u64,
}

struct Profile {
    hours: [f64; 24],
    weekdays: [f64; 7],
}

impl Profile {
    fn new(rng: &mut StdRng) -> Self {
        let (peak, width) = (rng.random_range(11.0..20.0), rng.random_range(3.5..5.5));
        let hours: [f64; 24] = std::array::from_fn(|hour| {
            let distance = (hour as f64 - peak + 36.0) % 24.0 - 12.0;
            0.25 + (-0.5 * f64::powi(distance / width, 2)).exp()
        });
        let weekend: (f64, f64) = (rng.random_range(0.6..1.2), rng.random_range(0.5..1.1));
        let weekdays = [1.0, 1.0, 1.0, 1.0, 1.0, weekend.0, weekend.1];
        let mean = hours.iter().sum::<f64>() / 24.0;
        let mean_day = weekdays.iter().sum::<f64>() / 7.0;
        Self { hours: hours.map(|it| it / mean), weekdays: weekdays.map(|it| it / mean_day) }
    }

    fn at(&self, hour: i64) -> f64 {
        self.hours[(hour % 24) as usize] * self.weekdays[(hour / 24 % 7) as usize]
    }
}

fn wobble(rng: &mut StdRng, deviation: f64, correlation: f64) -> Vec<f64> {
    let normal = Normal::new(0.0, 1.0).unwrap();
    let mut all = vec![deviation * normal.sample(rng)];
    let rest = deviation * f64::sqrt(1.0 - correlation * correlation);
    for day in 1..DAYS as usize {
        let next = correlation * all[day - 1] + rest * normal.sample(rng);
        all.push(next);
    }
    all
}

fn dirichlet<const N: usize>(rng: &mut StdRng, weights: [f64; N]) -> [f64; N] {
    let drawn = weights.map(|weight| Gamma::new(weight, 1.0).unwrap().sample(rng));
    let sum: f64 = drawn.iter().sum();
    drawn.map(|it| it / sum)
}

fn index(rng: &mut StdRng, weights: &[f64]) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    let found = weights.iter().position(|weight| {
        left -= weight;
        left < 0.0
    });
    found.unwrap_or(weights.len() - 1)
}

/// The same numbers give the same stream.
pub(crate) fn stream(scenario: Scenario, rate: f64, seed: u64) -> Stream {
    let rng = &mut chance(scenario, rate, seed);
    World::new(scenario, rate, rng).observe(rng)
}

/// The very same stream, but for the mood, which does not shift: every other draw falls as it did.
pub(crate) fn unshifted(scenario: Scenario, rate: f64, seed: u64) -> Stream {
    let rng = &mut chance(scenario, rate, seed);
    World { shift: 0.0, ..World::new(scenario, rate, rng) }.observe(rng)
}

fn chance(scenario: Scenario, rate: f64, seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed.wrapping_mul(1_000_003) ^ (((rate * 10.0) as u64) << 32) ^ scenario as u64)
}

struct World {
    scenario: Scenario,
    /// How far the mood tilts for good.
    shift: f64,
    rate: f64,
    /// Name and language.
    segments: Vec<(&'static str, usize)>,
    shares: Vec<f64>,
    moods: Vec<[f64; 3]>,
    profiles: Vec<Profile>,
    tilt: Vec<f64>,
    weekend_tilt: f64,
    volume: Vec<f64>,
    change: i64,
    driver: Option<usize>,
    people: f64,
}

impl World {
    fn new(scenario: Scenario, rate: f64, rng: &mut StdRng) -> Self {
        let count = rng.random_range(4..=6);
        let mut segments = SEGMENTS.to_vec();
        for place in (1..segments.len()).rev() {
            segments.swap(place, rng.random_range(0..=place));
        }
        segments.truncate(count);
        let drawn: Vec<f64> = (0..count).map(|_| Gamma::new(3.0, 1.0).unwrap().sample(rng)).collect();
        let sum: f64 = drawn.iter().sum();
        let mut shares: Vec<f64> = drawn.iter().map(|it| it / sum).collect();
        let common = dirichlet(rng, [5.5, 7.5, 12.0]);
        let mut moods: Vec<[f64; 3]> = (0..count)
            .map(|_| {
                let own = dirichlet(rng, [5.5, 7.5, 12.0]);
                std::array::from_fn(|mood| 0.6 * own[mood] + 0.4 * common[mood])
            })
            .collect();
        let mut profiles: Vec<Profile> = (0..count).map(|_| Profile::new(rng)).collect();
        let deviation = rng.random_range(0.05..0.15);
        let tilt = wobble(rng, deviation, 0.7);
        let volume = wobble(rng, 0.25, 0.6);
        let change = rng.random_range(CHANGES);
        if scenario == Scenario::NewForum {
            segments.push(("new-forum:de", 0));
            shares.push(rng.random_range(0.6..1.5));
            moods.push(dirichlet(rng, [30.0, 12.0, 6.0]));
            profiles.push(Profile::new(rng));
        }
        let driver = (scenario == Scenario::SegmentDrop).then(|| index(rng, &shares));
        let weekend_tilt = rng.random_range(-0.08..0.08);
        let people = f64::max(30.0, rate * 25.0);
        let shift = scenario.tilt();
        Self {
            scenario,
            shift,
            rate,
            segments,
            shares,
            moods,
            profiles,
            tilt,
            weekend_tilt,
            volume,
            change,
            driver,
            people,
        }
    }

    fn expected(&self, hour: i64, segment: usize) -> f64 {
        let is_new = self.scenario == Scenario::NewForum && segment + 1 == self.segments.len();
        if is_new && hour < self.change {
            return 0.0;
        }
        let since = hour - self.change;
        let factor = match self.scenario {
            Scenario::VolumeSpike if (0..36).contains(&since) => 5.0,
            Scenario::Holiday if (0..240).contains(&since) => 0.25,
            _ => 1.0,
        };
        let day = f64::exp(self.volume[(hour / 24) as usize] - 0.03);
        self.rate / 24.0 * self.shares[segment] * self.profiles[segment].at(hour) * day * factor / (1.0 + REPLIES)
    }

    fn mood(&self, hour: i64, segment: usize, rng: &mut StdRng) -> usize {
        let hour = hour.clamp(0, HOURS - 1);
        let mut tilt = self.tilt[(hour / 24) as usize];
        if hour / 24 % 7 >= 5 {
            tilt += self.weekend_tilt;
        }
        if self.driver.is_none_or(|driver| driver == segment) {
            let since = (hour - self.change) as f64;
            tilt += self.shift
                * match self.scenario {
                    Scenario::Drift => (since / (21.0 * 24.0)).clamp(0.0, 1.0),
                    _ => f64::from(since >= 0.0),
                };
        }
        let [negative, neutral, positive] = self.moods[segment];
        index(rng, &[negative * (-tilt).exp(), neutral, positive * tilt.exp()])
    }

    /// How often each mood is read in a segment, at a tilt.
    fn read_as(&self, segment: usize, tilt: f64) -> [f64; 3] {
        let [negative, neutral, positive] = self.moods[segment];
        let moods = [negative * (-tilt).exp(), neutral, positive * tilt.exp()];
        let sum: f64 = moods.iter().sum();
        let confusion = &CONFUSION[self.segments[segment].1];
        std::array::from_fn(|label| {
            let right = (0..3).map(|mood| moods[mood] / sum * confusion[mood][label]).sum::<f64>();
            (1.0 - NOISE) * right + NOISE / 3.0
        })
    }

    fn author(&self, rng: &mut StdRng) -> u64 {
        (self.people * Beta::new(0.5, 1.5).unwrap().sample(rng)) as u64
    }

    fn pieces(&self, rng: &mut StdRng) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let later = Exp::new(0.5).unwrap();
        let replies = Geometric::new(1.0 / (1.0 + REPLIES)).unwrap();
        for hour in 0..HOURS {
            for segment in 0..self.segments.len() {
                let expected = self.expected(hour, segment);
                if expected <= 0.0 {
                    continue;
                }
                for _ in 0..Poisson::new(expected).unwrap().sample(rng) as u64 {
                    let published = hour as f64 + rng.random::<f64>();
                    let (mood, text) = (self.mood(hour, segment, rng), pieces.len() as u64);
                    let piece = |published, mood, author, text| Piece {
                        published,
                        arrived: published,
                        segment,
                        mood,
                        author,
                        text,
                    };
                    pieces.push(piece(published, mood, self.author(rng), text));
                    for _ in 0..replies.sample(rng) {
                        let at = published + later.sample(rng);
                        let echoes = rng.random::<f64>() < 0.5;
                        let reply = if echoes { mood } else { self.mood(at as i64, segment, rng) };
                        let text = if echoes && rng.random::<f64>() < 0.3 { text } else { pieces.len() as u64 };
                        pieces.push(piece(at, reply, self.author(rng), text));
                    }
                }
            }
        }
        pieces
    }

    fn inject(&self, pieces: &mut Vec<Piece>, rng: &mut StdRng) {
        let change = self.change as f64;
        let mut add = |published, segment, author, text| {
            pieces.push(Piece { published, arrived: published, segment, mood: 0, author, text });
        };
        let (person, text) = (self.people as u64 + 1, 1 << 40);
        match self.scenario {
            Scenario::AuthorBurst => {
                let count = f64::max(8.0, rng.random_range(0.6..1.5) * self.rate) as u64;
                let largest = (0..self.shares.len()).max_by(|a, b| self.shares[*a].total_cmp(&self.shares[*b]));
                for _ in 0..count {
                    let text = text + rng.random_range(0..u64::max(2, count / 2));
                    add(change + 6.0 * rng.random::<f64>(), largest.unwrap(), person, text);
                }
            }
            Scenario::Syndication => {
                let count = f64::max(8.0, rng.random_range(0.4..1.2) * self.rate) as u64;
                let segment = rng.random_range(0..self.segments.len());
                for outlet in 0..count {
                    add(change + Exp::new(1.0 / 6.0).unwrap().sample(rng), segment, person + outlet, text);
                }
            }
            _ => {}
        }
    }

    /// Nothing arrives for a while; then most of it at once, with old and worse things.
    fn cut_off(&self, pieces: &mut Vec<Piece>, rng: &mut StdRng) {
        let (from, to) = (self.change as f64, self.change as f64 + rng.random_range(36.0..72.0));
        pieces.retain_mut(|piece| {
            if !(from..to).contains(&piece.arrived) {
                return true;
            }
            piece.arrived = to + 2.0 * rng.random::<f64>();
            rng.random::<f64>() >= 0.3
        });
        for number in 0..(3.0 * self.rate) as u64 {
            let segment = index(rng, &self.shares);
            let [negative, neutral, positive] = self.moods[segment];
            pieces.push(Piece {
                published: -48.0 - 24.0 * rng.random_range(0.0..200.0),
                arrived: to + 2.0 + 2.0 * rng.random::<f64>(),
                segment,
                mood: index(rng, &[negative * f64::exp(0.6), neutral, positive * f64::exp(-0.6)]),
                author: self.author(rng),
                text: (1 << 41) + number,
            });
        }
    }

    fn observe(self, rng: &mut StdRng) -> Stream {
        let mut pieces = self.pieces(rng);
        pieces.retain(|piece| piece.published < HOURS as f64);
        self.inject(&mut pieces, rng);
        let delay = Exp::new(1.0 / 0.15).unwrap();
        for piece in &mut pieces {
            piece.arrived += delay.sample(rng);
        }
        if self.scenario == Scenario::Outage {
            self.cut_off(&mut pieces, rng);
        }
        pieces.retain(|piece| piece.arrived < HOURS as f64);
        pieces.sort_by(|a, b| a.arrived.total_cmp(&b.arrived));
        let topics = dirichlet(rng, [3.0; TOPICS.len()]);
        let driver = rng.random_range(0..TOPICS.len());
        let mut labels = std::collections::HashMap::new();
        let mut texts = std::collections::HashSet::new();
        let observations = pieces
            .iter()
            .map(|piece| {
                let carries = self.shift != 0.0
                    && piece.published >= self.change as f64
                    && self.driver.is_none_or(|driver| driver == piece.segment)
                    && match self.scenario.direction() {
                        d if d < 0.0 => piece.mood == 0,
                        d if d > 0.0 => piece.mood == 2,
                        _ => false,
                    };
                let (usual, joins) = (index(rng, &topics), rng.random::<f64>() < 0.6);
                let topic = if carries && joins { driver } else { usual };
                let (name, language) = self.segments[piece.segment];
                // Every copy of a text is read alike.
                let label = *labels.entry(piece.text).or_insert_with(|| {
                    let right = CONFUSION[language][piece.mood];
                    Label::ALL[index(rng, &right.map(|it| (1.0 - NOISE) * it + NOISE / 3.0))]
                });
                let at = |hours: f64| Timestamp::from_seconds(START + (hours * 3600.0) as i64);
                Observation {
                    arrived_at: at(piece.arrived),
                    published_at: Some(at(piece.published)),
                    segment: name.to_owned(),
                    author: Some(piece.author),
                    text: piece.text,
                    topics: vec![TOPICS[topic].to_owned()],
                    label,
                    copy: !texts.insert(piece.text),
                    backfill: false,
                }
            })
            .collect();
        let segment = self.driver.map(|driver| self.segments[driver].0);
        Stream {
            observations,
            change: self.change,
            direction: self.scenario.direction(),
            topic: TOPICS[driver],
            segment,
            world: self,
        }
    }
}
