//! The three ways in which we write, and what we say in each of them whatever a template says.

use super::address::Address;
use super::name::Name;
use super::wording::Wording;
use crate::alert::format::Tongue;
use crate::analyse::{Emotion, Topic};

/// In which language, and to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    Sie,
    Du,
    English,
}

impl Manner {
    pub(super) const fn of(tongue: Tongue, address: Address) -> Self {
        match (tongue, address) {
            (Tongue::German, Address::Sie) => Self::Sie,
            (Tongue::German, Address::Du) => Self::Du,
            (Tongue::English, _) => Self::English,
        }
    }

    pub(super) const fn tongue(self) -> Tongue {
        match self {
            Self::Sie | Self::Du => Tongue::German,
            Self::English => Tongue::English,
        }
    }

    /// `None`: English knows only one.
    pub(super) const fn address(self) -> Option<Address> {
        match self {
            Self::Sie => Some(Address::Sie),
            Self::Du => Some(Address::Du),
            Self::English => None,
        }
    }

    /// Whether somebody else's words can stand among ours without speaking to the reader in another way.
    pub(super) fn takes(self, words: &str) -> bool {
        self.address().is_none_or(|address| !address.other().may_be_in(words))
    }

    /// What the first sentence after a salutation begins with: in German it goes on after the comma.
    pub(super) fn goes_on_after(self, salutation: &str) -> bool {
        self.tongue() == Tongue::German && salutation.ends_with(',')
    }

    fn one_of(self, sie: &[&str], du: &[&str], english: &[&str]) -> Wording {
        let said = match self {
            Self::Sie => sie,
            Self::Du => du,
            Self::English => english,
        };
        Wording::one_of(said.iter().map(|text| Wording::plain(text)).collect())
    }

    pub(super) fn salutation(self, name: Option<&Name>) -> Wording {
        let Some(name) = name else { return self.one_of(&["Guten Tag,"], &["Hallo,"], &["Hello,"]) };
        let first = name.first.as_ref().unwrap_or(&name.whole);
        Wording::plain(&match self {
            Self::Sie => format!("Guten Tag {},", name.whole),
            Self::Du => format!("Hallo {first},"),
            Self::English => format!("Hi {first},"),
        })
    }

    pub(super) fn quoted(self, words: &str) -> Wording {
        Wording::plain(&match self.tongue() {
            Tongue::German => format!("„{words}“"),
            Tongue::English => format!("“{words}”"),
        })
    }

    /// `die Lieferung und unseren Kundendienst`
    pub(super) fn joined(self, reasons: &[&str]) -> Option<Wording> {
        let and = match self.tongue() {
            Tongue::German => " und ",
            Tongue::English => " and ",
        };
        (!reasons.is_empty()).then(|| Wording::plain(&reasons.join(and)))
    }

    /// Who answers by when; without a date nothing is promised.
    pub(super) fn promise(self, date: Option<&str>) -> Wording {
        let Some(date) = date else {
            return self.one_of(
                &["Ihre Antwort liest jemand aus unserem Team.", "Ihre Antwort liest bei uns ein Mensch."],
                &["deine Antwort liest jemand aus unserem Team.", "deine Antwort liest bei uns ein Mensch."],
                &["Someone on our team will read your answer.", "Your answer will be read by someone on our team."],
            );
        };
        let dated = match self {
            Self::Sie => [
                format!("jemand aus unserem Team antwortet Ihnen bis zum {date}."),
                format!("bis zum {date} hören Sie von jemandem aus unserem Team."),
                format!("bis zum {date} meldet sich jemand aus unserem Team bei Ihnen."),
            ],
            Self::Du => [
                format!("jemand aus unserem Team antwortet dir bis zum {date}."),
                format!("bis zum {date} hörst du von jemandem aus unserem Team."),
                format!("bis zum {date} meldet sich jemand aus unserem Team bei dir."),
            ],
            Self::English => [
                format!("Someone on our team will get back to you by {date}."),
                format!("You will hear from someone on our team by {date}."),
                format!("Someone on our team will write to you again by {date}."),
            ],
        };
        Wording::one_of(dated.iter().map(|text| Wording::plain(text)).collect())
    }

