//! Every sentence and label of the mail, German and English side by side.

mod kinds;

use super::format::{Format, Tongue};
use super::{Contribution, Period, Split};
use crate::detect::{Direction, Finding, LeftOut, Rule};

const DAYS_PER_WEEK: f64 = 7.0;
const DAYS_PER_MONTH: f64 = 30.44;
const DAYS_PER_YEAR: f64 = 365.25;

/// Beyond this many years rarity is only called rarer.
const RAREST_YEARS: f64 = 100.0;

/// What stands at headings, columns and rows.
#[derive(Debug)]
pub(crate) struct Labels {
    pub(crate) before: &'static str,
    pub(crate) since: &'static str,
    pub(crate) moods: [&'static str; 3],
    pub(crate) net: &'static str,
    pub(crate) net_hint: &'static str,
    pub(crate) sources: &'static str,
    pub(crate) sources_hint: &'static str,
    pub(crate) source_mix: &'static str,
    pub(crate) source_mix_hint: &'static str,
    pub(crate) sum: &'static str,
    pub(crate) words: &'static str,
    pub(crate) words_hint: &'static str,
    pub(crate) quotes: &'static str,
    pub(crate) opposing: &'static str,
    pub(crate) original: &'static str,
    pub(crate) certainty: &'static str,
    pub(crate) caveat: &'static str,
}

pub(crate) const fn labels(tongue: Tongue) -> &'static Labels {
    match tongue {
        Tongue::German => &GERMAN,
        Tongue::English => &ENGLISH,
    }
}

const GERMAN: Labels = Labels {
    before: "zuvor",
    since: "seitdem",
    moods: ["Negativ", "Neutral", "Positiv"],
    net: "Saldo",
    net_hint: "positiv minus negativ, in Prozentpunkten",
    sources: "Wo sich die Stimmung verändert hat",
    sources_hint: "Beiträge zur Veränderung des Saldos, in Prozentpunkten",
    source_mix: "Verschiebung zwischen den Quellen",
    source_mix_hint: "weil sich ihre Anteile an allen Erwähnungen verändert haben",
    sum: "Zusammen",
    words: "Wörter, die häufiger geworden sind",
    words_hint: "Anteil der Erwähnungen mit dem Wort",
    quotes: "Im Wortlaut",
    opposing: "Eine Gegenstimme",
    original: "Zum Original",
    certainty: "Wie belastbar ist das?",
    caveat: "Die Stimmung der Texte ist maschinell erkannt; einzelne können falsch eingeordnet sein. Die Spannen (95\u{a0}%) \
             berücksichtigen die Zahl der Erwähnungen, nicht solche Irrtümer. Weil der Beginn aus denselben Daten geschätzt \
             ist, fällt der Unterschied eher zu groß aus. Was die Veränderung ausgelöst hat, sagen diese Zahlen nicht.",
};

const ENGLISH: Labels = Labels {
    before: "before",
    since: "since",
    moods: ["Negative", "Neutral", "Positive"],
    net: "Net mood",
    net_hint: "positive minus negative, in percentage points",
    sources: "Where the mood moved",
    sources_hint: "contributions to the change of the net mood, in percentage points",
    source_mix: "Shift between sources",
    source_mix_hint: "because their shares of all mentions changed",
    sum: "Together",
    words: "Words that became more frequent",
    words_hint: "share of the mentions with the word",
    quotes: "In their own words",
    opposing: "On the other hand",
    original: "Read the original",
    certainty: "How sure is this?",
    caveat: "The mood of the texts is recognised by software, which gets some of them wrong. The ranges (95%) allow for the \
             number of mentions, not for such errors. As the start is estimated from the same data, the difference tends to \
             look larger than it is. What set off the change, these numbers cannot tell.",
};

impl Format {
    /// The numbers of the subject: the share of the mood that moved, since and before.
    pub(super) fn subject_shares(self, direction: Direction, since: f64, before: f64) -> String {
        let (since, before) = (self.whole_percent(since), self.whole_percent(before));
        let mood = self.mood(direction);
        match self.tongue {
            Tongue::German => format!(" ({since} {mood}, zuvor {before})"),
            Tongue::English => format!(" ({since} {mood}, was {before})"),
        }
    }

