//! A world in which everything that strangers wrote is meant to do harm; and its twin, in which it is not.

use crate::account::{Account, Act, Action, Actor, Name, Right, Role, Token};
use crate::alert::quote::web_address;
use crate::alert::{Quote, Verdict, Word};
use crate::analyse::{Analysis, Emotion, Intent, Mood, Reason, Urgency};
use crate::collect::Cursor;
use crate::mention::{Author, Label, Language, Mention, Reply, SourceId, Timestamp};
use crate::notify::{Attempt, Delivery, Fate};
use crate::outreach::survey::{Score, comment};
use crate::service::now;
use crate::store::outreach::Filter;
use crate::store::{Item, NewAccount};
use crate::tongue::said;
use crate::urgent::{Cause, Urgent};
use crate::view::View;
use crate::web::tests::{Answered, Asked, BRAND, World, found_as, world};

/// Stands in every text of a stranger, so that it is found again.
pub(super) const MARK: &str = "qzx";

/// What strangers write: markup, templates, headers, formulas, and what turns or breaks lines.
pub(super) const TEXTS: [&str; 23] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)' style='position:fixed",
    "</textarea></title></script></style><svg onload=alert(1)>",
    "<!-- <base href=//evil.example><form action=//evil.example>",
    "{{7*7}} {% for a in b %} ${7*7} <%= 7*7 %>",
    "&lt;b&gt; &#60;i&#62; &amp;quot;",
    "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "\u{202e}fdp.exe",
    "\u{2069}\u{2069}\u{202c}\u{202e}\u{2067}\u{202b}",
    "שלום \u{2066}עולם",
    "\u{200b}\u{feff}\u{200d}\u{2060}\u{200f}",
    "a\u{2029}b\u{2028}c\u{85}d",
    "=HYPERLINK(\"https://evil.example\",\"x\")",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r\n=1+1",
    "＝2+2",
    "x;=1+1;,=1+1,\t=1+1\t",
    "\0nul\u{1b}[31m\u{7}\u{7f}\u{9b}31m",
    "\u{301}\u{489}\u{20dd}\u{33f}a\u{301}\u{489}\u{20dd}\u{33f}",
];

/// Where strangers say that they wrote it.
const ADDRESSES: [&str; 9] = [
    "javascript:alert(1)//",
    "JaVa\tScRiPt:alert(1)",
    "\u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/",
    "https://evil.example/\"><img src=x onerror=alert(1)>\r\nSet-Cookie: x=1",
    "https://evil.example/\u{202e}\u{2069}'onmouseover='alert(1)",
    "=HYPERLINK(\"https://evil.example\")",
];

/// A world, and what an administrator sees of it who has logged in.
pub(super) struct Hostile {
    pub(super) world: World,
    /// As they were handed to the database.
    pub(super) mentions: Vec<Mention>,
    /// When all of them were said.
    pub(super) said_at: Timestamp,
    pub(super) finding: i64,
    cookie: String,
    is_harmless: bool,
}

impl Hostile {
    pub(super) async fn new() -> Self {
        Self::build(false).await
    }

    /// The same with other letters in the place of what does harm: as many of everything, as long, and in the same order.
    pub(super) async fn twin() -> Self {
        Self::build(true).await
    }

    async fn build(is_harmless: bool) -> Self {
        let world = world().await;
        let cookie = format!("stimmung={}", log_in(&world, &written(&TEXTS.join(" "), is_harmless)).await);
        let (mentions, said_at) = (Vec::new(), now().plus_seconds(-2 * 86_400));
        let mut hostile = Self { world, mentions, said_at, finding: 0, cookie, is_harmless };
        hostile.speak().await;
        hostile.find().await;
        hostile.fail().await;
        hostile.write_down().await;
        hostile.world.service.cases_once(now()).await.unwrap();
        hostile.comment().await;
        hostile
    }

    /// A text of a stranger.
    pub(super) fn written(&self, text: &str) -> String {
        written(text, self.is_harmless)
    }

