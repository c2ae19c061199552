//! `[[digest]]`: who reads every day, week or month how it was.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::read::{keep, no_such_brand};
use super::recipient::{RecipientEntry, recipient};
use super::route::{listed, usual_language};
use super::{Alerting, Problem, Recipient};
use crate::brand::Brand;
use crate::digest::Length;
use crate::schedule::Cron;

/// A digest with its readers.
#[derive(Clone, Debug, PartialEq)]
pub struct DigestPlan {
    /// What each of them tells of.
    pub length: Length,
    /// When it is written, on the wall clock of `[alert] time_zone`.
    pub cron: Cron,
    /// About these; `None`: about all.
    pub brands: Option<Vec<String>>,
    /// Who gets it, each once.
    pub to: Vec<Recipient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DigestSection {
    period: Spanned<String>,
    cron: Option<Spanned<String>>,
    brand: Option<Spanned<Vec<Spanned<String>>>>,
    to: Spanned<Vec<Spanned<RecipientEntry>>>,
}

pub(super) fn digests(
    sections: Vec<(DigestSection, Range<usize>)>,
    brands: &[Brand],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Vec<DigestPlan> {
    sections.into_iter().filter_map(|(section, _)| digest(section, brands, alert, problems)).collect()
}

/// Every mistake of the section is named, so nothing returns before all of it was read.
fn digest(
    section: DigestSection,
    brands: &[Brand],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Option<DigestPlan> {
    let length = length(&section.period, problems);
    let cron = cron(section.cron, length, alert, problems);
    let brands = listed(section.brand, problems, |name, problems| {
        let known = brands.iter().any(|brand| brand.name == *name.get_ref());
        if !known {
            problems.push(no_such_brand(&name, brands));
        }
        known.then(|| name.into_inner())
    });
    let to = listed(Some(section.to), problems, |entry, problems| {
        reader(entry, "digests go by mail only: write one like \"marketing@example.org\"", alert, problems)
    })
    .unwrap_or_default();
    Some(DigestPlan { length: length?, cron: cron?, brands, to: each_once(to) })
}

fn length(period: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Length> {
    let length = Length::parse(period.get_ref());
    if length.is_none() {
        let problem = Problem::at(period.span(), format!("`{}` is no period", period.get_ref()));
        problems.push(problem.hint("write \"day\", \"week\" or \"month\""));
    }
    length
}

fn cron(
    written: Option<Spanned<String>>,
    length: Option<Length>,
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Option<Cron> {
    let zone = alert.time_zone.name();
    match written {
        Some(line) => keep(Cron::parse(line.get_ref(), zone), line.span(), problems),
        None => Cron::parse(length?.usual_cron(), zone).ok(),
    }
}

/// Of what goes by mail only; the name of a channel is the likely mistake.
pub(super) fn reader(
    entry: Spanned<RecipientEntry>,
    hint: &str,
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Option<Recipient> {
    let address = &entry.get_ref().address;
    if !address.contains('@') {
        let problem = Problem::at(entry.span(), format!("`{address}` is no mail address"));
        problems.push(problem.hint(hint));
        return None;
    }
    let usual = usual_language(address, alert);
    recipient(entry, usual, problems)
}

pub(super) fn each_once(readers: Vec<Recipient>) -> Vec<Recipient> {
    let mut once: Vec<Recipient> = Vec::new();
    for reader in readers {
        if !once.iter().any(|known| known.mailbox().eq_ignore_ascii_case(reader.mailbox())) {
            once.push(reader);
        }
    }
    once
}
