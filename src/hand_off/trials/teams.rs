use serde_json::Value;

use super::*;

#[derive(Default)]
struct Channel {
    cards: Vec<Value>,
}

fn serve(channel: &mut Channel, asked: &Asked) -> Reply {
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/flow?sig=geheim"));
    assert_eq!(asked.headers["content-type"], "application/json");
    assert!(asked.body.len() < 28_000);
    channel.cards.push(serde_json::from_str(&asked.body).unwrap());
    answer("202 Accepted", "", b"")
}

/// A channel behind this address, and the file that holds it.
fn teams(url: &Url) -> (Desk, tempfile::NamedTempFile) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{url}\n")).unwrap();
    (desk(DeskKind::Teams(Teams(SecretPlace { env: None, file: Some(file.path().to_owned()) }))), file)
}

#[tokio::test]
async fn a_card_leads_to_the_case_and_holds_no_markup_of_strangers() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let (desk, _file) = teams(&fake.site.url("/flow?sig=geheim"));
    let fetcher = fetcher();
    let long = Told { text: "ä".repeat(20_000), ..told() };
    let line = Line::new(&desk, &fetcher);
    assert_eq!(desk.open(&told(), &line).await.unwrap().standing, Standing::Told);
    desk.open(&long, &line).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&fake.state().cards[0]).unwrap());
}

#[tokio::test]
async fn trouble_is_told_without_the_address_and_what_may_have_arrived_is_known() {
    for (trouble, may_have_arrived) in
        [(Trouble::TooMany, false), (Trouble::Down, true), (Trouble::LostAfter, true), (Trouble::Late, true)]
    {
        let fake = Fake::start(BTreeMap::from([(0, trouble)]), serve).await;
        let (desk, _file) = teams(&fake.site.url("/flow?sig=geheim"));
        let error = desk.open(&told(), &Line::new(&desk, &fetcher())).await.unwrap_err();
        assert_eq!((error.may_pass, error.may_have_arrived), (true, may_have_arrived), "{trouble:?}");
        assert!(!format!("{error:?} {error}").contains("geheim"), "{error:?}");
    }
    let (desk, _file) = teams(&Url::parse("ftp://teams.example/geheim").unwrap());
    let error = desk.open(&told(), &Line::new(&desk, &fetcher())).await.unwrap_err();
    assert!(!error.may_pass && !format!("{error:?}").contains("geheim"), "{error:?}");
}