    const fn mood(self, direction: Direction) -> &'static str {
        match (self.tongue, direction) {
            (Tongue::German, Direction::Down) => "negativ",
            (Tongue::German, Direction::Up) => "positiv",
            (Tongue::English, Direction::Down) => "negative",
            (Tongue::English, Direction::Up) => "positive",
        }
    }

    pub(super) fn lead(self, direction: Direction, finding: &Finding, since: f64, before: f64) -> String {
        let (since, before) = (self.percent(since), self.percent(before));
        let (day, mood) = (self.day_starting_at(finding.onset), self.mood(direction));
        match self.tongue {
            Tongue::German => {
                format!("Seit dem {day} wurden {since} der Erwähnungen als {mood} erkannt, zuvor waren es {before}.")
            }
            Tongue::English => {
                format!(
                    "Since {day}, {since} of the mentions were recognised as {mood}, compared with {before} before."
                )
            }
        }
    }

    /// When the change began and when it was noticed.
    pub(super) fn timing(self, finding: &Finding) -> String {
        let day = |start| self.day_starting_at(start);
        let (onset, earliest, latest) = (day(finding.onset), day(finding.onset_earliest), day(finding.onset_latest));
        let noticed = self.moment(finding.at);
        if finding.kind.direction().is_none() {
            return match self.tongue {
                Tongue::German => format!("Aufgefallen ist es am {noticed}."),
                Tongue::English => format!("It was noticed on {noticed}."),
            };
        }
        match (self.tongue, earliest == latest) {
            (Tongue::German, true) => {
                format!("Der Beginn lässt sich auf den {onset} eingrenzen; aufgefallen ist es am {noticed}.")
            }
            (Tongue::German, false) => format!(
                "Begonnen hat es wahrscheinlich am {onset} (möglich: {earliest} bis {latest}); aufgefallen ist es am {noticed}."
            ),
            (Tongue::English, true) => {
                format!("The start can be narrowed down to {onset}; it was noticed on {noticed}.")
            }
            (Tongue::English, false) => format!(
                "It probably began on {onset} (possibly any day from {earliest} to {latest}) and was noticed on {noticed}."
            ),
        }
    }

    pub(crate) fn mentions(self, count: u64) -> String {
        let number = self.count(count);
        match (self.tongue, count) {
            (Tongue::German, 1) => "1 Erwähnung".to_owned(),
            (Tongue::German, _) => format!("{number} Erwähnungen"),
            (Tongue::English, 1) => "1 mention".to_owned(),
            (Tongue::English, _) => format!("{number} mentions"),
        }
    }

    /// From the first to the last mention; empty without any.
    pub(super) fn period(self, period: &Period) -> String {
        match (period.first, period.last) {
            (Some(first), Some(last)) => format!("{} – {}", self.day(first), self.day(last)),
            _ => String::new(),
        }
    }

    /// What a source said before and since, in mentions and net mood.
    pub(super) fn contribution(self, part: &Contribution) -> String {
        let net = |net: Option<f64>| net.map_or_else(String::new, |net| self.points(net));
        let (net_before, net_since) = (net(part.net_before), net(part.net_since));
        let (before, since) = (self.count(part.before), self.count(part.since));
        match (self.tongue, part.before, part.since) {
            (Tongue::German, 0, _) => format!("neu, {}, Saldo {net_since}", self.mentions(part.since)),
            (Tongue::English, 0, _) => format!("new, {}, net mood {net_since}", self.mentions(part.since)),
            (Tongue::German, _, 0) => {
                format!("seitdem still, zuvor {}, Saldo {net_before}", self.mentions(part.before))
            }
            (Tongue::English, _, 0) => {
                format!("silent since, {} before, net mood {net_before}", self.mentions(part.before))
            }
            (Tongue::German, ..) => {
                format!("Saldo {net_before} → {net_since}; {since} Erwähnungen, zuvor {before}")
            }
            (Tongue::English, ..) => {
                format!("net mood {net_before} → {net_since}; {since} mentions, {before} before")
            }
        }
    }

    pub(super) fn other_sources(self, count: usize) -> String {
        match self.tongue {
            Tongue::German => format!("Übrige Quellen ({count})"),
            Tongue::English => format!("Other sources ({count})"),
        }
    }

    /// The whole change, in one sentence.
    pub(super) fn split(self, split: &Split) -> String {
        let [all, mood, sources, languages, topics] =
            [split.total(), split.mood, split.sources, split.languages, split.topics].map(|part| self.points(part));
        match self.tongue {
            Tongue::German => format!(
                "Von {all} Punkten sind {mood} eine andere Stimmung zu denselben Themen, {topics} entstehen, weil über \
                 anderes gesprochen wird, {sources} durch andere Anteile der Quellen, {languages} durch andere Sprachen."
            ),
            Tongue::English => format!(
                "Of {all} points, {mood} are another mood about the same topics, {topics} come from talk about other \
                 topics, {sources} from other shares of the sources, {languages} from other languages."
            ),
        }
    }

    /// The change by language, in one sentence.
    pub(super) fn languages(self, languages: &[Contribution]) -> String {
        let part = |part: &Contribution| format!("{} {}", self.language(&part.name), self.points(part.mood));
        let parts = languages.iter().map(part).collect::<Vec<_>>().join(", ");
        let mix = self.points(languages.iter().map(|part| part.mix).sum());
        match self.tongue {
            Tongue::German => format!("Nach Sprachen: {parts}, Verschiebung zwischen ihnen {mix}."),
            Tongue::English => format!("By language: {parts}, shift between them {mix}."),
        }
    }

    /// The change by topic, in one sentence: the three that contributed most, and the rest.
    pub(super) fn topics(self, topics: &[Contribution]) -> String {
        let part = |part: &Contribution| format!("{} {}", self.topic(&part.name), self.points(part.total()));
        let (first, rest) = topics.split_at(topics.len().min(3));
        let mut parts: Vec<String> = first.iter().map(part).collect();
        if !rest.is_empty() {
            let others = self.points(rest.iter().map(Contribution::total).sum());
            parts.push(if self.tongue == Tongue::German {
                format!("übrige {others}")
            } else {
                format!("others {others}")
            });
        }
        match self.tongue {
            Tongue::German => format!("Nach Themen: {}.", parts.join(", ")),
            Tongue::English => format!("By topic: {}.", parts.join(", ")),
        }
    }

    /// A built-in topic in words; one of the operator's own as it is called.
    pub(crate) fn topic(self, name: &str) -> String {
        let (german, english) = match name {
            "" => ("ohne Thema", "no topic"),
            "delivery" => ("Lieferung", "delivery"),
            "price" => ("Preis und Rechnung", "price and billing"),
            "support" => ("Kundendienst", "support"),
            "quality" => ("Qualität", "quality"),
            "app" => ("App und Website", "app and web site"),
            "outage" => ("Ausfall", "outage"),
            "staff" => ("Personal", "staff"),
            "returns" => ("Rückgabe und Garantie", "returns and warranty"),
            "contract" => ("Vertrag und Kündigung", "contract and cancellation"),
            "privacy" => ("Datenschutz", "privacy"),
            "safety" => ("Sicherheit", "safety"),
            own => (own, own),
        };
        if self.tongue == Tongue::German { german.to_owned() } else { english.to_owned() }
    }

    fn language(self, code: &str) -> String {
        match (self.tongue, code) {
            (Tongue::German, "de") => "Deutsch".to_owned(),
            (Tongue::German, "en") => "Englisch".to_owned(),
            (Tongue::German, "und") => "unbekannt".to_owned(),
            (Tongue::English, "de") => "German".to_owned(),
            (Tongue::English, "en") => "English".to_owned(),
            (Tongue::English, "und") => "unknown".to_owned(),
            (_, other) => other.to_uppercase(),
        }
    }

    /// The shares of mentions with a word, since and before; the share before is `None` if there were no mentions.
    pub(super) fn word_shares(self, since: f64, before: Option<f64>) -> String {
        let since = self.percent(since);
        match (self.tongue, before) {
            (_, None) => since,
            (Tongue::German, Some(0.0)) => format!("{since}, zuvor nie"),
            (Tongue::German, Some(before)) => format!("{since}, zuvor {}", self.percent(before)),
            (Tongue::English, Some(0.0)) => format!("{since}, never before"),
            (Tongue::English, Some(before)) => format!("{since}, was {}", self.percent(before)),
        }
    }

    /// How rare the finding is without a shift, and what was promised.
    pub(super) fn rarity(self, finding: &Finding, rule: Rule) -> String {
        let promise = self.promise(rule);
        let is_beyond = finding.rarity_days > RAREST_YEARS * DAYS_PER_YEAR;
        let span = self.span(finding.rarity_days.min(RAREST_YEARS * DAYS_PER_YEAR));
        match self.tongue {
            Tongue::German => {
                let once = if is_beyond { "seltener als einmal" } else { "höchstens einmal" };
                let quiet = match finding.kind.direction() {
                    Some(_) => "Bei einer Marke dieser Größe, deren Stimmung sich nicht verändert,",
                    None => "Solange nichts Besonderes ist,",
                };
                format!(
                    "{quiet} käme so etwas durch Zufall im Schnitt \
                     {once} in {span} vor. Eingestellt ist: {promise}."
                )
            }
            Tongue::English => {
                let once = if is_beyond { "less often than once" } else { "at most once" };
                let quiet = match finding.kind.direction() {
                    Some(_) => "A calm brand of this size",
                    None => "A brand about which nothing special happens",
                };
                format!(
                    "{quiet} would show this by chance {once} in {span}, on average. The promise is: \
                     {promise}."
                )
            }
        }
    }

    /// The promise in the user's words.
    pub(crate) fn promise(self, rule: Rule) -> String {
        let span = self.days(rule.days.round().max(1.0));
        match self.tongue {
            Tongue::German => format!("höchstens ein Fehlalarm in {span}"),
            Tongue::English => format!("at most one false alert in {span}"),
        }
    }

    /// A span in the unit that people would choose, in the dative: `9 Tagen`, `7 months`.
    pub(super) fn span(self, days: f64) -> String {
        let (number, german, english) = match days {
            d if d < 2.0 * DAYS_PER_WEEK => return self.days(d.round().max(1.0)),
            d if d < 2.0 * DAYS_PER_MONTH => (d / DAYS_PER_WEEK, "Wochen", "weeks"),
            d if d < 2.0 * DAYS_PER_YEAR => (d / DAYS_PER_MONTH, "Monaten", "months"),
            d => (d / DAYS_PER_YEAR, "Jahren", "years"),
        };
        match self.tongue {
            Tongue::German => format!("{number:.0} {german}"),
            Tongue::English => format!("{number:.0} {english}"),
        }
    }

    pub(crate) fn days(self, days: f64) -> String {
        let count = self.count(days as u64);
        match (self.tongue, days <= 1.0) {
            (Tongue::German, true) => "einem Tag".to_owned(),
            (Tongue::German, false) => format!("{count} Tagen"),
            (Tongue::English, true) => "one day".to_owned(),
            (Tongue::English, false) => format!("{count} days"),
        }
    }

    /// What did not count, by reason; `None` if all did.
    pub(super) fn left_out(self, left_out: LeftOut) -> Option<String> {
        let LeftOut { copies, same_author, stale, backfill } = left_out;
        let (opening, reasons) = match self.tongue {
            Tongue::German => (
                "Seit dem Beginn nicht mitgezählt",
                [
                    "Kopien",
                    "mehr als zwei am Tag von derselben Person",
                    "älter als 48 Stunden",
                    "Erstabruf oder Nachlieferung",
                ],
            ),
            Tongue::English => (
                "Not counted since the start",
                ["copies", "more than two a day by one author", "older than 48 hours", "first import or backfill"],
            ),
        };
        let counts = [copies, same_author, stale, backfill];
        let said = reasons.into_iter().zip(counts).filter(|(_, count)| *count > 0);
        let said: Vec<_> = said.map(|(reason, count)| format!("{reason}\u{a0}({})", self.count(count))).collect();
        (!said.is_empty()).then(|| format!("{opening}: {}.", said.join(", ")))
    }

    pub(crate) fn footer(self) -> String {
        match self.tongue {
            Tongue::German => format!("Automatisch erstellt von Stimmung. Zeitangaben: {}.", self.zone),
            Tongue::English => format!("Written automatically by Stimmung. Times are in {}.", self.zone),
        }
    }
}
