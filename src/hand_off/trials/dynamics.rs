use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;

const CONTACT: &str = "new_externalauthorid";
const INCIDENT: &str = "new_externalreviewid";

#[derive(Default)]
struct Environment {
    tokens: u32,
    contacts: BTreeMap<String, Value>,
    /// By their keys; each with how often it was made.
    incidents: BTreeMap<String, (Value, u32)>,
    annotations: BTreeMap<String, Value>,
    solved: bool,
}

/// The id of the incident.
const ID: &str = "0b1c2d3e-0000-4000-8000-000000000007";

fn serve(environment: &mut Environment, asked: &Asked) -> Reply {
    if asked.path == "/lerche.example/oauth2/v2.0/token" {
        assert_eq!((asked.method.as_str(), form(asked)), ("POST", granted(asked)));
        environment.tokens += 1;
        return respond("200 OK", &json!({ "token_type": "Bearer", "expires_in": 3599, "access_token": "t" }));
    }
    for (name, value) in [
        ("authorization", "Bearer t"),
        ("accept", "application/json"),
        ("odata-version", "4.0"),
        ("odata-maxversion", "4.0"),
    ] {
        assert_eq!(asked.headers[name], value, "{name}");
    }
    let record = asked.path.strip_prefix("/api/data/v9.2/").expect("the address of the Web API");
    if asked.method == "GET" {
        return read(environment, record);
    }
    assert_eq!(asked.method, "PATCH");
    assert_eq!(
        (asked.headers["if-none-match"].as_str(), asked.headers["content-type"].as_str()),
        ("*", "application/json")
    );
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    assert!(body.as_object().unwrap().values().all(|value| !value.is_null()), "empty lookups are left out: {body}");
    let is_new = match record.split_once('(').unwrap() {
        ("contacts", key) => make_contact(environment, key, body),
        ("incidents", key) => make_incident(environment, key, body),
        ("annotations", id) => make_annotation(environment, id, body),
        (other, _) => panic!("{other}"),
    };
    let there =
        json!({ "error": { "code": "0x80060892", "message": "A record with matching key values already exists." } });
    if is_new {
        answer("204 No Content", "OData-EntityId: x\r\n", b"")
    } else {
        respond("412 Precondition Failed", &there)
    }
}

fn read(environment: &Environment, record: &str) -> Reply {
    let (record, select) = record.split_once('?').unwrap();
    assert_eq!(select, "$select=incidentid,ticketnumber,statecode");
    let is_there = match alternate(record.strip_prefix("incidents(").unwrap(), INCIDENT) {
        Some(key) => environment.incidents.contains_key(&key),
        None => record == format!("incidents({ID})") && !environment.incidents.is_empty(),
    };
    if !is_there {
        return respond("404 Not Found", &json!({ "error": { "code": "0x80040217", "message": "Does Not Exist" } }));
    }
    let state = i32::from(environment.solved);
    respond("200 OK", &json!({ "incidentid": ID, "ticketnumber": "CAS-01007-K3", "statecode": state }))
}

fn make_contact(environment: &mut Environment, key: &str, body: Value) -> bool {
    assert_eq!(fields(&body), ["lastname"]);
    environment.contacts.insert(alternate(key, CONTACT).unwrap(), body).is_none()
}

fn make_incident(environment: &mut Environment, key: &str, body: Value) -> bool {
    let key = alternate(key, INCIDENT).unwrap();
    assert_eq!(
        fields(&body),
        ["caseorigincode", "casetypecode", "customerid_contact@odata.bind", "description", "prioritycode", "title"]
    );
    let contact = body["customerid_contact@odata.bind"].as_str().unwrap().strip_prefix("/contacts(").unwrap();
    assert!(environment.contacts.contains_key(&alternate(contact, CONTACT).unwrap()), "the customer is there");
    assert!((1..=3).contains(&body["prioritycode"].as_i64().unwrap()));
    match environment.incidents.get_mut(&key) {
        Some(_) => false,
        None => {
            environment.incidents.insert(key, (body, 1));
            true
        }
    }
}

fn make_annotation(environment: &mut Environment, id: &str, body: Value) -> bool {
    assert_eq!(fields(&body), ["notetext", "objectid_incident@odata.bind", "subject"]);
    assert_eq!(body["objectid_incident@odata.bind"], format!("/incidents({ID})"));
    assert!(uuid::Uuid::try_parse(id.trim_end_matches(')')).is_ok(), "{id}");
    environment.annotations.insert(id.to_owned(), body).is_none()
}

/// The value of an alternate key, as the Web API reads it.
fn alternate(written: &str, column: &str) -> Option<String> {
    let value = written.strip_prefix(&format!("{column}='"))?.strip_suffix("')")?;
    assert!(!value.contains(['/', '<', '>', '*', '%', '&', ':', '\\', '?', '+', ' ']), "Dataverse refuses `{value}`");
    Some(value.to_owned())
}

fn fields(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>().into_iter().collect()
}

fn form(asked: &Asked) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect()
}

