//! What can be wrong with a query, in words. Whoever reads German sees a query only as a search on a page.

use std::fmt;
use std::ops::Range;

use super::grammar::MOST_NESTED;
use super::tokens::MOST_WORDS_BETWEEN;
use crate::brand::misspelling::LEAST_LETTERS;
use crate::brand::term::{LETTERS_OF_PART, TermError};
use crate::tongue::{Said, said};

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// Where, as bytes of the query.
    pub place: Range<usize>,
    mistake: Mistake,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Mistake {
    /// With how words are put together.
    Structure(Structure),
    /// With this word.
    Word(Wrong, String),
}

/// What can be wrong with how words are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Structure {
    /// There is nothing.
    Empty,
    /// A closing parenthesis without an opening one.
    Unopened,
    /// An opening parenthesis without a closing one.
    Unclosed,
    /// A quotation mark without a second one.
    Unquoted,
    /// Two things side by side.
    NoOperator,
    /// Nothing behind an operator.
    EndsEarly,
    /// Nothing before an operator.
    NothingBefore,
    /// Groups in groups in groups.
    TooDeep,
    /// It holds where none of its terms stands.
    HoldsAnywhere,
    /// `a NEAR/5 b NEAR/5 c`.
    ThreeNears,
    /// NEAR beside something else than terms.
    NearSide,
}

/// What can be wrong with a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// NEAR without a number, or with one that is too large.
    Near,
    /// An operator of other languages, as `&&`.
    Operator,
    /// A sign of other languages before a word, as in `-word`.
    Sign,
    /// Too short for misspellings.
    Misspelling,
    /// Too short for compounds.
    Compounds,
    /// A term that cannot be looked for.
    Term(TermError),
    /// Behind `lang:`, and no language.
    Language,
    /// Behind `source:`, and no source.
    Source,
    /// Before a colon, and neither of those.
    Clause,
}

impl QueryError {
    pub(super) fn new(place: Range<usize>, structure: Structure) -> Self {
        Self { place, mistake: Mistake::Structure(structure) }
    }

    pub(super) fn of_word(place: Range<usize>, wrong: Wrong, word: &str) -> Self {
        Self { place, mistake: Mistake::Word(wrong, word.to_owned()) }
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> Said {
        self.told().0
    }

    /// What to write.
    pub fn hint(&self) -> Said {
        self.told().1
    }

    fn told(&self) -> (Said, Said) {
        match &self.mistake {
            Mistake::Structure(structure) => structure.told(),
            Mistake::Word(wrong, word) => wrong.told(word),
        }
    }
}

/// The message and the hint, in English.
impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.message(), self.hint())
    }
}

impl Structure {
    /// What is wrong, and what to write.
    fn told(self) -> (Said, Said) {
        let plain = |message: Said<&str>, hint: Said<&str>| (message.into(), hint.into());
        match self {
            Self::Empty => plain(
                said("Die Suche ist leer", "the query is empty"),
                said("Schreiben Sie, wonach gesucht werden soll", "write words to look for, or delete the line"),
            ),
            Self::Unopened => plain(
                said("Diese Klammer schließt nichts", "this parenthesis closes nothing"),
                said(
                    "Löschen Sie sie oder öffnen Sie eine, wo die Gruppe beginnt",
                    "delete it, or write one where the group begins",
                ),
            ),
            Self::Unclosed => plain(
                said("Diese Klammer wird nicht geschlossen", "this parenthesis is never closed"),
                said("Schreiben Sie „)“, wo die Gruppe endet", "write `)` where the group ends"),
            ),
            Self::Unquoted => plain(
                said("Das Anführungszeichen wird nicht geschlossen", "the quotation mark is never closed"),
                said("Setzen Sie eines ans Ende", "write one at the end"),
            ),
            Self::NoOperator => plain(
                said("Zwischen diesen beiden fehlt ein Operator", "no operator stands between these two"),
                said(
                    "Schreiben Sie UND oder ODER in Großbuchstaben; eine Wortgruppe gehört in Anführungszeichen, etwa \
                     \"Deutsche Bahn\"",
                    "write AND or OR, in capitals; or put a phrase in quotation marks, as in \"Deutsche Bahn\"",
                ),
            ),
            Self::EndsEarly => plain(
                said("Die Suche endet, wo noch ein Begriff stehen sollte", "the query ends where a term should stand"),
                said(
                    "Schreiben Sie dort einen Begriff oder löschen Sie, was davor steht",
                    "write a term there, or delete what is before it",
                ),
            ),
            Self::NothingBefore => plain(
                said("Davor sollte ein Begriff stehen", "a term should stand before this"),
                said(
                    "Schreiben Sie einen; um nach dem Wort selbst zu suchen, setzen Sie es in Anführungszeichen",
                    "write one; to look for such a word itself, put it in quotation marks",
                ),
            ),
            Self::TooDeep => (
                Said {
                    german: format!("Mehr als {MOST_NESTED} Gruppen liegen ineinander"),
                    english: format!("more than {MOST_NESTED} groups lie within one another"),
                },
                said("Vereinfachen Sie die Suche oder teilen Sie sie auf", "make it simpler, or two brands of it")
                    .into(),
            ),
            Self::HoldsAnywhere => plain(
                said(
                    "Die Suche trifft auch auf Texte zu, in denen keines ihrer Wörter steht",
                    "the query also holds for texts in which none of its words stands",
                ),
                said(
                    "Sagen Sie mit UND, was außerdem darin stehen muss; jede Seite eines ODER muss etwas nennen",
                    "say with AND what must stand there, too; each side of an OR must name something",
                ),
            ),
            Self::ThreeNears => plain(
                said(
                    "NEAR steht zwischen zwei Begriffen, nicht zwischen dreien",
                    "NEAR stands between two terms, not three",
                ),
                said(
                    "Schreiben Sie jedes Paar für sich, etwa a NEAR/5 b UND b NEAR/5 c",
                    "write each pair by itself, as in `a NEAR/5 b AND b NEAR/5 c`",
                ),
            ),
            Self::NearSide => plain(
                said("NEAR steht zwischen Begriffen", "NEAR stands between terms"),
                said(
                    "Schreiben Sie ein Wort, eine Wortgruppe oder mehrere mit ODER in Klammern; NICHT steht vor einer \
                     Gruppe: NICHT (a NEAR/5 b)",
                    "write a word, a phrase, or several with OR in parentheses; NOT comes before a group: `NOT (a \
                     NEAR/5 b)`",
                ),
            ),
        }
    }
}