    /// A team's own name must not speak otherwise than the reply does, nor German in an English one.
    pub(super) fn signature(self, team: Option<&str>, brand: &str) -> Wording {
        let speaks = |name: &&str| match self.address() {
            Some(address) => address.other().may_be_in(name),
            None => Address::Sie.may_be_in(name) || Address::Du.may_be_in(name),
        };
        let team = team.filter(|name| !speaks(name));
        Wording::plain(&match (self, team) {
            (Self::Sie, Some(team)) => format!("Freundliche Grüße\n{team}"),
            (Self::Sie, None) => format!("Freundliche Grüße\nIhr Team von {brand}"),
            (Self::Du, Some(team)) => format!("Viele Grüße\n{team}"),
            (Self::Du, None) => format!("Viele Grüße\nDein Team von {brand}"),
            (Self::English, Some(team)) => format!("Best wishes,\n{team}"),
            (Self::English, None) => format!("Best wishes,\nThe {brand} team"),
        })
    }

    pub(super) fn waiting(self) -> Wording {
        self.one_of(
            &[
                "unsere Antwort kommt spät, und dafür bitten wir um Verzeihung.",
                "so lange auf eine Antwort zu warten, ist eine Zumutung. Dafür bitten wir um Verzeihung.",
                "unsere Antwort hätte viel früher kommen müssen. Verzeihung!",
            ],
            &[
                "unsere Antwort kommt spät, und dafür bitten wir um Verzeihung.",
                "so lange auf eine Antwort zu warten, ist eine Zumutung. Dafür bitten wir um Verzeihung.",
                "unsere Antwort hätte viel früher kommen müssen. Verzeihung!",
            ],
            &[
                "You have waited far too long for our answer, and we apologise for that.",
                "Our answer comes late, and we are sorry that we kept you waiting.",
                "We should have answered you much sooner. Please forgive us for the wait.",
            ],
        )
    }

    /// What somebody feels, said back; `None`: that would help nobody.
    pub(super) fn feeling(self, emotion: Emotion) -> Option<Wording> {
        Some(match emotion {
            Emotion::Anger => self.one_of(
                &["an Ihrer Stelle würden wir uns auch ärgern.", "das würde uns genauso ärgern."],
                &["an deiner Stelle würden wir uns auch ärgern.", "das würde uns genauso ärgern."],
                &["In your place we would be annoyed, too.", "That would annoy us just as much."],
            ),
            Emotion::Disappointment => self.one_of(
                &["an Ihrer Stelle wären wir auch enttäuscht.", "das würde uns genauso enttäuschen."],
                &["an deiner Stelle wären wir auch enttäuscht.", "das würde uns genauso enttäuschen."],
                &["In your place we would be disappointed, too.", "That would disappoint us just as much."],
            ),
            Emotion::Worry => self.one_of(
                &["das würde uns genauso beunruhigen.", "an Ihrer Stelle wären wir auch in Sorge."],
                &["das würde uns genauso beunruhigen.", "an deiner Stelle wären wir auch in Sorge."],
                &["That would worry us just as much.", "In your place we would be worried, too."],
            ),
            Emotion::Sadness => self.one_of(
                &["das zu lesen geht uns nahe.", "was Sie schreiben, lässt uns nicht kalt."],
                &["das zu lesen geht uns nahe.", "was du schreibst, lässt uns nicht kalt."],
                &["It is hard to read how you must feel.", "Your words did not leave us cold."],
            ),
            Emotion::Disgust => self.one_of(
                &["so etwas möchte niemand erleben.", "das hätten wir auch nicht erleben wollen."],
                &["so etwas möchte niemand erleben.", "das hätten wir auch nicht erleben wollen."],
                &["Nobody wants to go through that.", "We would not have wanted to go through that either."],
            ),
            Emotion::Joy | Emotion::Gratitude | Emotion::Surprise => return None,
        })
    }

    /// Keeps somebody from telling everybody what only we need to know, where it is likely to be asked for.
    pub(super) fn caution(self, topics: &[String]) -> Option<Wording> {
        const NUMBERED: [Topic; 5] = [Topic::Delivery, Topic::Price, Topic::Returns, Topic::Contract, Topic::Privacy];
        let has_number = topics.iter().filter_map(|name| Topic::parse(name)).any(|topic| NUMBERED.contains(&topic));
        has_number.then(|| {
            self.one_of(
                &[
                    "Kundennummer und Adresse lassen Sie hier bitte weg, denn das liest jeder.",
                    "bitte nennen Sie hier keine Nummern und keine Adresse, denn alle lesen mit.",
                ],
                &[
                    "Kundennummer und Adresse lass hier bitte weg, denn das liest jeder.",
                    "bitte nenne hier keine Nummern und keine Adresse, denn alle lesen mit.",
                ],
                &[
                    "Please leave out customer numbers and addresses here, as everybody can read along.",
                    "Please do not post any numbers or addresses here, since this is public.",
                ],
            )
        })
    }
}
