//! Light morphology: inflections of German and English, compounds and negating affixes of German. All of it on folded words.

use std::ops::Range;

/// The shortest and the longest word, in bytes, that is taken for a compound; longer ones are no language.
const COMPOUND: Range<usize> = 8..61;

/// The shortest part of a compound that is believed, in bytes.
pub(super) const SHORTEST_HEAD: usize = 5;

/// The rules by which a language's words change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Morphology {
    German,
    English,
    /// Forms are listed, or words by their beginning.
    None,
}

/// Endings of German declension, comparison and conjugation, and whether a verb can have them.
const GERMAN_ENDINGS: [(&str, bool); 24] = [
    ("e", true),
    ("en", false),
    ("er", false),
    ("es", false),
    ("em", false),
    ("n", false),
    ("s", false),
    ("t", true),
    ("st", true),
    ("et", true),
    ("te", true),
    ("ten", true),
    ("ter", true),
    ("tes", true),
    ("test", true),
    ("tet", true),
    ("ere", false),
    ("eren", false),
    ("erer", false),
    ("eres", false),
    ("ste", false),
    ("sten", false),
    ("ster", false),
    ("end", true),
];

/// Endings of English plural, tense, comparison and adverb, and whether they swallow an "e" or turn a "y" into "i".
const ENGLISH_ENDINGS: [(&str, bool); 9] = [
    ("s", false),
    ("es", true),
    ("ed", true),
    ("ing", true),
    ("er", true),
    ("est", true),
    ("ly", true),
    ("ingly", true),
    ("edly", true),
];

impl Morphology {
    /// The words that a word may be a form of, each with whether it may lack its own ending, as [`Morphology::stub`] says.
    pub(super) fn bases(self, word: &str) -> impl Iterator<Item = (&str, bool)> {
        let (endings, shortest): (&[(&str, bool)], usize) = match self {
            Self::German => (&GERMAN_ENDINGS, 3),
            Self::English => (&ENGLISH_ENDINGS, 3),
            Self::None => (&[], 0),
        };
        let long_enough = move |(base, _): &(&str, bool)| base.len() >= shortest;
        endings.iter().filter_map(move |&(ending, clips)| Some((word.strip_suffix(ending)?, clips))).filter(long_enough)
    }

    /// The word without what an apostrophe divides from it: "dog" of "dog's", "ottimo" of "l'ottimo".
    pub(super) fn bare(self, word: &str) -> Option<&str> {
        let (before, after) = word.split_once('\'')?;
        Some(if self == Self::None { after } else { before })
    }

    /// A listed word without the ending that its other forms lack: "nerv" of "nerven", "lov" of "love", "happi" of "happy".
    pub(super) fn stub(self, word: &str) -> Option<String> {
        match self {
            Self::German => word.strip_suffix("en").filter(|stub| stub.len() > 3).map(str::to_owned),
            Self::English => match word.strip_suffix('y') {
                Some(stub) => Some(format!("{stub}i")),
                None => word.strip_suffix('e').map(str::to_owned),
            },
            Self::None => None,
        }
    }
}

/// "stop" of "stopp", the base of "stopped".
pub(super) fn undoubled(base: &str) -> Option<&str> {
    match base.as_bytes() {
        [.., a, b] if a == b && a.is_ascii_alphabetic() => Some(&base[..base.len() - 1]),
        _ => None,
    }
}

/// The positions at which a German compound may fall into modifier and head, the longest head first.
pub(super) fn seams(word: &str) -> impl Iterator<Item = usize> {
    let end = if COMPOUND.contains(&word.len()) { (word.len() + 1).saturating_sub(SHORTEST_HEAD) } else { 0 };
    (3..end).filter(|&at| word.is_char_boundary(at))
}

/// The word that "un-", "-frei" or "-los" takes back.
pub(super) fn negated_part(word: &str) -> Option<&str> {
    if !COMPOUND.contains(&word.len()) {
        return None;
    }
    if let Some(rest) = word.strip_prefix("un") {
        return Some(rest);
    }
    let endings = ["frei", "freie", "freien", "freier", "freies", "los", "lose", "losen", "loser", "loses"];
    endings.iter().find_map(|ending| word.strip_suffix(ending)).map(without_joint)
}

/// "stoerung" of "stoerungs-": the joint of a compound is no part of its modifier.
pub(super) fn without_joint(modifier: &str) -> &str {
    modifier.strip_suffix('s').unwrap_or(modifier)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_german_form_leads_to_its_word() {
        for (form, word) in
            [("schlechteren", "schlecht"), ("katastrophen", "katastrophe"), ("enttaeuschte", "enttaeuscht")]
        {
            assert!(Morphology::German.bases(form).any(|(base, _)| base == word), "{form}");
        }
        let stub = Morphology::German.stub("nerven").unwrap();
        for form in ["nervt", "nervte", "nervst", "nerve", "nervend"] {
            assert!(Morphology::German.bases(form).any(|(base, clips)| clips && base == stub), "{form}");
        }
    }

    #[test]
    fn an_english_form_leads_to_its_word() {
        for (form, word) in [("crashes", "crash"), ("disappointingly", "disappoint"), ("slower", "slow")] {
            assert!(Morphology::English.bases(form).any(|(base, _)| base == word), "{form}");
        }
        for (form, word) in
            [("loving", "love"), ("happiest", "happy"), ("worried", "worry"), ("friendlier", "friendly")]
        {
            let stub = Morphology::English.stub(word).unwrap();
            assert!(Morphology::English.bases(form).any(|(base, clips)| clips && base == stub), "{form}");
        }
        assert_eq!(undoubled("stopp"), Some("stop"));
    }

    #[test]
    fn compounds_are_tried_with_the_longest_head_first() {
        let parts: Vec<_> = seams("horrortrip").map(|at| "horrortrip".split_at(at)).collect();
        assert_eq!(parts, [("hor", "rortrip"), ("horr", "ortrip"), ("horro", "rtrip")]);
        assert_eq!(seams("kurz").count(), 0);
        assert_eq!(seams(&"lang".repeat(100)).count(), 0);
    }

    #[test]
    fn affixes_take_their_word_back() {
        assert_eq!(negated_part("stoerungsfreie"), Some("stoerung"));
        assert_eq!(negated_part("fehlerlos"), Some("fehler"));
        assert_eq!(negated_part("unkompliziert"), Some("kompliziert"));
        assert_eq!(negated_part("haus"), None);
    }
}
