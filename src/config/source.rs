//! `[[source]]`: where to listen; in `sources.toml`, and in the file of those that were added on a page.

use std::collections::HashSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::Url;

use super::read::{Sections, keep, no_such_brand, of_toml};
use super::{Origin, Problem, Source};
use crate::brand::Brand;
use crate::collect::Kind;
use crate::duration;
use crate::mention::{Language, SourceId};
use crate::schedule::Schedule;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceSection {
    id: Spanned<String>,
    every: Option<Spanned<String>>,
    cron: Option<Spanned<String>>,
    time_zone: Option<Spanned<String>>,
    brand: Option<Spanned<String>>,
    language: Option<Language>,
    #[serde(default)]
    allow_private_network: bool,
    keep_for: Option<Spanned<String>>,
    from: Kind,
}

/// Every source of `[[source]]` sections; `taken` are the ids that others have.
pub(super) fn sources(
    sections: &mut Sections<'_>,
    brands: &[Brand],
    (origin, taken): (Origin, &[Source]),
    problems: &mut Vec<Problem>,
) -> Vec<Source> {
    let settings = sections.peek("source").map(shown_settings).unwrap_or_default();
    let listed: Vec<(SourceSection, _)> = sections.list("source", problems);
    let mut ids = HashSet::new();
    let mut sources = Vec::new();
    for (place, (section, span)) in listed.into_iter().enumerate() {
        unique(&section.id, &mut ids, taken, problems);
        known_brand(&section, &span, brands, problems);
        let id = source_id(&section.id, problems);
        let schedule = schedule(&section, span, problems);
        if let (Some(id), Some(schedule)) = (id, schedule) {
            let keep_for = section.keep_for.as_ref();
            let keep_for = keep_for.and_then(|it| keep(duration::parse(it.get_ref()), it.span(), problems));
            let asked = section.every.or(section.cron).map(Spanned::into_inner);
            sources.push(Source {
                id,
                schedule,
                asked: asked.unwrap_or_default(),
                brand: section.brand.map(Spanned::into_inner),
                language: section.language,
                allow_private_network: section.allow_private_network,
                keep_for,
                kind: section.from,
                origin,
                // Where one is wrong and has no place here, there is no configuration at all.
                settings: settings.get(place).cloned().unwrap_or_default(),
            });
        }
    }
    sources
}

/// The sources of the file beside the data; nothing else belongs into it.
pub(super) fn added(text: &str, brands: &[Brand], taken: &[Source]) -> Result<Vec<Source>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(of_toml).collect());
    }
    let mut problems = Vec::new();
    let mut sections = Sections::split(table.into_inner(), &["source"], &mut problems);
    let sources = sources(&mut sections, brands, (Origin::Added, taken), &mut problems);
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}

fn unique(id: &Spanned<String>, ids: &mut HashSet<String>, taken: &[Source], problems: &mut Vec<Problem>) {
    let name = id.get_ref();
    if !ids.insert(name.clone()) {
        let message = format!("source `{name}` is defined twice");
        problems.push(Problem::at(id.span(), message).hint("give each source an id of its own"));
    }
    if taken.iter().any(|source| source.id.as_str() == name) {
        let message = format!("source `{name}` is defined in `sources.toml` already");
        problems.push(Problem::at(id.span(), message).hint("give this one another id, or take it out here"));
    }
}

/// What stands after `from.KIND` of each source, as people are shown it.
fn shown_settings(list: &DeValue<'_>) -> Vec<Vec<(String, String)>> {
    let DeValue::Array(items) = list else { return Vec::new() };
    let from = |item: &Spanned<DeValue<'_>>| match item.get_ref() {
        DeValue::Table(section) => {
            let mut shown = Vec::new();
            if let Some(DeValue::Table(kinds)) = section.get("from").map(Spanned::get_ref) {
                kinds.values().for_each(|kind| show("", kind.get_ref(), &mut shown));
            }
            shown
        }
        _ => Vec::new(),
    };
    items.iter().map(from).collect()
}

