//! A transformer in the service: it reads in the background, and what it thinks lies beside what counts.

use futures_util::TryStreamExt as _;
use stimmung::config::Config;
use stimmung::mention::{Author, Mention, Rating, SourceId, Timestamp};
use stimmung::service::{OpenError, Service};
use stimmung::store::{Item, StoredText};

use super::*;
use crate::program::{Program, configuration, stderr, stdout};

/// 2026-01-05T00:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_767_571_200);
const DAY: i64 = 86_400;
const VERSION: &str = "transformer:bert";

fn settings(folder: &Path) -> String {
    format!("[analyse]\ntransformer.folder = {}\n", toml::Value::from(folder.display().to_string()))
}

async fn open(folder: &Path) -> Service {
    let config = Config::parse(&(configuration(&[]) + &settings(&fixture("bert"))), "sources.toml").unwrap();
    let service = Service::open(config, folder, "test.db").await.unwrap();
    service.store.register([&SourceId::parse("portal").unwrap()], ["Hellbahn"]).await.unwrap();
    service
}

/// Reviews as the service takes them in, with stars: those from 1 to 5 in turn.
async fn arrive(service: &Service, numbers: std::ops::Range<usize>, now: Timestamp) {
    const WORDS: [&str; 8] = ["Zug", "App", "Login", "Ticket", "Sitz", "Kaffee", "Fahrplan", "Abteil"];
    let (model, mask) = (service.model(), service.mask());
    let item = |n: usize| {
        let text = format!("{} {} {n} was late and the refund good", WORDS[n % 8], WORDS[n / 8 % 8]);
        let stars = f64::from(u8::try_from(n % 5).unwrap()) + 1.0;
        let author = Some(Author { key: format!("a{n}"), name: format!("Name {n}") });
        let rating = Some(Rating::stars(stars));
        let mention = Mention { native_id: n.to_string(), author, text, rating, ..Mention::default() };
        let analysis = model.reader().analyse(&mention, &mask);
        Item { mention, analysis, model_version: model.version().into(), brands: vec!["Hellbahn".to_owned()] }
    };
    let items: Vec<Item> = numbers.map(item).collect();
    service.store.save(&SourceId::parse("portal").unwrap(), &items, None, true, now).await.unwrap();
}

async fn texts(service: &Service) -> Vec<StoredText> {
    service.store.texts(NOW.plus_seconds(-99 * DAY)).try_collect().await.unwrap()
}

async fn counting(service: &Service) -> Vec<Option<Label>> {
    service.store.records(None, None).map_ok(|record| record.label).try_collect().await.unwrap()
}

#[tokio::test]
async fn it_reads_what_arrived_lately_step_by_step_and_moves_nothing_that_counts() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    arrive(&service, 0..3, NOW.plus_seconds(-31 * DAY)).await;
    arrive(&service, 3..73, NOW.plus_seconds(-DAY)).await;
    let before = counting(&service).await;
    let mut steps = Vec::new();
    while steps.last() != Some(&0) {
        steps.push(service.transform_once(NOW).await.unwrap());
    }
    assert_eq!(steps, [64, 6, 0]);
    assert_eq!(counting(&service).await, before);
    let model = load("bert");
    for text in texts(&service).await {
        if text.arrived_at < NOW.plus_seconds(-30 * DAY) {
            assert!(text.beside.is_empty(), "too old");
            continue;
        }
        let told = model.classify(&[&text.mention.full_text()]).unwrap()[0];
        let label = *Label::ALL.iter().max_by(|a, b| told[**a as usize].total_cmp(&told[**b as usize])).unwrap();
        assert_eq!(text.beside, [(VERSION.to_owned(), label)].into());
    }
}

#[tokio::test]
async fn a_text_without_words_is_looked_at_once_and_gets_no_mood() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    let mention = Mention { native_id: "1".to_owned(), rating: Some(Rating::stars(1.0)), ..Mention::default() };
    let analysis = service.model().reader().analyse(&mention, &service.mask());
    let item = Item { mention, analysis, model_version: service.model().version().into(), brands: Vec::new() };
    service.store.save(&SourceId::parse("portal").unwrap(), &[item], None, true, NOW).await.unwrap();
    assert_eq!(service.transform_once(NOW).await.unwrap(), 1);
    assert_eq!(service.transform_once(NOW).await.unwrap(), 0);
    assert!(texts(&service).await[0].beside.is_empty());
}

