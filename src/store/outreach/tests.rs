use std::collections::BTreeSet;

use super::*;
use crate::mention::{Author, Label, Language, Mention, Rating, Reply};
use crate::notify::Letter;
use crate::outreach::trial::{Difference, outcome, try_rules};
use crate::outreach::{Rules, warning};
use crate::store::Aside;
use crate::store::tests::{BRAND, LONG, World, at, item, mention, save, world};

mod answers;
mod survey;

fn erika() -> Actor {
    Actor { account: None, who: "erika".to_owned() }
}

fn max() -> Actor {
    Actor { account: None, who: "max".to_owned() }
}

/// Looks for cases as the service does.
async fn look(world: &World, now: Timestamp) -> usize {
    let rules = Rules::default();
    let (arrivals, reach) = world.store.case_arrivals(&[BRAND], now).await.unwrap();
    let opened: Vec<Opened<'_>> = arrivals
        .iter()
        .map(|arrived| {
            let rule = rules.judge(&arrived.said()).map(|(rule, severity)| (rule.name.as_str(), severity));
            Opened { arrived, rule, due_at: rule.map(|_| arrived.said_at().plus_seconds(8 * 3600)) }
        })
        .collect();
    world.store.open_cases(reach, &opened, now).await.unwrap().unwrap()
}

fn by(key: &str, name: &str, id: &str, text: &str) -> Mention {
    let author = Some(Author { key: key.to_owned(), name: name.to_owned() });
    Mention { author, ..mention(id, text) }
}

async fn listed(world: &World, now: Timestamp) -> Vec<Listed> {
    let all = Filter { snoozed: true, ..Filter::default() };
    world.store.cases(&all, now).await.unwrap()
}

async fn only(world: &World) -> Case {
    let mut all = listed(world, at(99)).await;
    assert_eq!(all.len(), 1);
    all.remove(0).case
}

async fn told(world: &World, case: i64) -> Vec<(Option<String>, What)> {
    world.store.case_events(case).await.unwrap().into_iter().map(|event| (event.who, event.what)).collect()
}

#[tokio::test]
async fn an_upset_review_is_a_case_once_and_waits_since_the_first_word() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(2)).await;
    assert_eq!((look(&world, at(3)).await, look(&world, at(4)).await), (1, 0));
    let case = only(&world).await;
    assert_eq!((case.state, case.severity, case.rule.as_str()), (State::New, Severity::High, "one_star"));
    assert_eq!((case.first_word_at, case.waits_since, case.due_at), (at(0), Some(at(0)), Some(at(8))));
    assert_eq!(told(&world, case.id).await, [(None, What::Opened)]);
}

#[tokio::test]
async fn what_is_content_old_or_put_aside_is_no_case() {
    let world = world().await;
    let mut content = item(Mention { rating: Some(Rating::stars(5.0)), ..mention("1", "Alles wunderbar hier") });
    content.analysis.mood.as_mut().unwrap().label = Label::Positive;
    save(&world.store, "forum", &[content], at(1)).await;
    save(&world.store, "forum", &[item(mention("2", "So ein Ärger mit der Bahn"))], at(1)).await;
    world.store.set_aside(&[2], Some(Aside::Spam)).await.unwrap();
    assert_eq!(look(&world, at(2)).await, 0);
    save(&world.store, "forum", &[item(by("u7", "old", "3", "Vor langer Zeit war es schlimm"))], at(3)).await;
    assert_eq!(look(&world, at(20 * 24)).await, 0, "said three weeks before it was looked at");
}

