//! A linear model over the letters of words: a score for each language, a word at a time.

use serde::{Deserialize, Serialize};

use crate::analyse::hash::{self, Hash};
use crate::analyse::linear::{Sums, Table};
use crate::mention::Language;

/// The outputs of the model.
pub(crate) const COLUMNS: usize = 20;

/// The languages of the outputs; those that are left are not in use.
pub(crate) const LANGUAGES: [Language; 17] = [
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
    Language::literal(*b"sk"),
    Language::literal(*b"nb"),
    Language::literal(*b"fi"),
    Language::literal(*b"tr"),
];

/// How many letters in a row are looked at together at most.
const LONGEST_PART: usize = 4;
/// Of longer words only the beginning is looked at.
const LONGEST: usize = 30;

/// What was learned of the letters of languages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Letters {
    pub(crate) table: Table<COLUMNS>,
    /// One a language.
    pub(crate) prior: Vec<f32>,
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
        let mut scores: [f32; LANGUAGES.len()] = std::array::from_fn(|at| {
            let prior = self.prior.get(at).copied().unwrap_or_default();
            self.table.worth(at, sums[at]) + prior
        });
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
}

/// The features of a word as it was spelled: itself, and each one to four letters in a row, its ends included.
pub(crate) fn features(written: &str, mut feature: impl FnMut(Hash)) {
    let mut marked = ['^'; LONGEST + 2];
    let mut length = 1;
    for c in written.chars().take(LONGEST) {
        marked[length] = normal(c);
        length += 1;
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