#[tokio::test]
async fn without_a_transformer_there_is_nothing_to_read() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::parse(&configuration(&[]), "sources.toml").unwrap();
    let service = Service::open(config, folder.path(), "test.db").await.unwrap();
    assert_eq!(service.transform_once(NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn the_card_compares_it_on_the_texts_that_it_has_read() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    arrive(&service, 0..30, NOW.plus_seconds(-60 * DAY)).await;
    arrive(&service, 30..90, NOW.plus_seconds(-DAY)).await;
    assert!(service.card(90, NOW).await.unwrap().iter().all(|segment| segment.beside.is_empty()));
    while service.transform_once(NOW).await.unwrap() > 0 {}
    let (mut right, mut known) = (0, 0);
    let mut met = std::collections::HashSet::new();
    for text in texts(&service).await.into_iter().filter(|text| met.insert(text.cluster)) {
        if let (Some((label, _)), Some(told)) = (text.known(), text.beside.get(VERSION)) {
            known += 1;
            right += u32::from(label == *told);
        }
    }
    let segments = service.card(90, NOW).await.unwrap();
    let beside = segments.iter().filter_map(|segment| Some((segment, segment.beside.get(VERSION)?)));
    let (segment, beside) = beside.max_by_key(|(_, beside)| beside.labelled).unwrap();
    assert_eq!(beside.labelled, known);
    assert!(segment.card.labelled > known, "the model has read more");
    let compared = beside.known.as_ref().unwrap();
    assert!((compared.accuracy - f64::from(right) / f64::from(u32::try_from(known).unwrap())).abs() < 1e-9);
}

#[tokio::test]
async fn it_goes_on_when_another_model_takes_over_and_forgets_who_is_erased() {
    let folder = tempfile::tempdir().unwrap();
    let service = open(folder.path()).await;
    service.settle_model(NOW).await.unwrap();
    arrive(&service, 0..4, NOW).await;
    assert_eq!(service.transform_once(NOW).await.unwrap(), 4);
    let active = service.store.active_model().await.unwrap().unwrap();
    for version in ["other-1", "other-2"] {
        let other = stimmung::store::StoredModel { version: version.to_owned(), ..active.clone() };
        service.store.try_model(&other).await.unwrap();
        let read: Vec<_> = (1..=4).map(|id| (id, stimmung::analyse::Analysis::default())).collect();
        service.store.save_shadow(version, &read).await.unwrap();
        service.store.switch_model(&other, NOW, NOW).await.unwrap().unwrap();
    }
    assert!(texts(&service).await.iter().all(|text| text.beside.contains_key(VERSION)));
    assert_eq!(service.transform_once(NOW).await.unwrap(), 0, "nothing is read again");
    service.store.erase_author(&SourceId::parse("portal").unwrap(), "Name 2").await.unwrap();
    assert_eq!(texts(&service).await.len(), 3);
    assert_eq!(service.transform_once(NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn a_folder_without_a_usable_model_keeps_the_service_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let text = configuration(&[]) + &settings(&folder.path().join("none"));
    let error = Service::open(Config::parse(&text, "f").unwrap(), folder.path(), "test.db").await.err().unwrap();
    assert!(matches!(error, OpenError::Transformer(_)), "{error}");
    assert!(error.hint().unwrap().contains("stimmung model fetch"));
    assert!(!folder.path().join("test.db").exists());
}

#[test]
fn the_running_service_reads_and_the_card_shows_a_column() {
    let text = configuration(&[]) + &settings(&fixture("bert")) + "[service]\nlisten = \"127.0.0.1:0\"\n";
    let program = Program::with(&text);
    let rows = (0..40).map(|n| format!("{n},{},Hellbahn number {n} was late again today\n", n % 5 + 1));
    std::fs::write(program.folder().join("a.csv"), "id,rating,text\n".to_owned() + &rows.collect::<String>()).unwrap();
    let output = program.run(&["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stdout(&program.run(&["model", "card"])).contains(VERSION), "nothing is read yet");
    let mut service = program.command(&["run"]).stderr(std::process::Stdio::null()).spawn().unwrap();
    let shown = (0..100).map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(200));
        stdout(&program.run(&["model", "card"]))
    });
    let card = shown.into_iter().find(|card| card.contains(VERSION));
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(card.is_some_and(|card| card.contains("For a transformer: how often it is right")));
}
