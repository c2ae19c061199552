//! What we think of a text: its language, its mood and why, emotions, intents, topics and how urgent it is. Pure.
//!
//! A text is taken apart (`tokens`, with `symbols` and `grade`), the brand's names are taken out (`mask`), its language told
//! (`language`); each word and phrase is looked up (`vocabulary`, `reading`, `lexicon`) and weighed by rules against the others
//! (`evidence`). What the rules make of it (`signals`) and the hashed words (`features`) are added up by a linear model
//! (`linear`), and the sums with the rating become a mood (`verdict`) and its `aspects`.

pub mod adapt;
mod aspects;
pub mod card;
mod evidence;
mod features;
mod grade;
mod hash;
mod language;
mod lexicon;
mod linear;
mod mask;
mod reading;
mod signals;
mod speech;
mod symbols;
#[cfg(test)]
mod tests;
mod tokens;
mod topics;
pub mod train;
mod urgency;
mod verdict;
mod vocabulary;
mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use aspects::{Emotion, Intent, Topic};
pub use language::language_of;
pub use mask::Mask;
pub use topics::OwnTopic;

use crate::mention::{Label, Language, Mention};
use adapt::Adaptation;
use aspects::{COLUMNS, DISPUTED, URGENT};
use evidence::Clue;
use language::{Guess, Languages, Spellings};
use lexicon::Hint;
use linear::Sums;
use signals::{Evidence, Signals};
use speech::Speech;
use symbols::Symbols;
use tokens::Text;
use topics::OwnTopics;
use verdict::Tally;
use vocabulary::{Vocabulary, Word};

/// Texts are read up to this many characters; reviews of that length exist, and what they feel they have said by then.
const LONGEST_TEXT: usize = 32_000;

/// What one version of the model thinks of one text.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Analysis {
    /// `None`: cannot tell.
    pub language: Option<Language>,
    /// `None`: cannot tell, for want of words or of a language the model speaks.
    pub mood: Option<Mood>,
    /// What the writer feels, the clearest first.
    pub emotions: Vec<Emotion>,
    /// What the writer wants, the clearest first.
    pub intents: Vec<Intent>,
    /// What it is about, the clearest first: built-in topics ([`Topic::name`]), then the operator's own.
    pub topics: Vec<Cow<'static, str>>,
    /// How soon somebody should look at it.
    pub urgency: Urgency,
    /// Stars and text say opposite things: a person should look.
    pub contradicts: bool,
    /// Careful readers might judge the mood differently: praise and blame are mixed, or irony is unclear.
    pub disputed: bool,
}

/// How soon somebody should look at a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Urgency {
    /// From 0 (whenever) to 1 (now).
    pub value: f64,
    /// What makes it so, the weightiest first; the weights sum to the value.
    pub why: Vec<Reason>,
}

/// A mood as probabilities, and what decided it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mood {
    /// The most probable one.
    pub label: Label,
    /// P(positive) − P(negative), from −1 to 1.
    pub score: f64,
    /// Of negative, neutral and positive; they sum to 1.
    pub probabilities: [f64; 3],
    /// What decided it, the weightiest first: words, rules in brackets, the rating (`rating 1/5`). At most a dozen; where there
    /// are more, `…` stands for the sum of the others. The weights sum to the score; each is proportional to what the reason
    /// adds to the log-odds of positive against negative.
    pub why: Vec<Reason>,
}

/// One reason for a mood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// As they stand in the text.
    pub words: String,
    /// Its share of the score: negative pulls down, positive up.
    pub weight: f64,
}

/// The knowledge that a [`Reader`] works with; built once, then shared.
#[derive(Debug)]
pub struct Model {
    languages: Languages,
    speeches: Vec<Speech>,
    symbols: Symbols,
    topics: OwnTopics,
    version: String,
}

impl Model {
    /// Names the embedded model; see [`Model::version`].
    pub const VERSION: &'static str = "linear-3";

