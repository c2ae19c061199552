use super::*;
use crate::alert::Mail;
use crate::notify::{MAIL, MailingList};
use crate::store::Item;
use crate::store::tests::{BRAND, LONG, World, at, item, mention, save, source, world};

/// Each text once: they must not be taken for copies of one another.
const TEXTS: [&str; 4] = [
    "Der Zug kam heute auf die Minute genau an, so darf es bleiben.",
    "Im Speisewagen war leider alles aus, nur Wasser gab es noch zu kaufen.",
    "Wer weiß, ob die Strecke nach Norden im Winter wieder gesperrt wird?",
    "Die neue Reservierung funktioniert prima, danke an das ganze Team!",
];

fn of(id: &str, text: &str, label: Option<Label>) -> Item {
    let mut item = item(mention(id, text));
    item.mention.url = Some(format!("https://forum.example/{id}"));
    match (label, &mut item.analysis.mood) {
        (Some(label), Some(mood)) => (mood.label, mood.score) = (label, f64::from(label.sign()) * 0.8),
        _ => item.analysis.mood = None,
    }
    item
}

/// After the first round, which is backfill.
async fn listening() -> World {
    let world = world().await;
    save(&world.store, "forum", &[of("old", LONG, Some(Label::Negative))], at(0)).await;
    save(&world.store, "press", &[], at(0)).await;
    world
}

async fn tally(world: &World) -> Vec<Tally> {
    world.store.tallies(BRAND, &[at(0), at(24), at(48)]).await.unwrap()
}

fn letter(id: &str) -> Letter {
    let mail =
        Mail { subject: "Tagesbericht".into(), text: "Zitat".into(), html: "<p>Zitat</p>".into(), picture: None };
    let page = Some("https://stimmung.example.org/unsubscribe/1".to_owned());
    Letter {
        id: id.to_owned(),
        channel: MAIL.to_owned(),
        to: "Erika <Erika@example.org>".to_owned(),
        mail,
        reply_to_thread: None,
        list: Some(MailingList { name: "daily-digest".into(), unsubscribe: page }),
        written_at: at(50),
    }
}

const ISSUE: Issue<'static> =
    Issue { length: Length::Day, brands: &[], through: Timestamp::from_seconds(1_750_000_000) };

fn erika(letter: Letter) -> Vec<(String, Option<Letter>)> {
    vec![("erika@example.org".to_owned(), Some(letter))]
}

#[tokio::test]
async fn what_was_heard_live_is_counted_on_the_day_of_its_arrival() {
    let world = listening().await;
    let labels = [Some(Label::Positive), Some(Label::Negative), None, Some(Label::Neutral)];
    let items: Vec<Item> = (0..4).map(|n| of(&n.to_string(), TEXTS[n], labels[n])).collect();
    save(&world.store, "forum", &items[..3], at(23)).await;
    save(&world.store, "forum", &items[3..], at(24)).await;
    let first = Tally { moods: [1, 0, 1], untold: 1, copies: 0 };
    assert_eq!(tally(&world).await, [first, Tally { moods: [0, 1, 0], ..Tally::default() }]);
    assert_eq!(world.store.heard_since(BRAND).await.unwrap(), Some(at(0)), "the backfill tells since when we listen");
}

#[tokio::test]
async fn a_text_that_is_copied_counts_once_and_one_that_is_removed_not_at_all() {
    let world = listening().await;
    save(&world.store, "forum", &[of("1", TEXTS[0], Some(Label::Positive))], at(1)).await;
    save(&world.store, "press", &[of("1", TEXTS[0], Some(Label::Positive))], at(2)).await;
    save(&world.store, "forum", &[of("2", TEXTS[1], Some(Label::Negative))], at(3)).await;
    let both = Tally { moods: [1, 0, 1], untold: 0, copies: 1 };
    assert_eq!(tally(&world).await[0], both);
    remove(&world, "2").await;
    assert_eq!(tally(&world).await[0], Tally { moods: [0, 0, 1], ..both });
    remove(&world, "1").await;
    let copy_only = Tally { moods: [0, 0, 1], ..Tally::default() };
    assert_eq!(tally(&world).await[0], copy_only, "with the first one gone, the copy speaks for it");
}

