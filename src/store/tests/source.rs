use super::*;

#[tokio::test]
async fn what_a_source_says_was_deleted_is_out_of_the_figures_and_quoted_no_more() {
    let world = world().await;
    let store = &world.store;
    save(store, "forum", &[], at(0)).await;
    save(store, "forum", &[item(mention("1", LONG)), item(mention("2", "Wieder zu spät"))], at(1)).await;
    let gone = ["1".to_owned(), "unknown".to_owned()];
    assert_eq!(store.remove(&source("press"), &gone, at(2)).await.unwrap(), 0, "ids are the source's own");
    assert_eq!(store.remove(&source("forum"), &gone, at(2)).await.unwrap(), 1);
    assert_eq!(store.remove(&source("forum"), &gone, at(3)).await.unwrap(), 0, "once");
    assert_eq!(texts(store).await, ["Wieder zu spät"]);
    let heard = store.excerpts(BRAND, at(0)..at(9)).await.unwrap();
    let quoted: Vec<&str> = heard.iter().map(|(_, excerpt)| excerpt.text.as_str()).collect();
    assert_eq!(quoted, ["", "Wieder zu spät"], "it counts as it was heard");
    let observations: Vec<_> = heard.into_iter().map(|(seen, _)| seen).collect();
    assert_eq!(store.observations(BRAND, at(0)..at(9)).await.unwrap(), observations, "with or without its text");
    assert_eq!(store.observations(BRAND, at(0)..at(1)).await.unwrap(), [], "up to then, not then");
}

#[tokio::test]
async fn with_an_account_goes_what_its_author_wrote_in_this_source() {
    let world = world().await;
    let store = &world.store;
    let of = |id: &str, text: &str, key: &str| {
        let author = Some(Author { key: key.to_owned(), name: "same name".to_owned() });
        item(Mention { author, ..mention(id, text) })
    };
    let gone = ["did:plc:a".to_owned(), "unknown".to_owned()];
    for name in ["forum", "press"] {
        save(store, name, &[], at(0)).await;
    }
    save(store, "press", &[of("1", "In der Zeitung", "did:plc:a")], at(1)).await;
    let items =
        [of("1", LONG, "did:plc:a"), of("2", "Schon wieder zu spät", "did:plc:a"), of("3", "Alles gut", "did:plc:b")];
    save(store, "forum", &items, at(1)).await;
    assert_eq!(store.remove_authors(&source("forum"), &gone, at(2)).await.unwrap(), 2);
    assert_eq!(store.remove_authors(&source("forum"), &gone, at(3)).await.unwrap(), 0, "once");
    assert_eq!(texts(store).await, ["In der Zeitung", "Alles gut"], "keys are the source's own");
}

#[tokio::test]
async fn pauses_are_kept_until_they_are_over_and_the_longer_one_counts() {
    let world = world().await;
    let store = &world.store;
    let pause = |host: &str, until| (host.to_owned(), until);
    store.record_pauses(&[pause("a.example", at(5)), pause("b.example", at(2))], at(0)).await.unwrap();
    store.record_pauses(&[pause("a.example", at(3))], at(1)).await.unwrap();
    assert_eq!(store.pauses().await.unwrap(), [pause("a.example", at(5)), pause("b.example", at(2))]);
    store.record_pauses(&[], at(2)).await.unwrap();
    assert_eq!(store.pauses().await.unwrap(), [pause("a.example", at(5))]);
}

#[tokio::test]
async fn of_each_source_it_is_known_how_much_it_says_and_what_is_left_of_its_limit() {
    let world = world().await;
    let store = &world.store;
    save(store, "forum", &[item(mention("0", "Erstabruf"))], at(0)).await;
    let old = [item(mention("1", "vor drei Wochen")), item(mention("2", "auch"))];
    save(store, "forum", &old, at(10)).await;
    save(store, "forum", &[item(mention("3", "heute"))], at(21 * 24)).await;
    store.record_quota(&source("forum"), 58).await.unwrap();
    let heard = store.heard(at(21 * 24 + 1)).await.unwrap();
    let forum = Heard { source: "forum".to_owned(), lately: 1, before: 2, last_at: Some(at(21 * 24)), since: at(0) };
    assert_eq!(heard[0], forum);
    assert_eq!((heard[1].source.as_str(), heard[1].lately, heard[1].last_at), ("press", 0, None));
    assert_eq!(store.source(&source("forum")).await.unwrap().quota_left, Some(58));
}

