//! Labelled texts of others whose licences allow weights to be learned from them, and no others.
//!
//! | set | texts | licence |
//! |---|---|---|
//! | XED (Öhman, Pàmies, Kajava, Tiedemann: COLING 2020) | film subtitles with emotions | CC BY 4.0 |
//! | GoEmotions (Demszky and others: ACL 2020) | forum comments with emotions | Apache-2.0 |
//! | HTW robot emotions | insults and praise in German | MIT |
//!
//! Each file holds one JSON object a line, compressed with gzip: `text`, `lang`, `label` and, where it has them, `emotions`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::corpus::{CorpusError, Sample};
use crate::analyse::aspects::Emotion;
use crate::mention::{Label, Language};

/// A set that may be learned from.
struct Set {
    /// How the name of its files ends, before `.jsonl.gz`.
    name: &'static str,
    /// What its texts count beside those of the project's own corpus.
    weight: f32,
    /// The emotions that it was labelled with, and what they are called there.
    emotions: &'static [(Emotion, &'static [&'static str])],
}

const SETS: [Set; 3] = [
    Set {
        name: "_xed",
        weight: 0.02,
        emotions: &[
            (Emotion::Anger, &["anger"]),
            (Emotion::Worry, &["fear"]),
            (Emotion::Sadness, &["sadness"]),
            (Emotion::Disgust, &["disgust"]),
            (Emotion::Joy, &["joy"]),
            (Emotion::Surprise, &["surprise"]),
        ],
    },
    Set {
        name: "en_goemotions",
        weight: 0.1,
        emotions: &[
            (Emotion::Anger, &["anger", "annoyance"]),
            (Emotion::Disappointment, &["disappointment"]),
            (Emotion::Worry, &["fear", "nervousness"]),
            (Emotion::Sadness, &["sadness", "grief", "remorse"]),
            (Emotion::Disgust, &["disgust"]),
            (Emotion::Joy, &["joy", "amusement", "excitement", "love"]),
            (Emotion::Gratitude, &["gratitude"]),
            (Emotion::Surprise, &["surprise"]),
        ],
    },
    Set { name: "de_htw_robot", weight: 0.1, emotions: &[] },
];

#[derive(Deserialize)]
struct Line {
    text: String,
    lang: Language,
    label: Option<Label>,
    #[serde(default)]
    emotions: Vec<String>,
}

/// Reads the sets in a folder that may be learned from; all other files are left alone.
///
/// # Errors
/// When a file cannot be read, and at the first line that is no labelled text.
pub(super) fn read(folder: &Path) -> Result<Vec<Sample>, CorpusError> {
    let mut samples = Vec::new();
    for path in super::corpus::sorted(folder)? {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".jsonl.gz"));
        let Some(name) = name else { continue };
        if let Some(set) = SETS.iter().find(|set| name.ends_with(set.name)) {
            samples.extend(of_file(&path, name, set)?);
        }
    }
    Ok(samples)
}

fn of_file(path: &Path, domain: &str, set: &Set) -> Result<Vec<Sample>, CorpusError> {
    let unreadable = |source| CorpusError::Read { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    let sample = |(number, line): (usize, std::io::Result<String>)| {
        let line: Line = serde_json::from_str(&line.map_err(unreadable)?).map_err(|error| CorpusError::Line {
            path: PathBuf::from(path),
            line: number,
            message: error.to_string(),
        })?;
        Ok(labelled(line, domain, set))
    };
    (1..).zip(lines).map(sample).collect()
}

fn labelled(line: Line, domain: &str, set: &Set) -> Sample {
    let bit = |(emotion, _): &(Emotion, _)| 1 << emotion.column();
    let names = |names: &[&str]| line.emotions.iter().any(|emotion| names.contains(&emotion.as_str()));
    Sample {
        language: line.lang,
        domain: domain.to_owned(),
        label: line.label,
        known: set.emotions.iter().map(bit).sum(),
        holds: set.emotions.iter().filter(|(_, called)| names(called)).map(bit).sum(),
        weight: set.weight,
        text: line.text,
    }
}
