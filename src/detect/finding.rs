//! What the detector says happened, and what became of it.

use serde::{Deserialize, Serialize};

use crate::mention::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Worse than the brand's own usual.
    MoodDown,
    /// Better than the brand's own usual.
    MoodUp,
    /// Far more is said than usual at this time of the week.
    Volume,
    /// One author, or one text, over and over.
    Burst,
    /// Others speak, or about other things, while nobody's mood has changed.
    Mix,
    /// A source is silent although it never is at this time of the week: nobody may be listening.
    Gap,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::MoodDown, Self::MoodUp, Self::Volume, Self::Burst, Self::Mix, Self::Gap];

    /// As it is stored and printed: `mood_down`, `mood_up`, `volume`, `burst`, `mix`, `gap`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MoodDown => "mood_down",
            Self::MoodUp => "mood_up",
            Self::Volume => "volume",
            Self::Burst => "burst",
            Self::Mix => "mix",
            Self::Gap => "gap",
        }
    }

    /// The inverse of [`FindingKind::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Which way the mood went; `None` if it did not.
    pub const fn direction(self) -> Option<Direction> {
        match self {
            Self::MoodDown => Some(Direction::Down),
            Self::MoodUp => Some(Direction::Up),
            Self::Volume | Self::Burst | Self::Mix | Self::Gap => None,
        }
    }
}

/// Which way the mood went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the better.
    Up,
    /// To the worse.
    Down,
}

impl Direction {
    /// 1 or −1.
    pub const fn sign(self) -> f64 {
        match self {
            Self::Up => 1.0,
            Self::Down => -1.0,
        }
    }

    pub(super) const fn finding(self) -> FindingKind {
        match self {
            Self::Up => FindingKind::MoodUp,
            Self::Down => FindingKind::MoodDown,
        }
    }
}

/// What the detector says happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The end of the hour in which the evidence sufficed.
    pub at: Timestamp,
    /// The start of the day (UTC) on which a change of mood most likely began; the start of the hour for the others.
    pub onset: Timestamp,
    /// The start of the earliest day that explains the evidence nearly as well: at most e² times less likely.
    pub onset_earliest: Timestamp,
    /// The start of the latest such day.
    pub onset_latest: Timestamp,
    /// How strongly it speaks against chance: the natural logarithm of an e-value, or of one over a p-value.
    pub evidence: f64,
    /// Where nothing happens, this much evidence is seen once in so many days (at most 10⁹).
    pub rarity_days: f64,
    /// How far the net mood (share positive − share negative, −1…1) is from the usual one.
    pub residual: f64,
    /// Where: a segment, or the source that is silent; `None` for the whole brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// How much; `None` where the mood moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<Extent>,
}

impl Finding {
    /// What tells it apart from others of its kind and hour: where, who, what. It is stored, so it must stay the same for
    /// what is found again.
    ///
    /// As in `forum:de author 17`, `press:en text 4`, `portal`, or nothing for the whole brand.
    pub fn about(&self) -> String {
        let place = self.place.as_deref().unwrap_or_default();
        match &self.extent {
            Some(Extent::Author { author, .. }) => format!("{place} author {author}"),
            Some(Extent::Text { text, .. }) => format!("{place} text {text}"),
            Some(Extent::Mix { of, part, .. }) => format!("{place} {} {part}", of.name()),
            Some(Extent::Volume { .. } | Extent::Silence { .. }) | None => place.to_owned(),
        }
    }
}

/// How much was said, where that is the finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// So many mentions in so many hours.
    Volume {
        /// Hours looked at.
        hours: i64,
        /// How many there were.
        mentions: u64,
        /// How many are usual in these hours of the week.
        expected: f64,
    },
    /// One author has spoken so often lately.
    Author {
        /// What the author is told apart by.
        author: u64,
        /// How often, in a day or so.
        mentions: u64,
    },
    /// One text was said so often lately.
    Text {
        /// What all mentions with this text share.
        text: u64,
        /// How often, in a day or so.
        mentions: u64,
    },
    /// Another blend.
    Mix {
        /// Of what.
        of: Blend,
        /// The part whose share moved the net mood most.
        part: String,
        /// Its share before, 0…1.
        before: f64,
        /// Its share now.
        since: f64,
        /// What the change of the blend alone makes of the net mood, −2…2.
        effect: f64,
    },
    /// So many mentions were to be expected while nothing came.
    Silence {
        /// How many.
        expected: f64,
    },
}

/// What is blended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blend {
    /// Sources and languages.
    Segments,
    /// What it is about.
    Topics,
}

impl Blend {
    /// As it is stored.
    const fn name(self) -> &'static str {
        match self {
            Self::Segments => "segments",
            Self::Topics => "topics",
        }
    }
}

/// Where a shift of the mood stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// It has become larger than when it was found.
    Growing,
    /// Half of it, or more, is gone.
    Easing,
    /// The mood is back to where it was before.
    Over,
    /// Four weeks later it is not, or the mood went on from there: that is the usual one now.
    Settled,
    /// The mood went beyond where it was before: a finding of its own says so.
    Reversed,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Growing, Self::Easing, Self::Over, Self::Settled, Self::Reversed];

    /// The inverse of [`Stage::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// As it is stored and printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Growing => "growing",
            Self::Easing => "easing",
            Self::Over => "over",
            Self::Settled => "settled",
            Self::Reversed => "reversed",
        }
    }
}

/// What became of a shift that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Development {
    /// The finding's kind.
    pub kind: FindingKind,
    /// The finding's [`at`](Finding::at).
    pub found_at: Timestamp,
    /// Since when.
    pub at: Timestamp,
    /// What it has come to.
    pub stage: Stage,
    /// How far the net mood is now from what was usual before.
    pub residual: f64,
}

/// What the detector has to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Something happened.
    Found(Finding),
    /// Something that happened has changed.
    Developed(Development),
}

impl Report {
    /// The finding, if it is one.
    pub fn finding(self) -> Option<Finding> {
        match self {
            Self::Found(finding) => Some(finding),
            Self::Developed(_) => None,
        }
    }
}
