//! What the first column of a lexicon says.

/// What a word or phrase does to the mood of its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::analyse) enum Meaning {
    /// Praise (up to 4) or blame (down to −4), and what a negation makes of it.
    Valence { plain: f64, negated: f64 },
    /// Multiplies the valence that follows by `factor`; where none follows, it has the valence `alone`.
    Intensity { factor: f64, alone: f64 },
    /// Takes back what follows or, unless `ahead`, what came before.
    Negation { ahead: bool },
    /// What follows counts more than what came before.
    But,
    /// The rest of the clause counts less.
    Although,
    /// Ends the reach of a negation.
    And,
    /// Somebody speaks of or to somebody.
    Person,
    /// The voice of news and notices.
    Report,
    /// Judged neutral.
    Nothing,
}

impl Meaning {
    /// A valence whose negation follows the rule: "not good" is worse than "good" is good by a little less,
    /// "not bad" only half as good as "bad" is bad.
    pub(super) const fn valence(plain: f64) -> Self {
        Self::Valence { plain, negated: if plain > 0.0 { -0.8 * plain } else { -0.5 * plain } }
    }

    /// The meaning that the first column of a lexicon names.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.abs() <= 4.0);
        Some(match value {
            "not" => Self::Negation { ahead: false },
            "without" => Self::Negation { ahead: true },
            "but" => Self::But,
            "although" => Self::Although,
            "and" => Self::And,
            "person" => Self::Person,
            "report" => Self::Report,
            "0" => Self::Nothing,
            _ => match (value.strip_prefix('x'), value.split_once('/')) {
                (Some(factor), None) => Self::Intensity { factor: number(factor)?, alone: 0.0 },
                (Some(_), Some((factor, alone))) => {
                    Self::Intensity { factor: number(&factor[1..])?, alone: number(alone)? }
                }
                (None, None) => Self::valence(number(value)?),
                (None, Some((plain, negated))) => Self::Valence { plain: number(plain)?, negated: number(negated)? },
            },
        })
    }

    /// As it stands, without its surroundings.
    pub(in crate::analyse) const fn plain(self) -> f64 {
        match self {
            Self::Valence { plain, .. } => plain,
            Self::Intensity { alone, .. } => alone,
            _ => 0.0,
        }
    }

    /// Of a word that is only part of the word in the text.
    pub(super) fn scaled(self, by: f64) -> Self {
        match self {
            Self::Valence { plain, negated } => Self::Valence { plain: plain * by, negated: negated * by },
            other => other,
        }
    }

    /// Of the word with "un-" before it or "-los" behind it.
    pub(super) fn taken_back(self) -> Self {
        match self {
            Self::Valence { negated, .. } => Self::valence(negated),
            other => other,
        }
    }
}
