//! One template: a text file called `NAME.LANGUAGE.txt`, as in `app.de.txt`, or `app.du.de.txt` for those who say du.
//!
//! ```text
//! topics: app                        what a reply is for: topics, intents, severities, moods;
//! moods: negative, neutral           what is left out does not matter
//! address: du                        how German speaks to somebody; else Sie
//! reason: unsere App                 what {reason} stands for, so that "über" or "about" can stand before it
//! apology: dass …, liegt an uns.     what {apology} stands for; else that of `complaint`
//! | für diesen Ärger …               a line with `|` is another wording of the one above
//! question: auf welchem Gerät …?     what {question} stands for; else that of `complaint`
//! ---
//! {salutation}
//!
//! Sie schreiben über {reason}: {quote}.
//! | was Sie schreiben, haben wir [genau|aufmerksam] gelesen.
//! {apology}
//! ? je genauer wir es wissen, desto eher finden wir den Fehler.
//!
//! {question}
//! {promise}
//!
//! {signature}
//! ```
//!
//! A line is a sentence, or a few that belong together; an empty line parts paragraphs. A sentence is left out where
//! one of its placeholders cannot be filled, and those after `? ` first where there is little room. Of wordings, those
//! with the most placeholders are taken before the others. A sentence begins with the letter that it would have after a
//! comma: in German, what follows the salutation goes on in lower case; elsewhere the beginning is capitalised. Lines
//! of the head that begin with `#` are notes.

use std::ops::Range;

use sha2::{Digest as _, Sha256};

use super::address::Address;
use super::manner::Manner;
use super::wording::{Mistake, Slot, Wording};
use crate::alert::format::Tongue;
use crate::analyse::Intent;
use crate::mention::{Label, Language};
use crate::outreach::{Conditions, Severity};

const KEYS: [&str; 8] = ["topics", "intents", "severities", "moods", "address", "reason", "apology", "question"];

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// As its file is called, without language and ending.
    pub name: String,
    /// German or English.
    pub language: Language,
    /// Eight hexadecimal digits that change with its text.
    pub version: String,
    /// Whether a team has written it.
    pub is_own: bool,
    pub(super) manner: Manner,
    /// What it is for.
    pub(super) when: Conditions,
    pub(super) severities: Vec<Severity>,
    pub(super) reason: Option<String>,
    pub(super) apology: Option<Wording>,
    pub(super) question: Option<Wording>,
    pub(super) lines: Vec<Line>,
}

/// A sentence of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) wording: Wording,
    /// Marked as what goes first.
    pub(super) is_extra: bool,
    /// Counted from 0.
    pub(super) paragraph: usize,
}

/// A line of the file.
#[derive(Clone, Copy)]
struct Written<'a> {
    text: &'a str,
    start: usize,
}

impl<'a> Written<'a> {
    /// All of a file, without their ends.
    fn all(text: &'a str) -> Vec<Self> {
        let mut start = 0;
        let line = |line: &'a str| {
            let written = Self { text: line, start }.trimmed();
            start += line.len();
            written
        };
        text.split_inclusive('\n').map(line).collect()
    }

    /// Without blanks around it.
    fn trimmed(self) -> Self {
        let start = self.start + (self.text.len() - self.text.trim_start().len());
        Self { text: self.text.trim(), start }
    }

    /// What follows after so many bytes.
    fn after(self, bytes: usize) -> Self {
        Self { text: &self.text[bytes..], start: self.start + bytes }.trimmed()
    }

    fn place(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }
}

/// What the head says; a key's wordings in their order.
#[derive(Default)]
struct Head<'a>(Vec<(&'a str, Vec<Written<'a>>)>);

