//! How somebody writes: tidily, all in lower case, dictated, with slips, with emoji, shouting, without umlauts.

use fastrand::Rng;

use crate::mention::{Label, Language};

/// A person's habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Voice {
    /// As in the text files.
    Tidy,
    /// no capital anywhere
    LowerCase,
    /// spoken into the phone no full stop no comma
    Dictated,
    /// Mistakes of spelling and fingers that were too fast.
    Slips,
    /// A picture at the end.
    Emoji,
    /// The last words IN CAPITALS when angry.
    Loud,
    /// Fuer Tastaturen ohne Umlaute.
    NoUmlauts,
}

impl Voice {
    /// As frequent as they are in reviews.
    pub(super) fn choose(language: Language, rng: &mut Rng) -> Self {
        match rng.u32(0..100) {
            0..=60 => Self::Tidy,
            61..=70 => Self::LowerCase,
            71..=75 => Self::Dictated,
            76..=83 => Self::Slips,
            84..=92 => Self::Emoji,
            93..=97 => Self::Loud,
            _ if language == Language::GERMAN => Self::NoUmlauts,
            _ => Self::Tidy,
        }
    }

    /// Says a text in this voice.
    pub(super) fn say(self, text: &str, language: Language, mood: Label, rng: &mut Rng) -> String {
        match self {
            Self::Tidy => text.to_owned(),
            Self::LowerCase => text.to_lowercase().trim_end_matches('.').to_owned(),
            Self::Dictated => dictated(text),
            Self::Slips => with_slips(text, language, rng),
            Self::Emoji => format!("{text} {}", emoji(mood, rng)),
            Self::Loud if mood == Label::Negative => loud(text),
            Self::Loud => text.to_owned(),
            Self::NoUmlauts => without_umlauts(text),
        }
    }
}

fn dictated(text: &str) -> String {
    let unspoken = [',', '.', ':', '–', '„', '“', '”', '!'];
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_matches(unspoken)).collect();
    words.join(" ").to_lowercase()
}

fn loud(text: &str) -> String {
    let end = [". ", "! ", "? "].iter().filter_map(|stop| text.rfind(stop)).max().map_or(0, |at| at + 2);
    let (calm, shout) = text.split_at(end);
    format!("{calm}{}", shout.to_uppercase())
}

fn emoji(mood: Label, rng: &mut Rng) -> &'static str {
    let choices = match mood {
        Label::Negative => ["😡", "😤", "🙄", "👎", "😩", "🤬"],
        Label::Neutral => ["🤷", "🙂", "🤔", "🚆", "😐", "🧐"],
        Label::Positive => ["😊", "👍", "🥰", "❤️", "🎉", "🙏"],
    };
    choices[rng.usize(..choices.len())]
}

fn without_umlauts(text: &str) -> String {
    let spelt = [("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue"), ("ß", "ss")];
    spelt.into_iter().fold(text.to_owned(), |text, (umlaut, letters)| text.replace(umlaut, letters))
}

/// What people really get wrong.
const SLIPS_DE: [(&str, &str); 12] = [
    ("dass ", "das "),
    ("Seit ", "Seid "),
    ("ziemlich", "ziehmlich"),
    ("überhaupt", "überhaubt"),
    ("nämlich", "nähmlich"),
    ("endlich", "entlich"),
    ("Verspätung", "Verspähtung"),
    ("wieder", "wider"),
    ("nicht", "nich"),
    ("Passwort", "Paswort"),
    ("freundlich", "freuntlich"),
    ("Standard", "Standart"),
];
const SLIPS_EN: [(&str, &str); 12] = [
    ("definitely", "definately"),
    ("don’t", "dont"),
    ("can’t", "cant"),
    ("it’s", "its"),
    ("their", "there"),
    ("you’re", "your"),
    ("really", "realy"),
    ("because", "becuase"),
    ("received", "recieved"),
    ("which", "wich"),
    ("tried", "tryed"),
    ("believe", "beleive"),
];

fn with_slips(text: &str, language: Language, rng: &mut Rng) -> String {
    let slips = if language == Language::GERMAN { SLIPS_DE } else { SLIPS_EN };
    let spelt = slips.into_iter().fold(text.to_owned(), |text, (right, wrong)| text.replacen(right, wrong, 1));
    let mut words: Vec<String> = spelt.split(' ').map(str::to_owned).collect();
    for _ in 0..=words.len() / 12 {
        let at = rng.usize(..words.len());
        words[at] = swapped(&words[at], rng);
    }
    words.join(" ")
}

/// Two neighbouring letters inside a longer word change places.
fn swapped(word: &str, rng: &mut Rng) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() > 5 && letters.iter().all(|c| c.is_alphabetic()) {
        let at = rng.usize(1..letters.len() - 2);
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(voice: Voice, text: &str) -> String {
        voice.say(text, Language::GERMAN, Label::Negative, &mut Rng::with_seed(2))
    }

    #[test]
    fn every_voice_says_it_differently() {
        let text = "Schön war es nicht. Warum kommt, bitte, nie jemand?";
        let voices = [Voice::LowerCase, Voice::Dictated, Voice::Slips, Voice::Emoji, Voice::Loud, Voice::NoUmlauts];
        insta::assert_snapshot!(voices.map(|voice| say(voice, text)).join("\n"));
        assert_eq!(say(Voice::Tidy, text), text);
    }

    #[test]
    fn only_the_angry_shout() {
        let cheer = Voice::Loud.say("Toll!", Language::GERMAN, Label::Positive, &mut Rng::with_seed(2));
        assert_eq!(cheer, "Toll!");
    }
}
