use super::*;
use crate::store::outreach::Outcome;

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
