//! `stimmung model train`: from texts with moods to the weights that are compiled in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::analyse::train::{self, Figures, LanguageFigures};
use crate::cli::print;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The project's own corpus
    #[arg(long, value_name = "DIR", default_value = "model/corpus")]
    corpus: PathBuf,
    /// A folder with XED, GoEmotions and HTW as `*.jsonl.gz`; other files in it are not looked at
    #[arg(long, value_name = "DIR")]
    sets: Option<PathBuf>,
    /// Where the weights are written
    #[arg(long, value_name = "DIR", default_value = "model/weights")]
    out: PathBuf,
}

pub(super) fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let samples = train::samples(&arguments.corpus, arguments.sets.as_deref())?;
    let write = |name: &str, bytes: &[u8]| {
        let path = arguments.out.join(format!("{name}.bin"));
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    for trained in train::moods(&samples) {
        write(trained.language.code(), &trained.bytes)?;
        print(&format!(
            "{}: domains and aspects as judged by what was learned from the other domains",
            trained.language
        ))?;
        trained.figures.iter().try_for_each(|figures| print(&line(figures)))?;
    }
    let (bytes, figures) = train::letters(&samples);
    write("language", &bytes)?;
    print("languages told of texts that were held out, by their length in characters")?;
    figures.iter().try_for_each(|figures| print(&language_line(figures)))?;
    Ok(ExitCode::SUCCESS)
}

fn line(figures: &Figures) -> String {
    let scores: Vec<_> = figures
        .scores
        .iter()
        .map(|score| format!("{:.2} {:.2} {:>5}", score.precision, score.recall, score.support))
        .collect();
    format!("  {:<16} {:.3}   {}", figures.name, figures.macro_f1(), scores.join("   "))
}

fn language_line(figures: &LanguageFigures) -> String {
    let lengths: Vec<_> =
        figures.lengths.iter().map(|(name, (right, all))| format!("{name}: {right} of {all}")).collect();
    format!("  {}  {}", figures.language, lengths.join("   "))
}
