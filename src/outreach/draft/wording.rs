//! What can be said in several ways, with places that are filled when it is said.

use std::ops::Range;

/// Marks that mean something in a template.
const MARKS: [char; 5] = ['[', '|', ']', '{', '}'];

/// Something wrong in a template, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The bytes of the file that it is about.
    pub place: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// How to mend it; empty where the message says so.
    pub hint: String,
}

impl Mistake {
    pub(super) fn new(place: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place, message: message.into(), hint: hint.into() }
    }
}

/// A place that is filled for each reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    /// `Guten Tag Jana M.,`
    Salutation,
    /// Words of the person, in quotation marks.
    Quote,
    /// What it is about, so that "about" or "über" can stand before it: `die Lieferung`.
    Reason,
    /// What the template's head says to `apology`.
    Apology,
    /// What it says to `question`.
    Question,
    /// Who answers by when.
    Promise,
    /// A greeting and the team.
    Signature,
}

impl Slot {
    /// All of them.
    pub(super) const ALL: [Self; 7] =
        [Self::Salutation, Self::Quote, Self::Reason, Self::Apology, Self::Question, Self::Promise, Self::Signature];

    /// As it stands between braces.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Salutation => "salutation",
            Self::Quote => "quote",
            Self::Reason => "reason",
            Self::Apology => "apology",
            Self::Question => "question",
            Self::Promise => "promise",
            Self::Signature => "signature",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }
}

/// Part of what can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Slot(Slot),
    Choice(Vec<Wording>),
}

/// A sentence or two, with its choices and slots still open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wording(Vec<Piece>);

/// What the slots are filled with; what is missing cannot be said.
#[derive(Clone, Debug, Default)]
pub(super) struct Fills([Option<Wording>; Slot::ALL.len()]);

impl Fills {
    pub(super) fn set(&mut self, slot: Slot, filling: Option<Wording>) {
        self.0[slot as usize] = filling;
    }

    pub(super) fn has(&self, slot: Slot) -> bool {
        self.of(slot).is_some()
    }

    fn of(&self, slot: Slot) -> Option<&Wording> {
        self.0[slot as usize].as_ref()
    }
}

impl Wording {
    /// Exactly this. Braces are dropped: what strangers and settings hold is no slot.
    pub(super) fn plain(text: &str) -> Self {
        Self(vec![Piece::Text(text.replace(['{', '}'], ""))])
    }

    /// One of these; alone if there is one.
    pub(super) fn one_of(mut wordings: Vec<Self>) -> Self {
        if wordings.len() == 1 { wordings.remove(0) } else { Self(vec![Piece::Choice(wordings)]) }
    }

    /// Reads `[Hallo|Guten Tag] {reason}`, which begins at byte `start` of its file.
    pub(super) fn parse(text: &str, start: usize, mistakes: &mut Vec<Mistake>) -> Self {
        let mut reading = Reading::default();
        let mut at = 0;
        while let Some(found) = text[at..].find(MARKS) {
            reading.push(Piece::Text(text[at..at + found].to_owned()));
            at += found;
            let place = start + at..start + at + 1;
            match text.as_bytes()[at] {
                b'{' => {
                    let end = text[at..].find('}').map_or(text.len(), |end| at + end + 1);
                    match slot(&text[at..end], start + at) {
                        Ok(slot) => reading.push(Piece::Slot(slot)),
                        Err(mistake) => mistakes.push(mistake),
                    }
                    at = end;
                    continue;
                }
                b'[' => reading.open(place, mistakes),
                b'|' => reading.or(place, mistakes),
                b']' => reading.close(place, mistakes),
                _ => mistakes.push(Mistake::new(place, "nothing was opened that this brace closes", "delete it")),
            }
            at += 1;
        }
        reading.push(Piece::Text(text[at..].to_owned()));
        reading.end(mistakes)
    }

    /// In how many ways it can be said; none where a slot is not filled. Of choices, those with the most slots come
    /// before the others: what speaks of the person is worth more than what could be said to anybody.
    pub(super) fn ways(&self, fills: &Fills) -> usize {
        let ways = |piece: &Piece| match piece {
            Piece::Text(_) => 1,
            Piece::Slot(slot) => fills.of(*slot).map_or(0, |filling| filling.ways(fills)),
            Piece::Choice(choices) => telling(choices, fills).map(|choice| choice.ways(fills)).sum(),
        };
        self.0.iter().map(ways).fold(1, usize::saturating_mul)
    }

    /// One of its ways, from 0 on.
    pub(super) fn say(&self, mut way: usize, fills: &Fills) -> String {
        let mut said = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => said.push_str(text),
                Piece::Slot(slot) => {
                    let Some(filling) = fills.of(*slot) else { continue };
                    let ways = filling.ways(fills).max(1);
                    said.push_str(&filling.say(way % ways, fills));
                    way /= ways;
                }
                Piece::Choice(choices) => {
                    let all: usize = telling(choices, fills).map(|choice| choice.ways(fills)).sum();
                    let mut rest = way % all.max(1);
                    way /= all.max(1);
                    for choice in telling(choices, fills) {
                        let ways = choice.ways(fills);
                        if rest < ways {
                            said.push_str(&choice.say(rest, fills));
                            break;
                        }
                        rest -= ways;
                    }
                }
            }
        }
        said
    }

    /// Whether the slot stands anywhere in it.
    pub(super) fn holds(&self, slot: Slot) -> bool {
        self.0.iter().any(|piece| match piece {
            Piece::Text(_) => false,
            Piece::Slot(one) => *one == slot,
            Piece::Choice(choices) => choices.iter().any(|choice| choice.holds(slot)),
        })
    }
}

