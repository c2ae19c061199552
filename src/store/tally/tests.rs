use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::mention::Mention;
use crate::store::tests::steps::{BRANDS, History, run, steps};
use crate::store::tests::{BRAND, item, mention, save, world};

#[derive(FromRow)]
struct Fact {
    id: i64,
    cluster_id: i64,
    source: String,
    published_at: Option<i64>,
    first_seen_at: i64,
    counts: bool,
    language: Option<String>,
    label: Option<i64>,
    topics: Option<String>,
    corrected: Option<i64>,
    brands: String,
}

impl Fact {
    fn is_about(&self, brand: &str) -> bool {
        self.counts && serde_json::from_str::<Vec<String>>(&self.brands).unwrap().iter().any(|name| name == brand)
    }

    fn day(&self, zone: Tz) -> NaiveDate {
        let said = self.published_at.map_or(self.first_seen_at, |at| at.min(self.first_seen_at)).max(0);
        Timestamp::from_seconds(said).to_utc().with_timezone(&zone).date_naive()
    }

    fn values(&self, by: Dimension) -> Vec<String> {
        match by {
            Dimension::All => vec![String::new()],
            Dimension::Source => vec![self.source.clone()],
            Dimension::Language => vec![self.language.clone().unwrap_or_default()],
            Dimension::Topic => {
                self.topics.as_deref().map(|json| serde_json::from_str(json).unwrap()).unwrap_or_default()
            }
        }
    }
}

/// Everything that is known of every mention, without a word about what it is needed for.
async fn facts(store: &Store) -> Vec<Fact> {
    sqlx::query_as(
        "SELECT m.id, m.cluster_id, source.name AS source, m.published_at, m.first_seen_at,
             m.removed_at IS NULL AND m.set_aside IS NULL AS counts, a.language, a.label, a.topics,
             (SELECT label FROM correction WHERE revision_id = m.revision_id ORDER BY id DESC LIMIT 1) AS corrected,
             (SELECT json_group_array(name) FROM brand JOIN mention_brand ON brand.id = brand_id
              WHERE mention_id = m.id) AS brands
         FROM mention AS m JOIN source ON source.id = m.source_id
         LEFT JOIN analysis AS a ON a.revision_id = m.revision_id AND a.current = 1",
    )
    .fetch_all(&store.reader)
    .await
    .unwrap()
}

/// The same as [`Store::counted`], from scratch.
fn count(facts: &[Fact], brand: &str, by: Dimension, days: &Range<NaiveDate>, zone: Tz) -> Vec<Counted> {
    let mut counted: BTreeMap<(NaiveDate, String), Counted> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.is_about(brand) && days.contains(&fact.day(zone))) {
        let has_text = |other: &Fact| other.cluster_id == fact.cluster_id && other.id < fact.id;
        let is_copy = facts.iter().any(|other| has_text(other) && other.is_about(brand));
        for value in fact.values(by) {
            let day = fact.day(zone);
            let none = Counted { day, value: value.clone(), moods: [0; 3], untold: 0, copies: 0 };
            let sum = counted.entry((day, value)).or_insert(none);
            match fact.corrected.or(fact.label) {
                _ if is_copy => sum.copies += 1,
                Some(sign) => sum.moods[usize::try_from(sign + 1).unwrap()] += 1,
                None => sum.untold += 1,
            }
        }
    }
    counted.into_values().collect()
}

/// The same as [`Store::summed`], from what was counted by day.
fn sums(counted: &[Counted], spans: &[Range<NaiveDate>]) -> Vec<Counted> {
    let mut sums: BTreeMap<(NaiveDate, String), Counted> = BTreeMap::new();
    for one in counted {
        let day = spans.iter().find(|span| span.contains(&one.day)).unwrap().start;
        let none = Counted { day, moods: [0; 3], untold: 0, copies: 0, ..one.clone() };
        let sum = sums.entry((day, one.value.clone())).or_insert(none);
        (0..3).for_each(|mood| sum.moods[mood] += one.moods[mood]);
        sum.untold += one.untold;
        sum.copies += one.copies;
    }
    sums.into_values().collect()
}

async fn is_exact(store: &Store, days: &Range<NaiveDate>) {
    let facts = facts(store).await;
    for zone in [chrono_tz::Europe::Berlin, chrono_tz::America::St_Johns] {
        for (brand, by) in BRANDS.into_iter().flat_map(|brand| Dimension::EVERY.map(|by| (brand, by))) {
            let counted = store.counted(brand, by, days.clone(), zone).await.unwrap();
            assert_eq!(counted, count(&facts, brand, by, days, zone), "{brand} by {by:?} in {zone}");
            let middle = days.start + Days::new(1);
            let all = days.start - Months::new(2)..days.end + Months::new(2);
            let counted_all = store.counted(brand, by, all.clone(), zone).await.unwrap();
            // The second one of these has whole months in it.
            let autumn = days.start - Months::new(1);
            for (spans, counted) in
                [([days.start..middle, middle..days.end], counted), ([all.start..autumn, autumn..all.end], counted_all)]
            {
                let summed = store.summed(brand, by, &spans, zone).await.unwrap();
                assert_eq!(summed, sums(&counted, &spans), "{brand} by {by:?} in {zone}");
            }
        }
    }
}

#[tokio::test]
async fn what_was_counted_on_one_calendar_is_not_taken_for_another() {
    let world = world().await;
    let late = Timestamp::parse_rfc3339("2025-10-28T23:30:00Z").unwrap();
    let said = Mention { published_at: Some(late), ..mention("1", "Zug weg") };
    save(&world.store, "forum", &[item(said)], late).await;
    world.store.roll_up(chrono_tz::Europe::Berlin).await.unwrap();
    let day = |day| NaiveDate::from_ymd_opt(2025, 10, day).unwrap();
    for (zone, expected) in [(chrono_tz::Europe::Berlin, day(29)), (chrono_tz::America::New_York, day(28))] {
        let counted = world.store.counted(BRAND, Dimension::All, day(27)..day(31), zone).await.unwrap();
        assert_eq!(counted.iter().map(|one| one.day).collect::<Vec<_>>(), [expected], "{zone}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_counted_is_always_what_a_count_from_scratch_comes_to(steps in steps(40)) {
        run(async {
            let mut history = History::begin(chrono_tz::Europe::Berlin).await;
            let day = |day| NaiveDate::from_ymd_opt(2025, 10, day).unwrap();
            for (at, step) in steps.into_iter().enumerate() {
                history.happen(step).await;
                if at % 7 == 6 {
                    is_exact(&history.world.store, &(day(25)..day(28))).await;
                }
            }
            is_exact(&history.world.store, &(day(20)..day(31))).await;
            while history.world.store.roll_up(chrono_tz::Europe::Berlin).await.unwrap() {}
            is_exact(&history.world.store, &(day(20)..day(31))).await;
        });
    }
}