    fn all(&self) -> String {
        self.written(&TEXTS.join(" "))
    }

    /// Asks for a page as the administrator, in German.
    pub(super) async fn get(&self, address: &str) -> Answered {
        self.world.ask(self.asked(address)).await
    }

    pub(super) fn asked(&self, address: &str) -> Asked {
        Asked::get(address).with("cookie", &self.cookie)
    }

    fn mention(&self, number: usize) -> Mention {
        // A word longer than any line, and more than is shown at once.
        let endless = if number == 0 { "W".repeat(700) } else { String::new() };
        let own: Vec<String> = (0..9).map(|word| format!("w{number}o{word}")).collect();
        let name = self.written(TEXTS[number]);
        let address = ADDRESSES[number % ADDRESSES.len()];
        let url = match (self.is_harmless, address.starts_with("https:")) {
            (false, _) => address.to_owned(),
            (true, true) => "https://harmless.example/".to_owned(),
            (true, false) => "mailto:somebody@harmless.example".to_owned(),
        };
        Mention {
            native_id: name.clone(),
            author: Some(Author { key: name.clone(), name: name.clone() }),
            publisher: Some(name.clone()),
            title: Some(name.clone()),
            text: format!("{name} Lerchenbahn {} {endless}", own.join(" ")),
            url: Some(url),
            country: Some(name.clone()),
            app_version: Some(name.clone()),
            reply: Some(Reply { text: name, at: None }),
            published_at: Some(self.said_at.plus_seconds(-60 * i64::try_from(number).unwrap())),
            ..Mention::default()
        }
    }

    /// Every text in every place of a mention; then each is changed, so that both versions are shown.
    async fn speak(&mut self) {
        let store = &self.world.service.store;
        let look = store.urgent_look(BRAND, self.said_at).await.unwrap();
        store.save_urgent(BRAND, &look, &[], &[], self.said_at).await.unwrap();
        self.mentions = (0..TEXTS.len()).map(|number| self.mention(number)).collect();
        let source = SourceId::parse("forum").unwrap();
        // What a first round brings is history; what comes after it is heard live.
        let (cursor, before) = (Cursor::default(), self.said_at.plus_seconds(-86_400));
        store.save(&source, &[], Some((&cursor, before).into()), true, before).await.unwrap();
        let version: std::sync::Arc<str> = self.world.service.model().version().into();
        let item = |mention: Mention| Item {
            analysis: analysis(&mention.native_id),
            mention,
            model_version: version.clone(),
            brands: vec![BRAND.to_owned()],
        };
        let first: Vec<Item> = self.mentions.iter().cloned().map(item).collect();
        assert_eq!(store.save(&source, &first, None, true, self.said_at).await.unwrap().copies, 0);
        self.mentions.iter_mut().for_each(|mention| mention.text.push_str(" dazu"));
        let second: Vec<Item> = self.mentions.iter().cloned().map(item).collect();
        assert_eq!(store.save(&source, &second, None, true, self.said_at).await.unwrap().edited, TEXTS.len());
        let look = store.urgent_look(BRAND, self.said_at).await.unwrap();
        let urgent = |text: &&str| Urgent { cause: Cause::Safety, words: vec![self.written(text)], weight: 0.9 };
        let found: Vec<_> = look.arrivals.iter().zip(TEXTS.iter().map(urgent)).collect();
        assert_eq!(found.len(), TEXTS.len());
        store.save_urgent(BRAND, &look, &found, &[], now()).await.unwrap();
    }

