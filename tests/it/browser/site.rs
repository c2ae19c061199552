//! The real program, over two months of an invented brand whose mood falls in the last days.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use stimmung::account::Actor;
use stimmung::analyse::{Analysis, Emotion, Intent, Mood, Reason};
use stimmung::collect::Cursor;
use stimmung::config::Config;
use stimmung::mention::{Author, Label, Language, Mention, Rating, SourceId, Timestamp};
use stimmung::outreach::survey::Score;
use stimmung::service::{Service, now};
use stimmung::store::Item;
use stimmung::store::outreach::{Change, Filter};

use crate::program::Program;

const DAYS: i64 = 60;
const A_DAY: i64 = 24;
/// Of every account.
pub(crate) const PASSWORD: &str = "drei Aepfel im Regen";
/// The mood falls so many days ago.
const FALL: i64 = 6;

/// The program, serving.
pub(crate) struct Site {
    pub(crate) base: String,
    /// Where somebody says how satisfied they are: in German and in English.
    pub(crate) surveys: [String; 2],
    /// A case about which somebody was asked.
    pub(crate) surveyed: String,
    _program: Program,
    running: Child,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

fn configuration() -> String {
    let mut text = r#"
        [[brand]]
        name = "Lerchenbahn"
        any = ["Lerchenbahn"]
        [[brand]]
        name = "Finkenbahn"
        any = ["Finkenbahn"]
        competitor_of = "Lerchenbahn"
        [alert]
        to = ["marketing@lerchenbahn.example"]
        [urgent]
        to = ["service@lerchenbahn.example"]
        [analyse]
        adapt = false # by night, it would learn while somebody looks
        [service]
        public_url = "http://127.0.0.1:9" # of links only
    "#
    .to_owned();
    for id in ["forum", "press", "shop"] {
        // Nobody is there: the page of the sources has something to tell.
        text += &format!(
            "[[source]]\nid = \"{id}\"\nevery = \"6h\"\nallow_private_network = true\n\
             from.feed = {{ url = \"http://127.0.0.1:9/{id}\" }}\n"
        );
    }
    text
}

impl Site {
    /// Without accounts.
    pub(crate) async fn open() -> Self {
        Self::open_with(&[]).await
    }

    /// With accounts of these names, which may work on cases.
    pub(crate) async fn open_with(names: &[&str]) -> Self {
        let program = Program::with(&configuration());
        let (surveyed, surveys) = fill(&program).await;
        for (place, name) in names.iter().enumerate() {
            // The first one lets the others in.
            let role = if place == 0 { "admin" } else { "agent" };
            let added = program.feed(&["user", "add", name, "--role", role], &format!("{PASSWORD}\n"));
            assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        }
        let mut command = program.command(&["run", "--listen", "127.0.0.1:0"]);
        let mut running = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(running.stderr.take().unwrap()).lines();
        let base = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, address) = line.split_once("the pages are at ")?;
            Some(address.split_whitespace().next()?.trim_end_matches('/').to_owned())
        });
        // What it goes on to say must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        Self { base: base.unwrap(), surveys, surveyed, _program: program, running }
    }
}

/// Says everything, and lets the detector look once a day; what [`ask`] answers.
async fn fill(program: &Program) -> (String, [String; 2]) {
    let config = Config::parse(&configuration(), "sources.toml").unwrap();
    let service = Service::open_without_delivery(config, &program.data(), "stimmung.db").await.unwrap();
    service.settle_model(now()).await.unwrap();
    let cursor = Cursor::default();
    let version: std::sync::Arc<str> = service.model().version().into();
    for days_ago in (0..DAYS).rev() {
        let day = now().plus_seconds(-days_ago * 86_400 - 3600);
        for (n, source) in ["forum", "press", "shop"].into_iter().enumerate() {
            let items: Vec<Item> = (0..A_DAY / 3)
                .map(|k| {
                    let number = days_ago * A_DAY + n as i64 * A_DAY / 3 + k;
                    item(number, day.plus_seconds(-k * 1800), days_ago < FALL, &version)
                })
                .collect();
            let source = SourceId::parse(source).unwrap();
            let end = |at: Timestamp| Some((&cursor, at).into());
            if days_ago == DAYS - 1 {
                // A first round is history; what comes after it is heard live.
                service.store.save(&source, &[], end(day), true, day.plus_seconds(-86_400)).await.unwrap();
            }
            service.store.save(&source, &items, end(day), true, day).await.unwrap();
        }
        service.detect_once(day.plus_seconds(3600)).await.unwrap();
        service.urgent_once(day.plus_seconds(3600)).await.unwrap();
        service.cases_once(day.plus_seconds(3600)).await.unwrap();
    }
    let asked = ask(&service).await;
    service.store.close().await;
    asked
}

