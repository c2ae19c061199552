use secrecy::SecretString;

use super::*;
use crate::account::{Account, Act, Action, Actor, Name, Right, Role, Token, throttle};

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

async fn add(world: &World, text: &str, role: Role) -> Account {
    let hash = SecretString::from("$hash");
    let name = name(text);
    let new = NewAccount { name: &name, shown_name: text, role, password: Some(&hash), identity: None };
    world.store.add_account(&new, &Actor::command_line(), at(0)).await.unwrap().unwrap();
    world.store.account(&name).await.unwrap().unwrap().0
}

async fn log_in(world: &World, account: &Account, now: Timestamp) -> Token {
    let token = Token::of_session().unwrap();
    world.store.begin_session(account, &token, None, now).await.unwrap();
    token
}

#[tokio::test]
async fn a_name_belongs_to_one_account() {
    let world = world().await;
    assert!(!world.store.has_accounts().await.unwrap());
    add(&world, "erika", Role::Admin).await;
    assert!(world.store.has_accounts().await.unwrap());
    let again = name("Erika");
    let new = NewAccount { name: &again, shown_name: "x", role: Role::Admin, password: None, identity: None };
    assert_eq!(world.store.add_account(&new, &Actor::command_line(), at(0)).await.unwrap(), None);
    assert_eq!(world.store.accounts().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_session_ends_when_nobody_was_seen_for_half_a_day_and_after_a_month() {
    let world = world().await;
    let account = add(&world, "erika", Role::Agent).await;
    let token = log_in(&world, &account, at(0)).await;
    let (session, seen) = world.store.session(&token, at(11)).await.unwrap().unwrap();
    assert_eq!(seen.name, "erika");
    assert_eq!(world.store.session(&token, at(12)).await.unwrap(), None);
    let mut session = session;
    for hour in (11..30 * 24).step_by(11) {
        world.store.see_in_session(&session, &account, at(hour)).await.unwrap();
        session = world.store.session(&token, at(hour)).await.unwrap().unwrap().0;
        assert_eq!(session.seen_at, at(hour));
    }
    assert_eq!(world.store.session(&token, at(30 * 24)).await.unwrap(), None, "however often they were seen");
    assert_eq!(world.store.session(&Token::of_session().unwrap(), at(1)).await.unwrap(), None);
}

#[tokio::test]
async fn no_session_outlives_a_log_in_in_its_browser_another_password_or_the_end_of_the_account() {
    let world = world().await;
    let (erika, admin) = (add(&world, "erika", Role::Agent).await, add(&world, "admin", Role::Admin).await);
    let is_open = async |token: &Token| world.store.session(token, at(0)).await.unwrap().is_some();
    let first = log_in(&world, &erika, at(0)).await;
    let second = Token::of_session().unwrap();
    world.store.begin_session(&erika, &second, Some(&first), at(0)).await.unwrap();
    let of_another = log_in(&world, &admin, at(0)).await;
    assert!(!is_open(&first).await && is_open(&second).await);
    let by = Actor::command_line();
    world.store.change_password(erika.id, &"$new".into(), &by, at(0)).await.unwrap();
    assert!(!is_open(&second).await);
    let third = log_in(&world, &erika, at(0)).await;
    assert_eq!(world.store.enable(erika.id, false, &by, at(0)).await.unwrap(), Changed::Done);
    assert!(!is_open(&third).await);
    world.store.enable(erika.id, true, &by, at(0)).await.unwrap();
    assert!(!is_open(&third).await && is_open(&of_another).await);
}

#[tokio::test]
async fn a_session_is_ended_by_its_account_only() {
    let world = world().await;
    let (erika, max) = (add(&world, "erika", Role::Agent).await, add(&world, "max", Role::Agent).await);
    let token = log_in(&world, &erika, at(0)).await;
    let sessions = world.store.sessions(erika.id, at(0)).await.unwrap();
    assert!(!world.store.end_session(sessions[0].id, &max, at(0)).await.unwrap());
    assert!(world.store.session(&token, at(0)).await.unwrap().is_some());
    assert!(world.store.end_session(sessions[0].id, &erika, at(0)).await.unwrap());
    assert_eq!(world.store.session(&token, at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn somebody_can_always_let_people_in() {
    let world = world().await;
    let (admin, by) = (add(&world, "admin", Role::Admin).await, Actor::command_line());
    let (store, now) = (&world.store, at(0));
    assert_eq!(store.change_role(admin.id, Role::Agent, &by, now).await.unwrap(), Changed::LastAdmin);
    assert_eq!(store.enable(admin.id, false, &by, now).await.unwrap(), Changed::LastAdmin);
    let other = add(&world, "other", Role::Admin).await;
    assert_eq!(store.enable(admin.id, false, &by, now).await.unwrap(), Changed::Done);
    assert_eq!(store.change_role(other.id, Role::Reader, &by, now).await.unwrap(), Changed::LastAdmin);
    let (name, link) = (name("invited"), Token::of_session().unwrap());
    let new = NewAccount { name: &name, shown_name: "x", role: Role::Admin, password: None, identity: None };
    store.invite(&new, &link, &by, now).await.unwrap();
    assert_eq!(store.enable(other.id, false, &by, now).await.unwrap(), Changed::LastAdmin, "nobody has come yet");
    store.accept(&link, &"$hash".into(), now).await.unwrap();
    assert_eq!(store.enable(other.id, false, &by, now).await.unwrap(), Changed::Done);
    assert_eq!(store.change_role(99, Role::Reader, &by, now).await.unwrap(), Changed::Unknown);
}

#[tokio::test]
async fn a_token_holds_until_it_is_over_revoked_or_its_account_is_disabled() {
    let world = world().await;
    let (erika, admin) = (add(&world, "erika", Role::Agent).await, add(&world, "admin", Role::Admin).await);
    let by = Actor::command_line();
    let token = Token::of_program().unwrap();
    world.store.add_token(&erika, &token, ("script", Right::Change), Some(at(24)), &by, at(0)).await.unwrap();
    let scope = async |now| {
        let bearer = world.store.bearer(&token, now).await.unwrap()?;
        world.store.see_bearer(&bearer, now).await.unwrap();
        Some((bearer.account.id, bearer.scope))
    };
    assert_eq!(scope(at(23)).await, Some((erika.id, Right::Change)));
    assert_eq!(scope(at(24)).await, None);
    let listed = world.store.tokens(Some(erika.id)).await.unwrap();
    assert_eq!((listed[0].prefix.as_str(), listed[0].last_used_at), (token.prefix().as_str(), Some(at(23))));
    world.store.enable(erika.id, false, &by, at(1)).await.unwrap();
    assert_eq!(scope(at(1)).await, None);
    world.store.enable(erika.id, true, &by, at(1)).await.unwrap();
    assert!(!world.store.revoke_token(listed[0].id, Some(admin.id), &by, at(1)).await.unwrap());
    assert!(world.store.revoke_token(listed[0].id, Some(erika.id), &by, at(1)).await.unwrap());
    assert_eq!(scope(at(1)).await, None);
}

#[tokio::test]
async fn a_link_holds_for_a_week_and_once_and_not_beside_another_way_in() {
    let world = world().await;
    let (store, by) = (&world.store, Actor::command_line());
    add(&world, "admin", Role::Admin).await;
    let link = || Token::of_session().unwrap();
    let (first, name) = (link(), name("erika"));
    let new = NewAccount { name: &name, shown_name: "Erika", role: Role::Agent, password: None, identity: None };
    let erika = store.invite(&new, &first, &by, at(0)).await.unwrap().unwrap();
    assert_eq!(store.invite(&new, &link(), &by, at(0)).await.unwrap(), None, "the name is taken");
    let is_open = async |link: &Token, now| store.invited(link, now).await.unwrap().is_some();
    assert!(is_open(&first, at(7 * 24 - 1)).await && !is_open(&first, at(7 * 24)).await);
    assert_eq!(store.accept(&first, &"$a".into(), at(7 * 24)).await.unwrap(), None);

    let second = link();
    assert_eq!(store.make_link(erika, &second, &by, at(1)).await.unwrap().as_deref(), Some("erika"));
    assert!(!is_open(&first, at(1)).await, "the newer one takes its place");
    assert_eq!(store.accept(&second, &"$a".into(), at(2)).await.unwrap().unwrap().id, erika);
    assert_eq!(store.accept(&second, &"$b".into(), at(2)).await.unwrap(), None, "it is used up");
    assert!(store.open_links(at(2)).await.unwrap().is_empty());

    let third = link();
    store.make_link(erika, &third, &by, at(3)).await.unwrap();
    store.change_password(erika, &"$c".into(), &by, at(3)).await.unwrap();
    assert!(!is_open(&third, at(3)).await, "she remembered");
    store.make_link(erika, &third, &by, at(3)).await.unwrap();
    store.enable(erika, false, &by, at(3)).await.unwrap();
    assert!(!is_open(&third, at(3)).await);
    assert_eq!(store.make_link(erika, &third, &by, at(3)).await.unwrap(), None, "who is disabled stays out");
    let vouched = NewAccount { name: &self::name("max"), identity: Some(("https://id.example", "7")), ..new };
    let max = store.add_account(&vouched, &by, at(3)).await.unwrap().unwrap();
    assert_eq!(store.make_link(max, &third, &by, at(3)).await.unwrap(), None, "the provider lets him in, and out");
}

#[tokio::test]
async fn who_fails_too_often_has_to_wait_and_who_gets_in_begins_anew() {
    let world = world().await;
    let erika = throttle::subjects("erika", Some([192, 0, 2, 7].into()));
    let elsewhere = throttle::subjects("erika", Some([192, 0, 2, 8].into()));
    let max = throttle::subjects("max", Some([192, 0, 2, 7].into()));
    let attempt = async |subjects: &[String], seconds| {
        world.store.try_to_log_in(subjects, at(0).plus_seconds(seconds)).await.unwrap()
    };
    for _ in 0..5 {
        assert!(matches!(attempt(&erika, 0).await, Attempt::Heard(_)));
    }
    for refused in [&erika, &elsewhere, &max] {
        assert_eq!(attempt(refused, 4).await, Attempt::TooEarly(at(0).plus_seconds(5)), "by name, and by address");
    }
    assert!(matches!(attempt(&throttle::subjects("max", None), 4).await, Attempt::Heard(_)));
    let Attempt::Heard(attempts) = attempt(&erika, 5).await else { panic!("heard again after the wait") };
    world.store.forgive(&attempts).await.unwrap();
    assert!(matches!(attempt(&elsewhere, 6).await, Attempt::Heard(_)), "the name begins anew");
    assert!(matches!(attempt(&max, 4).await, Attempt::TooEarly(_)), "the address does not");
    assert!(matches!(attempt(&max, 3600).await, Attempt::Heard(_)), "but after an hour");
}

#[tokio::test]
async fn each_change_is_in_the_log_and_no_secret_is() {
    let world = world().await;
    let (erika, by) = (add(&world, "erika", Role::Admin).await, Actor::command_line());
    let session = log_in(&world, &erika, at(1)).await;
    let token = Token::of_program().unwrap();
    let me = Actor { account: Some(erika.id), who: "erika".to_owned() };
    world.store.add_token(&erika, &token, ("script", Right::Read), None, &me, at(2)).await.unwrap();
    world.store.change_password(erika.id, &"$new".into(), &by, at(3)).await.unwrap();
    let act = Act { actor: me, action: Action::Correct, subject: "mention 17".into(), detail: String::new() };
    world.store.audit(&act, at(4)).await.unwrap();
    let acts = world.store.acts(None, 10).await.unwrap();
    let lines: Vec<_> = acts.iter().map(|act| (act.who.as_str(), act.action.as_str(), act.subject.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("erika", "correct", "mention 17"),
            ("command line", "change password", "erika"),
            ("erika", "add token", "erika"),
            ("erika", "log-in", "erika"),
            ("command line", "add account", "erika"),
        ]
    );
    let text = format!("{acts:?}");
    assert!(!text.contains(token.expose()) && !text.contains(session.expose()) && !text.contains("$new"));
    assert_eq!(world.store.acts(Some(acts[3].id), 10).await.unwrap().len(), 1);
}
