//! How the model learns: from the project's corpus, its lexica and those sets of others that allow it, to the bytes that are
//! compiled into the binary. The same input gives the same bytes.

mod corpus;
mod extract;
mod letters;
mod measure;
mod sets;
pub(super) mod solver;
mod survey;

use std::path::Path;

pub use corpus::{CorpusError, Sample};
pub use letters::LanguageFigures;
pub use measure::{Figures, Score};
pub use survey::{ALIKE, Survey, survey};

use super::aspects::{COLUMNS, DISPUTED};
use super::linear::Linear;
use super::signals;
use super::speech::{self, Speech, Weights};
use super::verdict::softmax;
use crate::mention::Language;
use extract::Example;
use solver::{Learned, Settings};

/// How moods are learned: with so great a penalty that the rules decide wherever they know a word. What is learned from a
/// corpus is the manner of its writers as much as what words mean.
const MOOD: Settings = Settings { bits: 17, epochs: 8, rate: 0.05, penalty: 4e-2 };
/// How emotions, intents and topics are learned.
const ASPECTS: Settings = Settings { bits: 15, epochs: 8, rate: 0.05, penalty: 1e-4 };
/// How fast the evidence of the rules, in units of the lexicon's valence, becomes certainty: log-odds of positive against
/// negative are twice this times the evidence.
const SHARPNESS: f32 = 0.8;
/// By how much each unit of praise and of blame lowers the logit of neutral: a single mild word is not yet a mood.
const DECIDED: f32 = 0.4;
/// By how much symbols lower it: who sets a smile or a grade means it.
const SHOWN: f32 = 1.0;
/// Languages of which there is less need less room.
const LESS: u32 = 2;
/// Where the lexicon is smaller, what was learned has to do more: by so much less is it penalised.
const MILDER: f32 = 10.0;
/// Into how many parts the domains are divided for cross-validation.
const FOLDS: usize = 5;

/// Reads the project's corpus and, where there is one, the folder with the sets of others.
///
/// # Errors
/// When a file cannot be read, and at the first line that is none of its format.
pub fn samples(corpus: &Path, sets: Option<&Path>) -> Result<Vec<Sample>, CorpusError> {
    let mut samples = corpus::read(corpus)?;
    if let Some(sets) = sets {
        samples.extend(sets::read(sets)?);
    }
    Ok(samples)
}

/// What was learned for one language.
pub struct Trained {
    /// Which.
    pub language: Language,
    /// The bytes that belong into `model/weights/`.
    pub bytes: Vec<u8>,
    /// How well domains are judged that were held out.
    pub figures: Vec<Figures>,
}

/// Learns the languages with a mood, one after another.
pub fn moods(samples: &[Sample]) -> impl Iterator<Item = Trained> {
    speech::spoken().into_iter().filter_map(|speech| {
        let examples = extract::examples(samples, &speech);
        (!examples.is_empty()).then(|| trained(&speech, &examples))
    })
}

/// Learns what tells languages apart.
pub fn letters(samples: &[Sample]) -> (Vec<u8>, Vec<LanguageFigures>) {
    letters::learn(samples)
}

fn trained(speech: &Speech, examples: &[Example]) -> Trained {
    let held_out = held_out(speech.language, examples);
    let temperature = measure::temperature(examples, &held_out);
    let mut weights = learn(speech.language, &examples.iter().collect::<Vec<_>>(), temperature);
    weights.thresholds = measure::thresholds(examples, &held_out);
    let figures = measure::figures(examples, &held_out, &weights.thresholds);
    Trained { language: speech.language, bytes: postcard::to_stdvec(&weights).unwrap_or_default(), figures }
}

/// What a model says of an example that did not learn from its domain.
pub(super) struct HeldOut {
    example: usize,
    mood: [f32; 3],
    aspects: [f32; COLUMNS],
}

