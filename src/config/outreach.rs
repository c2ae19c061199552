//! `[outreach]` and `[[case]]`: how the service team works, and which mentions become cases.

use std::ops::Range;
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;

use super::digest::{each_once, reader};
use super::read::{Sections, keep};
use super::recipient::RecipientEntry;
use super::route::listed;
use super::{Alerting, Problem, Recipient};
use crate::brand::Brand;
use crate::duration;
use crate::mention::Timestamp;
use crate::outreach::hours::{Hours, State};
use crate::outreach::{Conditions, Rule, Rules, Severity};

/// What `[outreach]` says.
#[derive(Clone, Debug, PartialEq)]
pub struct Outreach {
    /// Which mentions become cases.
    pub rules: Rules,
    /// Within which time the first answer is due, by severity, the smallest first; in the hours in which the team works.
    pub answer_within: [Duration; 4],
    /// When the team works; `None`: always.
    pub hours: Option<Hours>,
    /// So long after a case was settled somebody asks whether it stayed so.
    pub follow_up_after: Duration,
    /// Whether somebody else has to read an answer before it is published.
    pub second_pair_of_eyes: bool,
    /// As what the team signs; `None`: with the brand's name.
    pub team: Option<String>,
    /// Who is told by mail of cases that are due soon, each once.
    pub warn: Vec<Recipient>,
    /// So long before, in the hours in which the team works.
    pub warn_before: Duration,
    /// The folder with the team's own templates of replies; see [`super::Config::templates`].
    pub templates: Option<PathBuf>,
}

impl Default for Outreach {
    fn default() -> Self {
        let hours = Duration::from_hours;
        Self {
            rules: Rules::default(),
            answer_within: [hours(16), hours(8), hours(4), hours(2)],
            follow_up_after: hours(72),
            hours: None,
            second_pair_of_eyes: false,
            team: None,
            warn: Vec::new(),
            warn_before: Duration::from_mins(30),
            templates: None,
        }
    }
}

impl Outreach {
    /// When somebody who has spoken then is to have an answer.
    pub fn due_at(&self, severity: Severity, spoken_at: Timestamp) -> Timestamp {
        self.after(spoken_at, self.answer_within[severity as usize])
    }

    /// What is due by then is told now.
    pub fn warn_until(&self, now: Timestamp) -> Timestamp {
        self.after(now, self.warn_before)
    }

