//! Where else a case is worked on, and where it can be passed on to.

use crate::alert::quote::web_address;
use crate::hand_off::{Desk, Standing};
use crate::store::hand_off::HandOff;
use crate::web::Frame;

/// A case in another system, as the page shows it.
pub(super) struct Elsewhere {
    pub(super) id: i64,
    pub(super) system: String,
    pub(super) number: Option<String>,
    pub(super) url: Option<String>,
    pub(super) standing: &'static str,
    pub(super) since: String,
    pub(super) error: Option<String>,
}

impl Elsewhere {
    pub(super) fn of(frame: &Frame, hand_off: HandOff, desks: &[Desk]) -> Self {
        let desk = desks.iter().find(|desk| desk.name == hand_off.desk);
        Self {
            id: hand_off.id,
            system: desk.map_or_else(|| hand_off.desk.clone(), |desk| format!("{} ({})", desk.system(), desk.name)),
            standing: standing(frame, hand_off.standing),
            since: frame.format().moment(hand_off.made_at),
            error: hand_off.error.as_ref().map(|error| frame.tell(&error.as_str()).to_owned()),
            number: hand_off.number,
            url: hand_off.url.as_deref().and_then(web_address),
        }
    }
}

/// The desks that do not have the case: their names, and what a button to pass it on says.
pub(super) fn left(frame: &Frame, desks: &[Desk], hand_offs: &[HandOff]) -> Vec<(String, String)> {
    let has_none = |desk: &&Desk| !hand_offs.iter().any(|one| one.desk == desk.name);
    let said = |desk: &Desk| {
        let words = if desk.has_a_case() {
            frame.say("Weitergeben an", "Pass on to")
        } else {
            frame.say("Zeigen in", "Show in")
        };
        (desk.name.clone(), format!("{words} {} ({})", desk.system(), desk.name))
    };
    desks.iter().filter(has_none).map(said).collect()
}

fn standing(frame: &Frame, standing: Option<Standing>) -> &'static str {
    match standing {
        None => frame.say("auf dem Weg", "on its way"),
        Some(Standing::Open) => frame.say("in Arbeit", "being worked on"),
        Some(Standing::Solved) => frame.say("dort gelöst", "solved there"),
        Some(Standing::Gone) => frame.say("dort nicht mehr vorhanden oder verworfen", "gone or given up there"),
        Some(Standing::Told) => frame.say("dort gezeigt", "shown there"),
    }
}

#[cfg(test)]
mod tests;
