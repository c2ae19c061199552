//! Is the corpus as varied as it should be? Texts that are too alike, and how the vocabulary grows.

use rustc_hash::{FxHashMap, FxHashSet};

use super::corpus::Sample;
use crate::analyse::hash::{self, Hash};
use crate::analyse::tokens::fold;
use crate::mention::Language;

/// Texts that share more than this part of their runs of letters (Jaccard index) are too alike.
pub const ALIKE: f64 = 0.6;
/// The length of these runs, in characters.
const RUN: usize = 5;
/// At how many points the vocabulary is counted.
const POINTS: usize = 4;

/// What is to be said of a language's part of a corpus.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The language.
    pub language: Language,
    /// How many texts there are.
    pub texts: usize,
    /// Of them, those whose mood careful readers would dispute.
    pub disputed: usize,
    /// Pairs of texts that are too alike: domain, text; domain, text.
    pub alike: Vec<[(String, String); 2]>,
    /// How many texts, and how many different words they have, at equal steps through all texts in an even mixture of domains.
    pub growth: Vec<(usize, usize)>,
}

/// Looks at a corpus language by language.
pub fn survey(samples: &[Sample]) -> Vec<Survey> {
    let mut languages: Vec<Language> = samples.iter().map(|sample| sample.language).collect();
    languages.sort_unstable();
    languages.dedup();
    let own = |language| samples.iter().filter(move |sample| sample.language == language).collect::<Vec<_>>();
    languages.into_iter().map(|language| of_language(language, &own(language))).collect()
}

fn of_language(language: Language, samples: &[&Sample]) -> Survey {
    let name = |at: usize| (samples[at].domain.clone(), samples[at].text.clone());
    Survey {
        language,
        texts: samples.len(),
        disputed: samples.iter().filter(|sample| sample.is_disputed()).count(),
        alike: alike(samples).into_iter().map(|(one, other)| [name(one), name(other)]).collect(),
        growth: growth(samples),
    }
}

/// The positions of texts that are too alike. Two sets whose Jaccard index exceeds a bound share one of their rarest members
/// (prefix filtering: Chaudhuri, Ganti, Kaushik 2006), so only texts that do are compared.
fn alike(samples: &[&Sample]) -> Vec<(usize, usize)> {
    let mut runs: Vec<Vec<Hash>> = samples.iter().map(|sample| runs(&sample.text)).collect();
    let mut counts = FxHashMap::<Hash, usize>::default();
    runs.iter().flatten().for_each(|run| *counts.entry(*run).or_default() += 1);
    runs.iter_mut().for_each(|runs| runs.sort_unstable_by_key(|run| (counts[run], *run)));
    let mut having = FxHashMap::<Hash, Vec<usize>>::default();
    let mut pairs = Vec::new();
    for (at, own) in runs.iter().enumerate() {
        let rarest = &own[..own.len() - least_common(own.len()) + usize::from(!own.is_empty())];
        let candidates: FxHashSet<usize> = rarest.iter().filter_map(|run| having.get(run)).flatten().copied().collect();
        pairs.extend(
            candidates.into_iter().filter(|&other| jaccard(own, &runs[other]) > ALIKE).map(|other| (other, at)),
        );
        rarest.iter().for_each(|run| having.entry(*run).or_default().push(at));
    }
    pairs.sort_unstable();
    pairs
}

/// How many members a set of this size must at least share with another one to be too alike.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "small counts"
)]
fn least_common(size: usize) -> usize {
    (size as f64 * ALIKE).ceil() as usize
}

/// The different runs of letters of a text, whatever its case and marks.
fn runs(text: &str) -> Vec<Hash> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let letters: Vec<char> = words.join(" ").to_lowercase().chars().collect();
    let hash = |run: &[char]| hash::of(run.iter().collect::<String>().as_bytes());
    let mut runs: Vec<Hash> =
        if letters.len() < RUN { vec![hash(&letters)] } else { letters.windows(RUN).map(hash).collect() };
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn jaccard(one: &[Hash], other: &[Hash]) -> f64 {
    let one: FxHashSet<&Hash> = one.iter().collect();
    let common = other.iter().filter(|run| one.contains(run)).count();
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let index = common as f64 / (one.len() + other.len() - common) as f64;
    index
}

/// The vocabulary at equal steps. Texts are taken in turns from the whole corpus, so that no domain comes last.
fn growth(samples: &[&Sample]) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..samples.len()).collect();
    fastrand::Rng::with_seed(1848).shuffle(&mut order);
    let mut words = FxHashSet::default();
    let mut points = Vec::new();
    for (count, &at) in (1..).zip(&order) {
        let own = samples[at].text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.extend(own.map(|word| hash::of(fold(word).as_bytes())));
        if count * POINTS / samples.len() > points.len() {
            points.push((count, words.len()));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(text: &str) -> Sample {
        Sample::own(Language::GERMAN, "test", text)
    }

    #[test]
    fn a_text_with_exchanged_words_is_found() {
        let samples = [
            sample("Der Fahrer hat das Paket einfach vor die Tür gestellt, obwohl es in Strömen regnete."),
            sample("Seit drei Wochen warte ich auf den Techniker."),
            sample("Der Fahrer hat das Päckchen einfach vor die Tür gestellt, obwohl es in Strömen regnete!"),
        ];
        let survey = &survey(&samples)[0];
        assert_eq!(survey.alike.len(), 1);
        assert_eq!(survey.alike[0][0].1, samples[0].text);
    }

    #[test]
    fn the_vocabulary_grows_with_every_new_word() {
        let samples: Vec<_> = ["eins zwei", "zwei drei", "drei vier", "Vier fünf"].map(sample).into();
        assert_eq!(survey(&samples)[0].growth.last(), Some(&(4, 5)));
    }
}
