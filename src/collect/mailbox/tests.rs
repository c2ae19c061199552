use super::imap_server::{Account, ImapServer};
use super::*;
use crate::collect::{Kind, behaviour, collect as collect_any};
use crate::http::{FetchError, Fetcher, Settings};

/// 2026-11-20T12:00:00Z
const NOW: Timestamp = Timestamp::from_seconds(1_795_176_000);

const GERMAN: &[u8] = include_bytes!("fixtures/german.eml");
const ENGLISH: &[u8] = include_bytes!("fixtures/english.eml");

fn kind(server: &ImapServer, more: &str) -> Kind {
    let written = format!(
        "server = \"127.0.0.1\"\nport = {}\nuser = \"erika\"\npassword_env = \"CARGO_PKG_NAME\"\n\
         ca_file = {:?}\n{more}",
        server.port,
        server.authority.path()
    );
    Kind::Mailbox(toml::from_str(&written).unwrap())
}

async fn round_in(kind: &Kind, cursor: &Cursor, allow_private_network: bool) -> Result<Batch, CollectError> {
    let fetcher = Fetcher::new(&Settings::default()).unwrap();
    let (is_wanted, listen_at_most) = (&|_: &str| true, None);
    let round = Round { cursor, fetcher: &fetcher, allow_private_network, now: NOW, is_wanted, listen_at_most };
    collect_any(kind, &round).await
}

async fn round(kind: &Kind, cursor: &Cursor) -> Result<Batch, CollectError> {
    round_in(kind, cursor, true).await
}

fn mail(number: u32) -> (u32, Vec<u8>) {
    let text = format!(
        "Message-ID: <{number}@portal.example>\r\nFrom: neu@portal.example\r\nSubject: Neue Bewertung\r\n\r\n\
         Bewertung: 4 Sterne\r\nText: Die Lerchenbahn war pünktlich.\r\n"
    );
    (number, text.into_bytes())
}

fn mails(numbers: impl IntoIterator<Item = u32>) -> Account {
    Account { validity: 7, mails: numbers.into_iter().map(mail).collect(), ..Account::default() }
}

fn ids(batch: &Batch) -> Vec<&str> {
    batch.mentions.iter().map(|mention| mention.native_id.as_str()).collect()
}

#[tokio::test]
async fn mails_in_german_and_english_are_read_and_others_are_told() {
    let strange = b"Subject: Lunch?\r\nFrom: jon@lerche.example\r\n\r\nAt one?\r\n".to_vec();
    let broken = b"\x00\xff\xfe Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n".to_vec();
    let mails = vec![(3, GERMAN.to_vec()), (4, broken), (5, ENGLISH.to_vec()), (9, strange), (12, Vec::new())];
    let server = ImapServer::start(Account { validity: 7, mails, ..Account::default() }).await;
    let batch = round(&kind(&server, ""), &Cursor::default()).await.unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&batch.mentions).unwrap());
    assert_eq!(
        batch.notes,
        ["3 mails were not understood and are left out (UID 4, UID 9, UID 12): \
          write a rule for them, or narrow `from` or `subject`"]
    );
    let asked = server.asked();
    assert_eq!(asked[1..3], ["EXAMINE \"INBOX\"", "UID SEARCH UID 1:*"]);
    assert_eq!(asked[3..], ["UID FETCH 3,4,5,9,12 (UID BODY.PEEK[]<0.262144>)", "LOGOUT"]);
}

#[tokio::test]
async fn two_rounds_bring_nothing_twice_and_then_only_what_is_new() {
    let server = ImapServer::start(mails(1..=120)).await;
    let kind = kind(&server, "");
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes.len()), (120, 0));
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), &second.cursor), (0, &first.cursor));
    server.change(|account| account.mails.push(mail(121)));
    let third = round(&kind, &second.cursor).await.unwrap();
    assert_eq!(ids(&third), ["121@portal.example"]);
    assert_eq!(server.asked().iter().filter(|command| command.starts_with("UID FETCH")).count(), 4);
}

#[tokio::test]
async fn a_folder_that_is_numbered_anew_is_read_anew_under_the_same_ids() {
    let server = ImapServer::start(mails([5, 6])).await;
    let kind = kind(&server, "");
    let first = round(&kind, &Cursor::default()).await.unwrap();
    server.change(|account| {
        account.validity = 8;
        for (number, (renumbered, _)) in (1..).zip(&mut account.mails) {
            *renumbered = number;
        }
    });
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!(ids(&second), ids(&first));
    assert!(second.cursor.position.unwrap().starts_with("8 2 "));
}

#[tokio::test]
async fn a_line_that_drops_loses_nothing() {
    let server = ImapServer::start(Account { breaks_at: Some(70), ..mails(1..=120) }).await;
    let kind = kind(&server, "");
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes.len()), (50, 1));
    assert!(first.notes[0].starts_with("the other mails are left for the next round: "), "{:?}", first.notes);
    let error = round(&kind, &first.cursor).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::Broken { .. })), "{error}");
    server.change(|account| account.breaks_at = None);
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), ids(&second)[0]), (70, "51@portal.example"));
}

#[tokio::test]
async fn a_server_that_says_no_in_between_loses_nothing() {
    let server = ImapServer::start(Account { refuses: Some(70), ..mails(1..=120) }).await;
    let kind = kind(&server, "");
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), first.notes.len()), (50, 1));
    assert!(round(&kind, &first.cursor).await.is_err());
    server.change(|account| account.refuses = None);
    let second = round(&kind, &first.cursor).await.unwrap();
    assert_eq!((second.mentions.len(), ids(&second)[0]), (70, "51@portal.example"));
}

