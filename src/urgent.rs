//! Which single mention cannot wait, and why. Pure.
//!
//! Detection tells of many voices together; this tells of one. What counts is who speaks: a customer whose battery burns,
//! or who sends his lawyer, and not the newspaper that writes about either. The phrases lie beside the code
//! (`urgent/*.tsv`), [`Rules`] says how they count.

mod rules;
mod scope;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use rules::{Rules, Said};

/// Why a mention cannot wait, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody was hurt, or could be.
    Safety,
    /// Somebody's data are where they do not belong.
    Privacy,
    /// Somebody brings a lawyer, a court or an authority.
    Legal,
    /// Somebody writes about it for the public, or takes it there.
    Press,
    /// A large account threatens to leave.
    Leave,
    /// A term of the brand's own.
    Own,
}

impl Cause {
    /// All of them, the gravest first.
    pub const ALL: [Self; 6] = [Self::Safety, Self::Privacy, Self::Legal, Self::Press, Self::Leave, Self::Own];

    /// As `sources.toml` and the database call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Privacy => "privacy",
            Self::Legal => "legal",
            Self::Press => "press",
            Self::Leave => "leave",
            Self::Own => "own",
        }
    }

    /// The inverse of [`Cause::name`].
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }

    /// Where its weights begin; they end below those of the next graver one: no shouting about a bill stands before a calm
    /// report of a fire.
    const fn gravity(self) -> f64 {
        match self {
            Self::Safety => 0.8,
            Self::Privacy => 0.65,
            Self::Legal => 0.5,
            Self::Press => 0.35,
            Self::Leave => 0.2,
            Self::Own => 0.05,
        }
    }
}

/// That a mention cannot wait.
#[derive(Clone, Debug, PartialEq)]
pub struct Urgent {
    /// Why; of several reasons the gravest.
    pub cause: Cause,
    /// What decided it, as it stands in the text, in its order; at least one, at most five.
    pub words: Vec<String>,
    /// To rank it among others, from 0 to 1; first by cause.
    pub weight: f64,
}
