//! Mentions, asked through the router.

use axum::http::StatusCode;

use crate::account::{Account, Role};
use crate::mention::{Author, Label, Mention};
use crate::service::now;
use crate::store::{Cut, Item};
use crate::view::View;
use crate::web::rights;
use crate::web::tests::{Asked, BRAND, World, text, world};

const CUTTING: &str = "<script>alert(1)</script> Die Lerchenbahn war laut.";

async fn numbers(world: &World, query: &str) -> Vec<i64> {
    let view = View::parse(query, &[]).0;
    let page = world.service.store.mentions(&view, Cut::first(99), chrono_tz::Europe::Berlin).await.unwrap();
    page.mentions.iter().map(|mention| mention.id).collect()
}

fn items(html: &str) -> usize {
    html.matches("<li class=\"mention ").count()
}

#[tokio::test]
async fn a_view_shows_its_mentions_marks_what_is_searched_and_leads_to_more_of_the_same() {
    let world = world().await;
    let (status, html) = world.get("/mentions?mood=negative&q=lerchenbahn+%22zu+sp%C3%A4t%22").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(items(&html), 10);
    assert!(html.contains("<mark>Lerchenbahn</mark>") && html.contains("<mark>zu spät</mark>"), "{html}");
    assert!(html.contains("<span class=\"visually-hidden\">1 von 5</span>"));
    assert!(html.contains("topic=delivery") && html.contains("href=\"/mentions?author="));
    let said = text(&html);
    assert!(
        html.contains("Stimmung: <bdi>negativ</bdi>") && said.contains("Beschwerde") && said.contains("jana_n0"),
        "{said}"
    );
    assert!(!html.contains("=jana"), "no address has a name");
}

#[tokio::test]
async fn a_list_goes_on_where_its_page_ends() {
    let world = world().await;
    for n in 0..40 {
        let at = now().plus_seconds(-n * 60 - 60);
        world
            .say("forum", &format!("more{n}"), &format!("Die Lerchenbahn fährt, Meldung {n}."), Label::Neutral, at)
            .await;
    }
    let (_, first) = world.get("/mentions?source=forum").await;
    assert_eq!(items(&first), 30);
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&");
    let (_, second) = world.get(&next).await;
    assert_eq!(items(&second), 24);
    assert!(!second.contains("rel=\"next\"") && second.contains("Zu den neuesten"));
}

#[tokio::test]
async fn a_mistake_in_a_search_is_shown_in_its_place_and_the_rest_of_the_view_holds() {
    let world = world().await;
    let (status, html) = world.get("/mentions?mood=positive&q=(zug&stars=9&color=red").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(items(&html), 9, "the moods are still filtered by");
    assert!(html.contains("value=\"(zug\""), "what was written stays in the field");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("<code dir=\"auto\">"), "{html}");
    let said = text(&html);
    assert!(said.contains("„color“ gibt es nicht") && said.contains("„stars“ ist 1 bis 5"), "{said}");
    assert!(said.contains("Diese Klammer wird nicht geschlossen: Schreiben Sie „)“, wo die Gruppe endet"), "{said}");
    let english = world.ask(Asked::get("/mentions?q=(zug&stars=9").with("accept-language", "en")).await.body;
    let said = text(&english);
    assert!(said.contains("this parenthesis is never closed") && said.contains("`stars` is 1 to 5"), "{said}");
    assert!(!said.contains("Klammer"), "{said}");
}

#[tokio::test]
async fn where_nothing_fits_the_page_says_what_to_do() {
    let world = world().await;
    let (_, html) = world.get("/mentions?q=Kamel").await;
    assert!(text(&html).contains("Nehmen Sie einen Filter weg"));
}

