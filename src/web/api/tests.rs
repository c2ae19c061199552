use axum::http::StatusCode;
use serde_json::Value;

use crate::account::{Right, Role};
use crate::mention::{Label, Timestamp};
use crate::service::now;
use crate::web::rights::{account, bearer};
use crate::web::tests::{Asked, BRAND, World, world};

#[tokio::test]
async fn every_call_is_described_and_every_list_is_read_to_its_end() {
    let world = world().await;
    let (status, description) = world.get("/api/v1/openapi.json").await;
    assert_eq!(status, StatusCode::OK);
    let description: Value = serde_json::from_str(&description).unwrap();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    insta::assert_json_snapshot!(description["paths"].as_object().unwrap().keys().collect::<Vec<_>>());
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = world.get(&format!("/api/v1/mentions?limit=9{after}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let page: Value = serde_json::from_str(&page).unwrap();
        seen.extend(page["mentions"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let mut once = seen.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (28, 28));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_problem_with_every_mistake() {
    let world = world().await;
    let (status, problem) = world.get("/api/v1/mentions?mood=angry&stars=9&colour=red").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let problem: Value = serde_json::from_str(&problem).unwrap();
    assert_eq!(problem["details"].as_array().unwrap().len(), 3);
    for (address, expected) in [
        ("/api/v1/mentions/abc", StatusCode::BAD_REQUEST),
        ("/api/v1/mentions/999999", StatusCode::NOT_FOUND),
        ("/api/v1/findings/1", StatusCode::NOT_FOUND),
        ("/api/v1/series", StatusCode::BAD_REQUEST),
        ("/api/v1/series?brand=nobody", StatusCode::NOT_FOUND),
        ("/api/v1/series?brand=Lerchenbahn&from=2026-01-02&to=2026-01-01", StatusCode::BAD_REQUEST),
        ("/api/v2", StatusCode::NOT_FOUND),
    ] {
        let (status, body) = world.get(address).await;
        assert_eq!(status, expected, "{address}");
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["status"], expected.as_u16(), "{address}");
    }
}

#[tokio::test]
async fn whoever_has_an_answer_gets_it_no_second_time() {
    let world = world().await;
    let first = world.ask(Asked::get("/api/v1/brands")).await;
    let tag = first.headers["etag"].to_str().unwrap().to_owned();
    let again = world.ask(Asked::get("/api/v1/brands").with("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let other = world.ask(Asked::get("/api/v1/brands").with("if-none-match", "\"other\"")).await;
    assert_eq!((other.status, other.body), (StatusCode::OK, first.body));
}

#[tokio::test]
async fn a_correction_is_kept_and_counts_at_once() {
    let world = world().await;
    let negatives = async || {
        let (_, series) = world.get(&format!("/api/v1/series?brand={BRAND}")).await;
        let series: Value = serde_json::from_str(&series).unwrap();
        series.as_array().unwrap().iter().map(|day| day["negative"].as_u64().unwrap()).sum::<u64>()
    };
    let (_, page) = world.get("/api/v1/mentions?mood=negative&limit=1").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    let (id, before) = (page["mentions"][0]["id"].as_i64().unwrap(), negatives().await);
    let changed = world.ask(Asked::send("PATCH", &format!("/api/v1/mentions/{id}"), r#"{"mood":"positive"}"#)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed: Value = serde_json::from_str(&changed.body).unwrap();
    assert_eq!((&changed["mood"], &changed["is_corrected"]), (&"positive".into(), &true.into()));
    assert_eq!(negatives().await, before - 1);
}

#[tokio::test]
async fn texts_of_ones_own_are_pushed_once_each_and_all_or_none() {
    let world = world().await;
    let push = async |body: &str| world.ask(Asked::send("POST", "/api/v1/mentions", body)).await;
    let one = r#"{"source":"survey","brand":"Lerchenbahn","mentions":[
        {"id":"1","text":"Der Schaffner war sehr freundlich, vielen Dank!","stars":5,"author":"customer-7"},
        {"id":"2","text":"Niemand geht ans Telefon, ich bin sauer."}]}"#;
    let taken: Value = serde_json::from_str(&push(one).await.body).unwrap();
    assert_eq!((&taken["new"], &taken["left_out"]), (&2.into(), &0.into()), "{taken}");
    let again: Value = serde_json::from_str(&push(one).await.body).unwrap();
    assert_eq!((&again["new"], &again["left_out"]), (&0.into(), &2.into()), "{again}");
    let wrong = push(r#"{"source":"forum","mentions":[{"id":"","text":"x"},{"id":"3","text":""}]}"#).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let wrong: Value = serde_json::from_str(&wrong.body).unwrap();
    assert_eq!(wrong["details"].as_array().unwrap().len(), 3, "{wrong}");
    let (_, page) = world.get("/api/v1/mentions?source=survey").await;
    let page: Value = serde_json::from_str(&page).unwrap();
    assert_eq!(page["mentions"].as_array().unwrap().len(), 2);
}

/// What an answer says.
fn json(body: &str) -> Value {
    serde_json::from_str(body).unwrap()
}

/// Who did what to what, the newest first.
async fn acts(world: &World) -> Vec<(String, String, String)> {
    let acts = world.service.store.acts(None, 20).await.unwrap();
    acts.into_iter().map(|act| (act.action, act.subject, act.detail)).collect()
}

fn act(action: &str, subject: &str, detail: &str) -> (String, String, String) {
    (action.to_owned(), subject.to_owned(), detail.to_owned())
}

#[tokio::test]
async fn a_mention_is_put_aside_and_brought_back_and_the_log_says_so() {
    let world = world().await;
    let id = json(&world.get("/api/v1/mentions?limit=1").await.1)["mentions"][0]["id"].as_i64().unwrap();
    let address = format!("/api/v1/mentions/{id}");
    let change = async |body: &str| world.ask(Asked::send("PATCH", &address, body)).await;
    assert_eq!(json(&change(r#"{"set_aside":"spam"}"#).await.body)["set_aside"], "spam");
    assert_eq!(json(&change("{}").await.body)["set_aside"], "spam", "what is not given stays");
    let aside = json(&world.get("/api/v1/mentions?state=spam").await.1);
    assert_eq!(aside["mentions"][0]["id"], id);
    assert_eq!(json(&change(r#"{"set_aside":null}"#).await.body)["set_aside"], Value::Null);
    assert_eq!(change(r#"{"set_aside":"gone"}"#).await.status, StatusCode::BAD_REQUEST);
    let none = Asked::send("PATCH", "/api/v1/mentions/999999", r#"{"set_aside":"spam"}"#);
    assert_eq!(world.ask(none).await.status, StatusCode::NOT_FOUND);
    let subject = format!("mention {id}");
    assert_eq!(acts(&world).await, [act("set aside", &subject, "back"), act("set aside", &subject, "spam")]);
}

#[tokio::test]
async fn an_author_is_erased_for_good_and_the_log_has_no_name() {
    let world = world().await;
    let mention = json(&world.get("/api/v1/mentions?limit=1").await.1)["mentions"][0].clone();
    let (id, author) = (mention["id"].as_i64().unwrap(), mention["author"].as_i64().unwrap());
    let address = format!("/api/v1/writers/{author}");
    let known = json(&world.get(&address).await.1);
    assert_eq!((&known["name"], &known["mentions"]), (&mention["author_name"], &1.into()));
    let erased = world.ask(Asked::send("DELETE", &address, "")).await;
    assert_eq!((erased.status, json(&erased.body)), (StatusCode::OK, serde_json::json!({"mentions": 1, "cases": 0})));
    assert_eq!(world.get(&format!("/api/v1/mentions/{id}")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(world.ask(Asked::send("DELETE", &address, "")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(acts(&world).await, [act("erase", &format!("writer {author}"), "1 mentions, 0 cases, 1 handles")]);
}

#[tokio::test]
async fn a_source_is_asked_paused_and_resumed_by_a_program() {
    let world = world().await;
    let step = async |step: &str| {
        let answer = world.ask(Asked::send("POST", &format!("/api/v1/sources/forum/{step}"), "")).await;
        (answer.status, json(&answer.body)["state"].clone())
    };
    assert_eq!(step("run").await, (StatusCode::ACCEPTED, "new".into()));
    assert_eq!(step("pause").await, (StatusCode::OK, "paused".into()));
    assert_eq!(json(&world.get("/api/v1/sources/forum").await.1)["state"], "paused");
    assert_eq!(step("run").await.0, StatusCode::CONFLICT);
    assert_eq!(step("resume").await, (StatusCode::OK, "new".into()));
    assert_eq!(world.get("/api/v1/sources/nowhere").await.0, StatusCode::NOT_FOUND);
    let expected = [act("change source", "forum", "resumed"), act("change source", "forum", "paused")];
    assert_eq!(acts(&world).await, expected);
}

#[tokio::test]
async fn views_are_saved_listed_and_deleted_by_programs_as_on_the_page() {
    let world = world().await;
    let (erika, max) = (account(&world, "erika", Role::Agent).await, account(&world, "max", Role::Agent).await);
    let (erika, max) = (bearer(&world, &erika, Right::Change).await, bearer(&world, &max, Right::Change).await);
    let save = async |body: &str| world.ask(Asked::send("POST", "/api/v1/views", body).with(erika.0, &erika.1)).await;
    let mine = json(&save(r#"{"name":" Upset ","query":"stars=1&mood=negative"}"#).await.body);
    assert_eq!((&mine["name"], &mine["query"]), (&"Upset".into(), &"mood=negative&stars=1".into()));
    let shared = json(&save(r#"{"name":"Glad","query":"mood=positive","is_shared":true}"#).await.body);
    let of_max = json(&world.ask(Asked::get("/api/v1/views").with(max.0, &max.1)).await.body);
    assert_eq!(of_max, Value::Array(vec![shared.clone()]));
    assert_eq!((&shared["maker"], &shared["is_shared"]), (&"erika".into(), &true.into()));
    assert_eq!(save(r#"{"name":"x","query":"mood=angry&stars=9"}"#).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(save(r#"{"name":" ","query":""}"#).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let delete = async |view: &Value, (name, token): &(&str, String)| {
        let asked = Asked::send("DELETE", &format!("/api/v1/views/{}", view["id"]), "");
        world.ask(asked.with(name, token)).await.status
    };
    assert_eq!(delete(&shared, &max).await, StatusCode::FORBIDDEN);
    assert_eq!(delete(&mine, &max).await, StatusCode::NOT_FOUND);
    assert_eq!(delete(&mine, &erika).await, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_overview_tells_programs_what_its_page_tells_people() {
    let world = world().await;
    world.ask(Asked::send("POST", "/api/v1/sources/press/pause", "")).await;
    let overview = json(&world.get("/api/v1/overview?days=30").await.1);
    let series = json(&world.get(&format!("/api/v1/series?brand={BRAND}")).await.1);
    let from = overview["from"].as_str().unwrap();
    let in_span = |day: &&Value| day["day"].as_str().unwrap() >= from;
    let sum =
        |mood: &str| series.as_array().unwrap().iter().filter(in_span).map(|day| day[mood].as_u64().unwrap()).sum();
    let moods = ["negative", "neutral", "positive"].map(sum);
    assert!(moods.iter().sum::<u64>() >= 20, "{series}");
    assert_eq!(["negative", "neutral", "positive"].map(|mood| overview["now"][mood].as_u64().unwrap()), moods);
    let days = overview["days"].as_array().unwrap();
    let said: u64 = days.iter().map(|day| day["mentions"].as_u64().unwrap()).sum();
    assert_eq!((days.len(), said), (30, overview["now"]["mentions"].as_u64().unwrap()));
    let net = (moods[2] as f64 - moods[0] as f64) / moods.iter().sum::<u64>() as f64;
    assert!((overview["now"]["net"]["value"].as_f64().unwrap() - net).abs() < 1e-9);
    assert_eq!(overview["topics"][0]["value"], "delivery");
    assert_eq!((&overview["voices"][0]["brand"], &overview["voices"][0]["share"]), (&BRAND.into(), &1.0.into()));
    assert_eq!(overview["unwell"][0]["id"], "press", "no silence is taken for calm");
    for wrong in ["days=0", "days=367", "days=x&colour=red"] {
        assert_eq!(world.get(&format!("/api/v1/overview?{wrong}")).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
    assert_eq!(world.get("/api/v1/overview?brand=nobody").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn months_tell_programs_what_their_pages_tell_people() {
    let world = world().await;
    for (day, label, text) in [
        ("2023-03-09", Label::Positive, "Mit der Lerchenbahn ans Meer, herrlich."),
        ("2024-02-20", Label::Positive, "Der Zugbegleiter der Lerchenbahn hat uns sehr geholfen."),
        ("2024-03-01", Label::Negative, "Mein Paket liegt seit Tagen im Depot der Lerchenbahn, unmöglich."),
    ] {
        let noon = Timestamp::parse_rfc3339(&format!("{day}T12:00:00+01:00")).unwrap();
        world.say("forum", day, text, label, noon).await;
    }
    let months = json(&world.get("/api/v1/reports").await.1);
    let months: Vec<_> = months.as_array().unwrap().iter().map(|month| month["month"].as_str().unwrap()).collect();
    assert!(months.ends_with(&["2024-03", "2024-02", "2023-03"]), "{months:?}");
    let report = json(&world.get("/api/v1/reports/2024-03").await.1);
    assert_eq!((&report["from"], &report["to"]), (&"2024-03-01".into(), &"2024-03-31".into()));
    let counts = ["now", "before", "a_year_before"].map(|span| report[span]["mentions"].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1]);
    assert_eq!((&report["shift"]["by"], &report["shift_in_a_year"]["by"]), (&(-2.0).into(), &(-2.0).into()));
    let first_heard = report["heard_since"].as_str().unwrap();
    assert!(first_heard > "2026", "what is said of a month before may have gaps: {report}");
    assert_eq!(
        (&report["topics"][0]["value"], &report["topics"][0]["now"]["negative"]),
        (&"delivery".into(), &1.into())
    );
    for (address, expected) in [
        ("2024-13", StatusCode::BAD_REQUEST),
        ("2024-3", StatusCode::BAD_REQUEST),
        ("2024-03?month=4", StatusCode::BAD_REQUEST),
        ("2024-03?brand=nobody", StatusCode::NOT_FOUND),
        ("9998-01", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(world.get(&format!("/api/v1/reports/{address}")).await.0, expected, "{address}");
    }
}

#[tokio::test]
async fn programs_learn_what_other_promises_would_have_told() {
    let world = world().await;
    let told = world.get("/api/v1/replay?from=2020-01-01&promise=7+days&as_published=yes").await.1;
    let told = json(&told);
    let days: Vec<_> = told["promises"].as_array().unwrap().iter().map(|one| one["days"].as_f64().unwrap()).collect();
    assert_eq!((days, &told["mentions"]), (vec![90.0, 7.0], &28.into()), "{told}");
    assert_eq!((&told["promises"][0]["is_configured"], &told["is_cut"]), (&true.into(), &false.into()));
    let (status, wrong) = world.get("/api/v1/replay?from=x&promise=often&as_published=maybe&colour=red").await;
    assert_eq!((status, json(&wrong)["details"].as_array().unwrap().len()), (StatusCode::BAD_REQUEST, 4), "{wrong}");
    assert_eq!(world.get("/api/v1/replay?from=2026-02-01&to=2026-01-01").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(world.get("/api/v1/replay?brand=nobody").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_mention_is_told_whole_with_its_versions_its_copies_and_why() {
    let world = world().await;
    let at = now().plus_seconds(-3600);
    let text = "Seit Tagen kommt die Lerchenbahn in Ammerau zu spät, und niemand sagt uns Bescheid, warum das so ist.";
    for (source, id, hours) in [("press", "a", 3), ("forum", "b", 2), ("forum", "c", 1)] {
        world.say(source, id, text, Label::Negative, at.plus_seconds(-hours * 3600)).await;
    }
    world.say("forum", "c", &format!("{text} Nachtrag: Ich gehe."), Label::Negative, at).await;
    let list = json(&world.get("/api/v1/mentions?q=Nachtrag").await.1);
    let id = list["mentions"][0]["id"].as_i64().unwrap();
    let address = format!("/api/v1/mentions/{id}");
    world.ask(Asked::send("PATCH", &address, r#"{"mood":"neutral"}"#)).await;
    let whole = json(&world.get(&address).await.1);
    assert_eq!(
        (&whole["native_id"], &whole["mood"], &whole["is_corrected"]),
        (&"c".into(), &"neutral".into(), &true.into())
    );
    let texts: Vec<_> = whole["versions"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(texts, [text, &format!("{text} Nachtrag: Ich gehe.")]);
    let cluster = &whole["cluster"];
    assert_eq!((&cluster["places"], &cluster["mentions"][0]["place"]), (&2.into(), &"press".into()));
    assert_eq!(cluster["widest"], serde_json::json!({"place": "forum", "mentions": 2}));
    assert_eq!(whole["reasons"][0], serde_json::json!({"words": "enttäuscht", "weight": -0.8}));
    let opinion = &whole["opinion"];
    assert_eq!((&opinion["mood"], &opinion["probabilities"]["positive"]), (&"negative".into(), &0.4.into()));
    let correction = &whole["corrections"][0];
    assert_eq!((&correction["mood"], &correction["is_of_earlier"]), (&"neutral".into(), &false.into()));
    let alone = json(&world.get("/api/v1/mentions?mood=positive&limit=1").await.1)["mentions"][0]["id"].clone();
    let alone = json(&world.get(&format!("/api/v1/mentions/{alone}")).await.1);
    assert_eq!((&alone["cluster"], &alone["corrections"]), (&Value::Null, &serde_json::json!([])));
}

#[tokio::test]
async fn the_case_of_a_mention_is_told_to_those_who_may_work_on_it() {
    let world = world().await;
    world.service.cases_once(now()).await.unwrap();
    let (reader, agent) = (account(&world, "reader", Role::Reader).await, account(&world, "agent", Role::Agent).await);
    let (reader, agent) = (bearer(&world, &reader, Right::Read).await, bearer(&world, &agent, Right::Change).await);
    let ask = async |address: &str, (name, token): &(&str, String)| {
        json(&world.ask(Asked::get(address).with(name, token)).await.body)
    };
    let case = ask("/api/v1/cases", &agent).await["cases"][0].clone();
    let address = format!("/api/v1/mentions/{}", case["last"]["id"]);
    assert_eq!(ask(&address, &agent).await["case"], case["id"]);
    assert_eq!(ask(&address, &reader).await["case"], Value::Null);
}

#[tokio::test]
async fn admins_learn_who_is_let_in_and_who_did_what_page_by_page_and_no_secret() {
    let world = world().await;
    let admin = account(&world, "admin", Role::Admin).await;
    account(&world, "erika", Role::Agent).await;
    let (name, token) = bearer(&world, &admin, Right::Administer).await;
    let ask = async |address: &str| world.ask(Asked::get(address).with(name, &token)).await.body;
    let accounts = ask("/api/v1/accounts").await;
    assert!(!accounts.contains("$hash"), "{accounts}");
    let accounts = json(&accounts);
    let known: Vec<_> =
        accounts.as_array().unwrap().iter().map(|it| (it["name"].clone(), it["role"].clone())).collect();
    assert_eq!(known, [("admin".into(), "admin".into()), ("erika".into(), "agent".into())]);
    assert_eq!((&accounts[1]["has_password"], &accounts[1]["issuer"]), (&true.into(), &Value::Null));
    let expected: Vec<i64> = world.service.store.acts(None, 50).await.unwrap().iter().map(|act| act.id).collect();
    let (mut read, mut after) = (Vec::new(), String::new());
    loop {
        let page = json(&ask(&format!("/api/v1/audit?limit=2{after}")).await);
        read.extend(page["acts"].as_array().unwrap().iter().map(|act| act["id"].as_i64().unwrap()));
        let Some(next) = page["next"].as_i64() else { break };
        after = format!("&after={next}");
    }
    assert!(expected.len() >= 3 && read == expected, "{read:?} instead of {expected:?}");
    let first = json(&ask("/api/v1/audit").await)["acts"][0].clone();
    assert_eq!((&first["action"], &first["who"]), (&"add token".into(), &"command line".into()));
    assert_eq!(json(&ask("/api/v1/audit?limit=0&after=x&colour=red").await)["details"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn programs_learn_how_long_people_wait_and_what_upsets_them() {
    let world = world().await;
    world.service.cases_once(now()).await.unwrap();
    let team = json(&world.get("/api/v1/team").await.1);
    let waiting = team["waiting"].as_u64().unwrap();
    assert!(waiting >= 4 && team["states"]["new"] == waiting, "{team}");
    assert_eq!((&team["median_wait"], &team["all"]["unknown_because"]), (&Value::Null, &"too_few".into()));
    let reason = &team["reasons"][0];
    let cases: u64 = reason["weeks"].as_array().unwrap().iter().map(|week| week["cases"].as_u64().unwrap()).sum();
    assert_eq!((&reason["topic"], cases), (&"delivery".into(), waiting));
    assert!(reason["lost_stars"].as_u64().unwrap() >= waiting * 4, "{reason}");
    assert_eq!(world.get("/api/v1/team?brand=Finkenbahn").await.0, StatusCode::NOT_FOUND, "a competitor");
    assert_eq!(world.get("/api/v1/team?colour=red").await.0, StatusCode::BAD_REQUEST);
}

/// Two schemas of one name would be one of them for both.
#[test]
fn no_two_things_have_one_name_in_the_description() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/api");
    let (mut folders, mut names) = (vec![folder], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                let source = std::fs::read_to_string(path).unwrap();
                let derived =
                    source.split("#[derive(").skip(1).filter(|it| it.lines().next().unwrap().contains("ToSchema"));
                let name = |it: &str| {
                    let after = it.split(" struct ").nth(1).or_else(|| it.split(" enum ").nth(1)).unwrap();
                    after.split(|c: char| !c.is_alphanumeric()).next().unwrap().to_owned()
                };
                names.extend(derived.map(name));
            }
        }
    }
    names.sort_unstable();
    let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(names.len() > 50 && twice.is_empty(), "{twice:?} of {}", names.len());
}
