//! What each kind of finding is called, and how large it is.

use crate::alert::Hinge;
use crate::alert::format::{Format, Tongue};
use crate::detect::{Extent, Finding, FindingKind, days_until_found};

impl Format {
    /// The subject without the numbers.
    pub(in crate::alert) fn subject(self, brand: &str, finding: &Finding) -> String {
        format!("{brand}: {}", self.happened(finding))
    }

    /// What happened, in a few words: `mood down since 12 Mar 2026`.
    pub(crate) fn happened(self, finding: &Finding) -> String {
        let day = self.day_starting_at(finding.onset);
        let (german, english) = match finding.kind {
            FindingKind::MoodDown => (format!("Stimmung schlechter seit {day}"), format!("mood down since {day}")),
            FindingKind::MoodUp => (format!("Stimmung besser seit {day}"), format!("mood up since {day}")),
            FindingKind::Volume => {
                ("deutlich mehr Erwähnungen als sonst".into(), "far more mentions than usual".into())
            }
            FindingKind::Burst => ("viele Erwähnungen aus einer Quelle".into(), "many mentions of one origin".into()),
            FindingKind::Mix => ("andere Zusammensetzung der Erwähnungen".into(), "another blend of mentions".into()),
            FindingKind::Gap => match &finding.place {
                Some(source) => (format!("{source} schweigt"), format!("{source} is silent")),
                None => ("ungewöhnliche Stille".into(), "unusual silence".into()),
            },
        };
        match self.tongue {
            Tongue::German => german,
            Tongue::English => english,
        }
    }

    pub(crate) fn headline(self, brand: &str, finding: &Finding) -> String {
        let (german, english) = match finding.kind {
            FindingKind::MoodDown => {
                ("Die Stimmung rund um {} ist schlechter als sonst", "The mood around {} is worse than usual")
            }
            FindingKind::MoodUp => {
                ("Die Stimmung rund um {} ist besser als sonst", "The mood around {} is better than usual")
            }
            FindingKind::Volume => {
                ("Über {} wird deutlich mehr gesprochen als sonst", "Far more is said about {} than usual")
            }
            FindingKind::Burst => (
                "Viele Erwähnungen von {} haben denselben Ursprung",
                "Many mentions of {} have one and the same origin",
            ),
            FindingKind::Mix => (
                "Über {} sprechen andere als sonst – die Stimmung ist unverändert",
                "Others speak about {} than usual – nobody’s mood has changed",
            ),
            FindingKind::Gap => {
                ("Über {} ist ungewöhnlich lange nichts zu hören", "Nothing has been heard about {} for unusually long")
            }
        };
        if let (FindingKind::Gap, Some(source)) = (finding.kind, &finding.place) {
            return match self.tongue {
                Tongue::German => format!("{source} schweigt ungewöhnlich lange"),
                Tongue::English => format!("{source} has been silent for unusually long"),
            };
        }
        match self.tongue {
            Tongue::German => german.replace("{}", brand),
            Tongue::English => english.replace("{}", brand),
        }
    }

    /// How much was said, where that is the finding.
    pub(in crate::alert) fn extent(self, extent: &Extent, finding: &Finding) -> String {
        let german = self.tongue == Tongue::German;
        match extent {
            Extent::Volume { hours, mentions, expected } => {
                let (count, usual) = (self.mentions(*mentions), self.count(expected.round().max(1.0) as u64));
                if german {
                    format!("{count} in {hours} Stunden; üblich sind um diese Zeit etwa {usual}.")
                } else {
                    format!("{count} within {hours} hours; about {usual} are usual at this time of the week.")
                }
            }
            Extent::Author { mentions, .. } => {
                let (count, place) = (self.mentions(*mentions), finding.place.as_deref().unwrap_or_default());
                if german {
                    format!("{count} stammen von derselben Person ({place}). Sie zählen wie zwei am Tag.")
                } else {
                    format!("{count} are by the same person ({place}). They count as two a day.")
                }
            }
            Extent::Text { mentions, .. } => {
                let count = self.mentions(*mentions);
                if german {
                    format!("{count} haben denselben Wortlaut. Sie zählen wie eine.")
                } else {
                    format!("{count} carry the same text. They count as one.")
                }
            }
            Extent::Mix { part, before, since, effect, .. } => {
                let (before, since, points) = (self.percent(*before), self.percent(*since), self.points(*effect));
                if german {
                    format!(
                        "Der Anteil von {part} beträgt jetzt {since} statt {before}; das allein verschiebt den Saldo um {points} Punkte."
                    )
                } else {
                    format!(
                        "The share of {part} went from {before} to {since}; that alone moves the net mood by {points} points."
                    )
                }
            }
            Extent::Silence { expected } => {
                let usual = self.count(expected.round() as u64);
                let since = self.moment(finding.onset);
                match (german, &finding.place) {
                    (true, Some(source)) => format!(
                        "{source} schweigt seit {since}; in dieser Zeit wären etwa {usual} Erwähnungen zu erwarten gewesen. Das ist kein gutes Zeichen: Vermutlich hört dort gerade niemand zu."
                    ),
                    (true, None) => format!(
                        "Alle Quellen schweigen seit {since}; in dieser Zeit wären etwa {usual} Erwähnungen zu erwarten gewesen. Das ist kein gutes Zeichen: Vermutlich hört gerade niemand zu."
                    ),
                    (false, Some(source)) => format!(
                        "{source} has been silent since {since}; about {usual} mentions were to be expected in that time. That is no good news: probably nobody is listening there."
                    ),
                    (false, None) => format!(
                        "All sources have been silent since {since}; about {usual} mentions were to be expected in that time. That is no good news: probably nobody is listening."
                    ),
                }
            }
        }
    }

    /// What it would not have been found without.
    pub(in crate::alert) fn hinge(self, hinge: &Hinge) -> String {
        match (self.tongue, hinge) {
            (Tongue::German, Hinge::Source(source)) => {
                format!("Ohne die Erwähnungen aus {source} wäre es nicht aufgefallen.")
            }
            (Tongue::English, Hinge::Source(source)) => {
                format!("It would not have been found without the mentions from {source}.")
            }
            (Tongue::German, Hinge::Topic(topic)) => {
                format!("Ohne die Erwähnungen zum Thema {} wäre es nicht aufgefallen.", self.topic(topic))
            }
            (Tongue::English, Hinge::Topic(topic)) => {
                format!("It would not have been found without the mentions about {}.", self.topic(topic))
            }
        }
    }

    /// How long a fall of some size takes to be seen at this volume.
    pub(in crate::alert) fn patience(self, per_day: f64) -> Option<String> {
        let days = days_until_found(per_day)?;
        let (number, span) = (self.count(per_day.round().max(1.0) as u64), self.span(days));
        Some(match self.tongue {
            Tongue::German => format!(
                "Bei etwa {number} Erwähnungen am Tag ist ein Anstieg der negativen um 13 Punkte im Mittel nach rund {span} zu erkennen."
            ),
            Tongue::English => format!(
                "At about {number} mentions a day it takes some {span}, in the median, until a rise of the negatives by 13 points shows."
            ),
        })
    }
}
