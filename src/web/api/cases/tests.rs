use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::account::{Right, Role};
use crate::mention::Label;
use crate::service::now;
use crate::web::rights::{account, bearer};
use crate::web::tests::{Asked, World, world};

/// A world with its cases, and two agents with tokens.
struct Team {
    world: World,
    erika: (&'static str, String),
    max: (&'static str, String),
}

async fn team() -> Team {
    let world = world().await;
    world.service.cases_once(now()).await.unwrap();
    let (erika, max) = (account(&world, "erika", Role::Agent).await, account(&world, "max", Role::Agent).await);
    let (erika, max) = (bearer(&world, &erika, Right::Change).await, bearer(&world, &max, Right::Change).await);
    Team { world, erika, max }
}

impl Team {
    /// Asks as Erika.
    async fn get(&self, address: &str) -> (StatusCode, Value) {
        let answer = self.world.ask(Asked::get(address).with(self.erika.0, &self.erika.1)).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }

    async fn change(&self, id: i64, step: Value, who: &(&'static str, String)) -> (StatusCode, Value) {
        let address = format!("/api/v1/cases/{id}/changes");
        let answer = self.world.ask(Asked::send("POST", &address, &step.to_string()).with(who.0, &who.1)).await;
        (answer.status, serde_json::from_str(&answer.body).unwrap())
    }

    /// The same as Erika, who is let do it.
    async fn done(&self, id: i64, step: Value) -> Value {
        let (status, case) = self.change(id, step.clone(), &self.erika).await;
        assert_eq!(status, StatusCode::OK, "{step}: {case}");
        case
    }

    async fn queue(&self, query: &str) -> Value {
        let (status, queue) = self.get(&format!("/api/v1/cases{query}")).await;
        assert_eq!(status, StatusCode::OK, "{queue}");
        queue
    }

    /// The numbers of all cases that wait for an answer, what matters most first.
    async fn waiting(&self) -> Vec<i64> {
        ids(&self.queue("").await)
    }

    async fn look(&self, id: i64) -> Value {
        let (status, case) = self.get(&format!("/api/v1/cases/{id}")).await;
        assert_eq!(status, StatusCode::OK, "{case}");
        case
    }
}

fn ids(queue: &Value) -> Vec<i64> {
    queue["cases"].as_array().unwrap().iter().map(|case| case["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn the_queue_says_what_fits_into_the_time_and_why_it_has_this_order() {
    let team = team().await;
    let all = team.queue("").await;
    let count = ids(&all).len();
    assert!(count >= 4, "{all}");
    assert_eq!((&all["fits"], &all["total"], &all["next"]), (&count.into(), &count.into(), &Value::Null));
    let first = &all["cases"][0];
    let factor = |name: &str| first["factors"][name].as_f64().unwrap();
    let product: f64 = ["upset", "recoverable", "reach", "patience", "due"].map(factor).iter().product();
    let value = first["value"].as_f64().unwrap();
    assert!((value - product / first["minutes"].as_f64().unwrap()).abs() < 1e-9, "{first}");
    assert_eq!(first["last"]["stars"], 1);
    let little = team.queue("?minutes=12").await;
    assert_eq!((&little["fits"], &little["takes"]), (&2.into(), &10.into()));
    let fitting: Vec<bool> =
        little["cases"].as_array().unwrap().iter().map(|case| case["fits"].as_bool().unwrap()).collect();
    assert_eq!(fitting.iter().filter(|fits| **fits).count(), 2);
    assert_eq!(fitting.len(), count, "what does not fit is told, too");
    assert_eq!(team.queue("?view=answered").await["total"], 0);
    let (status, problem) = team.get("/api/v1/cases?view=x&minutes=0&colour=red").await;
    assert_eq!((status, problem["details"].as_array().unwrap().len()), (StatusCode::BAD_REQUEST, 3));
}

#[tokio::test]
async fn the_queue_is_read_page_by_page_although_somebody_works_on_it() {
    let team = team().await;
    let all = team.waiting().await;
    let (mut read, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let page = team.queue(&query).await;
        read.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=1&after={next}");
        if read.len() == 2 {
            // It leaves the queue, and what comes after it stays where it is.
            team.done(all[0], json!({"do": "dismiss", "reason": "no_need"})).await;
        }
    }
    assert_eq!(read, all);
}

#[tokio::test]
async fn of_two_programs_that_claim_a_case_one_has_it_and_the_other_is_told_who() {
    let team = team().await;
    let id = team.waiting().await[0];
    assert_eq!(team.done(id, json!({"do": "claim"})).await["owner"], "erika");
    let (status, problem) = team.change(id, json!({"do": "claim"}), &team.max).await;
    assert_eq!((status, &problem["details"]), (StatusCode::CONFLICT, &json!(["erika has this case"])));
    assert_eq!((&problem["status"], &problem["title"]), (&409.into(), &"Conflict".into()));
    let mention = team.look(id).await["mentions"][0]["id"].as_i64().unwrap();
    let answer = json!({"do": "answer", "mention": mention, "text": "Guten Tag, das war zu spät."});
    assert_eq!(team.change(id, answer.clone(), &team.max).await.0, StatusCode::CONFLICT);
    assert_eq!(team.look(id).await["answers"], json!([]));
    assert_eq!(team.done(id, answer).await["state"], "answered");
    let case = team.look(id).await;
    assert_eq!(
        (&case["answers"][0]["text"], &case["answers"][0]["written_by"], &case["answers"][0]["mention"]),
        (&"Guten Tag, das war zu spät.".into(), &"erika".into(), &mention.into())
    );
    assert_eq!(ids(&team.queue("?view=answered&mine=yes").await), [id]);
}

#[tokio::test]
async fn a_case_goes_all_its_way_by_programs_and_each_step_is_told_and_logged() {
    let team = team().await;
    let id = team.waiting().await[0];
    for (step, state) in [
        (json!({"do": "claim"}), "claimed"),
        (json!({"do": "release"}), "new"),
        (json!({"do": "hand_over", "to": "erika"}), "claimed"),
        (json!({"do": "snooze", "until": "2999-01-01"}), "claimed"),
        (json!({"do": "note", "text": "Am Telefon: zwei Mails ohne Antwort"}), "claimed"),
        (json!({"do": "promise", "text": "Erstattung", "until": "2999-01-01"}), "claimed"),
        (json!({"do": "keep"}), "claimed"),
        (json!({"do": "solve"}), "solved"),
        (json!({"do": "follow_up", "text": "alles gut"}), "followed_up"),
        (json!({"do": "reopen"}), "new"),
        (json!({"do": "dismiss", "reason": "elsewhere"}), "dismissed"),
    ] {
        assert_eq!(team.done(id, step.clone()).await["state"], state, "{step}");
    }
    let case = team.look(id).await;
    let events = case["events"].as_array().unwrap();
    let by_erika: Vec<&str> =
        events.iter().filter(|event| event["who"] == "erika").map(|event| event["what"].as_str().unwrap()).collect();
    let expected = "claimed released handed_over snoozed noted promised kept solved followed_up reopened dismissed";
    assert_eq!(by_erika.join(" "), expected);
    assert_eq!((&events[0]["what"], &events[0]["who"]), (&"opened".into(), &Value::Null));
    let acts = team.world.service.store.acts(None, 50).await.unwrap();
    let of_case: Vec<(&str, &str)> = acts
        .iter()
        .filter(|act| act.subject == format!("case {id}") && act.who == "erika")
        .map(|act| (act.action.as_str(), act.detail.as_str()))
        .collect();
    assert_eq!((of_case[0], of_case[1]), (("look", ""), ("work on case", "dismiss")));
    assert_eq!(of_case.len(), 12);
}

#[tokio::test]
async fn cases_become_one_and_part_again() {
    let team = team().await;
    let cases = team.waiting().await;
    let mentions = async |id: i64| team.look(id).await["mentions"].as_array().unwrap().clone();
    let (part, rest) = (mentions(cases[0]).await, mentions(cases[1]).await);
    let mention = part[0]["id"].clone();
    let whole = team.done(cases[0], json!({"do": "merge", "into": cases[1]})).await;
    assert_eq!(whole["id"], cases[1]);
    assert_eq!(team.get(&format!("/api/v1/cases/{}", cases[0])).await.0, StatusCode::NOT_FOUND);
    assert_eq!(mentions(cases[1]).await.len(), part.len() + rest.len());
    let own = team.done(cases[1], json!({"do": "split", "mention": mention})).await;
    let own = own["id"].as_i64().unwrap();
    assert!(!cases.contains(&own));
    assert_eq!(mentions(own).await[0]["id"], mention);
    assert_eq!(team.get(&format!("/api/v1/mentions/{mention}")).await.1["case"], own);
    let (status, problem) = team.change(own, json!({"do": "merge", "into": own}), &team.erika).await;
    assert_eq!((status, &problem["details"][0]), (StatusCode::CONFLICT, &"these cases do not belong together".into()));
}

#[tokio::test]
async fn a_case_has_the_person_behind_it_and_a_text_to_start_from() {
    let team = team().await;
    let id = team.waiting().await[0];
    let case = team.look(id).await;
    let mention = &case["mentions"][0];
    assert_eq!((&case["author"], &case["handles"][0]["author"]), (&mention["author"], &mention["author"]));
    assert_eq!((&case["draft"]["mention"], &case["state"]), (&mention["id"], &"new".into()));
    assert!(case["draft"]["text"].as_str().unwrap().len() > 40 && case["draft"]["template"].is_string(), "{case}");
    assert_eq!((&case["others"], &case["other_cases"], &case["alike"]), (&json!([]), &json!([]), &json!([])));
    let name = mention["author_name"].as_str().unwrap().trim_start_matches("jana_");
    let other = if mention["source"] == "forum" { "press" } else { "forum" };
    team.world.say(other, name, "Die Lerchenbahn war heute wieder voll.", Label::Neutral, now()).await;
    let case = team.look(id).await;
    let author = case["alike"][0]["author"].clone();
    team.done(id, json!({"do": "link", "author": author})).await;
    let case = team.look(id).await;
    assert_eq!((&case["handles"][1]["author"], &case["alike"]), (&author, &json!([])));
    assert_eq!(case["others"][0]["author"], author);
    team.done(id, json!({"do": "unlink", "author": author})).await;
    assert_eq!(team.look(id).await["alike"][0]["author"], author);
}

#[tokio::test]
async fn what_cannot_be_done_with_a_case_is_a_problem_and_changes_nothing() {
    let team = team().await;
    let id = team.waiting().await[0];
    let before = team.look(id).await;
    for (step, expected) in [
        (json!({}), StatusCode::BAD_REQUEST),
        (json!({"do": "fly"}), StatusCode::BAD_REQUEST),
        (json!({"do": "claim", "to": "max"}), StatusCode::BAD_REQUEST),
        (json!({"do": "snooze", "until": "soon"}), StatusCode::BAD_REQUEST),
        (json!({"do": "promise", "text": "x", "until": "+262142-12-31"}), StatusCode::BAD_REQUEST),
        (json!({"do": "dismiss", "reason": "bored"}), StatusCode::BAD_REQUEST),
        (json!({"do": "hand_over", "to": ""}), StatusCode::BAD_REQUEST),
        (json!({"do": "note", "text": " "}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"do": "hand_over", "to": "nobody"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"do": "answer", "mention": 999_999, "text": "x"}), StatusCode::NOT_FOUND),
        (json!({"do": "merge", "into": 999_999}), StatusCode::NOT_FOUND),
        (json!({"do": "link", "author": 999_999}), StatusCode::NOT_FOUND),
        (json!({"do": "follow_up"}), StatusCode::CONFLICT),
        (json!({"do": "release"}), StatusCode::CONFLICT),
    ] {
        let (status, problem) = team.change(id, step.clone(), &team.erika).await;
        assert_eq!((status, &problem["status"]), (expected, &expected.as_u16().into()), "{step}: {problem}");
    }
    assert_eq!(team.look(id).await, before);
    assert_eq!(team.change(999_999, json!({"do": "claim"}), &team.erika).await.0, StatusCode::NOT_FOUND);
    assert_eq!(team.get("/api/v1/cases/x").await.0, StatusCode::BAD_REQUEST);
}
