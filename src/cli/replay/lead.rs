//! How long before people knew of an incident it was found.

use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use crate::mention::Timestamp;
use crate::store::Incident;

/// A finding further from an incident than so many days has nothing to do with it.
const RELATED_DAYS: i64 = 14;

/// A line of the file.
#[derive(Deserialize)]
struct Row {
    name: String,
    at: Timestamp,
}

/// The incidents of a CSV with the columns `name` and `at`.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<Incident>> {
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
    let header = reader.headers().with_context(|| format!("cannot read {}", file.display()))?;
    let lacks = ["name", "at"].into_iter().find(|column| !header.iter().any(|name| name == *column));
    if let Some(column) = lacks {
        anyhow::bail!("{} has no column `{column}`; needed are `name` and `at`", file.display());
    }
    let incidents = reader.deserialize().map(|row| {
        let Row { name, at } = row?;
        Ok(Incident { name, at })
    });
    let incidents: Result<_, csv::Error> = incidents.collect();
    incidents.with_context(|| format!("{} is no list of incidents with the columns `name` and `at`", file.display()))
}

/// The incident nearest to a finding, and by how many hours the finding was earlier (later, if negative).
pub(super) fn lead(found_at: Timestamp, incidents: &[Incident]) -> Option<(&str, f64)> {
    let seconds = |incident: &Incident| incident.at.seconds().saturating_sub(found_at.seconds());
    let nearest = incidents.iter().min_by_key(|incident| seconds(incident).abs())?;
    let lead = seconds(nearest);
    #[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
    (lead.abs() <= RELATED_DAYS * 86_400).then(|| (nearest.name.as_str(), lead as f64 / 3600.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_the_columns_is_refused_even_if_it_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let file = |text: &str| {
            let path = folder.path().join("incidents.csv");
            std::fs::write(&path, text).unwrap();
            read(&path)
        };
        assert!(file("a,b\n").unwrap_err().to_string().contains("no column `name`"));
        assert!(file("name,at\nlogin,yesterday\n").is_err());
        assert_eq!(file("name,at\nlogin,2026-03-01T09:30:00Z\n").unwrap()[0].name, "login");
    }

    #[test]
    fn a_finding_leads_over_the_nearest_incident_if_that_is_not_far() {
        let at = |hours: i64| Timestamp::from_seconds(hours * 3600);
        let incident = |name: &str, hours| Incident { name: name.to_owned(), at: at(hours) };
        let incidents = [incident("login", 100), incident("strike", 2000)];
        assert_eq!(lead(at(90), &incidents), Some(("login", 10.0)));
        assert_eq!(lead(at(130), &incidents), Some(("login", -30.0)));
        assert_eq!(lead(at(1000), &incidents), None);
        assert_eq!(lead(at(0), &[]), None);
    }
}
