//! From the labels of a model to our three moods.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::TransformerError;
use crate::mention::Label;

/// What each label means, in the order of `names`: as `said` in `sources.toml`, else as its name says.
///
/// `path` is the file that the names are from.
pub(super) fn moods(
    names: &[String],
    said: &BTreeMap<String, Label>,
    path: &Path,
) -> Result<Vec<Label>, TransformerError> {
    if let Some(unknown) = said.keys().find(|&key| !names.contains(key)) {
        let problem = format!("the model has no label `{unknown}`");
        return Err(TransformerError::wrong(path, problem, format!("its labels are {}", listed(names))));
    }
    let meaning = |name: &String| said.get(name).copied().or_else(|| meant(name));
    let moods: Vec<Label> = names.iter().filter_map(meaning).collect();
    if moods.len() < names.len() {
        let unclear: Vec<String> = names.iter().filter(|&name| meaning(name).is_none()).cloned().collect();
        let problem = format!("nobody knows what {} should mean", listed(&unclear));
        return Err(TransformerError::wrong(path, problem, settings(&unclear)));
    }
    match [Label::Negative, Label::Positive].into_iter().find(|mood| !moods.contains(mood)) {
        Some(missing) => {
            let problem = format!("none of {} means {}", listed(names), missing.name());
            Err(TransformerError::wrong(path, problem, settings(names)))
        }
        None => Ok(moods),
    }
}

/// What a name says by itself, in German or English, or with stars.
fn meant(name: &str) -> Option<Label> {
    let name = name.trim().to_lowercase().replace(['_', '-'], " ");
    let name = name.strip_prefix("very ").or(name.strip_prefix("sehr ")).unwrap_or(&name);
    match name {
        "negative" | "negativ" | "neg" | "1 star" | "1 stars" | "2 stars" => Some(Label::Negative),
        "neutral" | "neu" | "3 stars" => Some(Label::Neutral),
        "positive" | "positiv" | "pos" | "4 stars" | "5 stars" => Some(Label::Positive),
        _ => None,
    }
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The keys to write, ready to be copied; what they mean, only a person knows.
fn settings(names: &[String]) -> String {
    let entry = |name: &String| format!("{} = \"…\"", key(name));
    let entries = names.iter().map(entry).collect::<Vec<_>>().join(", ");
    format!("in [analyse], write transformer.labels = {{ {entries} }} with negative, neutral or positive for each …")
}

fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare { name.to_owned() } else { toml::Value::from(name).to_string() }
}

/// Softmax over the labels, summed by what they mean; in the order of [`Label::ALL`].
pub(super) fn probabilities(logits: &[f32], moods: &[Label]) -> [f64; 3] {
    let greatest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let shares: Vec<f64> = logits.iter().map(|&logit| f64::from(logit - greatest).exp()).collect();
    let total: f64 = shares.iter().sum();
    Label::ALL.map(|mood| {
        let of_mood = shares.iter().zip(moods).filter(|&(_, &meaning)| meaning == mood);
        of_mood.map(|(share, _)| share).sum::<f64>() / total
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn told(names: &[&str], said: &[(&str, Label)]) -> String {
        let said = said.iter().map(|&(name, label)| (name.to_owned(), label)).collect();
        match moods(&named(names), &said, Path::new("config.json")) {
            Ok(moods) => moods.iter().map(|mood| mood.name()).collect::<Vec<_>>().join(", "),
            Err(error) => format!("{error}\n  hint: {}", error.hint().unwrap_or_default()),
        }
    }

    #[test]
    fn names_that_speak_for_themselves_need_no_settings() {
        assert_eq!(told(&["POS", "NEU", "NEG"], &[]), "positive, neutral, negative");
        assert_eq!(told(&["negative", "positive"], &[]), "negative, positive");
        assert_eq!(told(&["Very Negative", "sehr_positiv"], &[]), "negative, positive");
        let stars = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"];
        assert_eq!(told(&stars, &[]), "negative, negative, neutral, positive, positive");
    }

    #[test]
    fn what_the_settings_say_goes_before_what_a_name_says() {
        let said = [("2 stars", Label::Neutral), ("x", Label::Positive)];
        assert_eq!(told(&["1 star", "2 stars", "x"], &said), "negative, neutral, positive");
    }

    #[test]
    fn labels_that_cannot_be_mapped_are_named_with_the_keys_to_write() {
        let cases = [
            told(&["LABEL_0", "LABEL_1", "neutral"], &[]),
            told(&["positive", "auch \"gut\""], &[]),
            told(&["negative", "positive"], &[("LABEL_0", Label::Negative)]),
            told(&["positive", "neutral"], &[]),
        ];
        insta::assert_snapshot!(cases.join("\n"), @r#"
        config.json: nobody knows what `LABEL_0`, `LABEL_1` should mean
          hint: in [analyse], write transformer.labels = { LABEL_0 = "…", LABEL_1 = "…" } with negative, neutral or positive for each …
        config.json: nobody knows what `auch "gut"` should mean
          hint: in [analyse], write transformer.labels = { 'auch "gut"' = "…" } with negative, neutral or positive for each …
        config.json: the model has no label `LABEL_0`
          hint: its labels are `negative`, `positive`
        config.json: none of `positive`, `neutral` means negative
          hint: in [analyse], write transformer.labels = { positive = "…", neutral = "…" } with negative, neutral or positive for each …
        "#);
    }

    #[test]
    fn probabilities_are_summed_by_meaning_and_survive_large_logits() {
        let moods = [Label::Positive, Label::Negative, Label::Positive];
        let [negative, neutral, positive] = probabilities(&[1000.0, 1000.0, 1000.0], &moods);
        assert!((negative - 1.0 / 3.0).abs() < 1e-12 && (positive - 2.0 / 3.0).abs() < 1e-12);
        assert!(neutral.abs() < 1e-12);
    }
}
