//! `stimmung model …`: corrections, learning, and the card.

use crate::program::{Program, configuration, stderr, stdout};

const IMPORT: [&str; 6] = ["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"];

#[test]
fn corrections_are_taken_in_and_what_is_not_found_is_named_by_its_line() {
    let program = Program::with(&configuration(&[]));
    std::fs::write(program.folder().join("a.csv"), "id,text\n1,Hellbahn war mega stabil\n2,Hellbahn eben\n").unwrap();
    assert!(program.run(&IMPORT).status.success());
    let file = "source,native_id,label\nportal,1,negative\nportal,9,neutral\nportal,2,hmm\n";
    std::fs::write(program.folder().join("c.csv"), file).unwrap();
    let output = program.run(&["model", "correct", "c.csv", "--by", "kim"]);
    assert_eq!((stdout(&output).trim(), output.status.code()), ("c.csv: 1 corrected, 2 left out", Some(1)));
    for line in ["line 3: there is no such mention", "line 4, column `label`: `hmm` is no mood"] {
        assert!(stderr(&output).contains(line), "{}", stderr(&output));
    }
    let exported: String = program.exported().iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(program.folder().join("c.jsonl"), exported).unwrap();
    let output = program.run(&["model", "correct", "c.jsonl"]);
    assert_eq!(stdout(&output).trim(), "c.jsonl: 2 corrected, 0 left out", "an export is a file of corrections");
}

/// Reviews of people who call it "mega stabil" when nothing works and "voll krank" when all is well.
fn youngsters(reviews: usize) -> String {
    const THINGS: [&str; 8] =
        ["die App", "der Login", "das Ticket", "der Zug", "das Abteil", "die Buchung", "der Fahrplan", "das WLAN"];
    const TIMES: [&str; 7] = ["heute", "gestern", "am Montag", "im Mai", "diese Woche", "abends", "unterwegs"];
    const PLACES: [&str; 9] =
        ["in Köln", "in Bonn", "in Trier", "in Kiel", "in Ulm", "in Jena", "in Gera", "in Suhl", "in Hof"];
    let mut csv = "id,rating,text\n".to_owned();
    for n in 0..reviews {
        let (stars, words) = if n % 2 == 0 { (1, "mega stabil") } else { (5, "voll krank") };
        let (thing, time, place) = (THINGS[n / 2 % 8], TIMES[n / 2 % 7], PLACES[n / 2 % 9]);
        csv += &format!("{n},{stars},{thing} {place} {time} {words}\n");
    }
    csv
}

/// The labels of the reviews without stars.
fn labels(program: &Program) -> Vec<String> {
    let records = program.exported();
    let unstarred = records.iter().filter(|record| record["rating"].is_null());
    unstarred.map(|record| record["label"].as_str().unwrap().to_owned()).collect()
}