    /// A finding that quotes all of them, told by a letter that was refused.
    async fn find(&mut self) {
        let store = &self.world.service.store;
        let quote = |mention: &Mention| Quote {
            text: mention.native_id.clone(),
            source: "forum".to_owned(),
            language: Some(Language::GERMAN),
            label: Label::Negative,
            at: self.said_at,
            url: mention.url.as_deref().map(|url| web_address(url).unwrap_or_else(|| url.to_owned())),
        };
        let word = |text: &&str| Word { text: self.written(text), before: 1, since: 9, z: 4.0 };
        self.finding = found_as(&self.world, |alert| {
            alert.supporting = self.mentions.iter().map(quote).collect();
            alert.opposing = alert.supporting.first().cloned();
            alert.words = TEXTS.iter().map(word).collect();
        })
        .await;
        store.judge(self.finding, &Verdict::Incident { name: self.all(), at: Some(now()) }, now()).await.unwrap();
        let entry = store.next_letter(now()).await.unwrap().unwrap();
        let attempt = Attempt::from(Delivery::Refused { error: self.all() });
        store.settle(&entry, &attempt, Fate::Failed, now()).await.unwrap();
    }

    /// A source whose server explains itself.
    async fn fail(&self) {
        let source = SourceId::parse("press").unwrap();
        let (error, since) = (self.all(), self.said_at);
        self.world
            .service
            .store
            .record_failure(&source, (said(&error, &error), Some(said("fragen Sie", "ask them"))), since, since)
            .await
            .unwrap();
    }

    /// Everybody says what they think of how they were helped.
    async fn comment(&self) {
        let store = &self.world.service.store;
        let cases = store.cases(&Filter::default(), now()).await.unwrap();
        let commented = cases.iter().filter(|one| one.case.state.can_be_rated()).zip(TEXTS);
        for (one, text) in commented {
            let asker = Actor { account: None, who: self.written(text) };
            let survey = store.ask(one.case.id, Language::GERMAN, |_| None, &asker, now()).await.unwrap().unwrap();
            let comment = comment(&self.written(text));
            assert!(store.rate(survey.id, Score::ALL[4], comment.as_deref(), now()).await.unwrap().is_some());
        }
    }

    /// Saved views, and what was done by somebody with such a name.
    async fn write_down(&self) {
        let store = &self.world.service.store;
        for text in TEXTS {
            let text = self.written(text);
            store.save_view(&text, &View::parse("mood=negative", &[]).0, (None, true), now()).await.unwrap();
            let actor = Actor { account: None, who: text.clone() };
            let act = Act { actor, action: Action::ChangeSource, subject: text.clone(), detail: text };
            store.audit(&act, now()).await.unwrap();
        }
    }
}

/// A stranger's text, marked; `is_harmless`: with another letter for each that does harm.
fn written(text: &str, is_harmless: bool) -> String {
    let harmless = |c: char| if c.is_alphanumeric() || c == ' ' { c } else { 'x' };
    let text = if is_harmless { text.chars().map(harmless).collect() } else { text.to_owned() };
    format!("{text} {MARK}")
}

fn analysis(words: &str) -> Analysis {
    let why = vec![Reason { words: words.to_owned(), weight: -0.8 }];
    Analysis {
        language: Some(Language::GERMAN),
        mood: Some(Mood { label: Label::Negative, score: -0.8, probabilities: [0.9, 0.05, 0.05], why: why.clone() }),
        emotions: vec![Emotion::Disappointment],
        intents: vec![Intent::Complaint],
        topics: vec![words.to_owned().into()],
        urgency: Urgency { value: 0.9, why },
        ..Analysis::default()
    }
}

/// An administrator of that name, with a token called so too; the secret of a session.
async fn log_in(world: &World, shown_name: &str) -> String {
    let store = &world.service.store;
    let name = Name::parse("admin").unwrap();
    let hash = "$hash".into();
    let new = NewAccount { name: &name, shown_name, role: Role::Admin, password: Some(&hash), identity: None };
    store.add_account(&new, &Actor::command_line(), now()).await.unwrap();
    let account: Account = store.account(&name).await.unwrap().unwrap().0;
    let program = Token::of_program().unwrap();
    let kind = (shown_name, Right::Read);
    store.add_token(&account, &program, kind, None, &Actor::command_line(), now()).await.unwrap();
    let token = Token::of_session().unwrap();
    store.begin_session(&account, &token, None, now()).await.unwrap();
    token.expose().to_owned()
}
