//! The change of the net mood in four parts that sum to it: other sources, other languages, other topics, and the mood itself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Excerpt;

/// A change of the net mood, −2…2, split exactly.
///
/// Each part is told of those within the part before it: languages within each source, topics within each source and
/// language, and at last the mood of one source in one language about one topic. At each step the change is split as
/// Kitagawa does (*Components of a difference between two rates*, 1955): what the shares changed at the mean moods, and what
/// the moods changed at the mean shares; the latter is split again. What exists in one period only is all mix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// Because other sources speak.
    pub sources: f64,
    /// Because they speak in other languages.
    pub languages: f64,
    /// Because they speak about other topics: a mention's first one counts.
    pub topics: f64,
    /// Because the same ones speak otherwise about the same.
    pub mood: f64,
}

impl Split {
    /// The whole change.
    pub fn total(&self) -> f64 {
        self.sources + self.languages + self.topics + self.mood
    }
}

/// `None` if a period is empty: then nothing changed that could be split.
pub(super) fn split(before: &[Excerpt], since: &[Excerpt]) -> Option<Split> {
    let [before, since] = [before, since].map(|excerpts| excerpts.iter().map(Voice::of).collect::<Vec<_>>());
    let [sources, languages, topics, mood] = change([&before, &since], 0)?;
    Some(Split { sources, languages, topics, mood })
}

/// How often it is split: by source, by language, by topic.
const LEVELS: usize = 3;

/// What counts of an excerpt.
#[derive(Clone, Copy)]
struct Voice<'a> {
    /// Source, language, topic.
    names: [&'a str; LEVELS],
    sign: f64,
}

impl<'a> Voice<'a> {
    fn of(excerpt: &'a Excerpt) -> Self {
        let language = excerpt.language.as_ref().map_or("", |language| language.code());
        let topic = excerpt.topics.first().map_or("", String::as_str);
        Self { names: [&excerpt.source, language, topic], sign: f64::from(excerpt.label.sign()) }
    }
}

/// Splits the change from the first voices to the second ones, from this level on: what each level's shares did, and at last
/// what the mood itself did.
fn change(periods: [&[Voice<'_>]; 2], level: usize) -> Option<[f64; LEVELS + 1]> {
    let mut split = [0.0; LEVELS + 1];
    let [net_before, net_since] = periods.map(net);
    if level == LEVELS {
        split[LEVELS] = net_since? - net_before?;
        return Some(split);
    }
    let mean_net = f64::midpoint(net_before?, net_since?);
    let mut parts: BTreeMap<&str, [Vec<Voice<'_>>; 2]> = BTreeMap::new();
    for (index, voices) in periods.into_iter().enumerate() {
        for voice in voices {
            parts.entry(voice.names[level]).or_default()[index].push(*voice);
        }
    }
    for [before, since] in parts.into_values() {
        let (net_before, net_since) = (net(&before), net(&since));
        let net = f64::midpoint(net_before.or(net_since)?, net_since.or(net_before)?);
        let share = |part: &[Voice<'_>], all: usize| part.len() as f64 / all as f64;
        let (share_before, share_since) = (share(&before, periods[0].len()), share(&since, periods[1].len()));
        split[level] += (share_since - share_before) * (net - mean_net);
        let within = change([&before, &since], level + 1).unwrap_or_default();
        for (whole, part) in split.iter_mut().zip(within) {
            *whole += f64::midpoint(share_before, share_since) * part;
        }
    }
    Some(split)
}

/// The mean sign; `None` without voices.
fn net(voices: &[Voice<'_>]) -> Option<f64> {
    let sum: f64 = voices.iter().map(|voice| voice.sign).sum();
    (!voices.is_empty()).then(|| sum / voices.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mention::{Label, Language, Timestamp};

    fn said(source: &str, language: Language, topic: &str, label: Label, count: usize) -> Vec<Excerpt> {
        let one = Excerpt {
            arrived_at: Timestamp::from_seconds(0),
            source: source.to_owned(),
            language: Some(language),
            topics: vec![topic.to_owned()],
            label,
            score: 0.0,
            text: String::new(),
            url: None,
        };
        vec![one; count]
    }

    /// Rounded to thousandths.
    fn parts(before: &[Vec<Excerpt>], since: &[Vec<Excerpt>]) -> [f64; 4] {
        let Split { sources, languages, topics, mood } = split(&before.concat(), &since.concat()).unwrap();
        [sources, languages, topics, mood].map(|part| (part * 1000.0).round() / 1000.0)
    }

    const DE: Language = Language::GERMAN;
    const EN: Language = Language::ENGLISH;
    const GOOD: Label = Label::Positive;
    const BAD: Label = Label::Negative;

    #[test]
    fn each_part_is_told_as_what_it_is() {
        let calm = [said("shop", DE, "app", GOOD, 10)];
        assert_eq!(parts(&calm, &[said("shop", DE, "app", BAD, 10)]), [0.0, 0.0, 0.0, -2.0], "the mood itself");
        let louder = [said("shop", DE, "app", GOOD, 10), said("forum", DE, "app", BAD, 10)];
        assert_eq!(parts(&calm, &louder), [-1.0, 0.0, 0.0, 0.0], "a new source");
        let english = [said("shop", DE, "app", GOOD, 10), said("shop", EN, "app", BAD, 10)];
        assert_eq!(parts(&calm, &english), [0.0, -1.0, 0.0, 0.0], "another language");
        let topical = [said("shop", DE, "app", GOOD, 10), said("shop", DE, "price", BAD, 10)];
        assert_eq!(parts(&calm, &topical), [0.0, 0.0, -1.0, 0.0], "another topic");
    }

    #[test]
    fn without_a_period_nothing_changed() {
        assert_eq!(split(&said("shop", DE, "app", GOOD, 1), &[]), None);
        assert_eq!(split(&[], &[]), None);
    }

    fn any_voice() -> impl Strategy<Value = Vec<Excerpt>> {
        let source = prop::sample::select(vec!["shop", "forum", "press"]);
        let (language, topic) = (prop::sample::select(vec![DE, EN]), prop::sample::select(vec!["", "app", "price"]));
        (source, language, topic, prop::sample::select(Label::ALL.to_vec()), 1_usize..20)
            .prop_map(|(source, language, topic, label, count)| said(source, language, topic, label, count))
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_whole(
            before in prop::collection::vec(any_voice(), 1..12),
            since in prop::collection::vec(any_voice(), 1..12),
        ) {
            let (before, since) = (before.concat(), since.concat());
            let mean = |all: &[Excerpt]| all.iter().map(|it| f64::from(it.label.sign())).sum::<f64>() / all.len() as f64;
            let split = split(&before, &since).unwrap();
            prop_assert!((split.total() - (mean(&since) - mean(&before))).abs() < 1e-9);
        }
    }
}
