//! Emotions, intents and topics: what a text is about and what its writer wants, each told on its own.

use serde::{Deserialize, Serialize};

/// How many outputs the tables have; some are not in use.
pub(super) const COLUMNS: usize = 32;
/// The output that says whether careful readers would dispute the mood.
pub(super) const DISPUTED: usize = 25;
/// The theme of words that speak of urgency; no output.
pub(super) const URGENT: usize = 26;

/// Makes an enum whose variants have a name and a column of their own.
macro_rules! aspect {
    ($(#[$doc:meta])* $name:ident from $first:literal { $($(#[$variant_doc:meta])* $variant:ident => $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// All of them, in the order of their outputs.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// As corpora, databases and `stimmung analyse` write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The inverse of `name`.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }

            /// Its output.
            pub(super) const fn column(self) -> usize {
                $first + self as usize
            }
        }
    };
}

aspect! {
    /// What the writer feels.
    Emotion from 0 {
        /// Fury, annoyance.
        Anger => "anger",
        /// Hopes that were not met.
        Disappointment => "disappointment",
        /// Fear of what may come.
        Worry => "worry",
        /// Grief, loneliness, regret.
        Sadness => "sadness",
        /// Revulsion.
        Disgust => "disgust",
        /// Delight, fun, contentment.
        Joy => "joy",
        /// Thanks that are meant.
        Gratitude => "gratitude",
        /// Astonishment, good or bad.
        Surprise => "surprise",
    }
}

aspect! {
    /// What the writer wants.
    Intent from 8 {
        /// Something is wrong and shall be known.
        Complaint => "complaint",
        /// An answer.
        Question => "question",
        /// To recommend.
        Praise => "praise",
        /// Something to be done otherwise.
        Suggestion => "suggestion",
        /// To leave, or has left.
        Leave => "leave",
        /// To buy or to sign up.
        Buy => "buy",
    }
}

aspect! {
    /// What the text is about.
    Topic from 14 {
        /// Parcels and whether they arrive.
        Delivery => "delivery",
        /// Prices, bills, refunds.
        Price => "price",
        /// Customer service and whether it can be reached.
        Support => "support",
        /// The core of the thing: product, food, room, ride.
        Quality => "quality",
        /// App and web site.
        App => "app",
        /// It does not work at all right now.
        Outage => "outage",
        /// The people one meets.
        Staff => "staff",
        /// Returns, warranty, repair.
        Returns => "returns",
        /// Signing up, terms, cancelling.
        Contract => "contract",
        /// Data, tracking, unwanted mail.
        Privacy => "privacy",
        /// Danger, health, hygiene.
        Safety => "safety",
    }
}

/// The output of an emotion, an intent or a topic by its name, or the theme `urgent`.
pub(super) fn column(name: &str) -> Option<usize> {
    let emotion = || Emotion::parse(name).map(Emotion::column);
    let intent = || Intent::parse(name).map(Intent::column);
    let topic = || Topic::parse(name).map(Topic::column);
    emotion().or_else(intent).or_else(topic).or_else(|| (name == "urgent").then_some(URGENT))
}

/// Those that are beyond their thresholds, the clearest first.
pub(super) fn named<T: Copy>(all: &[T], column: impl Fn(T) -> usize, beyond: &[f32; COLUMNS]) -> Vec<T> {
    let mut found: Vec<T> = all.iter().copied().filter(|&one| beyond[column(one)] >= 0.0).collect();
    found.sort_by(|&one, &other| beyond[column(other)].total_cmp(&beyond[column(one)]));
    found
}

/// The name of an output; empty where it is not in use.
pub(super) fn name(column: usize) -> &'static str {
    let emotion = || Emotion::ALL.iter().find(|one| one.column() == column).map(|one| one.name());
    let intent = || Intent::ALL.iter().find(|one| one.column() == column).map(|one| one.name());
    let topic = || Topic::ALL.iter().find(|one| one.column() == column).map(|one| one.name());
    emotion().or_else(intent).or_else(topic).unwrap_or(if column == DISPUTED { "disputed" } else { "" })
}