#[tokio::test]
async fn who_speaks_again_joins_the_case_and_whoever_copies_the_text_too() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await.id;
    world.store.change_case(case, &Change::Answer, &erika(), at(2)).await.unwrap().unwrap();
    let again = Mention { published_at: Some(at(3)), ..mention("2", "Und heute geht es schon wieder nicht!") };
    save(&world.store, "forum", &[item(again)], at(3)).await;
    save(&world.store, "press", &[item(by("u9", "press", "p1", LONG))], at(3)).await;
    assert_eq!(look(&world, at(4)).await, 0);
    let case = only(&world).await;
    assert_eq!((case.state, case.waits_since, case.owner.as_deref()), (State::Waiting, Some(at(3)), Some("erika")));
    assert_eq!(world.store.case_mentions(case.id).await.unwrap().len(), 3);
    let all = told(&world, case.id).await;
    assert_eq!(all.iter().filter(|(_, what)| *what == What::Joined).count(), 2);
}

#[tokio::test]
async fn of_two_who_reach_for_a_case_one_has_it() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await.id;
    let (erika, max) = (erika(), max());
    let (first, second) = tokio::join!(
        world.store.change_case(case, &Change::Claim, &erika, at(2)),
        world.store.change_case(case, &Change::Claim, &max, at(2)),
    );
    let results = [first.unwrap(), second.unwrap()];
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let owner = only(&world).await.owner.unwrap();
    assert!(results.contains(&Err(Refusal::Taken(owner.clone()))));
    let other = if owner == "erika" { &max } else { &erika };
    let refused = world.store.change_case(case, &Change::Answer, other, at(3)).await.unwrap();
    assert_eq!(refused, Err(Refusal::Taken(owner.clone())), "no two answers");
    let taken_over = Change::HandOver(other.who.clone());
    assert_eq!(
        world.store.change_case(case, &taken_over, other, at(3)).await.unwrap().unwrap().owner.as_ref(),
        Some(&other.who)
    );
}

#[tokio::test]
async fn an_answer_in_the_source_is_recognised_and_an_edit_is_told() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    assert_eq!(world.store.recognise_replies(at(2)).await.unwrap(), Vec::<i64>::new());
    let reply = Some(Reply { text: "Guten Tag, das tut uns leid.".to_owned(), at: Some(at(5)) });
    save(&world.store, "forum", &[item(Mention { reply: reply.clone(), ..mention("1", LONG) })], at(6)).await;
    let case = only(&world).await.id;
    assert_eq!(world.store.recognise_replies(at(6)).await.unwrap(), [case]);
    assert_eq!(world.store.recognise_replies(at(7)).await.unwrap(), Vec::<i64>::new());
    let case = only(&world).await;
    assert_eq!((case.state, case.answered_at, case.waits_since), (State::Answered, Some(at(5)), None));
    let mut better = item(Mention { reply, rating: Some(Rating::stars(5.0)), ..mention("1", "Danke, jetzt geht es!") });
    better.analysis.mood.as_mut().unwrap().label = Label::Positive;
    save(&world.store, "forum", &[better], at(8)).await;
    assert_eq!(look(&world, at(8)).await, 0);
    assert_eq!(only(&world).await.state, State::Answered);
    let edited = world.store.case_events(case.id).await.unwrap().pop().unwrap();
    assert_eq!((edited.what, edited.detail.as_str()), (What::Edited, "5"));
}