/// The choices that count.
fn telling<'a>(choices: &'a [Wording], fills: &Fills) -> impl Iterator<Item = &'a Wording> {
    let slots = |choice: &Wording| Slot::ALL.into_iter().filter(|slot| choice.holds(*slot)).count();
    let most = choices.iter().filter(|choice| choice.ways(fills) > 0).map(slots).max();
    choices.iter().filter(move |choice| Some(slots(choice)) == most)
}

/// `{reason}`, braces included; they begin at byte `start` of their file.
fn slot(written: &str, start: usize) -> Result<Slot, Mistake> {
    let place = start..start + written.len();
    let known = || format!("known are {}", Slot::ALL.map(|slot| format!("{{{}}}", slot.name())).join(", "));
    let Some(name) = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Err(Mistake::new(start..start + 1, "this brace is never closed", known()));
    };
    Slot::parse(name).ok_or_else(|| Mistake::new(place, format!("there is no placeholder `{name}`"), known()))
}

/// A wording on its way from a line.
#[derive(Default)]
struct Reading {
    done: Vec<Piece>,
    /// A choice that is not closed yet, and where it was opened.
    choice: Option<(Range<usize>, Vec<Wording>)>,
    /// Choices within it, which are mistakes, that are not closed yet.
    within: usize,
}

impl Reading {
    fn push(&mut self, piece: Piece) {
        if piece == Piece::Text(String::new()) {
            return;
        }
        match &mut self.choice {
            Some((_, choices)) => {
                if let Some(Wording(last)) = choices.last_mut() {
                    last.push(piece);
                }
            }
            None => self.done.push(piece),
        }
    }

    fn open(&mut self, place: Range<usize>, mistakes: &mut Vec<Mistake>) {
        if self.choice.is_some() {
            self.within += 1;
            mistakes.push(Mistake::new(place, "a choice stands within a choice", "close the outer one before"));
        } else {
            self.choice = Some((place, vec![Wording::default()]));
        }
    }

    fn or(&mut self, place: Range<usize>, mistakes: &mut Vec<Mistake>) {
        match &mut self.choice {
            Some((_, choices)) => choices.push(Wording::default()),
            None => {
                let hint = "put the choices in brackets, as in [one|other], or begin a line with it";
                mistakes.push(Mistake::new(place, "`|` parts nothing here", hint));
            }
        }
    }

    fn close(&mut self, place: Range<usize>, mistakes: &mut Vec<Mistake>) {
        if self.within > 0 {
            self.within -= 1;
            return;
        }
        match self.choice.take() {
            Some((_, choices)) => self.done.push(Piece::Choice(choices)),
            None => mistakes.push(Mistake::new(place, "nothing was opened that this bracket closes", "delete it")),
        }
    }

    fn end(self, mistakes: &mut Vec<Mistake>) -> Wording {
        if let Some((place, _)) = self.choice {
            mistakes.push(Mistake::new(place, "this bracket is never closed", "write `]` behind the last choice"));
        }
        Wording(self.done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wording(text: &str) -> Wording {
        let mut mistakes = Vec::new();
        let wording = Wording::parse(text, 0, &mut mistakes);
        assert_eq!(mistakes, [], "{text}");
        wording
    }

    fn all(text: &str, fills: &Fills) -> Vec<String> {
        let wording = wording(text);
        (0..wording.ways(fills)).map(|way| wording.say(way, fills)).collect()
    }

    fn fills(filled: &[(Slot, &str)]) -> Fills {
        let mut fills = Fills::default();
        filled.iter().for_each(|(slot, text)| fills.set(*slot, Some(wording(text))));
        fills
    }

    #[test]
    fn every_way_to_say_it_is_counted_and_said_once() {
        let fills = fills(&[(Slot::Reason, "[A|B]")]);
        assert_eq!(all("plain", &fills), ["plain"]);
        assert_eq!(all("[x|y] {reason}!", &fills), ["x A!", "y A!", "x B!", "y B!"]);
        assert_eq!(all("[|really ]good", &fills), ["good", "really good"]);
    }

    #[test]
    fn what_lacks_a_filling_cannot_be_said() {
        let fills = fills(&[(Slot::Reason, "A")]);
        assert_eq!(all("{reason} {promise}", &fills), [""; 0]);
        assert_eq!(all("[{promise}|{reason}]", &fills), ["A"]);
    }

    #[test]
    fn a_choice_that_speaks_of_the_person_comes_before_the_others() {
        let choices = "[on {reason} you write {quote}|you say {quote}|we have read it|we read it]";
        let both = fills(&[(Slot::Quote, "“no”"), (Slot::Reason, "it")]);
        assert_eq!(all(choices, &both), ["on it you write “no”"]);
        assert_eq!(all(choices, &fills(&[(Slot::Quote, "“no”")])), ["you say “no”"]);
        assert_eq!(all(choices, &Fills::default()), ["we have read it", "we read it"]);
    }

    #[test]
    fn what_strangers_write_is_no_slot() {
        assert_eq!(Wording::plain("{reason} }{").say(0, &Fills::default()), "reason ");
    }
}
