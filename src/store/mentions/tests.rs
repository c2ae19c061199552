use chrono::NaiveDate;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::search::Pace;
use super::*;
use crate::analyse::{Emotion, Intent};
use crate::brand::Context;
use crate::store::tests::steps::{BRANDS, History, SOURCES, TOPICS, run, steps};
use crate::view::{MoodChoice, Search, State, URGENT};

const ZONE: Tz = chrono_tz::Europe::Berlin;

/// Found by the index of words, found only by looking at each text, and found nowhere.
const SEARCHES: [&str; 11] = [
    "zug",
    "muell*",
    "\"zu spät\"",
    "zug NOT bus",
    "app OR bus",
    "strasse OR süden",
    "zug NEAR/6 spät",
    "*bahn",
    "~verspaetet",
    "hauptstrasse",
    "Kamel",
];

fn view() -> impl Strategy<Value = View> {
    let day =
        || prop::option::weighted(0.3, (24..29_u32).prop_map(|day| NaiveDate::from_ymd_opt(2025, 10, day).unwrap()));
    let lists = (
        subsequence(SOURCES.to_vec(), 0..=2),
        prop_oneof![3 => Just(vec![]), 1 => subsequence(vec![Language::GERMAN, Language::ENGLISH], 1..=2)],
        prop_oneof![2 => Just(vec![]), 1 => subsequence(MoodChoice::ALL.to_vec(), 1..=3)],
        prop_oneof![4 => Just(vec![]), 1 => subsequence(vec![Emotion::Anger, Emotion::Joy], 1..=2)],
        prop_oneof![4 => Just(vec![]), 1 => subsequence(vec![Intent::Complaint, Intent::Praise], 1..=2)],
        prop_oneof![3 => Just(vec![]), 1 => subsequence(TOPICS.to_vec(), 1..=2)],
    );
    let single = (
        prop::option::of(select(BRANDS.to_vec())),
        prop::option::weighted(0.2, select(vec![(1, 2), (3, 3), (2, 5)])),
        prop::bool::weighted(0.2),
        prop::option::weighted(0.2, 1..5_i64),
        prop::option::weighted(0.2, any::<bool>()),
        prop_oneof![3 => Just(State::Counted), 2 => select(State::ALL.to_vec())],
        prop::option::of(select(SEARCHES.to_vec())),
    );
    (lists, single, day(), day()).prop_map(|(lists, single, from, to)| {
        let (sources, languages, moods, emotions, intents, topics) = lists;
        let (brand, stars, urgent, author, replied, state, search) = single;
        View {
            brand: brand.map(str::to_owned),
            sources: sources.into_iter().map(str::to_owned).collect(),
            topics: topics.into_iter().map(str::to_owned).collect(),
            search: search.map(|search| Search::parse(search).unwrap()),
            languages,
            moods,
            emotions,
            intents,
            stars,
            urgent,
            author,
            from,
            to,
            replied,
            state,
        }
    })
}

/// One of them, unless none is asked for.
fn among<T: PartialEq<U>, U>(asked: &[T], has: &[U]) -> bool {
    asked.is_empty() || asked.iter().any(|one| has.iter().any(|other| one == other))
}

fn fits(view: &View, mention: &StoredMention) -> bool {
    let is_there = mention.removed_at.is_none();
    let in_state = match view.state {
        State::Counted => is_there && mention.set_aside.is_none(),
        State::Removed => !is_there,
        State::Spam => mention.set_aside.as_deref() == Some("spam"),
        State::Hidden => mention.set_aside.as_deref() == Some("hidden"),
    };
    let names = |names: &mut dyn Iterator<Item = &'static str>| names.map(str::to_owned).collect::<Vec<_>>();
    let day = mention.said_at.to_utc().with_timezone(&ZONE).date_naive();
    let stars = mention.rating.map(|rating| rating.value as u8);
    let language: Vec<Language> = mention.language.into_iter().collect();
    let mood = mention.label.map_or(MoodChoice::Untold, MoodChoice::Told);
    let source = Some(mention.source.as_str());
    let context = Context { source, language: mention.language.into() };
    in_state
        && view.brand.as_ref().is_none_or(|brand| mention.brands.contains(brand))
        && among(&view.sources, std::slice::from_ref(&mention.source))
        && among(&view.languages, &language)
        && among(&view.moods, &[mood])
        && among(&names(&mut view.emotions.iter().map(|one| one.name())), &mention.emotions)
        && among(&names(&mut view.intents.iter().map(|one| one.name())), &mention.intents)
        && among(&view.topics, &mention.topics)
        && view.stars.is_none_or(|(low, high)| stars.is_some_and(|stars| low <= stars && stars <= high))
        && (!view.urgent || mention.urgency >= URGENT || mention.urgent.is_some())
        && view.author.is_none_or(|author| mention.author_id == Some(author))
        && view.replied.is_none_or(|replied| mention.reply.is_some() == replied)
        && view.from.is_none_or(|from| from <= day)
        && view.to.is_none_or(|to| day <= to)
        && view.search.as_ref().is_none_or(|search| search.finds(&mention.full_text(), &context))
}