fn granted(asked: &Asked) -> BTreeMap<String, String> {
    let scope = format!("http://{}/.default", asked.headers["host"]);
    [
        ("grant_type", "client_credentials"),
        ("client_id", "lerche"),
        ("client_secret", "stimmung"),
        ("scope", scope.as_str()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

fn respond(status: &str, body: &Value) -> Reply {
    answer(status, "Content-Type: application/json; odata.metadata=minimal\r\n", body.to_string().as_bytes())
}

fn dynamics(base: &Url) -> Desk {
    desk(DeskKind::Dynamics(Dynamics {
        organisation: base.clone(),
        login: base.clone(),
        tenant: "lerche.example".to_owned(),
        client_id: "lerche".to_owned(),
        client_secret: SecretPlace { env: Some("CARGO_PKG_NAME".to_owned()), file: None },
        key: INCIDENT.to_owned(),
        contact_key: CONTACT.to_owned(),
    }))
}

#[tokio::test]
async fn a_case_becomes_an_incident_with_its_contact_and_its_notes() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let (remote, errors) = hand_over(&dynamics(&fake.site.url("/"))).await;
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(
        (remote.id.as_str(), remote.number.as_deref(), remote.standing),
        (ID, Some("CAS-01007-K3"), Standing::Open)
    );
    let page = format!("main.aspx?pagetype=entityrecord&etn=incident&id={ID}");
    assert_eq!(remote.url, Some(fake.site.url(&page).to_string()));
    let made = fake.state();
    assert_eq!(made.tokens, 1, "one for all of it");
    let all = json!({
        "contacts": made.contacts,
        "incidents": made.incidents.iter().map(|(key, (body, _))| (key, body)).collect::<BTreeMap<_, _>>(),
        "notes": made.annotations.values().collect::<Vec<_>>(),
    });
    insta::assert_snapshot!(serde_json::to_string_pretty(&all).unwrap());
}

#[tokio::test]
async fn whatever_goes_wrong_there_is_one_incident_and_each_note_once() {
    // A token, a contact, an incident, three looks and two notes.
    for troubles in all_troubles(8) {
        let fake = Fake::start(troubles.clone(), serve).await;
        let (remote, _) = hand_over(&dynamics(&fake.site.url("/"))).await;
        let made = fake.state();
        assert_eq!(remote.id, ID, "{troubles:?}");
        assert_eq!(made.contacts.len(), 1, "{troubles:?}");
        assert_eq!(made.incidents.values().map(|(_, times)| times).sum::<u32>(), 1, "{troubles:?}");
        assert_eq!(made.annotations.len(), 2, "{troubles:?}");
    }
}

#[tokio::test]
async fn what_is_settled_or_gone_there_is_read_back() {
    let fake = Fake::start(BTreeMap::new(), serve).await;
    let (desk, fetcher) = (dynamics(&fake.site.url("/")), fetcher());
    let line = Line::new(&desk, &fetcher);
    assert_eq!(desk.read(ID, &line).await.unwrap().standing, Standing::Gone);
    desk.open(&told(), &line).await.unwrap();
    fake.state().solved = true;
    assert_eq!(desk.read(ID, &line).await.unwrap().standing, Standing::Solved);
}

#[tokio::test]
async fn a_refusal_is_told_with_what_dynamics_says() {
    let said = r#"{"error":{"code":"0x80060888","message":"The key in the request URI is not valid for resource 'incident'."}}"#;
    let site = Site::start(move |asked| match asked.path.ends_with("token") {
        true => respond("200 OK", &json!({ "access_token": "t" })),
        false => answer("400 Bad Request", "", said.as_bytes()),
    })
    .await;
    let (desk, fetcher) = (dynamics(&site.url("/")), fetcher());
    let error = desk.open(&told(), &Line::new(&desk, &fetcher)).await.unwrap_err();
    insta::assert_snapshot!(format!("{error}\n{}", error.words.german), @"
    Dynamics 365 answered 400: The key in the request URI is not valid for resource 'incident'.
    Dynamics 365 hat mit 400 geantwortet: The key in the request URI is not valid for resource 'incident'.
    ");
    assert!(!error.may_pass);
}

#[tokio::test]
async fn a_wrong_secret_is_asked_for_twice_and_a_pause_is_told() {
    let site = Site::start(|asked| match asked.path.ends_with("token") {
        true => respond("200 OK", &json!({ "access_token": "t" })),
        false => answer("401 Unauthorized", "", b""),
    })
    .await;
    let (desk, fetcher) = (dynamics(&site.url("/")), fetcher());
    let error = desk.open(&told(), &Line::new(&desk, &fetcher)).await.unwrap_err();
    assert!(!error.may_pass && error.hint.is_some(), "{error}");
    assert_eq!(site.asked().iter().filter(|path| path.ends_with("token")).count(), 2);
    let fake = Fake::start(BTreeMap::from([(1, Trouble::TooMany)]), serve).await;
    let desk = dynamics(&fake.site.url("/"));
    let error = desk.open(&told(), &Line::new(&desk, &fetcher)).await.unwrap_err();
    assert_eq!((error.may_pass, error.retry_after), (true, Some(Duration::from_secs(7))));
}