impl Wrong {
    /// What is wrong, and what to write.
    fn told(self, text: &str) -> (Said, Said) {
        match self {
            Self::Near => (
                Said {
                    german: format!("„{text}“ sagt nicht, wie viele Wörter dazwischen stehen dürfen"),
                    english: format!("`{text}` does not say how many words may stand between"),
                },
                Said {
                    german: format!("Schreiben Sie dahinter eine Zahl bis {MOST_WORDS_BETWEEN}, etwa DB NEAR/5 zug*"),
                    english: format!("write a number up to {MOST_WORDS_BETWEEN} behind it, as in `DB NEAR/5 zug*`"),
                },
            ),
            Self::Operator => (
                Said { german: format!("„{text}“ ist kein Operator"), english: format!("`{text}` is no operator") },
                said("Schreiben Sie UND, ODER oder NICHT", "write AND, OR or NOT").into(),
            ),
            Self::Sign => told_of_a_sign(text),
            Self::Misspelling => (
                Said {
                    german: format!("„{text}“ lässt sich nicht mit Tippfehlern suchen"),
                    english: format!("`{text}` cannot be looked for with misspellings"),
                },
                Said {
                    german: format!(
                        "„~“ steht vor einem Wort aus mindestens {LEAST_LETTERS} Buchstaben ohne weitere Zeichen"
                    ),
                    english: format!(
                        "`~` stands before one word of {LEAST_LETTERS} letters or more, without other marks"
                    ),
                },
            ),
            Self::Compounds => (
                Said {
                    german: format!("Mit „{text}“ beginnen keine zusammengesetzten Wörter"),
                    english: format!("`{text}` begins no compounds"),
                },
                Said {
                    german: format!(
                        "„-“ steht hinter einem Wort aus mindestens {LETTERS_OF_PART} Buchstaben, vor dem kein „*“ steht"
                    ),
                    english: format!(
                        "`-` stands behind a word of {LETTERS_OF_PART} letters or more, without a `*` before it"
                    ),
                },
            ),
            Self::Term(error) => {
                let Said { german, english } = error.problem();
                let message = Said {
                    german: format!("Der Begriff „{text}“ {german}"),
                    english: format!("the term `{text}` {english}"),
                };
                (message, error.hint().into())
            }
            Self::Language => (
                Said { german: format!("„{text}“ ist keine Sprache"), english: format!("`{text}` is no language") },
                said("Schreiben Sie ihre zwei Buchstaben, etwa lang:de", "write its two letters, as in `lang:de`")
                    .into(),
            ),
            Self::Source => (
                Said { german: format!("„{text}“ ist keine Quelle"), english: format!("`{text}` is no source") },
                said(
                    "Schreiben Sie eine wie source:app-store-de, oder wie mehrere beginnen: source:app-store-*",
                    "write one as in `source:app-store-de`, or how several begin, as in `source:app-store-*`",
                )
                .into(),
            ),
            Self::Clause => (
                Said {
                    german: format!("„{text}:“ gibt es nicht"), english: format!("there is no clause `{text}:`")
                },
                said(
                    "Es gibt lang: und source:; was sonst einen Doppelpunkt hat, gehört in Anführungszeichen",
                    "known are `lang:` and `source:`; what has a colon in it is looked for in quotation marks",
                )
                .into(),
            ),
        }
    }
}

/// Of a sign before a word, as in `-word`.
fn told_of_a_sign(text: &str) -> (Said, Said) {
    let (sign, word) = text.split_at_checked(1).unwrap_or((text, ""));
    let (german, english) = if sign == "+" { ("UND", "AND") } else { ("UND NICHT", "AND NOT") };
    let message = Said {
        german: format!("„{sign}“ vor einem Wort bedeutet hier nichts"),
        english: format!("`{sign}` before a word says nothing"),
    };
    let hint = Said {
        german: format!("Schreiben Sie {german} {word} oder, um danach zu suchen, \"{text}\" in Anführungszeichen"),
        english: format!("write `{english} {word}`, or \"{text}\" in quotation marks to look for it"),
    };
    (message, hint)
}
