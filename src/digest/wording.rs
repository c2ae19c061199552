//! Every sentence and label of a digest, German and English side by side.

mod promise;
mod spans;

use chrono::{Datelike as _, NaiveDate};

use super::{Blind, Found, Judgement, Length, Level, Movement, Section, Window};
use crate::alert::format::{Format, Tongue};
use crate::detect::Stage;

/// What stands at headings and columns.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) findings: &'static str,
    pub(super) topics: &'static str,
    pub(super) upset: &'static str,
    pub(super) content: &'static str,
    pub(super) blind: &'static str,
    pub(super) blind_hint: &'static str,
    pub(super) promise: &'static str,
    pub(super) page: &'static str,
    pub(super) unsubscribe: &'static str,
    pub(super) caveat: &'static str,
}

const GERMAN: Labels = Labels {
    findings: "Auffälligkeiten",
    topics: "Worüber gesprochen wurde",
    upset: "Am stärksten verärgert",
    content: "Und eine zufriedene Stimme",
    blind: "Nicht zu hören",
    blind_hint: "Was dort in dieser Zeit gesagt wurde, fehlt in den Zahlen oder kommt noch.",
    promise: "Was versprochen ist",
    page: "Einzelheiten ansehen",
    unsubscribe: "Bericht abbestellen",
    caveat: "Die Stimmung der Texte ist maschinell erkannt; einzelne können falsch eingeordnet sein. \
             Spannen gelten zu 95\u{a0}%. Saldo: positiv minus negativ, in Prozentpunkten. \
             Als üblich gilt das Mittel der vier vergleichbaren Zeiträume davor.",
};

const ENGLISH: Labels = Labels {
    findings: "What stood out",
    topics: "What people talked about",
    upset: "The most upset",
    content: "And somebody who is content",
    blind: "Not to be heard",
    blind_hint: "What was said there meanwhile is missing from the numbers, or still to come.",
    promise: "What is promised",
    page: "See the details",
    unsubscribe: "Unsubscribe",
    caveat: "The mood of the texts is recognised by software, which gets some of them wrong. \
             Ranges hold with 95%. Net: positive minus negative, in percentage points. \
             Usual is the mean of the four comparable periods before.",
};

pub(super) const fn labels(tongue: Tongue) -> &'static Labels {
    match tongue {
        Tongue::German => &GERMAN,
        Tongue::English => &ENGLISH,
    }
}

impl Format {
    /// `12.03.2026`, `12 Mar 2026`
    fn date(self, date: NaiveDate) -> String {
        let pattern = if self.tongue == Tongue::German { "%d.%m.%Y" } else { "%-d %b %Y" };
        date.format(pattern).to_string()
    }

    /// `Do 12.03.`, `Thu 12 Mar`
    pub(super) fn short_date(self, date: NaiveDate) -> String {
        match self.tongue {
            Tongue::German => format!("{} {}", &self.weekday(date)[..2], date.format("%d.%m.")),
            Tongue::English => date.format("%a %-d %b").to_string(),
        }
    }

