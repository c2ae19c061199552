use futures_util::TryStreamExt as _;

use super::*;
use crate::alert::Excerpt;
use crate::import::{Correction, Target};
use crate::mention::{Label, Mention};
use crate::store::Cut;
use crate::store::tests::{BRAND, LONG, World, at, item, mention, save, world};
use crate::view::{State, View};

const OTHER: &str = "Der Speisewagen war offen, und der Kaffee schmeckte zur Abwechslung einmal richtig gut.";

/// Two texts that were heard live; the second is that of the first in another source.
async fn heard() -> World {
    let world = world().await;
    for source in ["forum", "press"] {
        save(&world.store, source, &[], at(0)).await;
    }
    save(&world.store, "forum", &[item(mention("1", LONG)), item(mention("2", OTHER))], at(1)).await;
    let copy = Mention { author: None, ..mention("1", LONG) };
    save(&world.store, "press", &[item(copy)], at(2)).await;
    world
}

async fn ids(world: &World, state: State) -> Vec<i64> {
    let view = View { state, ..View::default() };
    let page = world.store.mentions(&view, Cut::first(10), chrono_tz::UTC).await.unwrap();
    page.mentions.iter().map(|mention| mention.id).collect()
}

async fn exported(world: &World) -> Vec<String> {
    world.store.records(None, None).map_ok(|record| record.id).try_collect().await.unwrap()
}

async fn clearest(world: &World, label: Label) -> Vec<(i64, Excerpt)> {
    world.store.clearest(BRAND, at(0), at(24), label).await.unwrap()
}

#[tokio::test]
async fn what_is_put_aside_leaves_lists_figures_quotes_and_exports_until_it_is_brought_back() {
    let world = heard().await;
    let store = &world.store;
    let tally = async || store.tallies(BRAND, &[at(0), at(24)]).await.unwrap().remove(0);
    assert_eq!((tally().await.moods, tally().await.copies), ([2, 0, 0], 1));
    assert_eq!(store.set_aside(&[1, 99], Some(Aside::Spam)).await.unwrap(), 1);
    assert_eq!(store.set_aside(&[1], Some(Aside::Spam)).await.unwrap(), 0, "it is already");
    assert_eq!(ids(&world, State::Counted).await, [3, 2]);
    assert_eq!((ids(&world, State::Spam).await, ids(&world, State::Hidden).await), (vec![1], vec![]));
    assert_eq!(exported(&world).await, ["2", "3"]);
    assert_eq!((tally().await.moods, tally().await.copies), ([2, 0, 0], 0), "its copy is now the first");
    let quoted: Vec<i64> = clearest(&world, Label::Negative).await.into_iter().map(|(id, _)| id).collect();
    assert_eq!(quoted, [3, 2]);
    assert_eq!(store.copies(None, at(0), 9).await.unwrap(), [], "one of a text is no copy");
    assert_eq!(store.set_aside(&[1], None).await.unwrap(), 1);
    assert_eq!((ids(&world, State::Counted).await, tally().await.copies), (vec![3, 2, 1], 1));
}

#[tokio::test]
async fn what_detectors_saw_stays_but_nobody_is_quoted_with_what_was_put_aside() {
    let world = heard().await;
    let seen = async || world.store.excerpts(BRAND, at(0)..at(24)).await.unwrap();
    let before = seen().await;
    world.store.set_aside(&[2], Some(Aside::Hidden)).await.unwrap();
    let after = seen().await;
    let observations =
        |seen: &[(_, Excerpt)]| seen.iter().map(|(seen, _): &(_, _)| format!("{seen:?}")).collect::<Vec<_>>();
    assert_eq!(observations(&before), observations(&after));
    assert_eq!((before[1].1.text.as_str(), after[1].1.text.as_str()), (OTHER, ""));
}

