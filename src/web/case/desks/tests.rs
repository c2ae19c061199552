use std::collections::BTreeMap;

use crate::account::Role;
use crate::hand_off::trials::zendesk::{comment, serve, told};
use crate::hand_off::trials::{Fake, Trouble};
use crate::service::{HandedOff, now};
use crate::store::outreach::Filter;
use crate::web::rights::{account, cookie};
use crate::web::tests::{Asked, World, text, world_with};

struct Desk {
    world: World,
    id: i64,
    cookie: String,
}

/// A case, an agent, and an account of Zendesk at this address.
async fn desk(base: &str) -> Desk {
    let world = world_with(&format!(
        "[service]\npublic_url = \"https://stimmung.example\"\n[[hand_off]]\nname = \"tickets\"\n\
         allow_private_network = true\nzendesk = {{ url = \"{base}\", user = \"agent@lerche.example\", \
         token_env = \"CARGO_PKG_NAME\" }}\n"
    ))
    .await;
    world.service.cases_once(now()).await.unwrap();
    let all = world.service.store.cases(&Filter::default(), now()).await.unwrap();
    let id = all.iter().find(|one| one.case.author_id.is_some()).unwrap().case.id;
    let agent = account(&world, "erika", Role::Agent).await;
    let cookie = cookie(&world, &agent, now()).await.1;
    Desk { world, id, cookie }
}

impl Desk {
    async fn send(&self, form: &str) {
        let asked = Asked::send("POST", &format!("/cases/{}", self.id), form)
            .with("content-type", "application/x-www-form-urlencoded")
            .with("cookie", &self.cookie);
        let answer = self.world.ask(asked).await;
        assert_eq!(answer.headers["location"], format!("/cases/{}?done=done", self.id), "{form}");
    }

    async fn look(&self) -> String {
        let asked = Asked::get(&format!("/cases/{}", self.id)).with("cookie", &self.cookie);
        text(&self.world.ask(asked).await.body).replace('\n', " ")
    }

    async fn turn(&self) -> HandedOff {
        self.world.service.hand_off_once(now()).await.unwrap()
    }
}

#[tokio::test]
async fn a_case_is_passed_on_told_of_and_solved_there() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let desk = desk(fake.site.url("/").as_str()).await;
    assert!(desk.look().await.contains("Weitergeben an Zendesk (tickets)"));
    desk.send("do=pass_on&to=tickets").await;
    assert!(desk.look().await.contains("auf dem Weg"));
    assert_eq!(desk.turn().await.opened, 1);
    let said = desk.look().await;
    assert!(said.contains("#1") && said.contains("in Arbeit") && !said.contains("Weitergeben an"), "{said}");
    assert_eq!(desk.turn().await, HandedOff::default(), "told once, and asked in a while");
    desk.send("do=note&text=Ersatz+bestellt").await;
    assert_eq!(desk.turn().await.noted, 1);
    assert!(told(&fake.state()).iter().any(|body| body.contains("erika hat notiert\n\nErsatz bestellt")));
    comment(&mut fake.state(), 5, "Ist raus.");
    fake.state().status = Some("solved");
    desk.send("do=note&text=Und+heute%3F").await;
    assert_eq!(desk.turn().await.changed, 1);
    let said = desk.look().await;
    assert!(said.contains("dort gelöst") && said.contains("tickets hat den Fall gelöst"), "{said}");
    assert!(said.contains("tickets hat notiert: Kim Sommer: Ist raus."), "{said}");
    assert_eq!(desk.turn().await, HandedOff::default(), "what is solved is not asked for any more");
    assert_eq!(fake.state().tickets.len(), 1);
}

#[tokio::test]
async fn what_fails_is_told_and_tried_again_where_somebody_says_so() {
    let fake = Fake::start(BTreeMap::from([(0, Trouble::Unauthorized)]), serve).await;
    let desk = desk(fake.site.url("/").as_str()).await;
    desk.send("do=pass_on&to=tickets").await;
    assert_eq!(desk.turn().await.failed, 1);
    assert_eq!(desk.turn().await, HandedOff::default(), "a wrong key does not become right by trying");
    let said = desk.look().await;
    assert!(said.contains("Zendesk hat mit 401 geantwortet. Prüfen Sie die Zugangsdaten"), "{said}");
    let id = desk.world.service.store.hand_offs(desk.id).await.unwrap()[0].id;
    desk.send(&format!("do=retry_desk&to={id}")).await;
    assert_eq!(desk.turn().await.opened, 1);
    assert!(!desk.look().await.contains("401"));
}

#[tokio::test]
async fn who_is_erased_here_is_to_be_erased_there() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let desk = desk(fake.site.url("/").as_str()).await;
    desk.send("do=pass_on&to=tickets").await;
    desk.turn().await;
    let author = desk.world.service.store.case(desk.id).await.unwrap().unwrap().author_id.unwrap();
    let asked = Asked::send("POST", &format!("/writers/{author}/erase"), "")
        .with("content-type", "application/x-www-form-urlencoded")
        .with("cookie", &desk.cookie);
    let receipt = text(&desk.world.ask(asked).await.body).replace('\n', " ");
    assert!(receipt.contains("Löschen Sie sie dort: tickets #1"), "{receipt}");
    assert_eq!(desk.turn().await, HandedOff::default());
}
