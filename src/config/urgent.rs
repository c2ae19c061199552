//! `[urgent]`: who is told at once of a single mention that cannot wait.

use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;

use super::read::keep;
use super::recipient::RecipientEntry;
use super::route::{listed, target};
use super::target::each_once;
use super::{Alerting, Problem, Target};
use crate::duration;
use crate::urgent::Cause;

/// What `[urgent]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urgency {
    /// Who is told; empty: nobody, and nothing is looked at.
    pub to: Vec<Target>,
    /// Of what.
    pub causes: Vec<Cause>,
    /// What is found sooner after a letter is gathered for the next one.
    pub at_most_every: Duration,
}

impl Default for Urgency {
    fn default() -> Self {
        Self { to: Vec::new(), causes: Cause::ALL.to_vec(), at_most_every: Duration::from_mins(15) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UrgentSection {
    to: Option<Spanned<Vec<Spanned<RecipientEntry>>>>,
    causes: Option<Spanned<Vec<Spanned<String>>>>,
    at_most_every: Option<Spanned<String>>,
}

pub(super) fn urgency(
    section: UrgentSection,
    channels: &[String],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Urgency {
    let default = Urgency::default();
    let to = listed(section.to, problems, |entry, problems| target(entry, channels, alert, problems));
    let causes = listed(section.causes, problems, |name, problems| known_cause(&name, problems));
    let at_most_every =
        section.at_most_every.and_then(|words| keep(duration::parse(words.get_ref()), words.span(), problems));
    Urgency {
        to: each_once(to.into_iter().flatten()),
        causes: causes.unwrap_or(default.causes),
        at_most_every: at_most_every.unwrap_or(default.at_most_every),
    }
}

fn known_cause(name: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Cause> {
    let cause = Cause::parse(name.get_ref());
    if cause.is_none() {
        let known = Cause::ALL.map(Cause::name).join(", ");
        let problem = Problem::at(name.span(), format!("there is no cause `{}`", name.get_ref()));
        problems.push(problem.hint(format!("known are {known}")));
    }
    cause
}
