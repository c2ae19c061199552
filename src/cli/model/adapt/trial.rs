//! What learning brings, tried on labelled texts from a file: learned from some of them, measured on the others.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Arguments;
use crate::analyse::adapt::{Lesson, adapt, macro_f1};
use crate::analyse::{Mask, Model};
use crate::cli::print;
use crate::mention::{Label, Language, Mention};

/// A line of the file; whatever else it says is not looked at.
#[derive(Deserialize)]
struct Line {
    text: String,
    label: Label,
    lang: Option<String>,
    #[serde(default)]
    brand_terms: Vec<String>,
}

/// Macro-F1 on texts that were not learned from.
struct Figures {
    before: f64,
    after: f64,
}

pub(super) fn execute(file: &Path, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut lessons, mask) = read(file, &arguments.brand_terms)?;
    let take = arguments.take.unwrap_or(lessons.len() / 2);
    let rest = lessons.len().saturating_sub(take);
    ensure!(
        rest > 0,
        "{} has {} texts; take fewer, so that some are left to measure on",
        file.display(),
        lessons.len()
    );
    let model = Model::embedded(&[]);
    print(&format!(
        "learned from {take} texts, measured on {rest} others: macro-F1 of negative, neutral and positive"
    ))?;
    let (mut before, mut after) = (0.0, 0.0);
    for repeat in 1..=arguments.repeats.max(1) {
        fastrand::Rng::with_seed(repeat).shuffle(&mut lessons);
        let (learned, measured) = lessons.split_at(take);
        let (figures, used) = trial(&model, &mask, learned, measured);
        print(&format!("{repeat:>4}: {} {used}", shown(&figures)))?;
        before += figures.before;
        after += figures.after;
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of repeats")]
    let repeats = arguments.repeats.max(1) as f64;
    print(&format!("mean: {}", shown(&Figures { before: before / repeats, after: after / repeats })))?;
    Ok(ExitCode::SUCCESS)
}

fn shown(Figures { before, after }: &Figures) -> String {
    format!("{before:.3} → {after:.3} ({:+.1} points)", 100.0 * (after - before))
}

fn read(file: &Path, brand_terms: &[String]) -> anyhow::Result<(Vec<Lesson>, Mask)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut terms = brand_terms.to_vec();
    let mut lessons = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line).with_context(|| format!("{}, line {number}", file.display()))?;
        let language_hint = line.lang.as_deref().and_then(Language::parse);
        let mention = Mention { text: line.text, language_hint, ..Mention::default() };
        lessons.push(Lesson { mention, label: line.label, by_hand: true });
        terms.extend(line.brand_terms);
    }
    Ok((lessons, Mask::new(terms.iter().map(String::as_str))))
}

/// What it brings, and in which languages it is used.
fn trial(model: &Model, mask: &Mask, learned: &[Lesson], measured: &[Lesson]) -> (Figures, String) {
    let (adaptation, gains) = adapt(model, mask, learned);
    let adapted = Model::embedded(&[]).adapted(&adaptation);
    let used: Vec<&str> = gains.iter().filter(|gain| gain.used).map(|gain| gain.language.code()).collect();
    let used = if used.is_empty() { "used in no language".to_owned() } else { format!("used in {}", used.join(", ")) };
    (Figures { before: measure(model, mask, measured), after: measure(&adapted, mask, measured) }, used)
}

/// Texts whose mood cannot be told count as neutral.
fn measure(model: &Model, mask: &Mask, lessons: &[Lesson]) -> f64 {
    let mut reader = model.reader();
    macro_f1(lessons.iter().map(|lesson| {
        let mood = reader.analyse(&lesson.mention, mask).mood;
        (lesson.label, mood.map_or(Label::Neutral, |mood| mood.label))
    }))
}