    fn weekday(self, date: NaiveDate) -> &'static str {
        const NAMES: [[&str; 2]; 7] = [
            ["Montag", "Monday"],
            ["Dienstag", "Tuesday"],
            ["Mittwoch", "Wednesday"],
            ["Donnerstag", "Thursday"],
            ["Freitag", "Friday"],
            ["Samstag", "Saturday"],
            ["Sonntag", "Sunday"],
        ];
        let names = NAMES[date.weekday().num_days_from_monday() as usize];
        names[usize::from(self.tongue == Tongue::English)]
    }

    pub(super) fn window_title(self, window: Window) -> String {
        let (first, last) = (self.date(window.first), self.date(window.last()));
        let week = window.first.iso_week().week();
        match (self.tongue, window.length) {
            (Tongue::German, Length::Day) => format!("{}, {first}", self.weekday(window.first)),
            (Tongue::English, Length::Day) => format!("{}, {first}", self.weekday(window.first)),
            (Tongue::German, Length::Week) => format!("Woche {week}: {first} bis {last}"),
            (Tongue::English, Length::Week) => format!("Week {week}: {first} to {last}"),
            (_, Length::Month) => self.month(window.first),
        }
    }

    /// What the mail is: the first words of its subject.
    pub(super) fn kind_of_digest(self, window: Window) -> String {
        let (first, week) = (self.short_date(window.first), window.first.iso_week().week());
        match (self.tongue, window.length) {
            (Tongue::German, Length::Day) => format!("Tagesbericht {first}"),
            (Tongue::English, Length::Day) => format!("Daily digest, {first}"),
            (Tongue::German, Length::Week) => format!("Wochenbericht KW {week}"),
            (Tongue::English, Length::Week) => format!("Weekly digest, week {week}"),
            (Tongue::German, Length::Month) => format!("Monatsbericht {}", self.month(window.first)),
            (Tongue::English, Length::Month) => format!("Monthly digest, {}", self.month(window.first)),
        }
    }

    /// A brand's news for the subject: `48 Erwähnungen, Stimmung wie sonst`.
    pub(super) fn news(self, section: &Section) -> String {
        let mood = match (self.tongue, section.movement) {
            (_, Movement::Unknown) => "",
            (Tongue::German, Movement::Usual) => ", Stimmung wie sonst",
            (Tongue::German, Movement::Better) => ", Stimmung besser als sonst",
            (Tongue::German, Movement::Worse) => ", Stimmung schlechter als sonst",
            (Tongue::English, Movement::Usual) => ", mood as usual",
            (Tongue::English, Movement::Better) => ", mood better than usual",
            (Tongue::English, Movement::Worse) => ", mood worse than usual",
        };
        format!("{}{mood}", self.some_mentions(section.mentions))
    }

    /// The news of several brands together.
    pub(super) fn news_of_all(self, brands: usize, mentions: u64, striking: usize) -> String {
        let mentions = self.some_mentions(mentions);
        match (self.tongue, striking) {
            (Tongue::German, 0) => format!("{mentions} zu {brands} Marken"),
            (Tongue::German, _) => format!("{mentions} zu {brands} Marken, {striking} auffällig"),
            (Tongue::English, 0) => format!("{mentions} of {brands} brands"),
            (Tongue::English, _) => format!("{mentions} of {brands} brands, {striking} out of the ordinary"),
        }
    }

    fn some_mentions(self, count: u64) -> String {
        match (self.tongue, count) {
            (Tongue::German, 0) => "keine Erwähnungen".to_owned(),
            (Tongue::English, 0) => "no mentions".to_owned(),
            _ => self.mentions(count),
        }
    }

    pub(super) fn quiet(self, length: Length) -> &'static str {
        match (self.tongue, length) {
            (Tongue::German, Length::Day) => "Ein ruhiger Tag: Nichts fiel aus dem Rahmen.",
            (Tongue::German, Length::Week) => "Eine ruhige Woche: Nichts fiel aus dem Rahmen.",
            (Tongue::German, Length::Month) => "Ein ruhiger Monat: Nichts fiel aus dem Rahmen.",
            (Tongue::English, Length::Month) => "A quiet month: nothing was out of the ordinary.",
            (Tongue::English, Length::Day) => "A quiet day: nothing was out of the ordinary.",
            (Tongue::English, Length::Week) => "A quiet week: nothing was out of the ordinary.",
        }
    }

    /// Where something was out of the ordinary, among several brands.
    pub(super) fn striking(self, brands: &[String]) -> String {
        let brands = brands.join(", ");
        match self.tongue {
            Tongue::German => format!("Auffällig: {brands}."),
            Tongue::English => format!("Out of the ordinary: {brands}."),
        }
    }

    /// How much was said, and whether that is much.
    pub(super) fn volume(self, section: &Section, window: Window) -> String {
        let mut mentions = self.some_mentions(section.mentions);
        mentions[..1].make_ascii_uppercase();
        let usual = section.usual.map_or_else(String::new, |usual| self.count(usual.round() as u64));
        let weekday = self.weekday(window.first);
        let usual_for = match (self.tongue, window.length) {
            (Tongue::German, Length::Day) => format!("einen {weekday}"),
            (Tongue::German, Length::Week) => "eine Woche".to_owned(),
            (Tongue::English, Length::Day) => format!("a {weekday}"),
            (Tongue::English, Length::Week) => "a week".to_owned(),
            (Tongue::German, Length::Month) => "einen Monat".to_owned(),
            (Tongue::English, Length::Month) => "a month".to_owned(),
        };
        let when = match (self.tongue, window.length) {
            (Tongue::German, Length::Day) => format!("an einem {weekday}"),
            (Tongue::German, Length::Week) => "in einer Woche".to_owned(),
            (Tongue::English, Length::Day) => format!("on a {weekday}"),
            (Tongue::English, Length::Week) => "in a week".to_owned(),
            (Tongue::German, Length::Month) => "in einem Monat".to_owned(),
            (Tongue::English, Length::Month) => "in a month".to_owned(),
        };
        let said = match (self.tongue, section.level) {
            (Tongue::German, Level::Unknown) => format!("{mentions}. Was {when} üblich ist, muss sich erst zeigen."),
            (Tongue::German, Level::Usual) => {
                format!("{mentions}, im üblichen Rahmen für {usual_for} (im Mittel {usual}).")
            }
            (Tongue::German, Level::More) => format!("{mentions}, deutlich mehr als sonst {when} (im Mittel {usual})."),
            (Tongue::German, Level::Less) => {
                format!("{mentions}, deutlich weniger als sonst {when} (im Mittel {usual}).")
            }
            (Tongue::English, Level::Unknown) => format!("{mentions}. What is usual {when} is still to be seen."),
            (Tongue::English, Level::Usual) => {
                format!("{mentions}, within the usual for {usual_for} ({usual} on average).")
            }
            (Tongue::English, Level::More) => format!("{mentions}, far more than usual {when} ({usual} on average)."),
            (Tongue::English, Level::Less) => format!("{mentions}, far fewer than usual {when} ({usual} on average)."),
        };
        let more = [self.copies(section.copies), section.was_blind.then(|| self.was_blind().to_owned())];
        [Some(said)].into_iter().chain(more).flatten().collect::<Vec<_>>().join(" ")
    }

    fn copies(self, copies: u64) -> Option<String> {
        let count = self.count(copies);
        Some(match (self.tongue, copies) {
            (_, 0) => return None,
            (Tongue::German, 1) => "Dazu eine Kopie, die nicht mitzählt.".to_owned(),
            (Tongue::German, _) => format!("Dazu {count} Kopien, die nicht mitzählen."),
            (Tongue::English, 1) => "One more is a copy and not counted.".to_owned(),
            (Tongue::English, _) => format!("{count} more are copies and not counted."),
        })
    }

    const fn was_blind(self) -> &'static str {
        match self.tongue {
            Tongue::German => "Es können mehr gewesen sein: Nicht alle Quellen waren durchgehend zu hören.",
            Tongue::English => "There may have been more: not all sources could be heard all the time.",
        }
    }

    /// Whether the mood moved, with the numbers; `None` without mentions.
    pub(super) fn movement(self, section: &Section, length: Length) -> Option<String> {
        let (net, (low, high)) = (section.now.net()?, section.now.net_range()?);
        let (net, low, high) = (self.points(net), self.points(low), self.points(high));
        let before = section.before.net().map(|before| self.points(before)).unwrap_or_default();
        let then = match (self.tongue, length) {
            (Tongue::German, Length::Day | Length::Week) => "in den 28 Tagen davor",
            (Tongue::English, Length::Day | Length::Week) => "in the 28 days before",
            (Tongue::German, Length::Month) => "im Monat davor",
            (Tongue::English, Length::Month) => "in the month before",
        };
        Some(match (self.tongue, section.movement) {
            (Tongue::German, Movement::Unknown) => {
                "Ob sich die Stimmung verändert hat, lässt sich bei so wenigen Erwähnungen nicht sagen.".to_owned()
            }
            (Tongue::English, Movement::Unknown) => "Too few mentions to tell whether the mood has moved.".to_owned(),
            (Tongue::German, movement) => {
                let mood = match movement {
                    Movement::Better => "war besser als sonst",
                    Movement::Worse => "war schlechter als sonst",
                    _ => "blieb im üblichen Rahmen",
                };
                format!("Die Stimmung {mood}: Saldo {net} (Spanne {low} bis {high}), {then} {before}.")
            }
            (Tongue::English, movement) => {
                let mood = match movement {
                    Movement::Better => "was better than usual",
                    Movement::Worse => "was worse than usual",
                    _ => "stayed within the usual",
                };
                format!("The mood {mood}: net {net} (range {low} to {high}), {before} {then}.")
            }
        })
    }

    /// `48 Erwähnungen, 25 % negativ`
    pub(super) fn with_negatives(self, mentions: u64, negative: Option<f64>) -> String {
        let (mentions, negative) = (self.some_mentions(mentions), negative.map(|share| self.whole_percent(share)));
        match (self.tongue, negative) {
            (_, None) => mentions,
            (Tongue::German, Some(share)) => format!("{mentions}, {share} negativ"),
            (Tongue::English, Some(share)) => format!("{mentions}, {share} negative"),
        }
    }

    /// A finding and what has become of it.
    pub(super) fn found(self, found: &Found) -> String {
        let (moment, day) = (self.moment(found.finding.at), self.day(found.finding.at));
        let mut happened = self.happened(&found.finding);
        if self.tongue == Tongue::English {
            happened[..1].make_ascii_uppercase();
        }
        let first = match (self.tongue, found.is_new) {
            (Tongue::German, true) => format!("Neu, {moment}: {happened}."),
            (Tongue::German, false) => format!("Vom {day}: {happened}."),
            (Tongue::English, true) => format!("New, {moment}: {happened}."),
            (Tongue::English, false) => format!("From {day}: {happened}."),
        };
        let goes_on = !found.is_new && found.finding.kind.direction().is_some();
        let stage = found.stage.map(|(stage, _)| self.stage(stage)).or_else(|| goes_on.then(|| self.goes_on()));
        let rest = [stage.map(str::to_owned), found.judgement.as_ref().map(|judgement| self.judgement(judgement))];
        [Some(first)].into_iter().chain(rest).flatten().collect::<Vec<_>>().join(" ")
    }

    /// A shift of which there is no news.
    const fn goes_on(self) -> &'static str {
        match self.tongue {
            Tongue::German => "Hält an.",
            Tongue::English => "It goes on.",
        }
    }

    const fn stage(self, stage: Stage) -> &'static str {
        match (self.tongue, stage) {
            (Tongue::German, Stage::Growing) => "Der Abstand zum Üblichen ist seither größer geworden.",
            (Tongue::German, Stage::Easing) => "Inzwischen ist mindestens die Hälfte davon wieder weg.",
            (Tongue::German, Stage::Over) => "Inzwischen vorbei.",
            (Tongue::German, Stage::Settled) => "Nach vier Wochen gilt das nun als üblich.",
            (Tongue::German, Stage::Reversed) => "Inzwischen hat sich die Stimmung ins Gegenteil gekehrt.",
            (Tongue::English, Stage::Growing) => "It has grown since.",
            (Tongue::English, Stage::Easing) => "At least half of it is gone by now.",
            (Tongue::English, Stage::Over) => "It is over by now.",
            (Tongue::English, Stage::Settled) => "After four weeks, that is now the usual.",
            (Tongue::English, Stage::Reversed) => "The mood has turned the other way since.",
        }
    }

    fn judgement(self, judgement: &Judgement) -> String {
        match (self.tongue, judgement) {
            (Tongue::German, Judgement::Seen) => "Zur Kenntnis genommen.".to_owned(),
            (Tongue::German, Judgement::FalseAlarm) => "Als Fehlalarm eingestuft.".to_owned(),
            (Tongue::German, Judgement::Incident(name)) => format!("Eingestuft als Vorfall: {name}."),
            (Tongue::English, Judgement::Seen) => "Somebody has taken note.".to_owned(),
            (Tongue::English, Judgement::FalseAlarm) => "Called a false alarm.".to_owned(),
            (Tongue::English, Judgement::Incident(name)) => format!("Called an incident: {name}."),
        }
    }

    pub(super) fn contradictions(self, count: u64) -> Option<String> {
        Some(match (self.tongue, count) {
            (_, 0) => return None,
            (Tongue::German, 1) => "Bei einer Erwähnung sagen Sterne und Text Gegensätzliches.".to_owned(),
            (Tongue::German, _) => {
                format!("Bei {} Erwähnungen sagen Sterne und Text Gegensätzliches.", self.count(count))
            }
            (Tongue::English, 1) => "In one mention, stars and text say opposite things.".to_owned(),
            (Tongue::English, _) => {
                format!("In {} mentions, stars and text say opposite things.", self.count(count))
            }
        })
    }

    /// A brand of which nothing was heard.
    pub(super) fn nothing(self, was_blind: bool) -> String {
        let nothing = match self.tongue {
            Tongue::German => "Keine Erwähnungen.",
            Tongue::English => "No mentions.",
        };
        if was_blind { format!("{nothing} {}", self.was_blind()) } else { nothing.to_owned() }
    }

    /// `3 Std. 20 Min., hält an`
    pub(crate) fn blind(self, blind: &Blind) -> String {
        let minutes = (blind.seconds + 30) / 60;
        let (hours, rest) = (minutes / 60, minutes % 60);
        let [hour, minute, lasts] = match self.tongue {
            Tongue::German => ["Std.", "Min.", ", dauert an"],
            Tongue::English => ["h", "min", ", still going on"],
        };
        let span = match (hours, rest) {
            (0, _) => format!("{}\u{a0}{minute}", minutes.max(1)),
            (_, 0) => format!("{hours}\u{a0}{hour}"),
            _ => format!("{hours}\u{a0}{hour} {rest}\u{a0}{minute}"),
        };
        format!("{span}{}", if blind.lasts { lasts } else { "" })
    }
}
