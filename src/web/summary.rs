//! What the overview, the reports and the API tell of a brand over some days, gathered from the database.

use std::ops::Range;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::chart::Column;
use super::figures::{self, Part, Sum};
use super::{Frame, PageError, Site, wording};
use crate::alert::Share;
use crate::brand::Brand;
use crate::detect::Finding;
use crate::mention::Timestamp;
use crate::schedule::midnight;
use crate::store::{Dimension, Listed, StoreError, Unheard};

/// What is told of a brand over some days.
pub(super) struct Summary {
    /// These; the last one does not belong to them.
    pub(super) span: Range<NaiveDate>,
    pub(super) now: Sum,
    /// In the days before that one compares with.
    pub(super) before: Sum,
    /// Without what was found in them.
    columns: Vec<Column>,
    pub(super) topics: Vec<Part>,
    pub(super) sources: Vec<Part>,
    pub(super) languages: Vec<Part>,
    /// Empty where there is none to compare with.
    pub(super) voices: Vec<Voice>,
    /// The newest first.
    pub(super) findings: Vec<(Listed, Finding)>,
    /// When sources could not be heard, or were paused, from the first day on.
    pub(super) unheard: Vec<Unheard>,
}

/// How much of what is said is said about a brand.
pub(super) struct Voice {
    pub(super) brand: String,
    pub(super) sum: Sum,
    pub(super) share: Share,
    /// It is one's own, and no competitor.
    pub(super) is_own: bool,
}

impl Summary {
    /// Of the days of `span`, compared with those from `since` on that lie right before them.
    pub(super) async fn gather(
        site: &Site,
        brand: &Brand,
        since: NaiveDate,
        span: Range<NaiveDate>,
        now: Timestamp,
    ) -> Result<Self, PageError> {
        let (store, zone) = (&site.service.store, site.service.config.alert.time_zone);
        let (earlier, both) = (since..span.start, since..span.end);
        let all = store.counted(&brand.name, Dimension::All, both, zone).await?;
        let (sum, before) = (figures::sum(&all, &span), figures::sum(&all, &earlier));
        let by = async |dimension| {
            let counted = store.summed(&brand.name, dimension, &[earlier.clone(), span.clone()], zone).await?;
            Ok::<_, StoreError>(figures::parts(&counted, &span, sum, before))
        };
        let (topics, sources, languages) =
            (by(Dimension::Topic).await?, by(Dimension::Source).await?, by(Dimension::Language).await?);
        let (from, to) = (midnight(span.start, zone), midnight(span.end, zone));
        let unheard = store.unheard(from).await?;
        let blind = figures::blind(&unheard, &sources, &span, zone, now);
        Ok(Self {
            columns: figures::columns(&all, &span, &blind),
            now: sum,
            before,
            topics,
            sources,
            languages,
            voices: voices(site, brand, &span, zone).await?,
            findings: store.found_between(Some(&brand.name), from, to).await?,
            unheard,
            span,
        })
    }

    /// Day by day or week by week, without what was found.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The same with what was found, in the reader's words.
    pub(super) fn columns_with_findings(&self, frame: &Frame) -> Vec<Column> {
        let mut columns = self.columns.clone();
        for (listed, finding) in &self.findings {
            let day = listed.at.to_utc().with_timezone(&frame.zone).date_naive();
            if let Some(column) = columns.iter_mut().find(|column| column.first <= day && day <= column.last) {
                column.findings.push((listed.id, wording::finding(frame, &listed.brand, finding)));
            }
        }
        columns
    }
}

/// The brand and those that it is compared with, the one most spoken of first.
async fn voices(site: &Site, brand: &Brand, span: &Range<NaiveDate>, zone: Tz) -> Result<Vec<Voice>, StoreError> {
    let own = brand.competitor_of.as_deref().unwrap_or(&brand.name);
    let is_compared = |other: &&Brand| other.name == own || other.competitor_of.as_deref() == Some(own);
    let mut sums = Vec::new();
    for other in site.service.config.brands.iter().filter(is_compared) {
        let counted = site.service.store.summed(&other.name, Dimension::All, std::slice::from_ref(span), zone).await?;
        sums.push((other, figures::sum(&counted, span)));
    }
    let all: u64 = sums.iter().map(|(_, sum)| sum.reach()).sum();
    if sums.len() < 2 || all == 0 {
        return Ok(Vec::new());
    }
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.reach()));
    let voice = |(other, sum): (&Brand, Sum)| Voice {
        brand: other.name.clone(),
        sum,
        share: Share::of(sum.reach(), all),
        is_own: other.name == own,
    };
    Ok(sums.into_iter().map(voice).collect())
}