fn show(name: &str, value: &DeValue<'_>, shown: &mut Vec<(String, String)>) {
    let written = match value {
        DeValue::Table(table) => {
            for (key, value) in table {
                let key = key.get_ref();
                show(&if name.is_empty() { key.to_string() } else { format!("{name}.{key}") }, value.get_ref(), shown);
            }
            return;
        }
        DeValue::Array(items) => {
            let mut each = Vec::new();
            items.iter().for_each(|item| show(name, item.get_ref(), &mut each));
            each.into_iter().map(|(_, value)| value).collect::<Vec<_>>().join(", ")
        }
        DeValue::String(text) => without_secrets(name, text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(is) => is.to_string(),
        DeValue::Datetime(at) => at.to_string(),
    };
    shown.push((name.to_owned(), written));
}

/// Somebody may have written a key into an address or a header all the same; whoever looks at a page must not see it.
fn without_secrets(name: &str, text: &str) -> String {
    const HIDDEN: &str = "…";
    let name = name.to_ascii_lowercase();
    let names_a_place = name.ends_with("_env") || name.ends_with("_file");
    let may_be_secret = ["headers.", "password", "secret", "token", "key"].iter().any(|word| name.contains(word));
    if may_be_secret && !names_a_place && !name.ends_with("author_key") {
        return HIDDEN.to_owned();
    }
    let Ok(mut url) = Url::parse(text) else { return text.to_owned() };
    if !url.username().is_empty() || url.password().is_some() {
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    match url.query().map(str::to_owned) {
        Some(_) => {
            let names: Vec<String> = url.query_pairs().map(|(name, _)| format!("{name}={HIDDEN}")).collect();
            url.set_query(None);
            format!("{url}?{}", names.join("&"))
        }
        None => url.to_string(),
    }
}

fn source_id(id: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<SourceId> {
    let parsed = SourceId::parse(id.get_ref());
    if parsed.is_none() {
        problems.push(
            Problem::at(id.span(), format!("`{}` is no source id", id.get_ref()))
                .hint("1 to 64 lower-case letters, digits and hyphens, as in `app-store-de`"),
        );
    }
    parsed
}

fn known_brand(section: &SourceSection, span: &Range<usize>, brands: &[Brand], problems: &mut Vec<Problem>) {
    if let Some(name) = section.brand.as_ref().filter(|_| section.from.hears_everybody()) {
        let message = format!("source `{}` hears everybody, not only who speaks of one brand", section.id.get_ref());
        problems
            .push(Problem::at(name.span(), message).hint("leave `brand` out: what names any of the brands is kept"));
    }
    match &section.brand {
        Some(name) if !brands.iter().any(|brand| brand.name == *name.get_ref()) => {
            problems.push(no_such_brand(name, brands));
        }
        None if !brands.iter().any(Brand::has_terms) => {
            let message = format!("no item of source `{}` could ever be about a brand", section.id.get_ref());
            problems.push(
                Problem::at(span.clone(), message).hint("give the source a `brand`, or a brand the terms to look for"),
            );
        }
        _ => {}
    }
}

fn schedule(section: &SourceSection, span: Range<usize>, problems: &mut Vec<Problem>) -> Option<Schedule> {
    let id = section.id.get_ref();
    match (&section.every, &section.cron) {
        (Some(every), None) => {
            if let Some(zone) = &section.time_zone {
                problems.push(Problem::at(zone.span(), "`time_zone` belongs to `cron`, not to `every`"));
            }
            keep(Schedule::every(every.get_ref()), every.span(), problems)
        }
        (None, Some(cron)) => {
            let zone = section.time_zone.as_ref().map_or("UTC", |zone| zone.get_ref().as_str());
            keep(Schedule::cron(cron.get_ref(), zone), cron.span(), problems)
        }
        (Some(_), Some(cron)) => {
            problems.push(
                Problem::at(cron.span(), format!("source `{id}` has both `every` and `cron`")).hint("keep one of them"),
            );
            None
        }
        (None, None) => {
            problems.push(
                Problem::at(span, format!("source `{id}` has no schedule")).hint(
                    "add `every = \"15m\"`, or `cron = \"*/15 6-22 * * *\"` with `time_zone = \"Europe/Berlin\"`",
                ),
            );
            None
        }
    }
}
