//! Which cases are asked for, and where a page of them goes on.

use std::fmt;
use std::str::FromStr;

use url::form_urlencoded;
use utoipa::IntoParams;

use crate::mention::Timestamp;
use crate::outreach::Severity;
use crate::store::outreach::Filter;
use crate::web::api::parameters::USUAL_LIMIT;
use crate::web::queue::{MOST_MINUTES, USUAL_MINUTES, VIEWS};

/// So many at a time, at most: each comes with what its place in the order is made of.
const MOST: u32 = 100;

/// Which cases, and how much time there is for them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only described: it is read by hand, so that each mistake is told")]
pub(in crate::web::api) struct CaseParameters {
    /// Where they stand: ours (it is our turn, as long as nothing else is said), answered, follow_up (it is time to ask whether it
    /// stayed so), solved, dismissed.
    #[param(pattern = "^(ours|answered|follow_up|solved|dismissed)$")]
    view: Option<String>,
    /// So many minutes somebody has; 40, if it is not given.
    #[param(minimum = 1, maximum = 600)]
    minutes: Option<u32>,
    /// About this brand.
    brand: Option<String>,
    /// In this source, by its id.
    source: Option<String>,
    /// So severe or more: low, normal, high, urgent.
    #[param(pattern = "^(low|normal|high|urgent)$")]
    severity: Option<String>,
    /// Whether only one's own.
    #[param(pattern = "^(yes|no)$")]
    mine: Option<String>,
    /// Whether those that are put off, too.
    #[param(pattern = "^(yes|no)$")]
    snoozed: Option<String>,
    /// How many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u32>,
    /// Where to go on: `next` of the answer before, with all else as it was.
    after: Option<String>,
}

/// What is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    view: usize,
    pub(super) minutes: u32,
    brand: Option<String>,
    source: Option<String>,
    severity: Option<Severity>,
    is_mine: bool,
    snoozed: bool,
    pub(super) limit: usize,
    pub(super) after: Option<Place>,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            view: 0,
            minutes: USUAL_MINUTES,
            brand: None,
            source: None,
            severity: None,
            is_mine: false,
            snoozed: false,
            limit: USUAL_LIMIT,
            after: None,
        }
    }
}

impl Asked {
    /// Reads a query; every mistake, in a sentence each.
    pub(super) fn read(query: &str, now: Timestamp) -> Result<Self, Vec<String>> {
        let (mut asked, mut wrong) = (Self::default(), Vec::new());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if let Err(problem) = asked.take(&name, &value, now) {
                wrong.push(problem);
            }
        }
        if wrong.is_empty() { Ok(asked) } else { Err(wrong) }
    }

    fn take(&mut self, name: &str, value: &str, now: Timestamp) -> Result<(), String> {
        let yes = || match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(format!("`{name}` is yes or no, not `{value}`")),
        };
        match name {
            "view" => {
                let view = VIEWS.iter().position(|(view, _)| *view == value);
                self.view = view.ok_or_else(|| {
                    format!("`view` is ours, answered, follow_up, solved or dismissed, not `{value}`")
                })?;
            }
            "minutes" => self.minutes = number(name, value, MOST_MINUTES)?,
            "brand" => self.brand = Some(value.to_owned()),
            "source" => self.source = Some(value.to_owned()),
            "severity" => {
                let severity = Severity::parse(value);
                let problem = || format!("`severity` is low, normal, high or urgent, not `{value}`");
                self.severity = Some(severity.ok_or_else(problem)?);
            }
            "mine" => self.is_mine = yes()?,
            "snoozed" => self.snoozed = yes()?,
            "limit" => self.limit = number(name, value, MOST)? as usize,
            "after" => {
                // Nobody has seen the future.
                let place = value.parse().ok().filter(|place: &Place| place.at <= now);
                self.after = Some(place.ok_or("`after` is `next` of an answer")?);
            }
            name => return Err(format!("there is no `{name}`")),
        }
        Ok(())
    }

    pub(super) fn filter(&self, owner: &str) -> Filter {
        Filter {
            states: VIEWS[self.view].1.to_vec(),
            brand: self.brand.clone(),
            source: self.source.clone(),
            severity: self.severity,
            owner: self.is_mine.then(|| owner.to_owned()),
            snoozed: self.snoozed,
            follow_up_due: VIEWS[self.view].0 == "follow_up",
            ..Filter::default()
        }
    }

    /// Whether those are asked for with whom it is our turn.
    pub(super) const fn is_ours(&self) -> bool {
        self.view == 0
    }
}

fn number(name: &str, value: &str, most: u32) -> Result<u32, String> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{name}` is a number from 1 to {most}, not `{value}`"))
}

/// The place of a case in the queue as it was at a moment: the order changes by the minute, and a list that is read page
/// by page must not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    /// When the queue was put in order.
    pub(super) at: Timestamp,
    /// What the case was ordered by.
    pub(super) value: f64,
    /// Then by this, …
    pub(super) since: Timestamp,
    /// … and then by its number.
    pub(super) id: i64,
}

impl Place {
    /// Whether it comes later in the order of [`rank`](crate::outreach::queue::rank).
    pub(super) fn is_behind(self, other: Self) -> bool {
        let order = other.value.total_cmp(&self.value).then(self.since.cmp(&other.since)).then(self.id.cmp(&other.id));
        order.is_gt()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}_{}", self.at.seconds(), self.value, self.since.seconds(), self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.split('_').collect();
        let [at, value, since, id] = parts[..] else { return Err(()) };
        let seconds = |text: &str| text.parse().ok().filter(|at| *at >= 0).map(Timestamp::from_seconds).ok_or(());
        Ok(Self {
            at: seconds(at)?,
            value: value.parse().map_err(|_| ())?,
            since: seconds(since)?,
            id: id.parse().map_err(|_| ())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn place(value: f64, since: i64, id: i64) -> Place {
        Place { at: NOW, value, since: Timestamp::from_seconds(since), id }
    }

    #[test]
    fn a_place_comes_back_as_it_was() {
        for value in [0.1 + 0.2, 1e-300, 8.0] {
            assert_eq!(place(value, 7, 3).to_string().parse(), Ok(place(value, 7, 3)));
        }
        for text in ["", "1_2_3", "1_2_3_4_5", "x_2_3_4", "-1_2_3_4"] {
            assert_eq!(text.parse::<Place>(), Err(()), "{text}");
        }
    }

    #[test]
    fn what_is_alike_stands_behind_those_who_wait_longer() {
        assert!(place(1.0, 9, 1).is_behind(place(2.0, 9, 1)));
        assert!(place(1.0, 9, 1).is_behind(place(1.0, 8, 2)));
        assert!(place(1.0, 9, 2).is_behind(place(1.0, 9, 1)));
        assert!(!place(1.0, 9, 1).is_behind(place(1.0, 9, 1)));
    }

    #[test]
    fn every_mistake_is_told() {
        let query = "view=x&minutes=601&severity=x&mine=x&snoozed=1&limit=0&after=9999999999_1_1_1&colour=red";
        assert_eq!(Asked::read(query, NOW).unwrap_err().len(), 8);
        let asked = Asked::read("view=solved&minutes=5&severity=high&mine=yes&brand=A&limit=9", NOW).unwrap();
        let filter = asked.filter("erika");
        assert_eq!(
            (filter.owner.as_deref(), filter.severity, asked.is_ours()),
            (Some("erika"), Some(Severity::High), false)
        );
    }
}
