//! What tells languages apart: softmax regression over the letters of words, one text at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::corpus::Sample;
use crate::analyse::hash::Hash;
use crate::analyse::language::{self, COLUMNS, LANGUAGES, Letters};
use crate::analyse::lexicon;
use crate::analyse::linear::{Table, bucket};
use crate::analyse::speech;
use crate::mention::Language;

/// Two to this power buckets.
const BITS: u32 = 15;
const EPOCHS: usize = 4;
const RATE: f32 = 0.1;
/// At most so many texts of one language and domain, lest the largest set be all there is.
const MOST: usize = 6_000;
/// Every so manieth text is held out.
const HELD_OUT: usize = 10;
/// Texts are seen whole and as their first words, because short ones are what needs learning.
const FIRST_WORDS: [usize; 4] = [usize::MAX, 4, 2, 1];

struct Example {
    features: Vec<Hash>,
    language: usize,
}

/// How many texts of a language that were held out are told.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageFigures {
    /// The language.
    pub language: Language,
    /// By length: its name, how many are told, of how many.
    pub lengths: Vec<(&'static str, (usize, usize))>,
}

/// The model as bytes, and for each language how many of the texts held out are told right.
pub(super) fn learn(samples: &[Sample]) -> (Vec<u8>, Vec<LanguageFigures>) {
    let mut counts = rustc_hash::FxHashMap::<(Language, &str), usize>::default();
    let (mut seen, mut unseen) = (Vec::new(), Vec::new());
    for sample in samples {
        let Some(language) = LANGUAGES.iter().position(|language| *language == sample.language) else { continue };
        let count = counts.entry((sample.language, &sample.domain)).or_default();
        *count += 1;
        if count.is_multiple_of(HELD_OUT) {
            unseen.push((sample, language));
        } else if *count <= MOST {
            seen.extend(FIRST_WORDS.iter().map(|&words| example(&sample.text, words, language)));
        }
    }
    seen.extend(listed_words());
    let letters = fit(&seen);
    let bytes = postcard::to_stdvec(&letters).unwrap_or_default();
    (bytes, figures(&letters, &unseen))
}

/// The words of the lexica, which are what short texts are made of; but none that several languages have.
fn listed_words() -> Vec<Example> {
    let mut languages = BTreeMap::<&str, BTreeSet<usize>>::new();
    for (language, lines) in speech::lexica() {
        let Some(language) = LANGUAGES.iter().position(|known| *known == language) else { continue };
        for (_, entry) in lexicon::entries(lines).filter(|(_, entry)| !entry.contains('|')) {
            languages.entry(entry).or_default().insert(language);
        }
    }
    let own = languages.into_iter().filter(|(_, of)| of.len() == 1);
    own.flat_map(|(entry, of)| of.into_iter().map(move |language| example(entry, usize::MAX, language))).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphabetic() || matches!(c, '\'' | '’');
    text.split_whitespace()
        .filter(|word| !word.starts_with(['@', '#']) && !word.contains("://"))
        .flat_map(move |word| word.split(move |c| !inside(c)))
        .filter(|word| !word.is_empty())
}

fn example(text: &str, first: usize, language: usize) -> Example {
    let mut features = Vec::new();
    words(text).take(first.min(60)).for_each(|word| language::features(word, |feature| features.push(feature)));
    Example { features, language }
}

fn fit(examples: &[Example]) -> Letters {
    let size = COLUMNS << BITS;
    let (mut rows, mut squares) = (vec![0.0_f32; size], vec![1e-4_f32; size]);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut chance = fastrand::Rng::with_seed(1848);
    for _ in 0..EPOCHS {
        chance.shuffle(&mut order);
        for &at in &order {
            step(&examples[at], &mut rows, &mut squares);
        }
    }
    Letters { table: Table::quantised(BITS, &rows) }
}

fn step(example: &Example, rows: &mut [f32], squares: &mut [f32]) {
    let mut scores = [0.0_f32; COLUMNS];
    for feature in &example.features {
        let start = bucket(BITS, *feature) * COLUMNS;
        scores.iter_mut().zip(&rows[start..start + COLUMNS]).for_each(|(score, weight)| *score += weight);
    }
    let used = &mut scores[..LANGUAGES.len()];
    let greatest = used.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    used.iter_mut().for_each(|score| *score = (*score - greatest).exp());
    let sum: f32 = used.iter().sum();
    used.iter_mut().for_each(|score| *score /= sum);
    used[example.language] -= 1.0;
    for feature in &example.features {
        let start = bucket(BITS, *feature) * COLUMNS;
        for (column, gradient) in scores[..LANGUAGES.len()].iter().enumerate().filter(|(_, it)| it.abs() > 1e-5) {
            squares[start + column] += gradient * gradient;
            rows[start + column] -= RATE * gradient / squares[start + column].sqrt();
        }
    }
}

/// The bounds between short and long, in characters.
const LENGTHS: [(&str, std::ops::Range<usize>); 5] =
    [("< 20", 0..20), ("20–50", 20..50), ("50–100", 50..100), ("> 100", 100..usize::MAX), ("all", 0..usize::MAX)];

fn figures(letters: &Letters, unseen: &[(&Sample, usize)]) -> Vec<LanguageFigures> {
    let judged: Vec<(usize, usize, bool)> = unseen
        .iter()
        .map(|(sample, own)| (*own, sample.text.chars().count(), told(letters, &sample.text) == LANGUAGES[*own]))
        .collect();
    let of = |(at, language): (usize, &Language)| {
        let share = |lengths: &std::ops::Range<usize>| {
            let texts = judged.iter().filter(|(own, length, _)| *own == at && lengths.contains(length));
            let (right, all) = texts.fold((0, 0), |(right, all), (.., is)| (right + usize::from(*is), all + 1));
            (right, all)
        };
        LanguageFigures {
            language: *language,
            lengths: LENGTHS.iter().map(|(name, range)| (*name, share(range))).collect(),
        }
    };
    LANGUAGES.iter().enumerate().map(of).collect()
}

fn told(letters: &Letters, text: &str) -> Language {
    let mut sums = [0; COLUMNS];
    words(text).take(60).for_each(|word| language::features(word, |feature| letters.table.add(feature, &mut sums)));
    letters.best(&sums, None).language
}