async fn all(store: &Store) -> Vec<StoredMention> {
    let ids: Vec<i64> = sqlx::query_scalar("SELECT id FROM mention").fetch_all(&store.reader).await.unwrap();
    let mut all = Vec::new();
    for id in ids {
        all.extend(store.mention(id).await.unwrap());
    }
    all.sort_by_key(|mention| std::cmp::Reverse(mention.place()));
    all
}

/// A few mentions, gone about as if they were very many.
async fn found_bit_by_bit(store: &Store, view: &View, size: usize) -> Vec<StoredMention> {
    const NARROW: Pace = Pace { few: 1, newest: 1, blocks: 1 };
    let (mut all, mut cut) = (Vec::new(), Cut { looked_at: 2, ..Cut::first(size) });
    loop {
        let near = Near { view, cut, span: view.span(ZONE) };
        let mut connection = store.reader.acquire().await.unwrap();
        let found = find(&mut connection, &near, view.search.as_ref().unwrap(), NARROW).await.unwrap();
        assert!(found.places.len() <= size && found.next.is_none_or(|next| cut.after.is_none_or(|after| next < after)));
        all.extend(at(&mut connection, &found.places).await.unwrap());
        let Some(next) = found.next else { return all };
        cut.after = Some(next);
    }
}

async fn facets(store: &Store, from: &'static str) -> Vec<String> {
    let of = format!(
        "SELECT json_array(said_at, mention_id, source_id, removed, set_aside, replied, brands, language, label, emotions,
             intents, topics, stars, urgent) FROM {from} ORDER BY 1"
    );
    sqlx::query_scalar(sqlx::AssertSqlSafe(of)).fetch_all(&store.reader).await.unwrap()
}

async fn page_by_page(store: &Store, view: &View, size: usize, looked_at: u32) -> Vec<StoredMention> {
    let (mut found, mut cut) = (Vec::new(), Cut { looked_at, ..Cut::first(size) });
    loop {
        let page = store.mentions(view, cut, ZONE).await.unwrap();
        let is_short = page.mentions.len() < size;
        assert!(page.mentions.len() <= size && (page.next.is_none() || !is_short || looked_at < 1000));
        found.extend(page.mentions);
        let Some(next) = page.next else { return found };
        cut.after = Some(next.to_string().parse().unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_a_view_are_what_fits_it_in_the_order_in_which_it_was_said(
        steps in steps(30),
        views in prop::collection::vec((view(), 1..=5_usize, prop_oneof![1..=9_u32, Just(20_000)]), 12),
    ) {
        run(async {
            let mut history = History::begin(ZONE).await;
            for step in steps {
                history.happen(step).await;
            }
            let store = &history.world.store;
            assert_eq!(facets(store, "facet").await, facets(store, "facet_now").await);
            let all = all(store).await;
            for (view, size, looked_at) in views {
                let found = page_by_page(store, &view, size, looked_at).await;
                let expected: Vec<_> = all.iter().filter(|mention| fits(&view, mention)).cloned().collect();
                assert_eq!(found, expected, "{}", view.query());
                if view.search.is_some() {
                    assert_eq!(found_bit_by_bit(store, &view, size).await, expected, "{}", view.query());
                }
            }
        });
    }
}