/// Judges each domain of the project's own corpus by what was learned from the others.
fn held_out(language: Language, examples: &[Example]) -> Vec<HeldOut> {
    let mut domains: Vec<&str> = examples.iter().filter(|it| it.is_own()).map(|it| it.domain.as_str()).collect();
    domains.sort_unstable();
    domains.dedup();
    let fold = |example: &Example| {
        domains.iter().position(|domain| example.is_own() && *domain == example.domain).map(|at| at % FOLDS)
    };
    let judged = |part: usize| {
        let rest: Vec<&Example> = examples.iter().filter(|example| fold(example) != Some(part)).collect();
        let (mood, aspects) = (moods_of(language, &rest), aspects_of(language, &rest));
        let own = examples.iter().enumerate().filter(move |(_, example)| fold(example) == Some(part));
        let judge = move |(at, example): (usize, &Example)| HeldOut {
            example: at,
            mood: mood.outputs(&example.mood),
            aspects: aspects.outputs(&example.aspects),
        };
        own.map(judge).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..FOLDS.min(domains.len())).map(|part| scope.spawn(move || judged(part))).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

fn learn(language: Language, examples: &[&Example], temperature: f32) -> Weights {
    let mood: Linear<3> = moods_of(language, examples).finished(temperature);
    let aspects = aspects_of(language, examples).finished(1.0);
    Weights { mood, aspects, thresholds: Vec::new() }
}

fn sized(settings: Settings, language: Language) -> Settings {
    Settings { bits: settings.bits - if is_full(language) { 0 } else { LESS }, ..settings }
}

/// Whether a language is known at full depth.
fn is_full(language: Language) -> bool {
    [Language::GERMAN, Language::ENGLISH].contains(&language)
}

/// Softmax regression on top of what the rules say, which is held as it is: a corpus of witty texts must not teach that
/// praise is mostly irony.
fn moods_of(language: Language, examples: &[&Example]) -> Learned<3> {
    let labelled: Vec<&Example> = examples.iter().copied().filter(|example| example.label.is_some()).collect();
    let settings = sized(MOOD, language);
    let penalty = if is_full(language) { settings.penalty } else { settings.penalty / MILDER };
    let settings = Settings { penalty, ..settings };
    let start = Learned::new(settings.bits)
        .hold(signals::BALANCE, [-SHARPNESS, 0.0, SHARPNESS])
        .hold(signals::PRAISE, [0.0, -DECIDED, 0.0])
        .hold(signals::BLAME, [0.0, -DECIDED, 0.0])
        .hold(signals::SYMBOLS, [0.0, -SHOWN, 0.0]);
    softmax_on(&labelled, start, settings)
}

fn softmax_on(examples: &[&Example], start: Learned<3>, settings: Settings) -> Learned<3> {
    let rows: Vec<_> = examples.iter().map(|example| &example.mood).collect();
    let balance = balance(examples);
    solver::learn(&rows, start, settings, |at, outputs| {
        let p = softmax(outputs.map(f64::from));
        let label = examples[at].label.map_or(0, |label| label as usize);
        let weight = examples[at].weight * balance[label];
        #[expect(clippy::cast_possible_truncation, reason = "probabilities")]
        std::array::from_fn(|class| weight * (p[class] as f32 - f32::from(u8::from(class == label))))
    })
}

/// What an example of each mood counts, so that each mood counts as much as the others: how many texts of a mood a corpus
/// holds says nothing of how many there are in the world.
fn balance(examples: &[&Example]) -> [f32; 3] {
    let mut sums = [0.0; 3];
    for example in examples {
        sums[example.label.map_or(0, |label| label as usize)] += example.weight;
    }
    let all: f32 = sums.iter().sum();
    sums.map(|sum| if sum > 0.0 { all / 3.0 / sum } else { 1.0 })
}

/// Logistic regression for each aspect that is known of a text.
fn aspects_of(language: Language, examples: &[&Example]) -> Learned<COLUMNS> {
    let examples: Vec<&Example> = examples.iter().copied().filter(|example| example.known != 0).collect();
    let rows: Vec<_> = examples.iter().map(|example| &example.aspects).collect();
    let settings = sized(ASPECTS, language);
    solver::learn(&rows, Learned::new(settings.bits), settings, |at, outputs| {
        let Example { holds, known, weight, .. } = examples[at];
        std::array::from_fn(|column| {
            if column > DISPUTED || known & (1 << column) == 0 {
                return 0.0;
            }
            let p = 1.0 / (1.0 + (-outputs[column]).exp());
            weight.min(1.0) * (p - f32::from(u8::from(holds & (1 << column) != 0)))
        })
    })
}