/// Takes a mention of the forum away, as a source does.
async fn remove(world: &World, id: &str) {
    sqlx::query(
        "UPDATE mention SET removed_at = 1 WHERE native_id = ?1
             AND source_id = (SELECT id FROM source WHERE name = 'forum')",
    )
    .bind(id)
    .execute(&world.store.writer)
    .await
    .unwrap();
}

#[tokio::test]
async fn topics_voices_and_contradictions_are_of_what_counts() {
    let world = listening().await;
    let mut upset = of("1", TEXTS[1], Some(Label::Negative));
    upset.analysis.topics = vec!["app".into(), "support".into()];
    upset.analysis.urgency.value = 0.5;
    let mut content = of("2", TEXTS[3], Some(Label::Positive));
    content.analysis.topics = vec!["app".into()];
    let mut torn = of("3", TEXTS[2], Some(Label::Negative));
    torn.analysis.contradicts = true;
    save(&world.store, "forum", &[upset.clone(), content, torn], at(1)).await;
    save(&world.store, "press", &[upset], at(2)).await;
    let mut topics = world.store.topics(BRAND, at(0), at(24)).await.unwrap();
    topics.sort_by(|a, b| a.name.cmp(&b.name));
    let topics: Vec<_> = topics.iter().map(|topic| (topic.name.as_str(), topic.mentions, topic.negative)).collect();
    assert_eq!(topics, [("app", 2, 1), ("support", 1, 1)]);
    assert_eq!(world.store.contradictions(BRAND, at(0), at(24)).await.unwrap(), 1);
    let voices = world.store.clearest(BRAND, at(0), at(24), Label::Negative).await.unwrap();
    let told: Vec<_> = voices.iter().map(|(_, voice)| (voice.source.as_str(), voice.text.as_str())).collect();
    assert_eq!(told, [("forum", TEXTS[1])], "once, and nothing that is torn");
    assert_eq!(world.store.voices(&[voices[0].0], Label::Negative).await.unwrap(), voices);
    assert_eq!(world.store.clearest(BRAND, at(24), at(48), Label::Negative).await.unwrap(), []);
}

#[tokio::test]
async fn a_reader_is_told_of_a_period_once_and_marks_only_go_forward() {
    let world = world().await;
    let save =
        async |issue: Issue<'_>, id: &str| world.store.save_digest(&issue, erika(letter(id)), &[]).await.unwrap().len();
    let (later, earlier) = (ISSUE.through.plus_seconds(86_400), ISSUE.through.plus_seconds(-86_400));
    assert_eq!(save(ISSUE, "digest-1").await, 1);
    assert_eq!(save(ISSUE, "digest-1").await, 0, "told already");
    assert_eq!(save(Issue { through: earlier, ..ISSUE }, "digest-0").await, 0, "the clock was set back");
    assert_eq!(save(Issue { through: later, ..ISSUE }, "digest-2").await, 1);
    let brands = [BRAND.to_owned()];
    assert_eq!(save(Issue { brands: &brands, ..ISSUE }, "digest-3").await, 1, "another digest");
    let mut marks = world.store.digest_marks().await.unwrap();
    marks.sort_by_key(|mark| mark.brands.len());
    assert_eq!(
        marks.iter().map(|mark| (mark.brands.len(), mark.told_through)).collect::<Vec<_>>(),
        [(0, later), (1, ISSUE.through)]
    );
}

#[tokio::test]
async fn a_crash_between_two_letters_leaves_neither_and_the_next_attempt_writes_both() {
    let world = world().await;
    let both = || {
        let otto = Letter { to: "otto@example.org".into(), ..letter("digest-2") };
        [erika(letter("digest-1")), vec![("otto@example.org".to_owned(), Some(otto))]].concat()
    };
    let run = async |statement: &'static str| sqlx::query(statement).execute(&world.store.writer).await.unwrap();
    run(
        "CREATE TRIGGER crash BEFORE INSERT ON outbox WHEN NEW.id = 'digest-2' BEGIN SELECT RAISE(ABORT, 'crash'); END",
    )
    .await;
    assert!(world.store.save_digest(&ISSUE, both(), &[]).await.is_err());
    assert_eq!(world.store.letters_by_state().await.unwrap(), []);
    assert_eq!(world.store.digest_marks().await.unwrap(), []);
    run("DROP TRIGGER crash").await;
    assert_eq!(world.store.save_digest(&ISSUE, both(), &[]).await.unwrap().len(), 2);
}

