use axum::http::header;

use super::*;
use crate::account::{Actor, Role};
use crate::mention::Language;
use crate::store::outreach::Change;
use crate::web::rights::account;
use crate::web::tests::{Answered, Asked, World, text, world_with};

/// A site with a case that was answered.
pub(in crate::web) async fn answered() -> (World, i64) {
    let world = world_with("[service]\npublic_url = \"https://stimmung.example.org\"\n").await;
    world.service.cases_once(now()).await.unwrap();
    let all = world.service.store.cases(&Default::default(), now()).await.unwrap();
    let case = all.last().unwrap().case.id;
    world.service.store.change_case(case, &Change::Answer, &Actor::unknown(), now()).await.unwrap().unwrap();
    (world, case)
}

/// Asks the person of the case; the path of the link.
async fn link(world: &World, case: i64, language: Language, now: Timestamp) -> String {
    let survey = world.service.ask(case, language, None, &Actor::unknown(), now).await.unwrap().unwrap();
    let link = world.service.survey_link(&survey).await.unwrap().unwrap();
    link.strip_prefix("https://stimmung.example.org").unwrap().to_owned()
}

/// As somebody sends it who is nobody to us: from anywhere, under whatever name.
async fn send(world: &World, link: &str, form: &str) -> Answered {
    let asked = Asked::send("POST", link, form).with("content-type", "application/x-www-form-urlencoded");
    world.ask(asked.with("host", "stimmung.example.org").with("sec-fetch-site", "cross-site")).await
}

async fn look(world: &World, link: &str) -> Answered {
    world.ask(Asked::get(link).with("host", "stimmung.example.org").with("sec-fetch-site", "none")).await
}

fn line(html: &str) -> String {
    text(html).replace('\n', " ")
}

#[tokio::test]
async fn one_question_is_asked_in_the_language_of_the_survey_without_a_login_or_a_trace() {
    let (world, case) = answered().await;
    account(&world, "admin", Role::Admin).await;
    let german = link(&world, case, Language::GERMAN, now()).await;
    let answer = look(&world, &german).await;
    assert_eq!(answer.status, StatusCode::OK);
    insta::assert_snapshot!(text(&answer.body));
    assert!(answer.body.contains("<html lang=\"de\">") && !answer.body.contains("http"), "{}", answer.body);
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer")] {
        assert_eq!(answer.headers[name], value);
    }
    assert!(answer.headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    assert!(!answer.headers.contains_key(header::SET_COOKIE));
    assert!(look(&world, &format!("/cases/{case}")).await.status.is_redirection(), "anything else needs a login");
}

#[tokio::test]
async fn who_wrote_in_english_is_asked_in_english() {
    let (world, case) = answered().await;
    let english = link(&world, case, Language::parse("fr").unwrap(), now()).await;
    let answer = look(&world, &english).await;
    insta::assert_snapshot!(text(&answer.body));
    assert!(answer.body.contains("<html lang=\"en\">"));
    assert!(line(&send(&world, &english, "score=4").await.body).contains("Thank you"));
}

#[tokio::test]
async fn an_answer_is_kept_once_and_told_on_the_case_as_words() {
    let (world, case) = answered().await;
    let link = link(&world, case, Language::GERMAN, now()).await;
    let before = look(&world, &link).await.body;
    assert_eq!(look(&world, &link).await.body, before, "to look changes nothing");
    let nothing = send(&world, &link, "score=9&comment=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(line(&nothing.body).contains("Bitte wählen Sie eine") && !nothing.body.contains("<script"));
    assert!(nothing.body.contains("&#60;script&#62;alert(1)"), "what was typed is still there");
    assert!(world.service.store.surveys(case).await.unwrap()[0].is_open(now()));

    let changes = world.service.watch_cases();
    let kept = send(&world, &link, "score=2&comment=%3Cimg+src%3Dx%3E%0D%0A%3C/textarea%3EZu+sp%C3%A4t").await;
    assert_eq!(kept.status, StatusCode::OK);
    assert!(line(&kept.body).contains("Vielen Dank"), "{}", kept.body);
    assert!(changes.has_changed().unwrap(), "whoever looks at the queue is told");
    let again = send(&world, &link, "score=5&comment=Prima").await;
    assert_eq!((again.status, again.body), (StatusCode::OK, kept.body));
    assert!(line(&look(&world, &link).await.body).contains("Vielen Dank"));

    let html = world.get(&format!("/cases/{case}")).await.1;
    let said = line(&html);
    assert!(said.contains("2 von 5: eher unzufrieden") && !said.contains("Prima"), "{said}");
    assert!(html.contains("&#60;img src=x&#62;\n&#60;/textarea&#62;Zu spät") && !html.contains("<img"));
    assert!(said.contains("die Person hat geantwortet: 2 von 5: eher unzufrieden"), "{said}");
    let team = world.get("/team").await.1;
    assert!(line(&team).contains("2,0 0 % (0,0–79,3 %)"), "{}", line(&team));
    assert!(team.contains("&#60;img src=x&#62;") && !team.contains("<img"));
}

#[tokio::test]
async fn what_is_no_link_of_ours_is_over_or_was_erased_opens_nothing_and_tells_nothing() {
    let (world, case) = answered().await;
    let long_ago = now().plus_seconds(-31 * 86_400);
    let old = link(&world, case, Language::GERMAN, long_ago).await;
    let own = link(&world, case, Language::GERMAN, now()).await;
    let author = world.service.store.case(case).await.unwrap().unwrap().author_id.unwrap();
    let (said, seal) = own.rsplit_once('-').unwrap();
    let altered = format!("{}-{}-{seal}", said.rsplit_once('-').unwrap().0, now().plus_seconds(99 * 86_400).seconds());
    let other = format!("{said}-{}", old.rsplit_once('-').unwrap().1);
    for (link, status) in [
        (&old, StatusCode::GONE),
        (&altered, StatusCode::NOT_FOUND),
        (&other, StatusCode::NOT_FOUND),
        (&"/survey/x".to_owned(), StatusCode::NOT_FOUND),
    ] {
        for answer in [look(&world, link).await, send(&world, link, "score=5").await] {
            assert_eq!(answer.status, status, "{link}");
            assert!(!answer.body.contains("Lerchenbahn") && !answer.body.contains("<form"));
        }
    }
    let over = look(&world, &old).await.body;
    world.service.store.erase_writer(author).await.unwrap().unwrap();
    let erased = look(&world, &own).await;
    assert_eq!((erased.status, erased.body), (StatusCode::GONE, over), "nobody sees why it is over");
    assert_eq!(send(&world, &own, "score=5").await.status, StatusCode::GONE);
}

#[tokio::test]
async fn whatever_is_sent_the_page_stays_calm() {
    let (world, case) = answered().await;
    let link = link(&world, case, Language::GERMAN, now()).await;
    for form in
        ["", "score=", "score=0", "score=6", "score=5.0", "score=-1", "comment=%00%FF", "&&==", &"x".repeat(100_000)]
    {
        let answer = send(&world, &link, form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:.20}");
    }
    let longest = "%F0%9F%98%80".repeat(LONGEST_COMMENT + 50);
    assert_eq!(send(&world, &link, &format!("score=5&comment={longest}")).await.status, StatusCode::OK);
    let kept = world.service.store.surveys(case).await.unwrap().remove(0).comment.unwrap();
    assert_eq!(kept.chars().count(), LONGEST_COMMENT);
}
