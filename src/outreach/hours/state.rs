//! The states of Germany.

use std::str::FromStr;

use thiserror::Error;

/// A state of Germany, which has its own public holidays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// BW
    BadenWuerttemberg,
    /// BY
    Bavaria,
    /// BE
    Berlin,
    /// BB
    Brandenburg,
    /// HB
    Bremen,
    /// HH
    Hamburg,
    /// HE
    Hesse,
    /// MV
    MecklenburgVorpommern,
    /// NI
    LowerSaxony,
    /// NW
    NorthRhineWestphalia,
    /// RP
    RhinelandPalatinate,
    /// SL
    Saarland,
    /// SN
    Saxony,
    /// ST
    SaxonyAnhalt,
    /// SH
    SchleswigHolstein,
    /// TH
    Thuringia,
}

/// Not the name of a state.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`{0}` is no state of Germany: write its letters or its name, as in \"BY\", \"DE-BY\" or \"Bayern\"")]
pub struct StateError(String);

impl State {
    /// All of them, by their German names.
    pub const ALL: [Self; 16] = [
        Self::BadenWuerttemberg,
        Self::Bavaria,
        Self::Berlin,
        Self::Brandenburg,
        Self::Bremen,
        Self::Hamburg,
        Self::Hesse,
        Self::MecklenburgVorpommern,
        Self::LowerSaxony,
        Self::NorthRhineWestphalia,
        Self::RhinelandPalatinate,
        Self::Saarland,
        Self::Saxony,
        Self::SaxonyAnhalt,
        Self::SchleswigHolstein,
        Self::Thuringia,
    ];

    /// The letters of ISO 3166-2 after `DE-`.
    pub const fn code(self) -> &'static str {
        self.names()[0]
    }

    /// Its letters, its German name, and the English one.
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::BadenWuerttemberg => ["BW", "Baden-Württemberg", "Baden-Wuerttemberg"],
            Self::Bavaria => ["BY", "Bayern", "Bavaria"],
            Self::Berlin => ["BE", "Berlin", "Berlin"],
            Self::Brandenburg => ["BB", "Brandenburg", "Brandenburg"],
            Self::Bremen => ["HB", "Bremen", "Bremen"],
            Self::Hamburg => ["HH", "Hamburg", "Hamburg"],
            Self::Hesse => ["HE", "Hessen", "Hesse"],
            Self::MecklenburgVorpommern => ["MV", "Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"],
            Self::LowerSaxony => ["NI", "Niedersachsen", "Lower Saxony"],
            Self::NorthRhineWestphalia => ["NW", "Nordrhein-Westfalen", "North Rhine-Westphalia"],
            Self::RhinelandPalatinate => ["RP", "Rheinland-Pfalz", "Rhineland-Palatinate"],
            Self::Saarland => ["SL", "Saarland", "Saarland"],
            Self::Saxony => ["SN", "Sachsen", "Saxony"],
            Self::SaxonyAnhalt => ["ST", "Sachsen-Anhalt", "Saxony-Anhalt"],
            Self::SchleswigHolstein => ["SH", "Schleswig-Holstein", "Schleswig-Holstein"],
            Self::Thuringia => ["TH", "Thüringen", "Thuringia"],
        }
    }
}

impl FromStr for State {
    type Err = StateError;

    fn from_str(text: &str) -> Result<Self, StateError> {
        let written = text.trim().to_lowercase().replace("thueringen", "thüringen");
        let name = written.strip_prefix("de-").filter(|letters| letters.len() == 2).unwrap_or(&written);
        let has = |state: &Self| state.names().iter().any(|one| one.to_lowercase() == name);
        Self::ALL.into_iter().find(has).ok_or_else(|| StateError(text.trim().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_by_letters_and_by_names() {
        for state in State::ALL {
            for name in state.names() {
                assert_eq!(name.parse(), Ok(state), "{name}");
                assert_eq!(format!(" {} ", name.to_uppercase()).parse(), Ok(state), "{name}");
            }
            assert_eq!(format!("DE-{}", state.code()).parse(), Ok(state));
        }
        assert_eq!("Thueringen".parse(), Ok(State::Thuringia));
        for text in ["", "DE-", "XX", "DE-Bayern", "Österreich", "AT-1"] {
            assert!(text.parse::<State>().unwrap_err().to_string().contains("\"DE-BY\""), "{text}");
        }
    }
}
