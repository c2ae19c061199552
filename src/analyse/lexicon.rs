//! What words and phrases mean to the mood: the lexica as data, and how a word of a text is found in them.

mod meaning;
mod phrases;
#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap as HashMap;

pub(super) use meaning::Meaning;
use phrases::Phrase;

use super::aspects;
use super::tokens::{Kind, Text, fold};
use super::words::{Morphology, SHORTEST_HEAD, negated_part, seams, undoubled, without_joint};

/// Emoji and emoticons.
pub(super) const SYMBOLS: &str = include_str!("lexicon/symbols.tsv");

/// The longest beginning of a word that is looked up, in bytes.
const LONGEST_OPENING: usize = 16;

/// How far before its particle the stem of a separable verb is sought, in tokens.
const BRACE: usize = 12;

/// What a lexicon says of a word by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Hint {
    pub(super) meaning: Option<Meaning>,
    /// Whether a phrase may begin with it.
    pub(super) begins_phrase: bool,
    /// Whether it may be the particle of a separable verb.
    pub(super) is_particle: bool,
}

/// One language's words and phrases, by their folded spelling.
#[derive(Debug)]
pub(super) struct Lexicon {
    morphology: Morphology,
    words: HashMap<Box<str>, Meaning>,
    /// Words without the ending that their other forms lack.
    stubs: HashMap<Box<str>, Meaning>,
    /// What can be the head of a compound: nouns, and adjectives that show it.
    heads: HashMap<Box<str>, Meaning>,
    openings: HashMap<Box<str>, Meaning>,
    /// By their first word, the longest first.
    phrases: HashMap<Box<str>, Vec<Phrase>>,
    /// The stems of separable verbs, by their particle.
    particles: HashMap<Box<str>, Vec<(Box<str>, Meaning)>>,
    /// Words that speak of an emotion, an intent or a topic, by the outputs of these as bits.
    themes: HashMap<Box<str>, u32>,
    /// The same for how words begin.
    theme_openings: HashMap<Box<str>, u32>,
}

impl Lexicon {
    /// Reads a lexicon; lines that are no lexicon lines are passed over (a test finds them).
    pub(super) fn parse(lines: &str, morphology: Morphology) -> Self {
        let mut lexicon = Self {
            morphology,
            words: HashMap::default(),
            stubs: HashMap::default(),
            heads: HashMap::default(),
            openings: HashMap::default(),
            phrases: HashMap::default(),
            particles: HashMap::default(),
            themes: HashMap::default(),
            theme_openings: HashMap::default(),
        };
        for (column, word) in themes(lines) {
            lexicon.insert_theme(word, 1 << column);
        }
        for (meaning, entry) in entries(lines) {
            lexicon.insert(entry, meaning);
        }
        for phrases in lexicon.phrases.values_mut() {
            phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        }
        lexicon
    }

    fn insert(&mut self, entry: &str, meaning: Meaning) {
        let parts: Vec<&str> = entry.split([' ', '-']).filter(|part| !part.is_empty()).collect();
        match *parts.as_slice() {
            [word] => self.insert_word(word, meaning),
            [first, ref rest @ ..] => {
                for first in first.split('/') {
                    self.phrases.entry(fold(first).into()).or_default().extend(Phrase::parse(rest, meaning));
                }
            }
            [] => {}
        }
    }

    fn insert_word(&mut self, word: &str, meaning: Meaning) {
        if let Some((particle, stem)) = word.split_once('|') {
            let (particle, stem) = (fold(particle), fold(stem));
            for joint in ["", "ge", "zu"] {
                self.openings.insert(format!("{particle}{joint}{stem}").into(), meaning);
            }
            self.particles.entry(particle.into()).or_default().push((stem.into(), meaning));
        } else if let Some(opening) = word.strip_suffix('*') {
            self.openings.insert(fold(opening).into(), meaning);
        } else {
            let key = fold(word);
            if matches!(meaning, Meaning::Valence { .. }) {
                self.stubs.extend(self.morphology.stub(&key).map(|stub| (stub.into(), meaning)));
            }
            if word.starts_with(char::is_uppercase) || is_adjective(&key) {
                self.heads.insert(key.clone().into(), meaning);
            }
            self.words.insert(key.into(), meaning);
        }
    }

