use super::*;
use crate::mention::{Author, Label, Mention, Rating, Reply};
use crate::outreach::Rules;
use crate::store::Aside;
use crate::store::tests::{BRAND, LONG, World, at, item, mention, save, world};

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
    world.store.cases(&all, |_| 0.2, now).await.unwrap()
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
async fn how_many_come_back_is_learned_from_the_source_and_assumed_before() {
    let world = world().await;
    assert!(world.store.usual_returns().await.unwrap().is_empty());
    let reply = Some(Reply { text: "Wir kümmern uns.".to_owned(), at: Some(at(1)) });
    save(&world.store, "forum", &[item(Mention { reply: reply.clone(), ..mention("1", LONG) })], at(1)).await;
    look(&world, at(1)).await;
    let before = world.store.usual_returns().await.unwrap()["forum"];
    let better = Mention { reply, rating: Some(Rating::stars(4.0)), ..mention("1", "Danke, jetzt geht es!") };
    save(&world.store, "forum", &[item(better)], at(8)).await;
    let after = world.store.usual_returns().await.unwrap()["forum"];
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

/// A case of a review in the forum, and an answer to it.
async fn to_publish(world: &World) -> (i64, NewAnswer<'static>) {
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(world, at(1)).await;
    let case = only(world).await.id;
    let text = "Guten Tag, das war zu spät.";
    (case, NewAnswer { case, mention: 1, text, language: crate::mention::Language::GERMAN, template: None })
}

async fn last(world: &World, case: i64) -> Answer {
    world.store.answers(case).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn an_answer_goes_out_once_and_the_case_is_answered_when_it_is_there() {
    let world = world().await;
    let (case, answer) = to_publish(&world).await;
    world.store.publish_answer(&answer, false, &erika(), at(2)).await.unwrap().unwrap();
    assert_eq!(only(&world).await.state, State::Claimed, "nobody has it yet");
    for refused in [
        world.store.publish_answer(&answer, false, &erika(), at(2)).await.unwrap(),
        world.store.answer_case(&answer, &erika(), at(2)).await.unwrap(),
    ] {
        assert_eq!(refused, Err(Refusal::Pending), "no two answers");
    }
    let taken = world.store.next_answer(at(2)).await.unwrap().unwrap();
    assert_eq!((taken.native_id.as_str(), taken.text.as_str(), taken.attempts), ("1", answer.text, 1));
    assert_eq!(world.store.next_answer(at(3)).await.unwrap(), None, "one attempt at a time");
    let why = crate::tongue::said("Nicht jetzt", "not now").into();
    world.store.settle_answer(taken.id, &Outcome::Later(why, at(4)), at(2)).await.unwrap();
    assert_eq!(world.store.next_answer(at(3)).await.unwrap(), None);
    let taken = world.store.next_answer(at(4)).await.unwrap().unwrap();
    assert_eq!(taken.attempts, 2);
    world.store.resume_answers(at(5)).await.unwrap();
    let taken = world.store.next_answer(at(5)).await.unwrap().expect("after a crash it is sent once more");
    world.store.settle_answer(taken.id, &Outcome::Sent, at(5)).await.unwrap();
    let case = world.store.case(case).await.unwrap().unwrap();
    assert_eq!((case.state, case.owner.as_deref(), case.answered_at), (State::Answered, Some("erika"), Some(at(5))));
    let answer = last(&world, case.id).await;
    assert_eq!((answer.state, answer.sent_at, answer.error), (AnswerState::Sent, Some(at(5)), None));
}

#[tokio::test]
async fn a_second_pair_of_eyes_is_somebody_else() {
    let world = world().await;
    let (case, answer) = to_publish(&world).await;
    world.store.publish_answer(&answer, true, &erika(), at(2)).await.unwrap().unwrap();
    let id = last(&world, case).await.id;
    assert_eq!(world.store.next_answer(at(2)).await.unwrap(), None);
    assert_eq!(world.store.answers_to_check(&erika()).await.unwrap(), None);
    assert_eq!(world.store.answers_to_check(&max()).await.unwrap(), Some((1, case)));
    let judge = async |judgement, actor| world.store.judge_answer(case, id, judgement, &actor, at(3)).await.unwrap();
    assert_eq!(judge(Judgement::Approve, erika()).await, Err(Refusal::Own));
    assert_eq!(judge(Judgement::Retry, max()).await, Err(Refusal::Pending), "it has not failed");
    assert_eq!(judge(Judgement::Approve, max()).await, Ok(()));
    assert_eq!(judge(Judgement::Approve, max()).await, Err(Refusal::Pending), "once");
    assert_eq!(last(&world, case).await.approved_by.as_deref(), Some("max"));
    assert!(world.store.next_answer(at(3)).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_given_back_is_written_anew() {
    let world = world().await;
    let (case, answer) = to_publish(&world).await;
    world.store.publish_answer(&answer, true, &erika(), at(2)).await.unwrap().unwrap();
    let id = last(&world, case).await.id;
    world.store.judge_answer(case, id, Judgement::Return, &max(), at(3)).await.unwrap().unwrap();
    assert_eq!(last(&world, case).await.state, AnswerState::Draft);
    world.store.publish_answer(&answer, true, &erika(), at(4)).await.unwrap().unwrap();
    let all = world.store.answers(case).await.unwrap();
    assert_eq!(all.iter().map(|one| one.state).collect::<Vec<_>>(), [AnswerState::Checking]);
    let what: Vec<What> = told(&world, case).await.into_iter().map(|(_, what)| what).collect();
    assert_eq!(what[1..], [What::Claimed, What::Submitted, What::Returned, What::Submitted]);
}

#[tokio::test]
async fn what_somebody_has_answered_in_the_source_is_not_answered_once_more() {
    let world = world().await;
    let (case, answer) = to_publish(&world).await;
    world.store.publish_answer(&answer, false, &erika(), at(2)).await.unwrap().unwrap();
    let reply = Some(Reply { text: "Wir haben angerufen.".to_owned(), at: Some(at(3)) });
    save(&world.store, "forum", &[item(Mention { reply, ..mention("1", LONG) })], at(4)).await;
    assert_eq!(world.store.next_answer(at(4)).await.unwrap(), None);
    let answer = last(&world, case).await;
    assert_eq!(answer.state, AnswerState::Failed);
    assert_eq!(answer.error.unwrap().german, "In der Quelle hat inzwischen schon jemand geantwortet");
}

#[tokio::test]
async fn what_may_not_have_arrived_has_when_it_stands_there_word_for_word() {
    let world = world().await;
    let (case, answer) = to_publish(&world).await;
    world.store.publish_answer(&answer, false, &erika(), at(2)).await.unwrap().unwrap();
    let taken = world.store.next_answer(at(2)).await.unwrap().unwrap();
    let why = crate::tongue::said("Keine Antwort", "no answer").into();
    world.store.settle_answer(taken.id, &Outcome::Failed(why), at(2)).await.unwrap();
    let reply = Some(Reply { text: answer.text.to_owned(), at: Some(at(2)) });
    save(&world.store, "forum", &[item(Mention { reply, ..mention("1", LONG) })], at(4)).await;
    world.store.recognise_replies(at(4)).await.unwrap();
    let answer = last(&world, case).await;
    assert_eq!((answer.state, answer.seen_at, answer.error), (AnswerState::Seen, Some(at(4)), None));
    assert_eq!(only(&world).await.state, State::Answered);
}
