use super::*;
use crate::alert::Mail;
use crate::mention::Language;
use crate::notify::{Attempt, Delivery, Fate, Letter, MAIL};
use crate::outreach::survey::{Score, VALID_SECONDS};

const ADDRESS: &str = "jana.keller@privat.example";

/// A case that is solved.
async fn solved(world: &World) -> i64 {
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(world, at(1)).await;
    let case = only(world).await.id;
    world.store.change_case(case, &Change::Solve(at(72)), &erika(), at(2)).await.unwrap().unwrap();
    case
}

fn letter(survey: &Survey, id: &str) -> Option<Letter> {
    let text = format!("geheimer Text zu {}", survey.id);
    let mail = Mail { subject: text.clone(), html: text.clone(), text, picture: None };
    let (id, channel, to) = (id.to_owned(), MAIL.to_owned(), ADDRESS.to_owned());
    Some(Letter { id, channel, to, mail, reply_to_thread: None, list: None, written_at: at(3) })
}

async fn ask(world: &World, case: i64, now: Timestamp) -> Result<Survey, Refusal> {
    world.store.ask(case, Language::GERMAN, |_| None, &erika(), now).await.unwrap()
}

async fn send(world: &World, case: i64, id: &str, now: Timestamp) -> Result<Survey, Refusal> {
    world.store.ask(case, Language::GERMAN, |survey| letter(survey, id), &erika(), now).await.unwrap()
}

async fn settle(world: &World, delivery: Delivery, fate: Fate, now: Timestamp) {
    let entry = world.store.next_letter(now).await.unwrap().expect("a letter is due");
    assert_eq!((entry.letter.to.as_str(), entry.letter.mail.text.as_str()), (ADDRESS, "geheimer Text zu 1"));
    world.store.settle(&entry, &Attempt::from(delivery), fate, now).await.unwrap();
}

