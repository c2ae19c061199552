//! The service team: which mentions become cases, in what order people take them on, and what a case goes through.
//!
//! Pure, as everything below: it takes `now`, and knows no database and no page. Technology brings the right case to a person
//! and tells her what she needs to know; what is said to a customer, she says.

use serde::{Deserialize, Serialize};

pub use entry::{Conditions, Rule, Rules, Said};

pub mod compare;
pub mod draft;
pub mod entry;
pub mod hours;
pub mod ledger;
pub mod lint;
pub mod queue;
pub mod survey;
pub mod trial;
pub mod warning;

/// How much it matters that somebody answers soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A question, or something that bothers somebody a little.
    Low,
    /// Somebody is upset.
    Normal,
    /// Somebody is upset and about to go.
    High,
    /// It cannot wait: somebody's safety, data or lawyer.
    Urgent,
}

impl Severity {
    /// All of them, the smallest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// As `sources.toml`, addresses and the database have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// The inverse of [`Severity::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has taken it on.
    New,
    /// Somebody has.
    Claimed,
    /// The person was answered; it is their turn.
    Answered,
    /// The person has spoken again: it is our turn.
    Waiting,
    /// What troubled them is settled.
    Solved,
    /// And somebody has asked, days later, whether it stayed so.
    FollowedUp,
    /// There was nothing to do, for a reason.
    Dismissed,
}

impl State {
    /// All of them, in the order in which a case goes through them.
    pub const ALL: [Self; 7] =
        [Self::New, Self::Claimed, Self::Answered, Self::Waiting, Self::Solved, Self::FollowedUp, Self::Dismissed];

    /// As addresses and the database have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Claimed => "claimed",
            Self::Answered => "answered",
            Self::Waiting => "waiting",
            Self::Solved => "solved",
            Self::FollowedUp => "followed_up",
            Self::Dismissed => "dismissed",
        }
    }

    /// The inverse of [`State::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether it is our turn: the person waits for us.
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::New | Self::Claimed | Self::Waiting)
    }

    /// Whether more of the same person still belongs to it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::Claimed | Self::Answered | Self::Waiting)
    }

    /// Whether there is something that the person can be asked about: how they were helped.
    pub const fn can_be_rated(self) -> bool {
        matches!(self, Self::Answered | Self::Solved | Self::FollowedUp)
    }

    /// Where it stands after something happened; `None`: that cannot happen there.
    ///
    /// ```
    /// use stimmung::outreach::{Happening, State};
    /// assert_eq!(State::New.after(Happening::Claimed), Some(State::Claimed));
    /// assert_eq!(State::Dismissed.after(Happening::Solved), None);
    /// ```
    pub const fn after(self, happening: Happening) -> Option<Self> {
        Some(match (self, happening) {
            (Self::New, Happening::Claimed) => Self::Claimed,
            (Self::Claimed, Happening::Released) => Self::New,
            // Who takes over what was answered already goes on where it stands.
            (Self::Claimed | Self::Answered | Self::Waiting, Happening::Claimed | Happening::Released) => self,
            (Self::New | Self::Claimed | Self::Answered | Self::Waiting, Happening::Answered) => Self::Answered,
            (Self::Answered | Self::Waiting, Happening::SpokenAgain) => Self::Waiting,
            (Self::New | Self::Claimed, Happening::SpokenAgain) => self,
            // Whoever is upset again after all was well is not done with.
            (Self::Solved | Self::FollowedUp, Happening::SpokenAgain) => Self::Waiting,
            (Self::New | Self::Claimed | Self::Answered | Self::Waiting, Happening::Solved) => Self::Solved,
            (Self::Solved, Happening::FollowedUp) => Self::FollowedUp,
            (Self::New | Self::Claimed | Self::Answered | Self::Waiting, Happening::Dismissed) => Self::Dismissed,
            (Self::Solved | Self::FollowedUp | Self::Dismissed, Happening::Reopened) => Self::New,
            _ => return None,
        })
    }
}

/// What can happen to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    /// Somebody takes it on, or over.
    Claimed,
    /// Whoever had it gives it back.
    Released,
    /// The person was answered, or an answer has appeared in the source.
    Answered,
    /// The person has said something more.
    SpokenAgain,
    /// It is settled.
    Solved,
    /// Somebody has asked whether it stayed so.
    FollowedUp,
    /// There is nothing to do.
    Dismissed,
    /// It was closed too early.
    Reopened,
}

/// Why there is nothing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dismissal {
    /// The person wants nothing of us.
    NoNeed,
    /// It is not about us.
    NotOurs,
    /// It is no honest voice.
    Spam,
    /// Nobody can answer there.
    NoWay,
    /// It was taken care of elsewhere.
    Elsewhere,
}

impl Dismissal {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::NoNeed, Self::NotOurs, Self::Spam, Self::NoWay, Self::Elsewhere];

    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoNeed => "no_need",
            Self::NotOurs => "not_ours",
            Self::Spam => "spam",
            Self::NoWay => "no_way",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// The inverse of [`Dismissal::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        assert!(State::ALL.into_iter().all(|state| State::parse(state.name()) == Some(state)));
        assert!(Severity::ALL.into_iter().all(|severity| Severity::parse(severity.name()) == Some(severity)));
        assert!(Dismissal::ALL.into_iter().all(|reason| Dismissal::parse(reason.name()) == Some(reason)));
    }

    #[test]
    fn a_case_goes_its_way_and_comes_back_when_the_person_speaks_again() {
        let way = [Happening::Claimed, Happening::Answered, Happening::SpokenAgain, Happening::Answered];
        let end = way.into_iter().try_fold(State::New, State::after);
        assert_eq!(end, Some(State::Answered));
        assert_eq!(State::Solved.after(Happening::FollowedUp), Some(State::FollowedUp));
        assert_eq!(State::FollowedUp.after(Happening::SpokenAgain), Some(State::Waiting));
        assert_eq!(State::Dismissed.after(Happening::SpokenAgain), None, "who was dismissed opens a case of their own");
    }

    #[test]
    fn what_is_closed_is_neither_open_nor_our_turn() {
        for state in [State::Solved, State::FollowedUp, State::Dismissed] {
            assert!(!state.is_open() && !state.is_ours());
            assert_eq!(state.after(Happening::Reopened), Some(State::New));
        }
        assert!(State::Answered.is_open() && !State::Answered.is_ours());
    }
}