impl Template {
    /// Reads a file of that name.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let (name, tongue) = name(file).unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            (String::new(), Tongue::English)
        });
        let lines = Written::all(text);
        let end = lines.iter().position(|line| line.text == "---");
        let Some(end) = end else {
            let hint = "end the head with it, even where there is none";
            mistakes.push(Mistake::new(0..0, "there is no line `---`", hint));
            return Err(mistakes);
        };
        let head = Head::read(&lines[..end], &mut mistakes);
        let manner = head.manner(tongue, &mut mistakes);
        let body = body(&lines[end + 1..], &mut mistakes);
        mistakes.extend(lines.iter().filter_map(|line| spoken_otherwise(*line, manner)));
        let template = Self {
            name,
            language: if tongue == Tongue::German { Language::GERMAN } else { Language::ENGLISH },
            version: version(text),
            is_own: true,
            manner,
            when: Conditions {
                topics: head.list("topics").map(|topic| topic.text.to_owned()).collect(),
                intents: head.known("intents", Intent::parse, &mut mistakes),
                moods: head.known("moods", Label::parse, &mut mistakes),
                ..Conditions::default()
            },
            severities: head.known("severities", Severity::parse, &mut mistakes),
            reason: head.first("reason").map(|reason| reason.text.to_owned()),
            apology: head.wording("apology", &mut mistakes),
            question: head.wording("question", &mut mistakes),
            lines: body,
        };
        if mistakes.is_empty() { Ok(template) } else { Err(mistakes) }
    }

    /// By which a reply says what it was made from: `app@1a2b3c4d`.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// Whether one of its sentences has that slot.
    pub(super) fn holds(&self, slot: Slot) -> bool {
        self.lines.iter().any(|line| line.wording.holds(slot))
    }
}

/// `app` and German of `app.de.txt`.
fn name(file: &str) -> Result<(String, Tongue), Mistake> {
    let parts = file.strip_suffix(".txt").and_then(|stem| stem.rsplit_once('.'));
    let tongue = |code: &str| [Tongue::German, Tongue::English].into_iter().find(|tongue| tongue.code() == code);
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    parts.filter(|(name, _)| is_name(name)).and_then(|(name, code)| Some((name.to_owned(), tongue(code)?))).ok_or_else(
        || {
            let message = format!("`{file}` is no name of a template");
            Mistake::new(0..0, message, "call it NAME.de.txt or NAME.en.txt, the name of letters, digits and hyphens")
        },
    )
}

/// The same on every system, whatever it ends lines with.
fn version(text: &str) -> String {
    let digest = Sha256::digest(text.replace("\r\n", "\n"));
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

impl<'a> Head<'a> {
    fn read(lines: &[Written<'a>], mistakes: &mut Vec<Mistake>) -> Self {
        let mut head = Self::default();
        for line in lines.iter().filter(|line| !line.text.is_empty() && !line.text.starts_with('#')) {
            if let Some((key, wordings)) = head.0.last_mut().filter(|_| line.text.starts_with('|')) {
                if !matches!(*key, "apology" | "question") {
                    mistakes.push(Mistake::new(
                        line.place(),
                        format!("`{key}` has only one wording"),
                        "delete this line",
                    ));
                }
                wordings.push(line.after(1));
                continue;
            }
            let Some((key, _)) = line.text.split_once(':') else {
                mistakes.push(Mistake::new(line.place(), "this line of the head has no `:`", "write `key: value`"));
                continue;
            };
            let place = line.start..line.start + key.len();
            if !KEYS.contains(&key.trim()) {
                let hint = format!("known are {}", KEYS.join(", "));
                mistakes.push(Mistake::new(place, format!("there is no key `{}`", key.trim()), hint));
            } else if head.first(key.trim()).is_some() {
                mistakes.push(Mistake::new(place, format!("`{}` stands here twice", key.trim()), "keep one of them"));
            }
            head.0.push((key.trim(), vec![line.after(key.len() + 1)]));
        }
        head
    }

    fn all(&self, key: &str) -> &[Written<'a>] {
        self.0.iter().find(|(known, _)| *known == key).map_or(&[], |(_, wordings)| wordings)
    }

    fn first(&self, key: &str) -> Option<Written<'a>> {
        self.all(key).first().copied()
    }

    /// The names after a key, parted by commas.
    fn list(&self, key: &str) -> impl Iterator<Item = Written<'a>> + use<'a> {
        let value = self.first(key);
        value.into_iter().flat_map(|value| {
            let mut start = value.start;
            value.text.split(',').map(move |part| {
                let written = Written { text: part, start }.trimmed();
                start += part.len() + 1;
                written
            })
        })
    }

    fn known<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>, mistakes: &mut Vec<Mistake>) -> Vec<T> {
        let known = |name: Written<'_>| {
            let found = parse(name.text);
            if found.is_none() {
                let hint = format!("known are {}", names(key).join(", "));
                mistakes.push(Mistake::new(name.place(), format!("`{}` is none of the {key}", name.text), hint));
            }
            found
        };
        self.list(key).filter_map(known).collect()
    }

    /// The wordings of a key, in which nothing but the reason is filled in.
    fn wording(&self, key: &str, mistakes: &mut Vec<Mistake>) -> Option<Wording> {
        let read = |written: &Written<'_>| {
            let wording = Wording::parse(written.text, written.start, mistakes);
            if Slot::ALL.into_iter().any(|slot| slot != Slot::Reason && wording.holds(slot)) {
                let message = format!("nothing but {{reason}} can stand in `{key}`");
                mistakes.push(Mistake::new(written.place(), message, "put the other one into the text"));
            }
            wording
        };
        let wordings: Vec<Wording> = self.all(key).iter().map(read).collect();
        (!wordings.is_empty()).then(|| Wording::one_of(wordings))
    }

    fn manner(&self, tongue: Tongue, mistakes: &mut Vec<Mistake>) -> Manner {
        let Some(written) = self.first("address") else { return Manner::of(tongue, Address::Sie) };
        let address = match written.text {
            "Sie" => Address::Sie,
            "du" => Address::Du,
            other => {
                mistakes.push(Mistake::new(written.place(), format!("`{other}` is no address"), "write Sie or du"));
                Address::Sie
            }
        };
        if tongue == Tongue::English {
            mistakes.push(Mistake::new(written.place(), "English knows only one address", "delete this line"));
        }
        Manner::of(tongue, address)
    }
}