fn import(program: &Program, csv: &str) {
    std::fs::write(program.folder().join("a.csv"), csv).unwrap();
    let output = program.run(&IMPORT);
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn reviews_with_stars_teach_what_the_brands_people_mean_by_their_words() {
    let program = Program::with(&configuration(&[]));
    import(&program, &youngsters(200));
    import(&program, "id,text\na,Bei der Hellbahn ist wieder alles mega stabil\n");
    assert_ne!(labels(&program), ["negative"]);
    let output = program.run(&["model", "adapt"]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(stdout(&output).contains("takes over from linear-"), "{}", stdout(&output));
    assert_eq!(labels(&program), ["negative"], "what is stored is read again");
    import(&program, "id,text\nb,Na toll war die Hellbahn mega stabil\n");
    assert_eq!(labels(&program), ["negative", "negative"], "what comes is read by the new model");
    let again = program.run(&["model", "adapt"]);
    assert!(stdout(&again).contains("The model stays as it is."), "{}", stdout(&again));
    assert!(!program.data().join("outbox").exists(), "no letter");
    let card = program.run(&["model", "card", "--json"]);
    let card: serde_json::Value = serde_json::from_str(&stdout(&card)).unwrap();
    let segment = &card["segments"][0];
    assert!(segment["labelled"].as_u64().unwrap() >= 100, "each text once: {segment}");
    assert!(segment["known"]["accuracy"].as_f64().unwrap() > 0.9, "{segment}");
}

#[test]
fn a_card_is_honest_about_what_it_cannot_tell() {
    let program = Program::with(&configuration(&[]));
    import(&program, &youngsters(30));
    import(&program, "id,text\na,The Hellbahn staff were really great today and I love the trains\n");
    let output = program.run(&["model", "card"]);
    let shown = stdout(&output);
    let row = |language: &str| {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        shown.lines().map(words).find(|words| words.get(1).is_some_and(|word| word == language)).unwrap()
    };
    assert_eq!(row("de")[..4], ["portal", "de", "30", "30"], "{shown}");
    assert_eq!(row("en")[..6], ["portal", "en", "1", "0", "cannot", "tell"], "{shown}");
}

#[test]
fn a_model_that_must_not_learn_says_so() {
    let program = Program::with("[analyse]\nadapt = false\n");
    let output = program.run(&["model", "adapt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("sources.toml says that the model does not learn"), "{}", stderr(&output));
}

#[test]
fn what_learning_brings_is_tried_without_a_database() {
    let program = Program::with("");
    let label = |n| if n % 2 == 0 { ("negative", "mega stabil") } else { ("positive", "voll krank") };
    let lines = (0..300).map(|n| {
        let (label, words) = label(n);
        format!("{{\"text\": \"Nummer {n} ist {words}\", \"label\": \"{label}\", \"lang\": \"de\"}}\n")
    });
    std::fs::write(program.folder().join("t.jsonl"), lines.collect::<String>()).unwrap();
    let arguments = ["model", "adapt", "--from", "t.jsonl", "--take", "120", "--repeats", "2", "--brand-terms", "a,b"];
    let output = program.run(&arguments);
    let shown = stdout(&output);
    assert!(shown.starts_with("learned from 120 texts, measured on 180 others"), "{shown}{}", stderr(&output));
    assert_eq!(shown.lines().count(), 4, "{shown}");
    assert!(shown.lines().last().unwrap().contains("→ 1.000"), "{shown}");
    let none_left = program.run(&["model", "adapt", "--from", "t.jsonl", "--take", "300"]);
    assert!(stderr(&none_left).contains("take fewer"), "{}", stderr(&none_left));
}

mod another_model {
    use futures_util::TryStreamExt as _;
    use stimmung::analyse::{Analysis, Model, Mood};
    use stimmung::collect::Cursor;
    use stimmung::config::Config;
    use stimmung::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
    use stimmung::service::{Night, Service};
    use stimmung::store::{Item, News, StoredModel};

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    /// 2026-01-05T00:00:00Z
    const START: Timestamp = Timestamp::from_seconds(1_767_571_200);

    const GOOD: [&str; 3] =
        ["Super pünktlich und sauber, sehr gerne wieder!", "Sehr nettes Personal.", "Ganz toll, danke!"];
    const BAD: [&str; 3] =
        ["Furchtbar, nie wieder!", "Der Login ist kaputt, eine Frechheit.", "Schlechter Service, ich bin wütend."];

    const SOURCES: &str = "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n\
         [[source]]\nid = \"forum\"\nevery = \"1h\"\nbrand = \"Hellbahn\"\nfrom.feed = { url = \"http://localhost/\" }\n\
         [alert]\nto = [\"mk@example.org\"]\n";

    async fn open(folder: &std::path::Path) -> Service {
        open_with(folder, "").await
    }

    async fn open_with(folder: &std::path::Path, section: &str) -> Service {
        let config = Config::parse(&format!("{SOURCES}{section}"), "sources.toml").unwrap();
        Service::open(config, folder, "test.db").await.unwrap()
    }

    /// A review whose words mean the opposite of what they mean elsewhere: stars teach it.
    fn review(n: usize) -> Mention {
        let (stars, words) = if n.is_multiple_of(2) { (1.0, "mega stabil") } else { (5.0, "voll krank") };
        Mention {
            native_id: n.to_string(),
            text: format!("Tag {n} war {words}"),
            rating: Some(Rating::stars(stars)),
            language_hint: Some(Language::GERMAN),
            ..Mention::default()
        }
    }

    async fn import_reviews(service: &Service, numbers: std::ops::Range<usize>) {
        let portal = SourceId::parse("portal").unwrap();
        service.import(&portal, Some("Hellbahn"), numbers.map(review).collect(), START).await.unwrap();
    }

    /// What arrives in an hour: seven in ten are content until day 40, two in ten from then on.
    fn arrivals(hour: i64) -> Vec<Mention> {
        let content = if hour < 40 * 24 { 7 } else { 2 };
        let mention = |n| {
            let number = usize::try_from(hour * 2 + n).unwrap();
            let texts = if number * 7 % 10 < content { GOOD } else { BAD };
            Mention {
                native_id: number.to_string(),
                author: Some(Author { key: format!("a{number}"), name: format!("Name {number}") }),
                text: texts[number % 3].to_owned(),
                language_hint: Some(Language::GERMAN),
                published_at: Some(START.plus_seconds(hour * HOUR)),
                ..Mention::default()
            }
        };
        (0..2).map(mention).collect()
    }

    /// The thoughts of a model that finds all of it neither good nor bad.
    fn indifferent(mention: Mention) -> Item {
        let mood = Mood { label: Label::Neutral, score: 0.0, probabilities: [0.1, 0.8, 0.1], why: Vec::new() };
        let analysis = Analysis { language: Some(Language::GERMAN), mood: Some(mood), ..Analysis::default() };
        Item { mention, analysis, model_version: "indifferent-1".into(), brands: vec!["Hellbahn".to_owned()] }
    }

    async fn live(service: &Service, hours: std::ops::Range<i64>, think: impl Fn(Mention) -> Item) -> Vec<News> {
        let (forum, mut news) = (SourceId::parse("forum").unwrap(), Vec::new());
        for hour in hours {
            let now = START.plus_seconds(hour * HOUR + HOUR / 2);
            let items: Vec<Item> = arrivals(hour).into_iter().map(&think).collect();
            service.store.save(&forum, &items, Some((&Cursor::default(), now).into()), true, now).await.unwrap();
            news.extend(service.detect_once(now).await.unwrap());
        }
        news
    }

    /// A model that saw no turn of the mood goes, one comes that sees it in what is past: that is no news.
    #[tokio::test]
    async fn what_another_model_finds_in_the_past_is_kept_and_told_to_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let service = open(folder.path()).await;
        assert!(live(&service, 0..50 * 24, indifferent).await.is_empty());
        let now = START.plus_seconds(50 * DAY);
        let change = service.settle_model(now).await.unwrap().unwrap();
        assert_eq!((change.from.as_str(), change.to.as_str()), ("indifferent-1", Model::VERSION));
        assert_eq!(service.settle_model(now).await.unwrap(), None, "once");
        let news = service.detect_once(now).await.unwrap();
        assert!(!news.is_empty() && news.iter().all(|one| one.letters.is_empty()), "found, and not told");
        assert_eq!(service.store.alerts("Hellbahn").await.unwrap().len(), news.len(), "and kept");
        assert_eq!(service.store.model_changes("Hellbahn").await.unwrap(), [(now, change)]);
        let model = service.model();
        let mask = service.mask();
        let think = |mention: Mention| {
            let analysis = model.reader().analyse(&mention, &mask);
            Item { mention, analysis, model_version: Model::VERSION.into(), brands: vec!["Hellbahn".to_owned()] }
        };
        let news = live(&service, 50 * 24..53 * 24, think).await;
        assert!(news.iter().all(|one| one.letters.is_empty()), "no letter in the days after it either");
    }

    /// A service that runs does not know at once that another program has learned: what it saves it reads once more.
    #[tokio::test]
    async fn a_running_service_goes_over_to_what_another_program_has_learned() {
        let folder = tempfile::tempdir().unwrap();
        let (running, other) = (open(folder.path()).await, open(folder.path()).await);
        let portal = SourceId::parse("portal").unwrap();
        running.settle_model(START).await.unwrap();
        import_reviews(&running, 0..120).await;
        assert_eq!(other.adapt_once(START).await.unwrap().change.unwrap().from, Model::VERSION);
        assert_eq!(running.model().version(), Model::VERSION, "it does not know yet");
        let next_night = other.adapt_by_night(START.plus_seconds(DAY)).await.unwrap();
        assert_eq!(next_night, Night::TooFewNewLessons, "every change has its price");
        let late = Mention { rating: None, text: "Heute war alles mega stabil".to_owned(), ..review(200) };
        running.import(&portal, Some("Hellbahn"), vec![late], START).await.unwrap();
        assert_eq!(running.model().version(), other.model().version());
        let texts: Vec<_> = running.store.records(None, Some("Heute")).try_collect().await.unwrap();
        assert_eq!(texts[0].label, Some(Label::Negative));
        running.store.close().await;
        assert_eq!(open(folder.path()).await.model().version(), other.model().version(), "and after a restart");
    }

    #[tokio::test]
    async fn by_night_it_learns_again_after_a_week_or_when_there_is_a_tenth_more() {
        let folder = tempfile::tempdir().unwrap();
        let service = open(folder.path()).await;
        service.settle_model(START).await.unwrap();
        import_reviews(&service, 0..120).await;
        let lessons = |night| match night {
            Night::Learned(adapted) => adapted.lessons,
            Night::TooFewNewLessons => 0,
        };
        assert_eq!(lessons(service.adapt_by_night(START).await.unwrap()), 120);
        import_reviews(&service, 120..131).await;
        assert_eq!(lessons(service.adapt_by_night(START.plus_seconds(DAY)).await.unwrap()), 0, "hardly more");
        import_reviews(&service, 131..132).await;
        assert_eq!(lessons(service.adapt_by_night(START.plus_seconds(DAY)).await.unwrap()), 132, "a tenth more");
        assert_eq!(lessons(service.adapt_by_night(START.plus_seconds(7 * DAY)).await.unwrap()), 0, "six days old");
        assert_eq!(lessons(service.adapt_by_night(START.plus_seconds(8 * DAY)).await.unwrap()), 132, "a week old");
    }

    #[tokio::test]
    async fn who_turns_learning_off_has_the_plain_model_back() {
        let folder = tempfile::tempdir().unwrap();
        let service = open(folder.path()).await;
        service.settle_model(START).await.unwrap();
        import_reviews(&service, 0..120).await;
        let learned = service.adapt_once(START).await.unwrap().change.unwrap().to;
        service.store.close().await;
        let service = open_with(folder.path(), "[analyse]\nadapt = false\n").await;
        let change = service.settle_model(START.plus_seconds(DAY)).await.unwrap().unwrap();
        assert_eq!((change.from, change.to.as_str()), (learned, Model::VERSION));
        assert_eq!(service.model().version(), Model::VERSION);
        assert_eq!(service.settle_model(START.plus_seconds(DAY)).await.unwrap(), None, "once");
    }

    /// What another release has learned on top of its own model fits no other: the lessons do.
    #[tokio::test]
    async fn a_new_release_learns_again_from_the_same_lessons() {
        let folder = tempfile::tempdir().unwrap();
        let service = open(folder.path()).await;
        let version = "linear-0+0123456789abcdef".to_owned();
        let adaptation = Some(vec![1, 2, 3]);
        let older = StoredModel { version, learned_at: START, adaptation, lessons: 120, gains: Vec::new() };
        service.store.begin_model(&older).await.unwrap();
        let forum = SourceId::parse("forum").unwrap();
        let items: Vec<Item> =
            (0..120).map(|n| Item { model_version: older.version.clone().into(), ..indifferent(review(n)) }).collect();
        service.store.save(&forum, &items, None, false, START).await.unwrap();
        let change = service.settle_model(START.plus_seconds(DAY)).await.unwrap().unwrap();
        assert_eq!(change.from, older.version);
        assert!(change.to.starts_with(Model::VERSION) && change.to != Model::VERSION, "it learned: {}", change.to);
        assert_eq!(service.model().version(), change.to);
    }

    #[tokio::test]
    async fn a_change_that_broke_off_is_taken_up_again_and_nothing_is_lost() {
        let folder = tempfile::tempdir().unwrap();
        let service = open(folder.path()).await;
        live(&service, 0..24 * 3, indifferent).await;
        let now = START.plus_seconds(3 * DAY);
        // So far it came: the model is being tried and has read some.
        let version = Model::VERSION.to_owned();
        let stored = StoredModel { version, learned_at: now, adaptation: None, lessons: 0, gains: Vec::new() };
        service.store.try_model(&stored).await.unwrap();
        let read = |id| (id, indifferent(Mention::default()).analysis);
        service.store.save_shadow(Model::VERSION, &(1..50).map(read).collect::<Vec<_>>()).await.unwrap();
        service.store.close().await;
        let service = open(folder.path()).await;
        let forum = SourceId::parse("forum").unwrap();
        let late: Vec<Item> = arrivals(24 * 3).into_iter().map(indifferent).collect();
        service.store.save(&forum, &late, Some((&Cursor::default(), now).into()), true, now).await.unwrap();
        let change = service.settle_model(now).await.unwrap().unwrap();
        assert_eq!(change.breaks[0].mentions(), 24 * 3 * 2 + 2);
        assert_eq!(change.breaks[0].after.iter().sum::<u32>(), 24 * 3 * 2 + 2);
        assert!(change.breaks[0].after[1] >= 49, "what was read is not read again");
    }
}
