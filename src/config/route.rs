//! `[[channel]]` and `[[route]]`: who is told of what, and how else than by mail.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::read::{keep, no_such_brand};
use super::recipient::{RecipientEntry, recipient};
use super::{Alerting, Problem, Route, Target, mailbox};
use crate::brand::Brand;
use crate::detect::{FindingKind, Rule};
use crate::mention::{Language, SourceId};
use crate::notify::{Channel, ChannelKind, MAIL};
use crate::secret::SecretPlace;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChannelSection {
    name: Spanned<String>,
    teams: Option<AddressPlace>,
    slack: Option<AddressPlace>,
    webhook: Option<WebhookPlace>,
    language: Option<Spanned<Language>>,
    #[serde(default)]
    allow_private_network: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressPlace {
    url_env: Option<String>,
    url_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookPlace {
    url: Spanned<Url>,
    secret_env: Option<String>,
    secret_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteSection {
    brand: Option<Spanned<Vec<Spanned<String>>>>,
    kind: Option<Spanned<Vec<Spanned<String>>>>,
    least_rarity: Option<Spanned<String>>,
    to: Spanned<Vec<Spanned<RecipientEntry>>>,
}

/// Also of those that have mistakes, so that a route that names one is not called wrong, too.
pub(super) fn names(sections: &[(ChannelSection, Range<usize>)]) -> Vec<String> {
    sections.iter().map(|(section, _)| section.name.get_ref().clone()).collect()
}

pub(super) fn channels(
    sections: Vec<(ChannelSection, Range<usize>)>,
    usual: Language,
    problems: &mut Vec<Problem>,
) -> Vec<Channel> {
    let mut names = HashSet::new();
    let mut channels = Vec::new();
    for (section, _) in sections {
        let (name, span) = (section.name.get_ref().clone(), section.name.span());
        check_name(&section.name, "a channel", problems);
        if !names.insert(name.clone()) {
            let problem = Problem::at(span.clone(), format!("channel `{name}` is defined twice"));
            problems.push(problem.hint("give each channel a name of its own"));
        }
        let language = language(section.language.as_ref(), usual, problems);
        let allow_private_network = section.allow_private_network;
        if let Some(kind) = kind(section, &span, problems) {
            channels.push(Channel { name, language, allow_private_network, kind });
        }
    }
    channels
}

pub(super) fn check_name(name: &Spanned<String>, what: &str, problems: &mut Vec<Problem>) {
    if SourceId::parse(name.get_ref()).is_none() || name.get_ref() == MAIL {
        problems.push(
            Problem::at(name.span(), format!("`{}` is no name for {what}", name.get_ref()))
                .hint("1 to 64 lower-case letters, digits and hyphens, as in `team-chat`; `mail` is taken"),
        );
    }
}

pub(super) fn language(written: Option<&Spanned<Language>>, usual: Language, problems: &mut Vec<Problem>) -> Language {
    let Some(written) = written else { return usual };
    if ![Language::GERMAN, Language::ENGLISH].contains(written.get_ref()) {
        let problem = Problem::at(written.span(), format!("nothing is written in `{}`", written.get_ref()));
        problems.push(problem.hint("write \"de\" or \"en\""));
    }
    *written.get_ref()
}

/// What a channel is: exactly one of three.
fn kind(section: ChannelSection, span: &Range<usize>, problems: &mut Vec<Problem>) -> Option<ChannelKind> {
    let private = section.allow_private_network;
    let place = |one: AddressPlace| SecretPlace { env: one.url_env, file: one.url_file };
    match (section.teams, section.slack, section.webhook) {
        (Some(one), None, None) => checked(place(one), "teams.url", span, problems).map(ChannelKind::Teams),
        (None, Some(one), None) => checked(place(one), "slack.url", span, problems).map(ChannelKind::Slack),
        (None, None, Some(webhook)) => self::webhook(webhook, private, span, problems),
        _ => {
            let message = format!("channel `{}` must be exactly one thing", section.name.get_ref());
            problems.push(Problem::at(span.clone(), message).hint(
                "give it one of `teams.url_env`, `slack.url_env`, or `webhook = { url = \"…\", secret_env = \"…\" }`",
            ));
            None
        }
    }
}

fn webhook(
    written: WebhookPlace,
    private: bool,
    span: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<ChannelKind> {
    let WebhookPlace { url, secret_env, secret_file } = written;
    let (url_span, url) = (url.span(), url.into_inner());
    let place = SecretPlace { env: secret_env, file: secret_file };
    let secret = checked(place, "webhook.secret", span, problems);
    let mut problem = |message: &str, hint: &str| problems.push(Problem::at(url_span.clone(), message).hint(hint));
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        problem("the address is none of the web", "write one that begins with https://");
    } else if !url.username().is_empty() || url.password().is_some() {
        problem("the address holds a password", "leave it out: the signature tells who it was");
    } else if url.scheme() != "https" && !private {
        problem(
            "what is sent there could be read on the way",
            "write https://, or `allow_private_network = true` if it is in your own network",
        );
    }
    Some(ChannelKind::Webhook { url, secret: secret? })
}

/// A secret has one place.
pub(super) fn checked(
    place: SecretPlace,
    key: &str,
    span: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<SecretPlace> {
    let mistake = match (&place.env, &place.file) {
        (Some(_), Some(_)) => "both are set: keep one of them",
        (None, None) => "one of them must say where the secret is",
        _ => return Some(place),
    };
    problems.push(Problem::at(span.clone(), format!("`{key}_env` and `{key}_file`: {mistake}")));
    None
}

pub(super) fn routes(
    sections: Vec<(RouteSection, Range<usize>)>,
    brands: &[Brand],
    channels: &[String],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Vec<Route> {
    let route = |(section, _): (RouteSection, _)| Route {
        brands: listed(section.brand, problems, |name, problems| {
            let known = brands.iter().any(|brand| brand.name == *name.get_ref());
            if !known {
                problems.push(no_such_brand(&name, brands));
            }
            if brands.iter().any(|brand| brand.name == *name.get_ref() && brand.competitor_of.is_some()) {
                let message = format!("\"{}\" is a competitor: nobody is told of its findings", name.get_ref());
                problems.push(Problem::at(name.span(), message).hint("name brands of your own"));
            }
            known.then(|| name.into_inner())
        }),
        kinds: listed(section.kind, problems, |name, problems| known_kind(&name, problems)),
        least_rarity_days: section
            .least_rarity
            .and_then(|span| keep(span.get_ref().parse::<Rule>(), span.span(), problems))
            .map_or(0.0, |rule| rule.days),
        to: listed(Some(section.to), problems, |entry, problems| target(entry, channels, alert, problems))
            .unwrap_or_default(),
    };
    sections.into_iter().map(route).collect()
}

/// What a list holds, each entry read; an empty list would match nothing, which nobody means.
pub(super) fn listed<T, U>(
    list: Option<Spanned<Vec<Spanned<T>>>>,
    problems: &mut Vec<Problem>,
    read: impl Fn(Spanned<T>, &mut Vec<Problem>) -> Option<U>,
) -> Option<Vec<U>> {
    let list = list?;
    if list.get_ref().is_empty() {
        problems.push(Problem::at(list.span(), "the list is empty: name at least one, or leave the line out"));
    }
    Some(list.into_inner().into_iter().filter_map(|entry| read(entry, problems)).collect())
}

fn known_kind(name: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<FindingKind> {
    let kind = FindingKind::parse(name.get_ref());
    if kind.is_none() {
        let known = FindingKind::ALL.map(FindingKind::name).join(", ");
        let problem = Problem::at(name.span(), format!("there is no kind of finding `{}`", name.get_ref()));
        problems.push(problem.hint(format!("known are {known}")));
    }
    kind
}

/// Somebody who stands in `[alert] to`, too, keeps the language.
pub(super) fn usual_language(address: &str, alert: &Alerting) -> Language {
    let known = alert.to.iter().find(|one| one.mailbox().eq_ignore_ascii_case(mailbox(address)));
    known.map_or(alert.language, |one| one.language)
}

/// With an `@` it is an address, else the name of a channel.
pub(super) fn target(
    entry: Spanned<RecipientEntry>,
    channels: &[String],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Option<Target> {
    let name = entry.get_ref().address.clone();
    if name.contains('@') || entry.get_ref().language.is_some() {
        return Some(Target::Mail(recipient(entry, usual_language(&name, alert), problems)?));
    }
    if channels.contains(&name) {
        return Some(Target::Channel(name));
    }
    let hint = match channels {
        [] => "write a mail address, or add a [[channel]] of this name".to_owned(),
        known => format!("write a mail address, or one of the channels {}", known.join(", ")),
    };
    problems.push(Problem::at(entry.span(), format!("there is no channel `{name}`")).hint(hint));
    None
}