#[tokio::test]
async fn what_was_answered_before_we_heard_of_it_is_not_our_turn() {
    let world = world().await;
    let reply = Some(Reply { text: "Wir kümmern uns.".to_owned(), at: Some(at(0)) });
    save(&world.store, "forum", &[item(Mention { reply, ..mention("1", LONG) })], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await;
    assert_eq!((case.state, case.waits_since, case.answered_at), (State::Answered, None, Some(at(0))));
}

#[tokio::test]
async fn cases_become_one_and_two_again() {
    let world = world().await;
    let texts = ["Die Rechnung stimmt hinten und vorne nicht.", "Seit Tagen meldet sich hier niemand bei mir."];
    save(&world.store, "forum", &[item(by("u1", "jana", "1", texts[0])), item(by("u2", "kai", "2", texts[1]))], at(1))
        .await;
    look(&world, at(1)).await;
    let all: Vec<i64> = listed(&world, at(2)).await.iter().map(|one| one.case.id).collect();
    let merged = world.store.merge_cases(all[1], all[0], &erika(), at(2)).await.unwrap().unwrap();
    assert_eq!((merged.id, listed(&world, at(2)).await[0].mentions), (all[0], 2));
    assert_eq!(world.store.merge_cases(all[0], all[0], &erika(), at(2)).await.unwrap(), Err(Refusal::Apart));
    let mention = world.store.case_mentions(all[0]).await.unwrap()[1];
    let own = world.store.split_case(all[0], mention, &erika(), at(3)).await.unwrap().unwrap();
    assert_eq!(world.store.case_of(mention).await.unwrap(), Some(own));
    let left = world.store.case_mentions(all[0]).await.unwrap()[0];
    let refused = world.store.split_case(all[0], left, &erika(), at(3)).await.unwrap();
    assert_eq!(refused, Err(Refusal::Apart), "a case keeps at least one");
}

#[tokio::test]
async fn a_person_is_known_across_sources_only_where_somebody_confirms_it() {
    let world = world().await;
    save(&world.store, "forum", &[item(by("u1", "Jana_K", "1", LONG))], at(1)).await;
    save(&world.store, "press", &[item(by("x9", "jana_k", "9", "Noch einmal: es geht nichts mehr bei euch."))], at(1))
        .await;
    look(&world, at(1)).await;
    let all = listed(&world, at(2)).await;
    assert_eq!(all.len(), 2, "a name proves nothing");
    let (one, other) = (all[0].case.author_id.unwrap(), all[1].case.author_id.unwrap());
    assert_eq!(world.store.alike(one).await.unwrap()[0].id, other);
    assert!(world.store.link_people((one, other), Some(all[0].case.id), &erika(), at(2)).await.unwrap());
    assert_eq!(world.store.handles(one).await.unwrap().len(), 2);
    assert_eq!(world.store.said_by(other).await.unwrap().len(), 2);
    assert_eq!(world.store.cases_of(one).await.unwrap().len(), 2);
    assert_eq!(world.store.alike(one).await.unwrap(), []);
    world.store.unlink_person(other).await.unwrap();
    assert_eq!(world.store.handles(one).await.unwrap().len(), 1);
}

#[tokio::test]
async fn with_a_person_go_their_cases() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await;
    let note = Change::Note("jana_k hat am Telefon geweint".to_owned());
    world.store.change_case(case.id, &note, &erika(), at(2)).await.unwrap().unwrap();
    world.store.erase_writer(case.author_id.unwrap()).await.unwrap();
    assert_eq!(listed(&world, at(3)).await.len(), 0);
    assert_eq!(world.store.case_events(case.id).await.unwrap(), []);
}

#[tokio::test]
async fn the_order_is_made_of_all_that_was_said_in_a_case_and_of_where_the_last_of_it_stands() {
    let world = world().await;
    let stars = Some(Rating::stars(5.0));
    let said = mention("0", "So freundlich, und alles ging sofort.");
    let mut praise = item(Mention { rating: stars, published_at: Some(at(-5)), ..said });
    praise.analysis.mood.as_mut().unwrap().label = Label::Positive;
    save(&world.store, "forum", &[praise], at(-4)).await;
    assert_eq!(look(&world, at(-3)).await, 0);
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let mut copy = item(Mention { published_at: Some(at(2)), ..by("u9", "press", "p1", LONG) });
    copy.analysis.topics = vec!["app".into()];
    copy.analysis.intents = vec![crate::analyse::Intent::Question];
    save(&world.store, "press", &[copy], at(3)).await;
    look(&world, at(4)).await;
    let standings = async |filter: Filter| world.store.standings(&filter, at(4)).await.unwrap();
    let all = standings(Filter::default()).await;
    let facts = &all[0].facts;
    assert_eq!((all.len(), facts.length, facts.copies), (1, 2 * LONG.chars().count(), 2));
    assert_eq!((facts.score, facts.usual_return, facts.waits_since), (-0.8, 0.2, at(0)));
    assert_eq!([facts.is_concrete, facts.asks, facts.leaves, facts.was_content], [true, true, false, true]);
    let of = |source: &str| Filter { source: Some(source.to_owned()), ..Filter::default() };
    assert_eq!((standings(of("press")).await, standings(of("forum")).await), (all.clone(), Vec::new()));
    world.store.change_case(facts.id, &Change::Snooze(at(9)), &erika(), at(4)).await.unwrap().unwrap();
    assert_eq!(standings(Filter::default()).await, []);
    let put_off = standings(Filter { snoozed: true, ..Filter::default() }).await;
    assert_eq!(put_off[0].snoozed_until, Some(at(9)));
}