    fn after(&self, start: Timestamp, working: Duration) -> Timestamp {
        match &self.hours {
            Some(hours) => hours.after(start, working),
            None => start.plus_seconds(i64::try_from(working.as_secs()).unwrap_or(i64::MAX)),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OutreachSection {
    usual_rules: Option<bool>,
    answer_within: AnswerWithin,
    hours: Option<Spanned<String>>,
    holidays: Option<Spanned<String>>,
    follow_up_after: Option<Spanned<String>>,
    second_pair_of_eyes: bool,
    team: Option<String>,
    warn: Option<Spanned<Vec<Spanned<RecipientEntry>>>>,
    warn_before: Option<Spanned<String>>,
    templates: Option<Spanned<PathBuf>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AnswerWithin {
    low: Option<Spanned<String>>,
    normal: Option<Spanned<String>>,
    high: Option<Spanned<String>>,
    urgent: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseSection {
    name: Spanned<String>,
    severity: Spanned<String>,
    when: Conditions,
}

pub(super) fn outreach(
    sections: &mut Sections<'_>,
    brands: &[Brand],
    alert: &Alerting,
    problems: &mut Vec<Problem>,
) -> Outreach {
    let section: Option<(OutreachSection, _)> = sections.one("outreach", problems);
    let section = section.map(|(section, _)| section).unwrap_or_default();
    let cases = sections.list("case", problems);
    let hours = hours(section.hours, section.holidays, alert.time_zone, problems);
    let mut time = |written: Option<Spanned<String>>, usual| {
        written.and_then(|words| keep(duration::parse(words.get_ref()), words.span(), problems)).unwrap_or(usual)
    };
    let usual = Outreach::default();
    let [low, normal, high, urgent] = usual.answer_within;
    let within = section.answer_within;
    let answer_within =
        [time(within.low, low), time(within.normal, normal), time(within.high, high), time(within.urgent, urgent)];
    let follow_up_after = time(section.follow_up_after, usual.follow_up_after);
    let warn_before = time(section.warn_before, usual.warn_before);
    let warn = listed(section.warn, problems, |entry, problems| {
        reader(entry, "warnings go by mail only: write one like \"service@example.org\"", alert, problems)
    });
    if let Some(folder) = section.templates.as_ref().filter(|folder| folder.get_ref().as_os_str().is_empty()) {
        problems.push(Problem::at(folder.span(), "the folder has no name").hint("leave this line out to have none"));
    }
    let rules = cases.into_iter().filter_map(|(case, span)| rule(case, span, brands, problems)).collect();
    Outreach {
        rules: Rules::new(rules, section.usual_rules.unwrap_or(true)),
        answer_within,
        hours,
        follow_up_after,
        second_pair_of_eyes: section.second_pair_of_eyes,
        team: section.team.map(|team| team.trim().to_owned()).filter(|team| !team.is_empty()),
        warn: each_once(warn.unwrap_or_default()),
        warn_before,
        templates: section.templates.map(Spanned::into_inner),
    }
}

/// Without hours, a team that has holidays works around the clock on the other days.
fn hours(
    written: Option<Spanned<String>>,
    holidays: Option<Spanned<String>>,
    zone: Tz,
    problems: &mut Vec<Problem>,
) -> Option<Hours> {
    let state = holidays.and_then(|name| keep(name.get_ref().parse::<State>(), name.span(), problems));
    let usual = || state.map(|_| Spanned::new(0..0, "Mon-Sun 0-24".to_owned()));
    let written = written.or_else(usual)?;
    keep(Hours::parse(written.get_ref(), zone, state), written.span(), problems)
}

fn rule(case: CaseSection, span: Range<usize>, brands: &[Brand], problems: &mut Vec<Problem>) -> Option<Rule> {
    let count = problems.len();
    let name = case.name.get_ref().trim();
    if name.is_empty() {
        problems.push(Problem::at(case.name.span(), "the rule has no name"));
    }
    let severity = match case.severity.get_ref().as_str() {
        "none" => None,
        written => Severity::parse(written).or_else(|| {
            let known = Severity::ALL.map(Severity::name).join(", ");
            let problem = Problem::at(case.severity.span(), format!("there is no severity `{written}`"));
            problems.push(problem.hint(format!("known are {known}, and none for what is never a case")));
            None
        }),
    };
    for brand in case.when.brands.iter().filter(|name| !brands.iter().any(|brand| brand.name == **name)) {
        problems.push(Problem::at(span.clone(), format!("there is no brand \"{brand}\"")));
    }
    if case.when.stars_at_most.is_some_and(|stars| !(1..=5).contains(&stars)) {
        problems.push(Problem::at(span.clone(), "there are one to five stars"));
    }
    if case.when.urgency_at_least.is_some_and(|urgency| !(0.0..=1.0).contains(&urgency)) {
        problems.push(Problem::at(span.clone(), "urgency goes from 0 to 1"));
    }
    if case.when == Conditions::default() {
        problems.push(
            Problem::at(span, "the rule fits everything")
                .hint("say when it fits, as in `when = { stars_at_most = 2 }`"),
        );
    }
    (problems.len() == count).then(|| Rule { name: name.to_owned(), severity, when: case.when })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::mention::Timestamp;
    use crate::outreach::Severity;

    #[test]
    fn own_rules_and_times_are_read() {
        let text = "[outreach]\nanswer_within = { urgent = \"1h\" }\nfollow_up_after = \"5d\"\n\
                    hours = \"Mo-Fr 8-18\"\nholidays = \"BY\"\n\
                    team = \"Ihr Kundendienst\"\ntemplates = \"replies\"\nwarn_before = \"1h\"\n\
                    warn = [\"service@example.org\", { address = \"desk@example.org\", language = \"en\" }]\n\
                    [[case]]\nname = \"press\"\nseverity = \"none\"\nwhen = { sources = [\"press\"] }\n\
                    [[case]]\nname = \"app\"\nseverity = \"high\"\nwhen = { topics = [\"app\"], moods = [\"negative\"] }\n";
        let outreach = Config::parse(text, "sources.toml").unwrap().outreach;
        let rules: Vec<&str> = outreach.rules.all().iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(rules[..3], ["press", "app", "cannot_wait"]);
        let at = |text| Timestamp::parse_rfc3339(text).unwrap();
        let evening = at("2026-06-03T17:30:00+02:00");
        let due = outreach.due_at(Severity::Urgent, evening);
        assert_eq!(due, at("2026-06-05T08:30:00+02:00"), "the day after is Fronleichnam");
        assert_eq!(
            Config::parse("", "f").unwrap().outreach.due_at(Severity::Urgent, evening),
            evening.plus_seconds(7200)
        );
        let warned: Vec<&str> = outreach.warn.iter().map(|one| one.language.code()).collect();
        assert_eq!((warned, outreach.warn[0].address.as_str()), (vec!["de", "en"], "service@example.org"));
        assert_eq!(outreach.warn_until(evening), at("2026-06-05T08:30:00+02:00"), "an hour of work later");
        assert_eq!(outreach.team.as_deref(), Some("Ihr Kundendienst"));
        assert_eq!(outreach.templates.as_deref(), Some(Path::new("replies")));
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let text = "[outreach]\nanswer_within = { urgent = \"soon\" }\nhours = \"Mo-Fr\"\nholidays = \"Texas\"\n\
                    warn = [\"team\", \"a@b@c\"]\nwarn_before = \"early\"\n\
                    [[case]]\nname = \" \"\nseverity = \"dire\"\nwhen = { stars_at_most = 9, brands = [\"Nobody\"] }\n\
                    [[case]]\nname = \"all\"\nseverity = \"low\"\nwhen = {}\n\
                    [[case]]\nname = \"typing\"\nseverity = \"low\"\nwhen = { star_at_most = 2 }\n";
        insta::assert_snapshot!(Config::parse(text, "sources.toml").unwrap_err());
    }
}