#[tokio::test]
async fn of_many_mails_the_newest_are_read_at_first_and_later_the_oldest() {
    let server = ImapServer::start(mails(1..=1100)).await;
    let kind = kind(&server, "");
    let first = round(&kind, &Cursor::default()).await.unwrap();
    assert_eq!((first.mentions.len(), ids(&first)[0]), (1000, "101@portal.example"));
    let known =
        Cursor { position: first.cursor.position.map(|it| it.replace("7 1100 ", "7 10 ")), ..Cursor::default() };
    let second = round(&kind, &known).await.unwrap();
    assert_eq!((second.mentions.len(), ids(&second)[0]), (1000, "11@portal.example"));
    assert_eq!(second.notes, ["90 mails are left for the next round"]);
    let third = round(&kind, &second.cursor).await.unwrap();
    assert_eq!((third.mentions.len(), third.notes.len()), (90, 0));
}

#[tokio::test]
async fn only_mails_of_the_sender_and_subject_are_read() {
    let others = [(1, GERMAN.to_vec()), mail(2)];
    let server = ImapServer::start(Account { validity: 7, mails: others.into(), ..Account::default() }).await;
    let by_name = round(&kind(&server, "from = \"lärche\""), &Cursor::default()).await.unwrap();
    assert_eq!((ids(&by_name), by_name.notes.len()), (vec!["4711@portal.example"], 0));
    let by_both = "from = \"NEU@portal\"\nsubject = \"Neue \\\"Bewertung\"";
    assert!(round(&kind(&server, by_both), &Cursor::default()).await.unwrap().mentions.is_empty());
    let search = "UID SEARCH UID 1:* FROM \"NEU@portal\" SUBJECT \"Neue \\\"Bewertung\"";
    assert!(server.asked().contains(&search.to_owned()), "{:?}", server.asked());
}

#[tokio::test]
async fn a_position_is_only_valid_for_the_same_folder() {
    let server = ImapServer::start(mails([1, 2])).await;
    let first = round(&kind(&server, ""), &Cursor::default()).await.unwrap();
    let other = Cursor { position: first.cursor.position.map(|it| it.replace("INBOX", "Other")), ..Cursor::default() };
    for cursor in [other, Cursor { position: Some("whatever".to_owned()), ..Cursor::default() }] {
        assert_eq!(round(&kind(&server, ""), &cursor).await.unwrap().mentions.len(), 2);
    }
}

#[tokio::test]
async fn a_private_network_is_entered_only_where_it_is_allowed() {
    let server = ImapServer::start(mails([1])).await;
    let error = round_in(&kind(&server, ""), &Cursor::default(), false).await.unwrap_err();
    assert!(matches!(error, CollectError::Fetch(FetchError::PrivateNetwork { .. })), "{error}");
    assert!(error.hint().is_some() && server.asked().is_empty());
}

#[tokio::test]
async fn trouble_is_told_with_what_to_do() {
    let server = ImapServer::start(mails([1])).await;
    let told = async |kind: Kind| {
        let error = round(&kind, &Cursor::default()).await.unwrap_err();
        behaviour::told(&error).replace(&server.port.to_string(), "PORT")
    };
    let other = |setting: &str, value: &str| {
        let Kind::Mailbox(kind) = kind(&server, "") else { unreachable!() };
        Kind::Mailbox(match setting {
            "user" => Mailbox { user: value.to_owned(), ..kind },
            "folder" => Mailbox { folder: value.to_owned(), ..kind },
            _ => Mailbox { ca_file: None, ..kind },
        })
    };
    let mut told = vec![
        told(other("user", "jon")).await,
        told(other("folder", "Reviews")).await,
        told(other("ca_file", "")).await,
    ];
    server.change(|account| account.says_only = Some("* garbage {\r\n"));
    let nonsense = round(&kind(&server, ""), &Cursor::default()).await.unwrap_err().to_string();
    assert!(!nonsense.contains("stimmung"), "the password is in it: {nonsense}");
    told.push(nonsense.replace(&server.port.to_string(), "PORT"));
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn settings_that_cannot_work_are_refused_all_at_once() {
    let mistake = |written: &str| toml::from_str::<Mailbox>(written).unwrap_err().message().to_owned();
    let mistakes = [
        mistake("server = \"https://mail.example/\"\nuser = \"\"\nfolder = \"Entwürfe\"\nsubject = \"a\\r\\nb\""),
        mistake(
            "server = \"mail.example\"\nuser = \"e\"\npassword_env = \"A\"\n\
             rules = [{ rating = \"Note\" }, { author = \"Name\" }]",
        ),
        mistake("server = \"mail.example:993\"\nuser = \"e\"\npassword_env = \"A\""),
        mistake("server = \"mail.example\"\nuser = \"e\"\npassword = \"geheim\""),
    ];
    insta::assert_snapshot!(mistakes.join("\n"));
}

proptest::proptest! {
    #[test]
    fn no_mail_makes_it_panic(head in "(Subject|From|Date|Content-Type|Message-ID)?: ?\\PC{0,30}", body: Vec<u8>) {
        let mail = [head.as_bytes(), b"\r\n\r\n", &body].concat();
        if let Some(letter) = letter::read(&mail) {
            rule::review(&[], &letter.texts);
        }
    }
}