#[tokio::test]
async fn how_many_come_back_is_learned_from_the_source_and_assumed_before() {
    let world = world().await;
    let usual = async || world.store.usual_returns().await.unwrap().of("forum");
    assert_eq!(usual().await, 0.2);
    let reply = Some(Reply { text: "Wir kümmern uns.".to_owned(), at: Some(at(1)) });
    save(&world.store, "forum", &[item(Mention { reply: reply.clone(), ..mention("1", LONG) })], at(1)).await;
    look(&world, at(1)).await;
    let before = usual().await;
    let better = Mention { reply, rating: Some(Rating::stars(4.0)), ..mention("1", "Danke, jetzt geht es!") };
    save(&world.store, "forum", &[item(better)], at(8)).await;
    let after = usual().await;
    assert!(before < 0.2 && after > 0.2, "{before} {after}");
}

#[tokio::test]
async fn whoever_waits_still_does_when_their_case_becomes_a_part_of_a_settled_one() {
    let world = world().await;
    let texts = ["Die Rechnung stimmt hinten und vorne nicht.", "Seit Tagen meldet sich hier niemand bei mir."];
    let items = [item(by("u1", "jana", "1", texts[0])), item(by("u2", "kai", "2", texts[1]))];
    save(&world.store, "forum", &items, at(1)).await;
    look(&world, at(1)).await;
    let all: Vec<i64> = listed(&world, at(2)).await.iter().map(|one| one.case.id).collect();
    world.store.change_case(all[0], &Change::Solve(at(99)), &erika(), at(2)).await.unwrap().unwrap();
    let merged = world.store.merge_cases(all[1], all[0], &erika(), at(3)).await.unwrap().unwrap();
    assert_eq!((merged.state, merged.waits_since, merged.solved_at), (State::Waiting, Some(at(0)), None));
}

#[tokio::test]
async fn nobody_waits_who_has_taken_their_words_back() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    assert_eq!(world.store.waits(BRAND, at(0)).await.unwrap().len(), 1);
    world.store.set_aside(&[1], Some(Aside::Spam)).await.unwrap();
    assert_eq!(world.store.waits(BRAND, at(0)).await.unwrap(), []);
}

