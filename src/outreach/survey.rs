//! Whether people are content with how they were helped: one question and a comment, asked by a link that says who made it.
//!
//! The link holds the number of the survey, until when it can be answered, and a seal of both ([`crate::seal`]). Nothing in it
//! says who the person is.

use serde::{Serialize, Serializer};

use crate::analyse::card::{Interval, wilson};
use crate::mention::Timestamp;
use crate::seal::{is_sealed, seal};
use crate::tongue::{Said, said};

pub use invitation::{Invitation, mail};

mod invitation;
#[cfg(test)]
mod tests;

/// So long a link can be answered.
pub const VALID_SECONDS: i64 = 30 * 86_400;

/// So many characters of a comment are kept.
pub const LONGEST_COMMENT: usize = 2_000;

/// The one question.
pub const QUESTION: Said<&str> =
    said("Wie zufrieden sind Sie mit unserer Hilfe?", "How satisfied are you with our help?");

/// What somebody answers: from 1, very dissatisfied, to 5, very satisfied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// All of them, the best first.
    pub const ALL: [Self; 5] = [Self(5), Self(4), Self(3), Self(2), Self(1)];

    /// `None`: the number is not one of 1 to 5.
    pub fn new(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|score| i64::from(score.0) == number)
    }

    /// From 1 to 5.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Whether the person is satisfied: 4 or 5.
    pub const fn is_satisfied(self) -> bool {
        self.0 >= 4
    }

    /// The same in words.
    pub const fn words(self) -> Said<&'static str> {
        match self.0 {
            5 => said("sehr zufrieden", "very satisfied"),
            4 => said("eher zufrieden", "rather satisfied"),
            3 => said("teils, teils", "partly"),
            2 => said("eher unzufrieden", "rather dissatisfied"),
            _ => said("sehr unzufrieden", "very dissatisfied"),
        }
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.0)
    }
}

/// What the seals of these links are for.
const PURPOSE: &str = "survey";

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The number of the survey.
    pub survey: i64,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

impl Ticket {
    /// What the link ends with: both numbers and their seal, hyphens between them.
    pub fn token(&self, secret: &[u8]) -> String {
        let said = format!("{}-{}", self.survey, self.expires_at.seconds());
        format!("{said}-{}", seal(secret, PURPOSE, &said))
    }

    /// What a link says, if the seal is ours; it may be too late all the same.
    pub fn read(secret: &[u8], token: &str) -> Option<Self> {
        let (said, seal) = token.rsplit_once('-')?;
        if !is_sealed(secret, PURPOSE, said, seal) {
            return None;
        }
        let (survey, expires_at) = said.split_once('-')?;
        Some(Self { survey: survey.parse().ok()?, expires_at: Timestamp::from_seconds(expires_at.parse().ok()?) })
    }
}

/// A comment as it is kept: without blanks around it and without control characters, at most [`LONGEST_COMMENT`] characters;
/// `None`: nothing was said.
pub fn comment(written: &str) -> Option<String> {
    let lines = written.replace("\r\n", "\n");
    let plain: String = lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let kept: String = plain.trim().chars().take(LONGEST_COMMENT).collect();
    (!kept.is_empty()).then_some(kept)
}

/// How many were asked, and what they answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Satisfaction {
    /// Surveys that were made.
    pub asked: usize,
    /// Those that were answered.
    pub answered: usize,
    /// Those that were answered with 4 or 5.
    pub satisfied: usize,
    /// The sum of all scores.
    sum: u64,
}

impl Satisfaction {
    /// The mean score, from 1 to 5; `None`: nobody has answered.
    pub fn mean(&self) -> Option<f64> {
        (self.answered > 0).then(|| self.sum as f64 / self.answered as f64)
    }

    /// Which part of those who answered is satisfied, with what chance leaves open (95 %); `None`: nobody has answered.
    pub fn share(&self) -> Option<(f64, Interval)> {
        let share = || (self.satisfied as f64 / self.answered as f64, wilson(self.satisfied, self.answered));
        (self.answered > 0).then(share)
    }
}

/// Of the answers to all surveys; `None` stands for one that nobody has answered.
impl FromIterator<Option<Score>> for Satisfaction {
    fn from_iter<I: IntoIterator<Item = Option<Score>>>(answers: I) -> Self {
        answers.into_iter().fold(Self::default(), |all, answer| Self {
            asked: all.asked + 1,
            answered: all.answered + usize::from(answer.is_some()),
            satisfied: all.satisfied + usize::from(answer.is_some_and(Score::is_satisfied)),
            sum: all.sum + answer.map_or(0, |score| u64::from(score.number())),
        })
    }
}