    fn insert_theme(&mut self, word: &str, theme: u32) {
        let (words, key) = match word.strip_suffix('*') {
            Some(opening) => (&mut self.theme_openings, fold(opening)),
            None => (&mut self.themes, fold(word)),
        };
        *words.entry(key.into()).or_default() |= theme;
    }

    /// What is known of a word by itself.
    pub(super) fn hint(&self, word: &str) -> Hint {
        Hint {
            meaning: self.meaning(word),
            begins_phrase: self.phrases.contains_key(word),
            is_particle: self.particles.contains_key(word),
        }
    }

    /// Whether a word by itself is praise or blame.
    pub(super) fn judges(&self, word: &str) -> bool {
        self.form(word).is_some_and(|meaning| meaning.plain() != 0.0)
    }

    /// The emotions, intents and topics that a word speaks of, by their outputs as bits.
    pub(super) fn themes(&self, word: &str) -> u32 {
        let form = || self.morphology.bases(word).find_map(|(base, _)| self.themes.get(base));
        let opening = || {
            let longest = word.len().min(LONGEST_OPENING);
            (3..=longest).rev().find_map(|end| self.theme_openings.get(word.get(..end)?))
        };
        self.themes.get(word).or_else(form).or_else(opening).copied().unwrap_or_default()
    }