/// What the outbox still holds of all letters.
async fn held(world: &World) -> Vec<(String, String)> {
    sqlx::query_as("SELECT state, recipient || subject || text || html FROM outbox ORDER BY id")
        .fetch_all(&world.store.reader)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_person_is_asked_by_one_link_and_answers_once() {
    let world = world().await;
    let case = solved(&world).await;
    let survey = ask(&world, case, at(3)).await.unwrap();
    assert_eq!((survey.language, survey.expires_at), (Language::GERMAN, at(3).plus_seconds(VALID_SECONDS)));
    assert_eq!(ask(&world, case, at(4)).await.unwrap(), survey, "the one that is open");
    let [best, worst] = [5, 1].map(|number| Score::new(number).unwrap());
    assert_eq!(world.store.rate(survey.id, best, Some("Danke!"), at(5)).await.unwrap(), Some(case));
    assert_eq!(world.store.rate(survey.id, worst, None, at(6)).await.unwrap(), None);
    let kept = world.store.survey(survey.id).await.unwrap().unwrap();
    assert_eq!((kept.score, kept.comment.as_deref(), kept.answered_at), (Some(best), Some("Danke!"), Some(at(5))));
    let told = told(&world, case).await;
    assert_eq!(told[2..], [(Some("erika".to_owned()), What::Surveyed), (None, What::Rated)]);
    assert_eq!(world.store.scores(BRAND, at(0)).await.unwrap(), [(at(3), Some(best))]);
    let comments = world.store.survey_comments(BRAND, 9).await.unwrap();
    assert_eq!(comments, [Comment { case, at: at(5), score: best, text: "Danke!".to_owned() }]);
}

#[tokio::test]
async fn a_link_is_over_after_its_time_and_the_next_one_is_another() {
    let world = world().await;
    let case = solved(&world).await;
    let survey = ask(&world, case, at(3)).await.unwrap();
    assert_eq!(world.store.rate(survey.id, Score::ALL[0], None, survey.expires_at).await.unwrap(), None);
    let next = ask(&world, case, survey.expires_at).await.unwrap();
    assert!(next.id > survey.id && next.is_open(survey.expires_at) && !survey.is_open(survey.expires_at));
}

#[tokio::test]
async fn nobody_is_asked_who_was_not_helped_or_is_with_somebody_else() {
    let world = world().await;
    assert_eq!(ask(&world, 99, at(1)).await, Err(Refusal::NoCase));
    save(&world.store, "forum", &[item(mention("1", LONG))], at(1)).await;
    look(&world, at(1)).await;
    let case = only(&world).await.id;
    assert_eq!(ask(&world, case, at(2)).await, Err(Refusal::State(State::New)));
    world.store.change_case(case, &Change::Answer, &max(), at(2)).await.unwrap().unwrap();
    assert_eq!(send(&world, case, "survey-1", at(3)).await, Err(Refusal::Taken("max".to_owned())));
    assert_eq!((held(&world).await, world.store.surveys(case).await.unwrap()), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn whom_a_mail_went_to_is_forgotten_as_soon_as_that_is_settled_however_it_went() {
    let error = || "kein Postfach".to_owned();
    for (delivery, fate, mailed) in [
        (Delivery::Sent, Fate::Sent, Mailed::Sent),
        (Delivery::Refused { error: error() }, Fate::Failed, Mailed::Failed),
        (Delivery::Unknown { error: error() }, Fate::Unknown, Mailed::Failed),
    ] {
        let world = world().await;
        let case = solved(&world).await;
        assert_eq!(send(&world, case, "survey-1", at(3)).await.unwrap().mailed, Some(Mailed::OnItsWay));
        assert_eq!(send(&world, case, "survey-2", at(3)).await, Err(Refusal::Pending));
        let later = Delivery::Later { error: error(), hint: None };
        settle(&world, later, Fate::Waiting { until: at(5) }, at(4)).await;
        assert!(held(&world).await[0].1.starts_with(ADDRESS), "it is tried again");
        let name = delivery.name();
        settle(&world, delivery, fate, at(5)).await;
        assert_eq!(held(&world).await[0].1, "", "{name}");
        assert_eq!(world.store.surveys(case).await.unwrap()[0].mailed, Some(mailed));
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&world.store.writer).await.unwrap();
        for file in std::fs::read_dir(world.path.parent().unwrap()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for gone in [ADDRESS, "geheimer Text"] {
                let is_there = bytes.windows(gone.len()).any(|part| part == gone.as_bytes());
                assert!(!is_there, "{gone} stands in the file after {name}");
            }
        }
    }
}

#[tokio::test]
async fn other_letters_are_kept_as_they_were() {
    let world = world().await;
    let case = solved(&world).await;
    let survey = ask(&world, case, at(3)).await.unwrap();
    let mut transaction = world.store.begin().await.unwrap();
    crate::store::outbox::insert(&mut transaction, None, &letter(&survey, "digest-1").unwrap()).await.unwrap();
    transaction.commit().await.unwrap();
    settle(&world, Delivery::Sent, Fate::Sent, at(4)).await;
    assert!(held(&world).await[0].1.starts_with(ADDRESS));
}

#[tokio::test]
async fn with_a_person_go_their_answers_and_the_mail_that_has_not_left() {
    let world = world().await;
    let case = solved(&world).await;
    let survey = send(&world, case, "survey-1", at(3)).await.unwrap();
    world.store.rate(survey.id, Score::ALL[4], Some("jana_k war hier"), at(4)).await.unwrap();
    let author = only(&world).await.author_id.unwrap();
    world.store.erase_writer(author).await.unwrap().unwrap();
    assert_eq!((held(&world).await, world.store.survey(survey.id).await.unwrap()), (Vec::new(), None));
    let next = solved_anew(&world).await;
    assert!(next.id > survey.id, "an old link must not open another survey");
}

/// A survey about the case of somebody else.
async fn solved_anew(world: &World) -> Survey {
    save(&world.store, "forum", &[item(by("u2", "otto", "2", "Noch nie war etwas so schlecht wie das hier"))], at(5))
        .await;
    look(world, at(5)).await;
    let all = listed(world, at(6)).await;
    let case = all.iter().find(|one| one.author.as_deref() == Some("otto")).unwrap().case.id;
    world.store.change_case(case, &Change::Answer, &erika(), at(6)).await.unwrap().unwrap();
    ask(world, case, at(7)).await.unwrap()
}

#[tokio::test]
async fn a_mail_that_was_being_sent_while_the_person_was_erased_is_not_tried_again() {
    let world = world().await;
    let case = solved(&world).await;
    send(&world, case, "survey-1", at(3)).await.unwrap();
    let entry = world.store.next_letter(at(4)).await.unwrap().unwrap();
    world.store.erase_writer(only(&world).await.author_id.unwrap()).await.unwrap().unwrap();
    let later = Attempt::from(Delivery::Later { error: "besetzt".to_owned(), hint: None });
    world.store.settle(&entry, &later, Fate::Waiting { until: at(5) }, at(4)).await.unwrap();
    assert_eq!(held(&world).await, [("failed".to_owned(), String::new())]);
}

#[tokio::test]
async fn a_name_in_somebody_elses_comment_is_blacked_out() {
    let world = world().await;
    save(
        &world.store,
        "press",
        &[item(by("u9", "doris", "9", "Mir hilft dort auch niemand, seit Wochen nicht"))],
        at(1),
    )
    .await;
    look(&world, at(2)).await;
    let doris = only(&world).await.author_id.unwrap();
    let survey = solved_anew(&world).await;
    world.store.rate(survey.id, Score::ALL[0], Some("Wie bei DORIS"), at(8)).await.unwrap();
    world.store.erase_writer(doris).await.unwrap().unwrap();
    assert_eq!(world.store.survey(survey.id).await.unwrap().unwrap().comment.as_deref(), Some("Wie bei …"));
}

#[tokio::test]
async fn with_a_merged_case_go_its_surveys() {
    let world = world().await;
    let case = solved(&world).await;
    let survey = ask(&world, case, at(3)).await.unwrap();
    save(&world.store, "forum", &[item(by("u2", "otto", "2", "Noch nie war etwas so schlecht wie das hier"))], at(5))
        .await;
    look(&world, at(5)).await;
    let whole = listed(&world, at(6)).await.iter().map(|one| one.case.id).max().unwrap();
    world.store.merge_cases(case, whole, &erika(), at(6)).await.unwrap().unwrap();
    assert_eq!(world.store.survey(survey.id).await.unwrap().unwrap().case, whole);
}

#[tokio::test]
async fn who_is_to_be_asked_again_is_found_until_somebody_has() {
    let world = world().await;
    let case = solved(&world).await;
    let due = async |now| {
        let filter = Filter { follow_up_due: true, ..Filter::default() };
        let listed = world.store.cases(&filter, now).await.unwrap();
        let cases: Vec<i64> = listed.iter().map(|one| one.case.id).collect();
        assert_eq!(world.store.follow_ups_due(100, now).await.unwrap(), cases.len() as u64);
        cases
    };
    assert_eq!((due(at(71)).await, due(at(72)).await), (vec![], vec![case]));
    world.store.change_case(case, &Change::FollowUp("alles gut".to_owned()), &erika(), at(73)).await.unwrap().unwrap();
    assert_eq!((due(at(99)).await, only(&world).await.follow_up_at), (vec![], None));
}
