//! `stimmung analyse`

use std::io::{BufRead as _, BufWriter, Write as _};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::analyse::{Analysis, Mask, Model};
use crate::mention::{Language, Mention, Rating};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Each line of standard input is a text; without it, a JSON object with `text` and optional `title`, `lang`, `rating`
    #[arg(long)]
    plain: bool,
    /// Only these languages may be detected, as in `de,en`
    #[arg(long, value_name = "CODES", value_delimiter = ',', value_parser = language)]
    languages: Vec<Language>,
}

pub(super) fn language(code: &str) -> Result<Language, String> {
    Language::parse(code).ok_or_else(|| "a language is two letters, as in `de`".to_owned())
}

/// What is read of a line; everything else in the object is handed through.
#[derive(Deserialize)]
struct Input {
    text: String,
    title: Option<String>,
    lang: Option<String>,
    rating: Option<f64>,
    #[serde(default)]
    brand_terms: Vec<String>,
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let model = Model::embedded(&arguments.languages);
    let mut reader = model.reader();
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for (number, line) in (1_usize..).zip(std::io::stdin().lock().split(b'\n')) {
        let line = line.context("cannot read standard input")?;
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() {
            continue;
        }
        let object = match read(&line, arguments.plain) {
            Ok((mention, brand, rest)) => answer(&reader.analyse(&mention, &brand), rest),
            Err(error) => {
                tracing::error!(line = number, %error, "left out");
                code = ExitCode::FAILURE;
                continue;
            }
        };
        match serde_json::to_writer(&mut output, &object)
            .map_err(std::io::Error::from)
            .and_then(|()| output.write_all(b"\n"))
        {
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(code),
            written => written.context("cannot write to standard output")?,
        }
    }
    output.flush().context("cannot write to standard output")?;
    Ok(code)
}

fn read(line: &str, plain: bool) -> Result<(Mention, Mask, Map<String, Value>), serde_json::Error> {
    if plain {
        let text = line.trim_end_matches('\r').to_owned();
        let object = Map::from_iter([("text".to_owned(), Value::from(text.clone()))]);
        return Ok((Mention { text, ..Mention::default() }, Mask::default(), object));
    }
    let object: Map<String, Value> = serde_json::from_str(line)?;
    let input = Input::deserialize(&object)?;
    let mention = Mention {
        text: input.text,
        title: input.title,
        language_hint: input.lang.as_deref().and_then(Language::parse),
        rating: input.rating.map(Rating::stars),
        ..Mention::default()
    };
    let brand = Mask::new(input.brand_terms.iter().map(String::as_str));
    Ok((mention, brand, object))
}

/// The object with what the model thinks; `lang` and `label` are null where it cannot tell.
fn answer(analysis: &Analysis, mut object: Map<String, Value>) -> Map<String, Value> {
    let mood = analysis.mood.as_ref();
    let [negative, neutral, positive] = mood.map_or([1.0 / 3.0; 3], |mood| mood.probabilities);
    object.insert("lang".into(), json!(analysis.language));
    object.insert("label".into(), json!(mood.map(|mood| mood.label)));
    object.insert("score".into(), json!(rounded(mood.map_or(0.0, |mood| mood.score))));
    object.insert(
        "p".into(),
        json!({"negative": rounded(negative), "neutral": rounded(neutral), "positive": rounded(positive)}),
    );
    object.insert("emotions".into(), json!(analysis.emotions));
    object.insert("intent".into(), json!(analysis.intents));
    object.insert("topics".into(), json!(analysis.topics));
    object.insert("urgency".into(), json!(rounded(analysis.urgency.value)));
    object.insert("why".into(), json!(mood.map(|mood| mood.why.as_slice()).unwrap_or_default()));
    object
}

/// To four places: more is noise to a reader.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