#[tokio::test]
async fn rules_that_are_tried_come_to_the_cases_that_there_are() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let again = Mention { published_at: Some(at(3)), ..mention("2", "Und heute geht es schon wieder nicht!") };
    save(&world.store, "forum", &[item(again), item(by("u2", "kai", "4", "Seit Tagen meldet sich niemand."))], at(3))
        .await;
    save(&world.store, "press", &[item(by("u9", "press", "p1", LONG))], at(3)).await;
    let edited = Mention { rating: Some(Rating::stars(2.0)), ..mention("1", "Es geht immer noch nicht, gar nicht.") };
    save(&world.store, "forum", &[item(edited)], at(5)).await;
    look(&world, at(6)).await;
    world.store.set_aside(&[3], Some(Aside::Spam)).await.unwrap();
    let spoken = world.store.spoken(&[BRAND], at(0)).await.unwrap();
    assert_eq!(spoken.iter().map(|one| one.stars).collect::<Vec<_>>(), [Some(1), Some(1), Some(1), Some(2)]);
    let (rules, before) = (Rules::default(), world.store.census().await.unwrap());
    let trial = try_rules(&spoken, &rules);
    for (tried, one) in trial.cases.iter().zip(listed(&world, at(6)).await) {
        let tried: BTreeSet<i64> = tried.parts.iter().map(|part| spoken[part.spoken].mention_id).collect();
        assert_eq!(tried, world.store.case_mentions(one.case.id).await.unwrap().into_iter().collect());
    }
    assert_eq!(trial.cases.len(), 1, "what was put aside is none");
    assert_eq!(outcome(&spoken, &rules, &trial, at(0), at(6)).difference, Difference::default());
    assert_eq!(world.store.census().await.unwrap(), before);
    assert_eq!(world.store.spoken(&[BRAND], at(4)).await.unwrap().len(), 1, "only what was heard since");
}

#[tokio::test]
async fn who_is_erased_is_gone_from_warnings_and_the_others_are_told_again() {
    let world = world().await;
    let items = [item(mention("1", LONG)), item(by("u2", "kai", "2", "Seit Tagen meldet sich hier niemand."))];
    save(&world.store, "forum", &items, at(1)).await;
    look(&world, at(1)).await;
    let due = async |now| world.store.due_cases("a@b.example", at(8), now).await.unwrap();
    let (cases, None) = due(at(7)).await else { panic!("nobody was told yet") };
    assert_eq!((cases.len(), due(at(8)).await.0.len()), (2, 0), "what is late is no news");
    let letter = Letter {
        id: "due-1".to_owned(),
        channel: "mail".to_owned(),
        to: "a@b.example".to_owned(),
        mail: warning::mail(&cases, Language::GERMAN, chrono_tz::Tz::UTC, None),
        reply_to_thread: None,
        list: None,
        written_at: at(7),
    };
    assert!(world.store.queue_warning(&letter, &cases).await.unwrap());
    assert!(!world.store.queue_warning(&Letter { id: "due-2".to_owned(), ..letter }, &cases).await.unwrap());
    assert_eq!(due(at(7)).await, (Vec::new(), Some(at(7))));
    let author = world.store.case(cases[0].id).await.unwrap().unwrap().author_id.unwrap();
    world.store.erase_writer(author).await.unwrap();
    assert_eq!(world.store.letters_by_state().await.unwrap(), [], "the letter had not left");
    let (left, told_at) = due(at(7)).await;
    assert_eq!((left.len(), left[0].id, told_at), (1, cases[1].id, None));
}

#[tokio::test]
async fn what_upset_somebody_stands_for_the_case_and_not_what_they_said_kindly_since() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    let mut kind =
        item(Mention { published_at: Some(at(2)), rating: None, ..mention("2", "Der Schaffner war reizend.") });
    kind.analysis.mood.as_mut().unwrap().label = Label::Positive;
    save(&world.store, "forum", &[kind], at(3)).await;
    look(&world, at(3)).await;
    let all = listed(&world, at(4)).await;
    assert_eq!((all.len(), all[0].mentions, all[0].mention_id), (1, 2, 1));
}

#[tokio::test]
async fn a_case_goes_with_what_a_source_may_no_longer_keep() {
    let world = world().await;
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await.id;
    let note = Change::Note("jana_k hat angerufen".to_owned());
    world.store.change_case(case, &note, &erika(), at(2)).await.unwrap().unwrap();
    let forum = crate::mention::SourceId::parse("forum").unwrap();
    assert_eq!(world.store.expire(&forum, at(99)).await.unwrap(), 1);
    assert_eq!((listed(&world, at(3)).await.len(), world.store.case_events(case).await.unwrap()), (0, Vec::new()));
}
