//! `stimmung lint-reply`

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::mention::Language;
use crate::outreach::lint::{Reply, RuleName, Score, Warning, lint, measure};

/// Says of each reply what to look at again, one JSON object a line. Exit code: 0 nothing, 1 a rule spoke, 2 a line cannot be read.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// JSON lines with `reply` and, where known, `review`, `lang` of the review, `public` (default true), `author`, `limit` in
    /// characters and `earlier` replies; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// In which language advice is given
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: Advice,
    /// Lines have `rules`, too: print how often each rule is right on them, and nothing else
    #[arg(long)]
    measure: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Advice {
    De,
    En,
}

/// What is read of a line; everything else is passed over.
#[derive(Deserialize)]
struct Input {
    reply: String,
    review: Option<String>,
    lang: Option<Language>,
    public: Option<bool>,
    author: Option<String>,
    limit: Option<usize>,
    earlier: Option<Vec<String>>,
    rules: Option<Vec<RuleName>>,
}

#[derive(Serialize)]
struct Output {
    line: usize,
    rules: Vec<Spoken>,
}

/// A rule that spoke; places in characters.
#[derive(Serialize)]
struct Spoken {
    rule: &'static str,
    words: String,
    start: usize,
    end: usize,
    advice: &'static str,
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut output = BufWriter::new(std::io::stdout().lock());
    let mut labelled = Vec::new();
    let (mut spoke, mut unreadable) = (false, false);
    for (number, line) in (1_usize..).zip(open(&arguments.file)?.split(b'\n')) {
        let line = line.with_context(|| format!("cannot read {}", arguments.file.display()))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let input: Input = match serde_json::from_slice(&line) {
            Ok(input) => input,
            Err(error) => {
                tracing::error!(line = number, %error, "left out");
                unreadable = true;
                continue;
            }
        };
        let warnings = input.lint();
        spoke |= !warnings.is_empty();
        if arguments.measure {
            labelled.push((input.rules.unwrap_or_default(), warnings.iter().map(|warning| warning.rule).collect()));
        } else if !write(&mut output, &answer(number, &input.reply, &warnings, arguments.language))? {
            break;
        }
    }
    if arguments.measure {
        write(&mut output, &table(&labelled))?;
    }
    output.flush().or_else(unless_gone).context("cannot write to standard output")?;
    Ok(ExitCode::from(if unreadable { 2 } else { u8::from(spoke && !arguments.measure) }))
}

fn open(path: &Path) -> anyhow::Result<BufReader<Box<dyn Read>>> {
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?)
    };
    Ok(BufReader::new(input))
}

impl Input {
    fn lint(&self) -> Vec<Warning> {
        let earlier: Vec<&str> = self.earlier.iter().flatten().map(String::as_str).collect();
        lint(&Reply {
            reply: &self.reply,
            review: self.review.as_deref().unwrap_or_default(),
            language: self.lang,
            is_public: self.public.unwrap_or(true),
            author: self.author.as_deref(),
            limit: self.limit,
            earlier: &earlier,
        })
    }
}

fn answer(line: usize, reply: &str, warnings: &[Warning], language: Advice) -> String {
    let characters = |bytes: usize| reply[..bytes].chars().count();
    let spoken = |warning: &Warning| {
        let advice = warning.rule.advice();
        Spoken {
            rule: warning.rule.name(),
            words: warning.words.clone(),
            start: characters(warning.place.start),
            end: characters(warning.place.end),
            advice: match language {
                Advice::De => advice.german,
                Advice::En => advice.english,
            },
        }
    };
    serde_json::to_string(&Output { line, rules: warnings.iter().map(spoken).collect() }).unwrap_or_default()
}

/// One line for each rule, precision and recall first.
fn table(labelled: &[(Vec<RuleName>, Vec<RuleName>)]) -> String {
    let scores = measure(labelled.iter().map(|(labels, spoke)| (labels.as_slice(), spoke.as_slice())));
    let line = |score: &Score| {
        format!(
            "{:<21} precision {:.2}, recall {:.2}; {} right, {} wrong, {} missed",
            score.rule.name(),
            score.precision(),
            score.recall(),
            score.right,
            score.wrong,
            score.missed
        )
    };
    scores.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether somebody still reads.
fn write(output: &mut impl Write, text: &str) -> anyhow::Result<bool> {
    match writeln!(output, "{text}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true).context("cannot write to standard output"),
    }
}

/// A reader that has gone away is no error.
fn unless_gone(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}