#[tokio::test]
async fn where_there_was_nothing_to_tell_the_period_is_done_with() {
    let world = world().await;
    let nothing = vec![("erika@example.org".to_owned(), None)];
    assert_eq!(world.store.save_digest(&ISSUE, nothing, &[]).await.unwrap(), []);
    assert_eq!(world.store.digest_marks().await.unwrap()[0].told_through, ISSUE.through);
    assert_eq!(world.store.letters_by_state().await.unwrap(), []);
}

#[tokio::test]
async fn who_has_unsubscribed_meanwhile_gets_nothing_and_may_come_back() {
    let world = world().await;
    world.store.unsubscribe("erika@example.org", at(1)).await.unwrap();
    world.store.unsubscribe("erika@example.org", at(2)).await.unwrap();
    assert_eq!(world.store.unsubscribed().await.unwrap().len(), 1);
    assert_eq!(world.store.save_digest(&ISSUE, erika(letter("digest-1")), &[]).await.unwrap(), []);
    assert!(world.store.subscribe("erika@example.org").await.unwrap());
    assert!(!world.store.subscribe("erika@example.org").await.unwrap());
    assert_eq!(world.store.save_digest(&ISSUE, erika(letter("digest-1")), &[]).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_leaves_the_outbox_with_the_list_that_it_is_of() {
    let world = world().await;
    world.store.save_digest(&ISSUE, erika(letter("digest-1")), &[]).await.unwrap();
    assert_eq!(world.store.next_letter(at(60)).await.unwrap().unwrap().letter, letter("digest-1"));
}

#[tokio::test]
async fn a_digest_forgets_whom_it_quotes() {
    let world = listening().await;
    save(&world.store, "forum", &[of("1", TEXTS[0], Some(Label::Positive))], at(1)).await;
    let voices = world.store.clearest(BRAND, at(0), at(24), Label::Positive).await.unwrap();
    let ids: Vec<i64> = voices.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids.len(), 1);
    let next = Issue { through: ISSUE.through.plus_seconds(86_400), ..ISSUE };
    let after = Issue { through: ISSUE.through.plus_seconds(2 * 86_400), ..ISSUE };
    world.store.save_digest(&ISSUE, erika(letter("digest-1")), &ids).await.unwrap();
    let sent = world.store.next_letter(at(60)).await.unwrap().unwrap();
    world.store.settle(&sent, &crate::notify::Delivery::Sent.into(), crate::notify::Fate::Sent, at(60)).await.unwrap();
    world.store.save_digest(&next, erika(letter("digest-2")), &ids).await.unwrap();
    world.store.save_digest(&after, erika(letter("digest-3")), &[]).await.unwrap();
    world.store.erase_author(&source("forum"), "jana_k").await.unwrap();
    let left: Vec<(String, String)> =
        sqlx::query_as("SELECT id, text FROM outbox ORDER BY id").fetch_all(&world.store.reader).await.unwrap();
    let expected = [("digest-1", ""), ("digest-3", "Zitat")].map(|(id, text)| (id.to_owned(), text.to_owned()));
    assert_eq!(left, expected, "the sent one is empty, the waiting one gone, the one without a quote as it was");
}

#[tokio::test]
async fn a_secret_is_made_once() {
    let (one, other) = (world().await, world().await);
    let secret = one.store.secret("unsubscribe").await.unwrap();
    assert_eq!((secret.len(), one.store.secret("unsubscribe").await.unwrap()), (32, secret.clone()));
    assert_ne!(one.store.secret("another").await.unwrap(), secret);
    assert_ne!(other.store.secret("unsubscribe").await.unwrap(), secret);
}

#[tokio::test]
async fn each_length_of_a_digest_is_told_and_done_with_by_itself() {
    let world = world().await;
    for length in Length::ALL {
        let issue = Issue { length, ..ISSUE };
        let told = world.store.save_digest(&issue, erika(letter(length.name())), &[]).await.unwrap();
        assert_eq!(told.len(), 1, "{length:?}");
    }
    let marks = world.store.digest_marks().await.unwrap();
    let lengths: std::collections::BTreeSet<_> = marks.iter().map(|mark| mark.length).collect();
    assert_eq!(lengths, Length::ALL.into_iter().collect());
}
