use axum::http::StatusCode;

use crate::account::Role;
use crate::service::now;
use crate::web::case::tests::with_cases;
use crate::web::rights::{account, cookie};
use crate::web::survey::tests::answered;
use crate::web::tests::{Asked, World, text};

const ADDRESS: &str = "jana.keller@privat.example";

async fn look(world: &World, case: i64) -> String {
    text(&world.get(&format!("/cases/{case}")).await.1).replace('\n', " ")
}

async fn ask(world: &World, case: i64, form: &str) -> (StatusCode, String) {
    world.post(&format!("/cases/{case}/survey"), form).await
}

fn leads_to(case: i64, said: &str) -> (StatusCode, String) {
    (StatusCode::SEE_OTHER, format!("/cases/{case}?done={said}#satisfaction"))
}

#[tokio::test]
async fn a_link_is_made_once_to_be_copied() {
    let (world, case) = answered().await;
    assert_eq!(ask(&world, case, "do=link&language=en").await, leads_to(case, "asked"));
    assert_eq!(ask(&world, case, "do=link&language=de").await, leads_to(case, "asked"));
    let said = look(&world, case).await;
    assert!(said.contains("https://stimmung.example.org/survey/1-"), "{said}");
    assert_eq!(said.matches("hat nach der Zufriedenheit gefragt: mit einem Link").count(), 1, "{said}");
    assert_eq!(world.service.store.surveys(case).await.unwrap()[0].language.code(), "en");
    assert!(!said.contains("Link erzeugen Oder"), "{said}");
}

#[tokio::test]
async fn a_mail_brings_the_link_and_nothing_of_its_address_stays() {
    let (world, case) = answered().await;
    let form = format!("do=send&language=de&agreed=yes&address=Jana+Keller+%3C{ADDRESS}%3E");
    assert_eq!(ask(&world, case, &form).await, leads_to(case, "mailed"));
    assert_eq!(ask(&world, case, &form).await, leads_to(case, "mailing"));
    assert!(look(&world, case).await.contains("Mail unterwegs"));
    world.service.store.set_full("outbox", true).await;
    world.service.deliver_once(now()).await.unwrap_err();
    world.service.store.set_full("outbox", false).await;
    let sent = world.service.deliver_once(now()).await.unwrap();
    assert_eq!((sent.sent, sent.errors), (1, Vec::new()), "once, though nobody could write that down at first");
    let said = look(&world, case).await;
    assert!(said.contains("Mail verschickt") && said.contains("per Mail"), "{said}");
    let folder = std::fs::read_dir(world.folder().join("outbox")).unwrap();
    let mails: Vec<String> = folder.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    assert!(mails.len() == 1 && mails[0].contains(ADDRESS) && mails[0].contains("/survey/1-"), "{mails:?}");
    let acts = world.service.store.acts(None, 50).await.unwrap();
    assert!(acts.iter().any(|act| act.subject == format!("case {case}") && act.detail == "survey by mail"));
    let tried = world.service.store.deliveries(9, false).await.unwrap();
    assert_eq!(tried[0].recipient.as_deref(), Some("…"));
}

#[tokio::test]
async fn nobody_is_written_to_who_did_not_give_the_address_for_it() {
    let (world, case) = answered().await;
    for (form, said) in [
        (format!("do=send&address={ADDRESS}"), "Bestätigen Sie"),
        ("do=send&agreed=yes&address=jana.keller".to_owned(), "keine Mailadresse"),
        (format!("do=send&agreed=yes&address={ADDRESS}%0D%0ABcc:+a@b.example"), "keine Mailadresse"),
        (format!("do=send&agreed=yes&address={ADDRESS},+a@b.example"), "keine Mailadresse"),
        ("do=fly".to_owned(), "unvollständig"),
    ] {
        let (status, html) = ask(&world, case, &form).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
        assert!(text(&html).contains(said) && !html.contains("jana.keller"), "{}", text(&html));
    }
    assert_eq!(world.service.store.surveys(case).await.unwrap(), []);
    assert_eq!(ask(&world, 999, "do=link").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn somebody_elses_case_is_left_to_them() {
    let (world, case) = answered().await;
    let max = account(&world, "max", Role::Agent).await;
    let max = cookie(&world, &max, now()).await.1;
    let page = world.ask(Asked::get(&format!("/cases/{case}")).with("cookie", &max)).await.body;
    assert!(!text(&page).contains("Zufriedenheit"));
    let asked = Asked::send("POST", &format!("/cases/{case}/survey"), "do=link")
        .with("content-type", "application/x-www-form-urlencoded")
        .with("cookie", &max);
    assert_eq!(world.ask(asked).await.headers["location"], format!("/cases/{case}?done=taken#satisfaction"));
}

#[tokio::test]
async fn without_an_address_of_the_service_the_page_says_what_is_missing() {
    let (world, case) = with_cases().await;
    assert!(!look(&world, case).await.contains("Zufriedenheit"), "nobody was helped yet");
    assert_eq!(world.post(&format!("/cases/{case}"), "do=solve").await.0, StatusCode::SEE_OTHER);
    let said = look(&world, case).await;
    assert!(said.contains("Zufriedenheit") && said.contains("public_url"), "{said}");
    assert_eq!(ask(&world, case, "do=link").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}