    /// What a folded word means: itself, else the word it is a form of, else (German) its parts, else how it begins.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        let known = self.form(word).or_else(|| self.form(self.morphology.bare(word)?));
        if self.morphology != Morphology::German {
            return known.or_else(|| self.opening(word));
        }
        known.or_else(|| self.compound(word)).or_else(|| self.opening(word)).or_else(|| self.modifier(word))
    }

    /// The meaning of the word itself or of the word that it is a form of.
    pub(super) fn form(&self, word: &str) -> Option<Meaning> {
        let base = |(base, clips): (&str, bool)| {
            let clipped = || if clips { self.stubs.get(base) } else { None };
            self.inflected(base).or_else(clipped).or_else(|| self.inflected(undoubled(base)?))
        };
        self.words.get(word).or_else(|| self.morphology.bases(word).find_map(base)).copied()
    }

    /// A listed word that can have other forms; negations and the like cannot.
    fn inflected(&self, word: &str) -> Option<&Meaning> {
        let inflects = |meaning: &&Meaning| {
            matches!(meaning, Meaning::Valence { .. } | Meaning::Intensity { .. } | Meaning::Nothing)
        };
        self.words.get(word).filter(inflects)
    }

    /// A compound is what its head is: a "Lieferkatastrophe" is a "Katastrophe".
    fn compound(&self, word: &str) -> Option<Meaning> {
        if let Some(meaning) = negated_part(word).and_then(|part| self.form(part)) {
            return Some(meaning.taken_back());
        }
        let head = seams(word).find_map(|seam| self.head(&word[seam..]))?;
        (head.plain() != 0.0 || head == Meaning::Nothing).then_some(head)
    }

    /// The meaning of the end of a compound; neutral where that is a word of its own that heads no compounds.
    fn head(&self, word: &str) -> Option<Meaning> {
        if let Some(meaning) = self.heads.get(word) {
            return Some(*meaning);
        }
        if self.words.contains_key(word) {
            return Some(Meaning::Nothing);
        }
        let declined = self.morphology.bases(word).filter(|(base, _)| base.len() >= SHORTEST_HEAD);
        let declined = declined.filter(|(_, of_verbs)| !of_verbs || word.ends_with('e'));
        declined.filter_map(|(base, _)| self.heads.get(base)).next().copied()
    }

    /// How a word begins, if that tells: a "Spitzenleistung"; an intensifier there ("saukalt") intensifies the rest.
    fn opening(&self, word: &str) -> Option<Meaning> {
        let longest = word.len().min(LONGEST_OPENING);
        let known = |end: usize| Some((*self.openings.get(word.get(..end)?)?, &word[end..]));
        match (3..=longest).rev().find_map(known)? {
            (Meaning::Intensity { factor, alone }, rest) => match self.form(rest) {
                Some(meaning) if alone == 0.0 || meaning.plain() != 0.0 => Some(meaning.scaled(factor)),
                _ => (alone != 0.0).then(|| Meaning::valence(alone)),
            },
            (meaning, _) => Some(meaning),
        }
    }

    /// A noun as modifier colours its compound by half: a "Verspätungsmeldung".
    fn modifier(&self, word: &str) -> Option<Meaning> {
        let modifiers = seams(word).map(|seam| without_joint(&word[..seam])).filter(|it| it.len() >= SHORTEST_HEAD);
        let strong = |meaning: &Meaning| meaning.plain().abs() >= 2.0;
        modifiers
            .filter_map(|modifier| self.heads.get(modifier).copied())
            .find(strong)
            .map(|meaning| meaning.scaled(0.5))
    }

    /// The longest phrase that begins at a token: the token after its last, and its meaning.
    pub(super) fn phrase(&self, text: &Text<'_>, at: usize) -> Option<(usize, Meaning)> {
        let token = &text.tokens[at];
        let phrases = self.phrases.get(text.key(token)).or_else(|| self.phrases.get(text.squeezed(token)?))?;
        phrases.iter().find_map(|phrase| Some((phrase.end(text, at + 1)?, phrase.meaning)))
    }

    /// The separable verb whose particle ends its clause at a token: the token of its stem, and its meaning.
    pub(super) fn separated(&self, text: &Text<'_>, at: usize) -> Option<(usize, Meaning)> {
        let verbs = self.particles.get(text.key(&text.tokens[at]))?;
        if !ends_clause(text, at) {
            return None;
        }
        let before = (at.saturating_sub(BRACE)..at).rev();
        let clause = before.take_while(|&token| !matches!(text.tokens[token].kind, Kind::Mark(_)));
        clause.into_iter().find_map(|token| {
            let word = text.key(&text.tokens[token]);
            let (_, meaning) = verbs.iter().find(|(stem, _)| word.starts_with(&**stem))?;
            Some((token, *meaning))
        })
    }
}

/// The words of the lines whose first column is an emotion, an intent or a topic, with the output of that.
fn themes(lines: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = lines.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    lines
        .filter_map(|(name, entries)| Some((aspects::column(name)?, entries)))
        .flat_map(|(column, entries)| entries.split(", ").map(move |entry| (column, entry)))
}

/// The lines of a lexicon, entry by entry.
pub(super) fn entries(lines: &str) -> impl Iterator<Item = (Meaning, &str)> {
    let lines = lines.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    lines
        .filter_map(|(value, entries)| Some((Meaning::parse(value)?, entries)))
        .flat_map(|(meaning, entries)| entries.split(", ").map(move |entry| (meaning, entry)))
}

/// Whether a folded German word has an adjective's ending; verbs, which change their meaning with their prefix, have others.
fn is_adjective(word: &str) -> bool {
    ["lich", "ig", "isch", "bar", "sam", "haft", "los", "voll", "reich", "wert", "iv"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// Whether a clause ends with this token: the text, a mark or a conjunction follows.
fn ends_clause(text: &Text<'_>, at: usize) -> bool {
    let conjunctions = ["und", "oder", "weil", "dass", "wenn", "aber", "obwohl", "als", "wie"];
    text.tokens.get(at + 1).is_none_or(|next| next.kind != Kind::Word || conjunctions.contains(&text.key(next)))
}
