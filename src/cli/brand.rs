//! `stimmung brand …`

use std::io::BufRead as _;
use std::ops::Range;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::{Value, json};

use super::analyse::language;
use super::{Place, WrongUse, print, source_id};
use crate::analyse::{Mask, Model, Reader};
use crate::brand::{Brand, Context, Explanation, Matcher};
use crate::config::Config;
use crate::mention::{Language, Mention, SourceId};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says which brands a text is about: which term stands where, or why it is not
    Test(Test),
}

#[derive(Debug, Args)]
struct Test {
    /// The texts; without one, or with `-`, each line of standard input is one
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,
    /// Only this brand
    #[arg(long, value_name = "NAME")]
    brand: Option<String>,
    /// The source that the texts are from, for `source:`
    #[arg(long, value_name = "ID", value_parser = source_id)]
    source: Option<SourceId>,
    /// Their language, for `lang:`; without it, the model tells
    #[arg(long, value_name = "CODE", value_parser = language)]
    language: Option<Language>,
    /// One JSON object for each text
    #[arg(long)]
    json: bool,
}

/// What a brand's query makes of a text.
#[derive(Serialize)]
struct Answer<'a> {
    brand: &'a str,
    #[serde(flatten)]
    explanation: Explanation,
}

pub(super) fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let Command::Test(test) = &arguments.command;
    let config = place.config()?;
    if let Some(name) = test.brand.as_ref().filter(|name| !config.brands.iter().any(|brand| brand.name == **name)) {
        return Err(WrongUse(format!("there is no brand \"{name}\" in {}", place.config.display())).into());
    }
    let (model, matcher) = (Model::embedded(&config.languages), Matcher::new(&config.brands));
    let mask = Mask::new(config.brands.iter().flat_map(Brand::names));
    let mut reader = model.reader();
    let mut is_first = true;
    each_text(&test.texts, |text| {
        let language = test.language.or_else(|| detected(text, test, &config, &mut reader, &mask));
        let context = Context { source: test.source.as_ref().map(SourceId::as_str), language: language.into() };
        let is_meant = |brand: &Brand| test.brand.as_ref().is_none_or(|name| *name == brand.name);
        let brands = config.brands.iter().enumerate().filter(|(_, brand)| is_meant(brand));
        let explained = brands.filter_map(|(place, brand)| Some((brand, matcher.explain(place, text, &context)?)));
        let answers: Vec<Answer<'_>> =
            explained.map(|(brand, explanation)| Answer { brand: &brand.name, explanation }).collect();
        let answer =
            if test.json { as_json(text, language, &answers).to_string() } else { shown(text, language, &answers) };
        let gap = if is_first || test.json { "" } else { "\n" };
        is_first = false;
        print(&format!("{gap}{answer}"))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Takes the texts of the command line, or the lines of standard input, one by one.
fn each_text(texts: &[String], mut take: impl FnMut(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    if !texts.is_empty() && texts != ["-"] {
        return texts.iter().try_for_each(|text| take(text));
    }
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.context("cannot read standard input")?;
        let line = String::from_utf8_lossy(&line);
        if !line.trim().is_empty() {
            take(line.trim_end_matches('\r'))?;
        }
    }
    Ok(())
}

/// As the service would tell it, with what is configured for the source.
fn detected(text: &str, test: &Test, config: &Config, reader: &mut Reader<'_>, mask: &Mask) -> Option<Language> {
    let source = test.source.as_ref().and_then(|id| config.source(id.as_str()));
    let hint = source.and_then(|source| source.language);
    let mention = Mention { text: text.to_owned(), language_hint: hint, ..Mention::default() };
    reader.analyse(&mention, mask).language
}

fn as_json(text: &str, language: Option<Language>, answers: &[Answer<'_>]) -> Value {
    json!({"text": text, "language": language, "brands": answers})
}

/// The language, and for each brand whether the text is about it, with the text marked, its terms, and reasons.
fn shown(text: &str, language: Option<Language>, answers: &[Answer<'_>]) -> String {
    let mut lines = vec![match language {
        Some(language) => format!("language: {language}"),
        None => "language: cannot tell".to_owned(),
    }];
    for Answer { brand, explanation } in answers {
        let Explanation { matches, found, why_not } = explanation;
        lines.push(format!("{}  {brand}", if *matches { "yes" } else { "no " }));
        if !found.is_empty() {
            lines.push(format!("     {}", marked(text, found.iter().map(|one| one.place.clone()))));
        }
        lines.extend(found.iter().map(|one| format!("     {} at {}", one.term, one.at)));
        lines.extend(why_not.iter().map(|reason| format!("     not: {reason}")));
    }
    lines.join("\n")
}

/// A text on one line with `[` and `]` around places, which ascend.
fn marked(text: &str, places: impl Iterator<Item = Range<usize>>) -> String {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for place in places {
        match joined.last_mut() {
            Some(before) if place.start < before.end => before.end = before.end.max(place.end),
            _ => joined.push(place),
        }
    }
    let (mut marked, mut at) = (String::new(), 0);
    for place in joined {
        marked.push_str(&format!("{}[{}]", &text[at..place.start], &text[place.clone()]));
        at = place.end;
    }
    marked.push_str(&text[at..]);
    // What strangers wrote must not steer a terminal.
    marked.replace(char::is_control, " ")
}
