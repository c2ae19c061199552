//! `stimmung model measure`: how often the model is right on labelled texts.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use flate2::read::GzDecoder;
use serde::Deserialize;

use crate::analyse::train::Score;
use crate::analyse::{Mask, Model};
use crate::cli::print;
use crate::mention::{Label, Language, Mention};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// A file of JSON lines with `text`, `label` and optional `lang`, `brand`, plain or compressed with gzip; or a folder of such files
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Tell the model the language that the file names
    #[arg(long)]
    hint: bool,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    label: Option<Label>,
    lang: Option<Language>,
    brand: Option<String>,
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let model = Model::embedded(&[]);
    for path in files(&arguments.path)? {
        let lines = read(&path)?;
        let started = Instant::now();
        let answers = answers(&model, &lines, arguments.hint);
        let rate = per_second(lines.len(), started.elapsed().as_secs_f64());
        print(&format!("{}: {}; {rate:.0} texts a second", path.display(), summary(&lines, &answers)))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds.max(1e-9)
}

fn files(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot read {}", path.display());
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).with_context(unreadable)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = entries.collect::<Result<Vec<_>, _>>().with_context(unreadable)?;
    files.retain(|file| file.to_string_lossy().contains(".jsonl"));
    files.sort();
    Ok(files)
}

/// The lines that have a label.
fn read(path: &Path) -> anyhow::Result<Vec<Line>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let content: Box<dyn Read> =
        if path.extension().is_some_and(|it| it == "gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut lines = Vec::new();
    for (number, line) in (1_usize..).zip(BufReader::new(content).lines()) {
        let place = || format!("{}:{number}", path.display());
        let line: Line = serde_json::from_str(&line.with_context(place)?).with_context(place)?;
        if line.label.is_some() {
            lines.push(line);
        }
    }
    Ok(lines)
}

type Answer = (Option<Label>, Option<Language>);

fn answers(model: &Model, lines: &[Line], hint: bool) -> Vec<Answer> {
    let mut reader = model.reader();
    let mut answer = |line: &Line| {
        let brand = Mask::new(line.brand.as_deref());
        let language_hint = line.lang.filter(|_| hint);
        let mention = Mention { text: line.text.clone(), language_hint, ..Mention::default() };
        let analysis = reader.analyse(&mention, &brand);
        (analysis.mood.map(|mood| mood.label), analysis.language)
    };
    lines.iter().map(&mut answer).collect()
}

/// The mean F1 of the classes that occur, the recall of the negative ones, and how many languages are told.
fn summary(lines: &[Line], answers: &[Answer]) -> String {
    let score = |class: Label| {
        Score::of(lines.iter().zip(answers).map(|(line, answer)| (line.label == Some(class), answer.0 == Some(class))))
    };
    let scores: Vec<Score> = Label::ALL.iter().map(|class| score(*class)).filter(|score| score.support > 0).collect();
    #[expect(clippy::cast_precision_loss, reason = "three classes")]
    let macro_f1 = scores.iter().map(|score| score.f1()).sum::<f64>() / scores.len().max(1) as f64;
    let told = lines.iter().zip(answers).filter(|(line, answer)| line.lang.is_some() && line.lang == answer.1).count();
    let recall = score(Label::Negative).recall;
    format!(
        "{} texts, {} classes, macro-F1 {macro_f1:.3}, recall of negatives {recall:.3}, language {:.3}",
        lines.len(),
        scores.len(),
        per_second(told, per_second(lines.len(), 1.0))
    )
}
