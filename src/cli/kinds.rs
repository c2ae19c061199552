//! `stimmung kinds`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{Place, print};
use crate::collect::{About, Kind};
use crate::config::{Config, Source};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Works without a configuration; with one it says, too, which sources there are of each kind and whether their keys are there.
pub(super) fn execute(arguments: &Arguments, place: &Place) -> anyhow::Result<ExitCode> {
    let config = place.config().ok();
    for about in Kind::ALL {
        let sources = sources(config.as_ref(), about);
        let text = if arguments.json { as_json(about, &sources) } else { as_text(about, &sources) };
        print(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn sources<'a>(config: Option<&'a Config>, about: &About) -> Vec<&'a Source> {
    let all = config.into_iter().flat_map(|config| &config.sources);
    all.filter(|source| source.kind.name() == about.name).collect()
}

/// The settings of a source that name keys, and whether these are there.
fn keys(source: &Source) -> impl Iterator<Item = (&'static str, bool)> {
    source.kind.secrets().into_iter().map(|(key, place)| (key, place.is_there(key)))
}

fn as_json(about: &About, sources: &[&Source]) -> String {
    let source = |source: &&Source| {
        let keys: serde_json::Map<String, _> =
            keys(source).map(|(key, there)| (key.to_owned(), there.into())).collect();
        json!({ "id": source.id, "keys": keys })
    };
    json!({
        "kind": about.name,
        "listens_to": about.listens_to,
        "needs": about.needs,
        "brings": about.brings.iter().map(|detail| detail.name()).collect::<Vec<_>>(),
        "history": about.history,
        "takes_answers": about.takes_answers,
        "example": about.example,
        "sources": sources.iter().map(source).collect::<Vec<_>>(),
    })
    .to_string()
}

fn as_text(about: &About, sources: &[&Source]) -> String {
    let brings = about.brings.iter().map(|detail| detail.name().english).collect::<Vec<_>>().join(", ");
    let needs = about.needs.map_or("nothing", |needs| needs.english);
    let answers = if about.takes_answers { "\n  answers  can be published from here" } else { "" };
    let mut text = format!(
        "{}: {}\n  needs    {needs}\n  brings   {brings}\n  history  {}{answers}\n  example  from.{}\n",
        about.name, about.listens_to, about.history, about.example
    );
    for source in sources {
        let keys: Vec<String> = keys(source)
            .map(|(key, there)| format!("{key} {}", if there { "is there" } else { "is missing" }))
            .collect();
        let keys = if keys.is_empty() { String::new() } else { format!(": {}", keys.join(", ")) };
        text += &format!("  source   {}{keys}\n", source.id);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_what_it_is_and_its_example_is_valid() {
        for about in Kind::ALL {
            let source = format!(
                "[[brand]]\nname = \"B\"\nany = [\"Lerchenbahn\"]\n[[source]]\nid = \"it\"\nevery = \"1h\"\nfrom.{}\n",
                about.example
            );
            let config = Config::parse(&source, "example").unwrap_or_else(|error| panic!("{}: {error}", about.name));
            let kind = &config.sources[0].kind;
            assert_eq!(kind.name(), about.name, "the example is one of its own");
            assert!(!about.brings.is_empty(), "{} says what it brings", about.name);
            assert!(kind.secrets().is_empty() || about.needs.is_some(), "{} says what key it needs", about.name);
        }
    }

    #[test]
    fn a_kind_is_told_in_a_few_lines_with_the_keys_of_its_sources() {
        insta::assert_snapshot!(as_text(&Kind::ALL[0], &[]));
        insta::assert_snapshot!(as_json(&Kind::ALL[0], &[]));
    }
}