#[tokio::test]
async fn a_persons_word_for_a_mood_counts_in_digests_and_exports() {
    let world = heard().await;
    let right = Correction { line: 1, target: Target::Exported(2), label: Label::Positive };
    assert_eq!(world.store.correct(&[right], None, at(3)).await.unwrap(), [true]);
    let tally = world.store.tallies(BRAND, &[at(0), at(24)]).await.unwrap().remove(0);
    assert_eq!(tally.moods, [1, 0, 1]);
    let (id, quoted) = clearest(&world, Label::Positive).await.remove(0);
    assert_eq!((id, quoted.label), (2, Label::Positive));
    let records: Vec<_> = world.store.records(None, None).try_collect().await.unwrap();
    assert_eq!(records[1].label, Some(Label::Positive));
    let told = world.store.opinion(2).await.unwrap().unwrap();
    assert_eq!(told.label, Some(Label::Negative), "what the model said stays known");
    let corrections = world.store.corrections(2).await.unwrap();
    assert_eq!((corrections.len(), corrections[0].label, corrections[0].at), (1, Label::Positive, at(3)));
}

#[tokio::test]
async fn versions_and_copies_of_a_mention_are_told_in_their_order() {
    let world = heard().await;
    save(&world.store, "forum", &[item(mention("2", "Der Kaffee war leider kalt."))], at(5)).await;
    let texts: Vec<_> = world.store.revisions(2).await.unwrap().into_iter().map(|it| (it.text, it.seen_at)).collect();
    assert_eq!(texts, [(OTHER.to_owned(), at(1)), ("Der Kaffee war leider kalt.".to_owned(), at(5))]);
    world.store.set_aside(&[3], Some(Aside::Spam)).await.unwrap();
    let places = world.store.appearances(1, 9).await.unwrap();
    let places: Vec<_> = places.iter().map(|it| (it.id, it.place.as_str(), it.is_gone)).collect();
    assert_eq!(places, [(1, "forum", false), (3, "press", true)]);
}

#[tokio::test]
async fn an_author_is_erased_by_number_and_no_namesake_with_them() {
    let world = heard().await;
    let namesake = crate::mention::Author { key: "u2".to_owned(), name: "jana_k".to_owned() };
    let theirs = Mention { author: Some(namesake), ..mention("3", "Ich heiße auch so.") };
    save(&world.store, "forum", &[item(theirs)], at(3)).await;
    let author = world.store.mention(1).await.unwrap().unwrap().author_id.unwrap();
    let known = world.store.writer(author).await.unwrap().unwrap();
    assert_eq!((known.source.as_str(), known.name.as_str(), known.mentions), ("forum", "jana_k", 2));
    assert!(!format!("{known:?}").contains("jana"));
    assert_eq!(world.store.erase_writer(author).await.unwrap().unwrap().mentions, 2);
    assert_eq!(exported(&world).await, ["3", "4"]);
    assert_eq!(world.store.erase_writer(author).await.unwrap(), None);
}

#[tokio::test]
async fn a_saved_view_belongs_to_whoever_saved_it() {
    let world = world().await;
    let view = |query| View::parse(query, &[]).0;
    let save = async |name, query, who| world.store.save_view(name, &view(query), who, at(0)).await.unwrap();
    save("Upset", "mood=negative", (None, false)).await;
    save("Upset", "mood=negative&stars=1", (None, false)).await;
    save("Upset", "mood=positive", (Some("erika"), false)).await;
    let saved = world.store.saved_views(None).await.unwrap();
    assert_eq!(saved.len(), 1, "the name is taken over");
    assert_eq!(saved[0].query, "mood=negative&stars=1");
    let seen = async |who| -> Vec<String> {
        world.store.saved_views(who).await.unwrap().into_iter().map(|view| view.query).collect()
    };
    let (hers, his) = (seen(Some("erika")).await, seen(Some("max")).await);
    assert_eq!((hers.len(), his), (2, vec![saved[0].query.clone()]), "what was saved without accounts is everybody's");
    save("Upset", "mood=positive", (Some("erika"), true)).await;
    assert!(seen(Some("max")).await.contains(&"mood=positive".to_owned()));
    assert!(world.store.delete_view(saved[0].id).await.unwrap());
    assert!(!world.store.delete_view(saved[0].id).await.unwrap());
}
