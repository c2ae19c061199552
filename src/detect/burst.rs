//! One author, or one text, over and over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Extent, HOURS_PER_DAY, Observation};

/// Hours after which a mention counts 1/e of one.
const MEMORY_HOURS: f64 = 24.0;

/// How many mentions are a burst: so many, and so large a share of what is usual on a day.
const LEAST_MENTIONS: f64 = 8.0;
const LEAST_SHARE: f64 = 0.2;

/// What has faded below this is forgotten.
const FORGOTTEN: f64 = 0.5;

/// How often authors and texts were met lately. Only those that were met again are remembered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Bursts {
    authors: BTreeMap<u64, Spell>,
    texts: BTreeMap<u64, Spell>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Spell {
    /// Fading number of mentions, as of `hour`.
    mentions: f64,
    hour: i64,
    first_hour: i64,
    told: bool,
}

impl Spell {
    fn at(self, hour: i64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a number of hours")]
        let hours = hour.saturating_sub(self.hour).max(0) as f64;
        self.mentions * (-hours / MEMORY_HOURS).exp()
    }
}

/// A burst, since this hour.
pub(super) struct Burst {
    pub(super) extent: Extent,
    pub(super) since: i64,
}

impl Bursts {
    /// Takes in a fresh mention; a burst, when it becomes one. `a_day`: how many mentions are usual.
    pub(super) fn observe(&mut self, observation: &Observation, hour: i64, a_day: f64) -> Option<Burst> {
        let enough = LEAST_MENTIONS.max(LEAST_SHARE * a_day);
        let mut burst = None;
        if observation.copy
            && let Some((mentions, since)) = more(&mut self.texts, observation.text, hour, enough)
        {
            burst = Some(Burst { extent: Extent::Text { text: observation.text, mentions }, since });
        }
        if let Some(author) = observation.author
            && let Some((mentions, since)) = more(&mut self.authors, author, hour, enough)
        {
            burst = Some(Burst { extent: Extent::Author { author, mentions }, since });
        }
        burst
    }

    pub(super) fn close_day(&mut self, day: i64) {
        let hour = (day + 1) * HOURS_PER_DAY;
        for spells in [&mut self.authors, &mut self.texts] {
            // Who spoke twice a day ago is remembered; who spoke once is not, but for the last hours.
            spells.retain(|_, spell| spell.at(hour) >= FORGOTTEN);
        }
    }
}

/// Counts one more. The number and the first hour, if that makes it a burst.
fn more(spells: &mut BTreeMap<u64, Spell>, id: u64, hour: i64, enough: f64) -> Option<(u64, i64)> {
    let spell = spells.entry(id).or_insert(Spell { mentions: 0.0, hour, first_hour: hour, told: false });
    spell.mentions = spell.at(hour) + 1.0;
    spell.hour = hour.max(spell.hour);
    if spell.told || spell.mentions < enough {
        return None;
    }
    spell.told = true;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of mentions")]
    let mentions = spell.mentions.round() as u64;
    Some((mentions, spell.first_hour))
}
