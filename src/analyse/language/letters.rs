//! A linear model over the letters of words: a score for each language, a word at a time.

use serde::{Deserialize, Serialize};

use crate::analyse::hash::{self, Hash};
use crate::analyse::linear::{Sums, Table};
use crate::mention::Language;

/// The outputs of the model.
pub(crate) const COLUMNS: usize = 16;

/// The languages of the outputs; those that are left are not in use.
pub(crate) const LANGUAGES: [Language; 13] = [
    Language::literal(*b"de"),
    Language::literal(*b"en"),
    Language::literal(*b"fr"),
    Language::literal(*b"es"),
    Language::literal(*b"it"),
    Language::literal(*b"pt"),
    Language::literal(*b"nl"),
    Language::literal(*b"pl"),
    Language::literal(*b"cs"),
    Language::literal(*b"da"),
    Language::literal(*b"hu"),
    Language::literal(*b"ro"),
    Language::literal(*b"sv"),
];

/// The first two, German and English, are met far more often than the next six in what a brand listens to, and these more
/// often than the others.
const HOME: usize = 2;
/// See [`HOME`].
const COMMON: usize = 8;
/// What each of the others must be ahead of those that are met more often.
const RARER: f32 = 0.5;
/// How many letters in a row are looked at together at most.
const LONGEST_PART: usize = 4;
/// Of longer words only the beginning is looked at.
const LONGEST: usize = 30;

/// What was learned of the letters of languages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Letters {
    pub(crate) table: Table<COLUMNS>,
}

/// The likeliest language.
pub(crate) struct Best {
    pub(crate) language: Language,
    pub(crate) probability: f32,
    /// Its score beyond the average one.
    pub(crate) lead: f32,
}

impl Letters {
    /// The scores of a word.
    pub(super) fn sums(&self, written: &str) -> Sums<COLUMNS> {
        let mut sums = [0; COLUMNS];
        features(written, |feature| self.table.add(feature, &mut sums));
        sums
    }

    /// The likeliest language by the scores of all words and what is added for one of them.
    pub(crate) fn best(&self, sums: &Sums<COLUMNS>, extra: Option<(Language, f32)>) -> Best {
        let mut scores: [f32; LANGUAGES.len()] = std::array::from_fn(|at| self.score(at, sums));
        if let Some((language, score)) = extra
            && let Some(at) = LANGUAGES.iter().position(|known| *known == language)
        {
            scores[at] += score;
        }
        let best = (0..scores.len()).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or_default();
        let sum: f32 = scores.iter().map(|score| (score - scores[best]).exp()).sum();
        #[expect(clippy::cast_precision_loss, reason = "a handful of languages")]
        let average = scores.iter().sum::<f32>() / LANGUAGES.len() as f32;
        Best { language: LANGUAGES[best], probability: 1.0 / sum, lead: scores[best] - average }
    }

    /// The likeliest of the languages that are met often.
    pub(super) fn best_common(&self, sums: &Sums<COLUMNS>) -> Language {
        let score = |at: usize| self.score(at, sums);
        LANGUAGES[(0..COMMON).max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap_or_default()]
    }

    fn score(&self, at: usize, sums: &Sums<COLUMNS>) -> f32 {
        let rarer = f32::from(u8::from(at >= HOME)) + f32::from(u8::from(at >= COMMON));
        self.table.worth(at, sums[at]) - RARER * rarer
    }
}

/// The features of a word as it was spelled: itself, and each one to four letters in a row, its ends included.
/// Letters that stand three times or more in a row stand once.
pub(crate) fn features(written: &str, mut feature: impl FnMut(Hash)) {
    let mut marked = ['^'; LONGEST + 2];
    let mut length = 1;
    let mut letters = written.chars().map(normal).take(LONGEST).peekable();
    while let Some(c) = letters.next() {
        let mut run = 1;
        while letters.next_if_eq(&c).is_some() {
            run += 1;
        }
        // "niiice" is "nice", of whatever language that is.
        for _ in 0..if run > 2 { 1 } else { run } {
            marked[length] = c;
            length += 1;
        }
    }
    marked[length] = '$';
    let marked = &marked[..=length];
    for start in 0..marked.len() {
        let mut hash = hash::START;
        for c in marked[start..].iter().take(LONGEST_PART) {
            hash = u32::from(*c).to_le_bytes().into_iter().fold(hash, hash::push);
            feature(hash::finished(hash));
        }
    }
    feature(marked.iter().fold(1, |word, &c| hash::pair(word, u64::from(u32::from(c)))));
}

fn normal(c: char) -> char {
    match c {
        '’' | '‘' | '`' | '´' => '\'',
        c if c.is_ascii() => c.to_ascii_lowercase(),
        c => c.to_lowercase().next().unwrap_or(c),
    }
}
