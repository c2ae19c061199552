//! The invented authors: few write often, many write once.

use std::collections::{HashMap, HashSet};

use fastrand::Rng;

use super::details::NAMES;
use super::phrases;
use super::voice::Voice;
use crate::mention::{Author, Language};

/// No more from one author on one day, but for the furious one.
const A_DAY: u8 = 2;

/// Somebody who writes.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) author: Author,
    pub(super) voice: Voice,
}

/// The regulars of one source.
pub(super) struct Community {
    people: Vec<Person>,
    /// What was written, by person and day.
    written: HashMap<(usize, i64), u8>,
}

impl Community {
    /// Invents so many people with names unlike each other's; `prefix` starts their accounts.
    pub(super) fn invent(prefix: &str, size: usize, language: Language, rng: &mut Rng) -> Self {
        let names = Names::of(language);
        let mut taken = HashSet::new();
        let people = (1..=size).map(|number| {
            let name = std::iter::repeat_with(|| names.invent(rng)).find(|name| taken.insert(name.clone()));
            Person {
                author: Author { key: format!("{prefix}{number}"), name: name.unwrap_or_default() },
                voice: Voice::choose(language, rng),
            }
        });
        Self { people: people.collect(), written: HashMap::new() }
    }

    /// Who writes on that day: the first of the community most often, none more than twice while there are others.
    pub(super) fn someone(&mut self, day: i64, rng: &mut Rng) -> Person {
        let size = self.people.len();
        let favourite = (size as f64 * rng.f64().powf(1.8)) as usize;
        let at = (0..size).map(|step| (favourite + step) % size).find(|&at| self.may_write(at, day));
        let at = at.unwrap_or(favourite);
        *self.written.entry((at, day)).or_default() += 1;
        self.people[at].clone()
    }

    fn may_write(&self, person: usize, day: i64) -> bool {
        self.written.get(&(person, day)).is_none_or(|&count| count < A_DAY)
    }
}

/// What people of one language are called.
pub(super) struct Names {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
    handles: Vec<&'static str>,
    stations: Vec<&'static str>,
    german: bool,
}

impl Names {
    /// From the file of names.
    pub(super) fn of(language: Language) -> Self {
        let german = language == Language::GERMAN;
        let words = |heading: &str| phrases::lines(NAMES, heading).iter().flat_map(|line| line.split(' ')).collect();
        let [first, last, handle] =
            if german { ["first", "last", "handle"] } else { ["first_en", "last_en", "handle_en"] };
        let stations = phrases::lines(NAMES, "station");
        Self { first: words(first), last: words(last), handles: words(handle), stations, german }
    }

    /// A shown name: a real-looking one, or a handle.
    pub(super) fn invent(&self, rng: &mut Rng) -> String {
        let mut of = |words: &[&'static str]| words[rng.usize(..words.len())];
        let (first, last, handle, station) = (of(&self.first), of(&self.last), of(&self.handles), of(&self.stations));
        let initial = last.chars().next().unwrap_or('X');
        let number = rng.u32(2..99);
        match rng.u32(0..12) {
            0 | 1 => format!("{first} {last}"),
            2 => format!("{first} {initial}."),
            3 => format!("{}{number}", first.to_lowercase()),
            4 => format!("{}_{}", first.to_lowercase(), last.to_lowercase()),
            5 if self.german => format!("{first} aus {station}"),
            5 => format!("{first} from {station}"),
            6 => format!("{}.{}", initial.to_lowercase(), first.to_lowercase()),
            7 => format!("{handle}{number}"),
            8 => format!("{handle}_{}", first.to_lowercase()),
            9 => format!("{first}{initial}{}", 1948 + number % 60),
            10 => format!("{}{}", station.replace(' ', ""), number),
            _ => format!("{first}_{station}").replace(' ', ""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_writes_more_than_twice_a_day() {
        let mut rng = Rng::with_seed(5);
        let mut forum = Community::invent("f", 40, Language::GERMAN, &mut rng);
        let writers: Vec<_> = (0..80).map(|_| forum.someone(1, &mut rng).author.key).collect();
        assert!(writers.iter().all(|key| writers.iter().filter(|other| *other == key).count() == 2));
    }

    #[test]
    fn few_write_often_and_many_write_once() {
        let mut rng = Rng::with_seed(5);
        let mut forum = Community::invent("f", 500, Language::ENGLISH, &mut rng);
        let mut counts: HashMap<String, usize> = HashMap::new();
        for post in 0..1200 {
            let person = forum.someone(post / 10, &mut rng);
            *counts.entry(person.author.name).or_default() += 1;
        }
        assert!(*counts.values().max().unwrap() >= 15, "{counts:?}");
        assert!(counts.values().filter(|&&count| count <= 2).count() > 200);
    }
}
