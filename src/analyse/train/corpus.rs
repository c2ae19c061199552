//! The project's own corpus: one file a language and domain, one text a line.
//!
//! Five columns divided by tabs: the mood (`negative`, `neutral`, `positive`, with `?` behind it where careful readers would
//! dispute it), intents, emotions and topics (names divided by commas, or `-`), and the text, in which `\n` is a line break.
//! Lines that begin with `# ` are comments.

use std::path::{Path, PathBuf};

use crate::analyse::aspects::{self, DISPUTED};
use crate::mention::{Label, Language};

/// A text with what a careful reader sees in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What it is written in.
    pub language: Language,
    /// Where it is from: the name of its file.
    pub domain: String,
    /// The text.
    pub text: String,
    /// Towards what it is about.
    pub label: Option<Label>,
    /// The outputs that hold, as bits.
    pub(super) holds: u32,
    /// The outputs that are known to hold or not to hold, as bits.
    pub(super) known: u32,
    /// What it counts in training; one for the project's own.
    pub(super) weight: f32,
}

impl Sample {
    /// Whether careful readers would dispute its mood.
    pub fn is_disputed(&self) -> bool {
        self.holds & (1 << DISPUTED) != 0
    }

    /// A text about which nothing is known yet.
    #[cfg(test)]
    pub(super) fn own(language: Language, domain: &str, text: &str) -> Self {
        let (domain, text) = (domain.to_owned(), text.to_owned());
        Self { language, domain, text, label: None, holds: 0, known: ALL, weight: 1.0 }
    }
}

/// Why a corpus cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A file or folder is not to be had.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is none of a corpus.
    #[error("{}:{line}: {message}", path.display())]
    Line {
        /// Of which file.
        path: PathBuf,
        /// Counted from one.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
}

/// All outputs of emotions, intents and topics, and whether the mood is disputed.
const ALL: u32 = (1 << (DISPUTED + 1)) - 1;

/// Reads a folder with a folder for each language.
///
/// # Errors
/// When a file cannot be read, and at the first line that is none of a corpus.
pub(super) fn read(folder: &Path) -> Result<Vec<Sample>, CorpusError> {
    let mut samples = Vec::new();
    for language_folder in sorted(folder)? {
        let Some(language) = language_folder.file_name().and_then(|name| Language::parse(name.to_str()?)) else {
            continue;
        };
        for path in sorted(&language_folder)?.into_iter().filter(|path| path.extension().is_some_and(|it| it == "tsv"))
        {
            let content =
                std::fs::read_to_string(&path).map_err(|source| CorpusError::Read { path: path.clone(), source })?;
            let domain = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            for (line, row) in (1..).zip(content.lines()).filter(|(_, row)| !row.is_empty() && !row.starts_with("# ")) {
                let sample = parse(row, language, &domain);
                samples.push(sample.map_err(|message| CorpusError::Line { path: path.clone(), line, message })?);
            }
        }
    }
    Ok(samples)
}

/// The entries of a folder in the order of their names, so that every machine reads them alike.
pub(super) fn sorted(folder: &Path) -> Result<Vec<PathBuf>, CorpusError> {
    let error = |source| CorpusError::Read { path: folder.to_owned(), source };
    let entries = std::fs::read_dir(folder).map_err(error)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<Result<Vec<_>, _>>().map_err(error)?;
    paths.sort();
    Ok(paths)
}

fn parse(row: &str, language: Language, domain: &str) -> Result<Sample, String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [mood, intents, emotions, topics, text] = columns[..] else {
        return Err(format!("{} columns instead of 5: mood, intents, emotions, topics, text", columns.len()));
    };
    let (name, disputed) = mood.strip_suffix('?').map_or((mood, false), |name| (name, true));
    let label =
        Label::parse(name).ok_or_else(|| format!("`{mood}` is no mood: write negative, neutral or positive"))?;
    let mut holds = if disputed { 1 << DISPUTED } else { 0 };
    for name in [intents, emotions, topics].iter().flat_map(|names| names.split(',')).filter(|name| *name != "-") {
        let column = aspects::column(name).ok_or_else(|| format!("`{name}` is no intent, emotion or topic"))?;
        holds |= 1 << column;
    }
    if text.trim().is_empty() {
        return Err("the text is empty".to_owned());
    }
    Ok(Sample {
        language,
        domain: domain.to_owned(),
        text: text.replace("\\n", "\n"),
        label: Some(label),
        holds,
        known: ALL,
        weight: 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_a_reader_sees() {
        let sample =
            parse("negative?\tcomplaint,leave\tanger\tprice,contract\tNie wieder.\\nSchade!", Language::GERMAN, "bank");
        let sample = sample.unwrap();
        assert_eq!((sample.label, sample.text.as_str()), (Some(Label::Negative), "Nie wieder.\nSchade!"));
        assert!(sample.is_disputed());
        assert_eq!(sample.holds.count_ones(), 6);
    }

    #[test]
    fn what_is_wrong_with_a_line_is_said() {
        let message = |row: &str| parse(row, Language::GERMAN, "bank").unwrap_err();
        insta::assert_snapshot!(message("negative\tText"), @"2 columns instead of 5: mood, intents, emotions, topics, text");
        insta::assert_snapshot!(message("bad\t-\t-\t-\tText"), @"`bad` is no mood: write negative, neutral or positive");
        insta::assert_snapshot!(message("neutral\twhat\t-\t-\tText"), @"`what` is no intent, emotion or topic");
        insta::assert_snapshot!(message("neutral\t-\t-\t-\t "), @"the text is empty");
    }

    #[test]
    fn a_mistake_is_shown_with_its_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("de")).unwrap();
        std::fs::write(folder.path().join("de/bank.tsv"), "# a comment\nneutral\t-\t-\t-\tGut.\nbad\n").unwrap();
        let error = read(folder.path()).unwrap_err().to_string();
        assert!(
            error.ends_with("bank.tsv:3: 1 columns instead of 5: mood, intents, emotions, topics, text"),
            "{error}"
        );
    }
}