#[tokio::test]
async fn what_a_stranger_wrote_is_no_markup_and_no_script_address() {
    let world = world().await;
    let item = Item {
        mention: Mention {
            native_id: "x".into(),
            title: Some("\"><img src=x onerror=alert(1)>".into()),
            text: CUTTING.into(),
            url: Some("javascript:alert(1)".into()),
            author: Some(Author { key: "k".into(), name: "<b>Eva</b>".into() }),
            ..Mention::default()
        },
        analysis: crate::analyse::Analysis::default(),
        model_version: world.service.model().version().into(),
        brands: vec![BRAND.to_owned()],
    };
    let source = crate::mention::SourceId::parse("forum").unwrap();
    world.service.store.save(&source, &[item], None, true, now()).await.unwrap();
    let id = numbers(&world, "q=laut").await[0];
    for address in ["/mentions?q=script".to_owned(), format!("/mentions/{id}")] {
        let (status, html) = world.get(&address).await;
        assert_eq!(status, StatusCode::OK);
        assert!(html.contains("alert(1)"), "{address} shows it");
        assert!(!html.contains("<script>alert") && !html.contains("<img") && !html.contains("<b>Eva"), "{html}");
        assert!(!html.contains("href=\"javascript"), "{html}");
    }
}

#[tokio::test]
async fn many_are_corrected_at_once_and_put_aside_until_they_are_brought_back() {
    let world = world().await;
    let upset = numbers(&world, "mood=negative").await;
    let form = format!("mention={}&mention={}&do=positive&back=%2Fmentions%3Fmood%3Dnegative", upset[0], upset[1]);
    let (status, to) = world.post("/mentions/change", &form).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/mentions?mood=negative&changed=2#done"));
    assert_eq!(numbers(&world, "mood=negative").await, upset[2..]);
    assert!(text(&world.get(&to).await.1).contains("2 Erwähnungen geändert."));
    let (_, page) = world.get(&format!("/mentions/{}", upset[0])).await;
    assert!(text(&page).contains("Von Hand berichtigt"), "{page}");
    let send = async |what: &str| {
        let (_, to) = world.post("/mentions/change", &format!("mention={}&do={what}", upset[2])).await;
        assert_eq!(to, "/mentions?changed=1#done");
        numbers(&world, "state=spam").await
    };
    assert_eq!(send("spam").await, [upset[2]]);
    let aside = world.get("/mentions?state=spam").await.1;
    assert!(aside.contains("Zurückholen") && !aside.contains("Ausblenden"));
    assert_eq!(send("back").await, Vec::<i64>::new());
    let (status, _) = world.post("/mentions/change", "do=spam").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn one_mention_shows_why_its_mood_is_what_it_is_and_what_became_of_it() {
    let world = world().await;
    let at = now().plus_seconds(-600);
    world.say("press", "edit", "Ich bin von der Lerchenbahn Enttäuscht.", Label::Negative, at).await;
    world.say("press", "edit", "Ich bin von der Lerchenbahn begeistert.", Label::Positive, at.plus_seconds(60)).await;
    world.say("forum", "copy", "Ich bin von der Lerchenbahn begeistert.", Label::Positive, at.plus_seconds(90)).await;
    let id = numbers(&world, "q=begeistert&source=press").await[0];
    let (_, html) = world.get(&format!("/mentions/{id}")).await;
    assert!(html.contains("<del>Enttäuscht.</del><ins>begeistert.</ins>"), "{html}");
    let said = text(&html);
    assert!(said.contains("Fassungen") && said.contains("erste Fassung") && said.contains("bearbeitet"), "{said}");
    let (_, upset) = world.get(&format!("/mentions/{}", numbers(&world, "mood=negative").await[0])).await;
    assert!(upset.contains("<mark class=\"decided negative weight-3\" title=\"−80,0\">enttäuscht</mark>"), "{upset}");
    assert!(text(&upset).contains("Summe\n−80,0"));
    assert_eq!(world.get("/mentions/999999").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_person_is_erased_once_that_is_confirmed() {
    let world = world().await;
    let id = numbers(&world, "mood=negative").await[0];
    let mention = world.service.store.mention(id).await.unwrap().unwrap();
    let author = mention.author_id.unwrap();
    let (_, theirs) = world.get(&format!("/mentions?author={author}")).await;
    assert_eq!(items(&theirs), 1);
    assert!(
        theirs.contains(&format!("/writers/{author}/erase")) && text(&theirs).contains("Von dieser Person ist eine")
    );
    let address = format!("/writers/{author}/erase");
    let (_, page) = world.get(&address).await;
    assert!(text(&page).contains("lässt sich nicht rückgängig machen"));
    assert!(world.service.store.mention(id).await.unwrap().is_some(), "looking erases nobody");
    let (status, receipt) = world.post(&address, "").await;
    assert!(status == StatusCode::OK && text(&receipt).contains("Bestätigung der Löschung"));
    assert!(world.service.store.mention(id).await.unwrap().is_none());
    assert_eq!(world.get(&address).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_view_is_saved_under_a_name_and_deleted_again() {
    let world = world().await;
    let form = "name=Verärgert&query=mood%3Dnegative&back=%2Fmentions%3Fmood%3Dnegative";
    let (status, to) = world.post("/mentions/views", form).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/mentions?mood=negative#saved"));
    let (_, html) = world.get("/mentions").await;
    assert!(html.contains("<a href=\"/mentions?mood=negative\"><bdi>Verärgert</bdi></a>"), "{html}");
    let id = world.service.store.saved_views(None).await.unwrap()[0].id;
    world.post("/mentions/views", &format!("delete={id}")).await;
    assert!(!world.get("/mentions").await.1.contains("Verärgert"));
    assert_eq!(world.post("/mentions/views", "name=+&query=").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_view_is_its_makers_unless_they_share_it_and_only_they_or_an_admin_delete_it() {
    let world = world().await;
    world.post("/mentions/views", "name=Alt&query=mood%3Dneutral").await;
    let [erika, max, admin] = [
        rights::account(&world, "erika", Role::Agent).await,
        rights::account(&world, "max", Role::Agent).await,
        rights::account(&world, "admin", Role::Admin).await,
    ];
    let as_one = async |account: &Account, form: &str| {
        let (_, cookie) = rights::cookie(&world, account, now()).await;
        let asked = match form {
            "" => Asked::get("/mentions"),
            form => {
                Asked::send("POST", "/mentions/views", form).with("content-type", "application/x-www-form-urlencoded")
            }
        };
        world.ask(asked.with("cookie", &cookie)).await
    };
    as_one(&erika, "name=Meine&query=mood%3Dnegative").await;
    as_one(&erika, "name=Unsere&query=mood%3Dpositive&shared=yes").await;
    let (hers, his) = (as_one(&erika, "").await.body, as_one(&max, "").await.body);
    assert!(["Alt", "Meine", "Unsere"].iter().all(|name| hers.contains(&format!("><bdi>{name}</bdi></a>"))), "{hers}");
    assert!(
        !his.contains("Meine") && his.contains("><bdi>Unsere</bdi></a> <span class=\"small\">von <bdi>erika</bdi>"),
        "{his}"
    );
    assert!(hers.matches("name=\"delete\"").count() == 2 && !his.contains("name=\"delete\""));

    let views = world.service.store.saved_views(Some("erika")).await.unwrap();
    let delete = |name: &str| format!("delete={}", views.iter().find(|view| view.name == name).unwrap().id);
    assert_eq!(as_one(&max, &delete("Unsere")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(as_one(&max, &delete("Meine")).await.status, StatusCode::NOT_FOUND, "it is nothing to him");
    assert_eq!(as_one(&erika, &delete("Meine")).await.status, StatusCode::SEE_OTHER);
    for name in ["Unsere", "Alt"] {
        assert_eq!(as_one(&admin, &delete(name)).await.status, StatusCode::SEE_OTHER, "{name}");
    }
    assert!(world.service.store.saved_views(Some("erika")).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_view_is_exported_whole_and_as_a_german_excel_reads_it() {
    let world = world().await;
    let rows: Vec<_> = (0..600).map(|n| (format!("e{n}"), format!("=Die Lerchenbahn, Zeile {n} von vielen"))).collect();
    for (id, text) in &rows {
        world.say("press", id, text, Label::Positive, now().plus_seconds(-90)).await;
    }
    let (status, csv) = world.get("/mentions.csv?mood=positive").await;
    assert_eq!(status, StatusCode::OK);
    assert!(csv.starts_with("\u{feff}\"id\";\"brand\";\"source\";") && csv.contains(";\"0,8\";"), "{}", &csv[..300]);
    assert!(csv.contains(";\"'=Die Lerchenbahn, Zeile 7 von vielen\";") && !csv.contains("\"=Die"));
    assert_eq!(csv.lines().count(), 1 + 9 + 600);
    let (_, lines) = world.get("/mentions.jsonl?mood=negative").await;
    assert_eq!(lines.lines().count(), 10);
    assert_eq!(world.get("/mentions.csv?stars=9").await.0, StatusCode::UNPROCESSABLE_ENTITY);
}