fn names(key: &str) -> Vec<&'static str> {
    match key {
        "intents" => Intent::ALL.iter().map(|intent| intent.name()).collect(),
        "moods" => Label::ALL.iter().map(|label| label.name()).collect(),
        _ => Severity::ALL.iter().map(|severity| severity.name()).collect(),
    }
}

fn body(lines: &[Written<'_>], mistakes: &mut Vec<Mistake>) -> Vec<Line> {
    let mut body: Vec<(Vec<Wording>, bool, usize)> = Vec::new();
    let mut paragraph = 0;
    for line in lines {
        if line.text.is_empty() {
            paragraph = body.last().map_or(0, |(_, _, last)| last + 1);
            continue;
        }
        let is_other = line.text.starts_with('|');
        let is_extra = line.text.starts_with("? ");
        let words = line.after(usize::from(is_other) + 2 * usize::from(is_extra));
        let wording = Wording::parse(words.text, words.start, mistakes);
        let stood = |slot: &Slot| body.iter().any(|(said, ..)| said.iter().any(|one| one.holds(*slot)));
        let again = Slot::ALL.into_iter().find(|slot| wording.holds(*slot) && stood(slot));
        if let Some((wordings, ..)) = body.last_mut().filter(|_| is_other) {
            wordings.push(wording);
            continue;
        }
        if let Some(slot) = again {
            let message = format!("{{{}}} stands in two sentences", slot.name());
            mistakes.push(Mistake::new(words.place(), message, "once is enough"));
        }
        body.push((vec![wording], is_extra, paragraph));
    }
    if !body.iter().any(|(wordings, ..)| wordings.iter().any(|wording| wording.holds(Slot::Salutation))) {
        let end = lines.last().map_or(0, |line| line.start);
        mistakes.push(Mistake::new(end..end, "nobody is greeted", "begin the text with a line {salutation}"));
    }
    let line = |(wordings, is_extra, paragraph)| Line { wording: Wording::one_of(wordings), is_extra, paragraph };
    body.into_iter().map(line).collect()
}

/// A Sie in a template that says du, or the other way round.
fn spoken_otherwise(line: Written<'_>, manner: Manner) -> Option<Mistake> {
    let other = manner.address()?.other();
    if line.text.starts_with('#') || line.text.starts_with("address") {
        return None;
    }
    let place = other.first_in(line.text)?;
    let (ours, theirs) = match other {
        Address::Sie => ("du", "Sie"),
        Address::Du => ("Sie", "du"),
    };
    let message = format!("this template says {ours}, and here it says {theirs}");
    let hint = format!("write {ours}, or `address: {theirs}` in the head");
    Some(Mistake::new(line.start + place.start..line.start + place.end, message, hint))
}