#[tokio::test]
async fn of_a_text_in_many_places_it_is_known_where_it_came_first_and_where_most() {
    let world = world().await;
    let store = &world.store;
    let report = |id: &str, publisher: Option<&str>, hour: i64| {
        let publisher = publisher.map(str::to_owned);
        item(Mention { publisher, published_at: Some(at(hour)), ..mention(id, LONG) })
    };
    save(store, "forum", &[report("1", None, 5), report("2", None, 6)], at(7)).await;
    let press = [report("3", Some("Tageblatt"), 2), report("4", Some("Anzeiger"), 3), report("5", None, 4)];
    save(store, "press", &press, at(8)).await;
    save(store, "press", &[item(mention("6", "Etwas ganz anderes"))], at(8)).await;
    let [copied] = &store.copies(Some(BRAND), at(0), 9).await.unwrap()[..] else { panic!("one text") };
    assert_eq!((copied.mentions, copied.places), (5, 4));
    assert_eq!((copied.first_place.as_str(), copied.first_at), ("Tageblatt", at(2)));
    assert_eq!((copied.widest_place.as_str(), copied.widest_mentions), ("forum", 2));
    assert_eq!(copied.text, LONG);
    assert_eq!(store.copies(None, at(9), 9).await.unwrap(), [], "no copy arrived since then");
    assert_eq!(store.copies(Some("another"), at(0), 9).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_kept_long_enough_goes_with_its_authors_and_quotes_and_what_changed_of_late_stays() {
    let world = world().await;
    let store = &world.store;
    let by = |id: &str, name: &str| {
        let author = Some(Author { key: name.to_owned(), name: name.to_owned() });
        item(Mention { author, ..mention(id, &format!("Nummer {id}")) })
    };
    save(store, "forum", &[by("1", "jana"), by("2", "tom"), by("3", "tom")], at(1)).await;
    save(store, "press", &[by("1", "lea")], at(1)).await;
    save(store, "forum", &[item(Mention { text: "Neu".into(), ..by("3", "tom").mention })], at(50)).await;
    assert_eq!(store.expire(&source("forum"), at(1)).await.unwrap(), 0);
    assert_eq!(store.expire(&source("forum"), at(40)).await.unwrap(), 2);
    assert_eq!(texts(store).await, ["Neu", "Nummer 1"]);
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM author ORDER BY name").fetch_all(&store.reader).await.unwrap();
    assert_eq!(names, ["lea", "tom"]);
}

#[tokio::test]
async fn a_pause_ends_an_outage_is_none_itself_and_what_was_not_heard_stays_known() {
    let world = world().await;
    let (store, forum) = (&world.store, source("forum"));
    let unheard = |began, ended: Option<i64>| Unheard {
        source: "forum".to_owned(),
        began_at: at(began),
        ended_at: ended.map(at),
    };
    save(store, "forum", &[], at(0)).await;
    store.record_failure(&forum, (said("weg", "gone"), None), at(2), at(1)).await.unwrap();
    store.pause_source(&forum, at(3)).await.unwrap();
    store.pause_source(&forum, at(4)).await.unwrap();
    store
        .record_failure(&forum, (said("eine Runde von vorher", "a round that was under way"), None), at(5), at(5))
        .await
        .unwrap();
    let state = store.source(&forum).await.unwrap();
    assert_eq!((state.failures, state.paused_at), (0, Some(at(3))), "the first click counts");
    assert_eq!(store.paused().await.unwrap(), ["forum"]);
    assert_eq!(store.unheard(at(0)).await.unwrap(), [unheard(1, Some(3)), unheard(3, None)]);
    store.resume_source(&forum, at(9)).await.unwrap();
    assert_eq!(store.unheard(at(4)).await.unwrap(), [unheard(3, Some(9))]);
    let heard = store.heard(at(10)).await.unwrap();
    assert_eq!(heard.iter().find(|heard| heard.source == "forum").unwrap().since, at(9), "it begins anew");
}