    /// The model in the binary. `languages` are those that may be detected; empty means every one.
    pub fn embedded(languages: &[Language]) -> Self {
        Self {
            languages: Languages::new(speech::letters(), languages),
            speeches: speech::spoken(),
            symbols: Symbols::parse(lexicon::SYMBOLS),
            topics: OwnTopics::new(Vec::new()),
            version: Self::VERSION.to_owned(),
        }
    }

    /// With topics of the operator's own.
    #[must_use]
    pub fn with_topics(self, topics: Vec<OwnTopic>) -> Self {
        Self { topics: OwnTopics::new(topics), ..self }
    }

    /// With what the brand's own reviews taught.
    #[must_use]
    pub fn adapted(mut self, adaptation: &Adaptation) -> Self {
        for (language, correction) in &adaptation.languages {
            if let Some(speech) = self.speeches.iter_mut().find(|speech| speech.language == *language) {
                speech.correction = Some(correction.clone());
            }
        }
        let taught = adaptation.version();
        let version = if taught.is_empty() { Self::VERSION.to_owned() } else { format!("{}+{taught}", Self::VERSION) };
        Self { version, ..self }
    }

    /// Names the model and everything that changes the moods it tells; stored with each analysis.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Somebody who reads texts with this knowledge and remembers words.
    pub fn reader(&self) -> Reader<'_> {
        Reader {
            model: self,
            vocabularies: self.speeches.iter().map(|_| Vocabulary::default()).collect(),
            spellings: Spellings::default(),
        }
    }

    /// The position of the language to read a text in; none where it is one that the model does not speak.
    fn speech(&self, guess: Guess, text: &Text<'_>) -> Option<usize> {
        match guess {
            Guess::Known(language) => self.spoken(language),
            Guess::Open(likeliest) => self.best_known(text, likeliest),
            Guess::Foreign => None,
        }
    }

    /// The language whose lexicon judges the most words of a text that may be in any: "noice" is listed as English alone.
    fn best_known(&self, text: &Text<'_>, likeliest: Language) -> Option<usize> {
        let judged = |speech: &Speech| {
            let words = text.tokens.iter().filter(|token| token.is_word());
            words.filter(|token| speech.lexicon.judges(text.key(token))).count()
        };
        let most = self.speeches.iter().map(judged).max()?;
        let best = |speech: &Speech| judged(speech) == most;
        self.spoken(likeliest).filter(|&at| best(&self.speeches[at])).or_else(|| self.speeches.iter().position(best))
    }

    fn spoken(&self, language: Language) -> Option<usize> {
        self.speeches.iter().position(|speech| speech.language == language)
    }
}

/// Reads one text after another. The answers do not depend on what was read before; only the speed does.
#[derive(Debug)]
pub struct Reader<'m> {
    model: &'m Model,
    vocabularies: Vec<Vocabulary>,
    spellings: Spellings,
}