/// Asks three people how satisfied they are, of whom one has answered: the page of a case, and two links.
async fn ask(service: &Service) -> (String, [String; 2]) {
    let (store, actor, german) = (&service.store, Actor::unknown(), Language::GERMAN);
    let cases = store.cases(&Filter::default(), now()).await.unwrap();
    let mut links = Vec::new();
    for (one, language) in cases.iter().zip([german, Language::ENGLISH, german]) {
        store.change_case(one.case.id, &Change::Answer, &actor, now()).await.unwrap().unwrap();
        let survey = service.ask(one.case.id, language, None, &actor, now()).await.unwrap().unwrap();
        links.push(service.survey_link(&survey).await.unwrap().unwrap().replace("http://127.0.0.1:9", ""));
        if links.len() == 3 {
            assert!(service.rate(survey.id, Score::ALL[1], Some("Ging schnell, danke."), now()).await.unwrap());
        }
    }
    links.pop();
    (format!("/cases/{}", cases[0].case.id), links.try_into().unwrap())
}

/// Every third is upset, and two of three after the fall; each in words of its own.
fn item(number: i64, at: Timestamp, fallen: bool, version: &std::sync::Arc<str>) -> Item {
    const WORDS: [&str; 23] = [
        "Bahnhof",
        "Wagen",
        "Fenster",
        "Heizung",
        "Anschluss",
        "Schaffner",
        "Fahrkarte",
        "Automat",
        "Gleis",
        "Durchsage",
        "Fahrrad",
        "Treppe",
        "Aufzug",
        "Sitz",
        "Tür",
        "Baustelle",
        "Umleitung",
        "Ersatzbus",
        "Erstattung",
        "App",
        "Konto",
        "Rechnung",
        "Hotline",
    ];
    let kind = (number * 7 + number / 5) % 6;
    let label = match kind {
        0 | 1 => Label::Negative,
        2 | 3 if fallen => Label::Negative,
        4 => Label::Neutral,
        _ => Label::Positive,
    };
    let own: Vec<&str> = (0..6).map(|k| WORDS[((number * 11 + k * 5 + number / 23 * k) % 23) as usize]).collect();
    let own = own.join(" ");
    let text = match label {
        Label::Negative if number % 97 == 5 => {
            format!("Lerchenbahn {number}: Die Tür ging während der Fahrt auf, ein Kind wurde verletzt! {own}")
        }
        Label::Negative => format!("Ich bin enttäuscht von der Lerchenbahn {number}: {own}, nichts klappt."),
        Label::Neutral => format!("Die Lerchenbahn {number} fährt ab Montag anders: {own}."),
        Label::Positive => format!("Danke, Lerchenbahn {number}! {own}, alles bestens."),
    };
    let score = f64::from(label.sign()) * 0.8;
    let why = match label {
        Label::Negative => vec![Reason { words: "enttäuscht".to_owned(), weight: score }],
        Label::Neutral => Vec::new(),
        Label::Positive => vec![Reason { words: "Danke".to_owned(), weight: score }],
    };
    let is_negative = label == Label::Negative;
    let analysis = Analysis {
        language: Some(Language::GERMAN),
        mood: Some(Mood { label, score, probabilities: [0.2, 0.2, 0.6], why }),
        emotions: is_negative.then_some(Emotion::Disappointment).into_iter().collect(),
        intents: is_negative.then_some(Intent::Complaint).into_iter().collect(),
        topics: vec![if fallen { "app" } else { "quality" }.into()],
        ..Analysis::default()
    };
    let mention = Mention {
        native_id: format!("m{number}"),
        author: Some(Author { key: format!("u{}", number % 400), name: format!("jana_{}", number % 400) }),
        title: (number % 4 == 0).then(|| format!("Fahrt {number}")),
        text,
        url: Some(format!("https://forum.example.org/{number}")),
        rating: (number % 3 == 0).then(|| Rating::stars(if is_negative { 1.0 } else { 5.0 })),
        published_at: Some(at),
        ..Mention::default()
    };
    Item { mention, analysis, model_version: version.clone(), brands: vec!["Lerchenbahn".to_owned()] }
}