impl Reader<'_> {
    /// Tells what to think of a mention about a brand, from its words and, where there is one, its rating.
    pub fn analyse(&mut self, mention: &Mention, brand: &Mask) -> Analysis {
        let source = mention.full_text();
        let mut text = tokens::tokenize(capped(&source), &self.model.symbols);
        brand.apply(&mut text);
        let guess = language::detect(&text, mention.language_hint, &self.model.languages, &mut self.spellings);
        let mut analysis = Analysis { language: guess.language(), ..Analysis::default() };
        let speech = self.model.speech(guess, &text).filter(|_| says_something(&text));
        let Some(speech) = speech else {
            let nothing = || verdict::mood(&text, &[], &Evidence::default(), &Tally::default(), mention.rating);
            analysis.mood = mention.rating.is_some().then(nothing);
            return analysis;
        };
        let read = self.read(&text, speech);
        let (speech, share) = (&self.model.speeches[speech], features::share(&text));
        let tally = speech.tally(&read, share);
        analysis.contradicts = mention.rating.is_some_and(|rating| verdict::contradicts(&tally, rating));
        analysis.mood = Some(verdict::mood(&text, &read.clues, &read.evidence, &tally, mention.rating));
        self.describe(&source, &text, &read, &speech.aspects(&read, share), &mut analysis);
        analysis
    }

    /// What beside the mood is to be said of a text.
    fn describe(&self, source: &str, text: &Text<'_>, read: &Read, found: &[f32; COLUMNS], analysis: &mut Analysis) {
        analysis.emotions = aspects::named(Emotion::ALL, Emotion::column, found);
        analysis.intents = aspects::named(Intent::ALL, Intent::column, found);
        let topics = aspects::named(Topic::ALL, Topic::column, found);
        analysis.topics = topics.into_iter().map(|topic| Cow::Borrowed(topic.name())).collect();
        self.model.topics.add(source, &mut analysis.topics);
        analysis.disputed = found[DISPUTED] >= 0.0;
        analysis.urgency = urgency::weigh(text, &read.urgent, analysis);
    }

    /// Adds up what a language's knowledge says of a text.
    fn read(&mut self, text: &Text<'_>, speech: usize) -> Read {
        let (vocabulary, speech) = (&mut self.vocabularies[speech], &self.model.speeches[speech]);
        let mut hints = Vec::with_capacity(text.tokens.len());
        let mut read = Read { pulls: Vec::with_capacity(text.tokens.len()), ..Read::default() };
        for (at, token) in text.tokens.iter().enumerate() {
            if token.is_mark() {
                read.skip();
                hints.push(Hint::default());
                continue;
            }
            let word = vocabulary.word(text, token, speech);
            read.take(word);
            hints.push(word.hint);
            if word.themes & (1 << URGENT) != 0 {
                read.urgent.push(at);
            }
        }
        for (at, pair) in features::pairs(text) {
            let mut mood = [0; 3];
            speech.weights.mood.table.add(pair, &mut mood);
            speech.weights.aspects.table.add(pair, &mut read.aspects);
            take_pair(&mut read.mood, &mut read.pulls, at, &mood);
            if let Some(learned) = &speech.correction {
                let mut correction = [0; 3];
                learned.table.add(pair, &mut correction);
                take_pair(&mut read.correction, &mut read.corrections, at, &correction);
            }
        }
        let terms = reading::read(text, &speech.lexicon, &hints);
        read.clues = evidence::clues(text, &terms);
        (read.signals, read.evidence) = signals::of(text, &terms, &read.clues);
        read
    }
}

/// What was added up over a text.
#[derive(Debug, Default)]
struct Read {
    mood: Sums<3>,
    correction: Sums<3>,
    aspects: Sums<COLUMNS>,
    /// What each token adds to the sums of mood, twice.
    pulls: Vec<Sums<3>>,
    /// What each token adds to the sums of the correction, twice.
    corrections: Vec<Sums<3>>,
    /// The tokens that speak of urgency.
    urgent: Vec<usize>,
    clues: Vec<Clue>,
    signals: Signals,
    evidence: Evidence,
}

impl Read {
    /// Passes over a mark.
    fn skip(&mut self) {
        self.pulls.push([0; 3]);
        self.corrections.push([0; 3]);
    }

    fn take(&mut self, word: &Word) {
        add(&mut self.mood, &word.mood);
        add(&mut self.correction, &word.correction);
        add(&mut self.aspects, &word.aspects);
        self.pulls.push(word.mood.map(|sum| 2 * sum));
        self.corrections.push(word.correction.map(|sum| 2 * sum));
    }
}

/// A pair counts half for each of its tokens.
fn take_pair(sum: &mut Sums<3>, pulls: &mut [Sums<3>], first: usize, pair: &Sums<3>) {
    add(sum, pair);
    add(&mut pulls[first], pair);
    add(&mut pulls[first + 1], pair);
}

fn add<const N: usize>(sums: &mut Sums<N>, more: &Sums<N>) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// Without surrounding whitespace and what is too much.
fn capped(text: &str) -> &str {
    let text = text.trim();
    text.char_indices().nth(LONGEST_TEXT).map_or(text, |(end, _)| &text[..end])
}

/// Whether there is a word or a symbol at all.
fn says_something(text: &Text<'_>) -> bool {
    text.tokens.iter().any(|token| !token.is_mark())
}
