//! Dynamics 365 Customer Service, through the Web API of Dataverse (v9.2).
//!
//! Incidents and contacts are found by alternate keys: columns that the operator has made, with a key on each. Everything is
//! written by `PATCH` with `If-None-Match: *`, which makes what is not there and answers 412 where it is, so that a request
//! whose answer was lost can be sent again. Notes have ids of our own (UUID version 5 of what they tell), for the same reason.
//! From "Use Upsert to Create or Update a record" and "Use alternate keys to reference rows" in Microsoft's documentation.

use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::exchange::{Question, ask, header, json as body_of, refusal, unreadable};
use super::{DeskError, Line, Note, Person, Remote, Standing, Told, cut};
use crate::http::{Body, Called, Header, Method};
use crate::outreach::Severity;
use crate::secret::SecretPlace;

const SYSTEM: &str = "Dynamics 365";

pub(super) const SECRET: &str = "hand_off.dynamics.client_secret";

/// What the columns hold, in the tables as they come.
const LONGEST_TITLE: usize = 200;
const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_NOTE: usize = 100_000;
const LONGEST_SUBJECT: usize = 500;
const LONGEST_NAME: usize = 50;

/// `caseorigincode`: the web.
const ORIGIN: u8 = 3;

/// An environment of Dynamics 365.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dynamics {
    /// `https://example.crm4.dynamics.com/`
    pub organisation: Url,
    /// Where tokens are had; `https://login.microsoftonline.com/`.
    pub login: Url,
    /// The directory, by its id or its domain.
    pub tenant: String,
    /// The application that has a user there; it is no secret.
    pub client_id: String,
    /// What belongs to it.
    pub client_secret: SecretPlace,
    /// The column of `incident` that holds our key, as in `new_externalreviewid`.
    pub key: String,
    /// The column of `contact` that does.
    pub contact_key: String,
}

impl Dynamics {
    pub(super) async fn open(&self, told: &Told, line: &Line<'_>) -> Result<Remote, DeskError> {
        // An incident needs somebody whom it is about.
        let nobody = || Person { key: "stimmung.nobody".to_owned(), name: "?".to_owned() };
        let person = told.person.clone().unwrap_or_else(nobody);
        let contact = self.record("contacts", &self.contact_key, &person.key);
        self.make(&contact, &json!({ "lastname": cut(&person.name, LONGEST_NAME) }), line).await?;
        let incident = self.record("incidents", &self.key, &told.key);
        self.make(&incident, &self.incident(told, &person), line).await?;
        self.find(&incident, line).await
    }

    pub(super) async fn read(&self, id: &str, line: &Line<'_>) -> Result<Remote, DeskError> {
        self.find(&format!("incidents({id})"), line).await
    }

    pub(super) async fn note(&self, id: &str, note: &Note, line: &Line<'_>) -> Result<(), DeskError> {
        let own_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{id} {}", note.key).as_bytes());
        let annotation = json!({
            "subject": cut(&note.title, LONGEST_SUBJECT),
            "notetext": cut(&note.text, LONGEST_NOTE),
            "objectid_incident@odata.bind": format!("/incidents({id})"),
        });
        self.make(&format!("annotations({own_id})"), &annotation, line).await
    }

    fn incident(&self, told: &Told, person: &Person) -> Value {
        let priority = match told.severity {
            Severity::Urgent | Severity::High => 1,
            Severity::Normal => 2,
            Severity::Low => 3,
        };
        json!({
            "title": cut(&told.title, LONGEST_TITLE),
            "description": told.description(LONGEST_DESCRIPTION),
            "customerid_contact@odata.bind": format!("/{}", self.record("contacts", &self.contact_key, &person.key)),
            "caseorigincode": ORIGIN,
            "prioritycode": priority,
            "casetypecode": if told.is_question { 1 } else { 2 },
        })
    }

    /// As the Web API names a record by an alternate key.
    fn record(&self, table: &str, column: &str, key: &str) -> String {
        format!("{table}({column}='{}')", key.replace('\'', "''"))
    }

    /// Makes a record, unless it is there.
    async fn make(&self, record: &str, body: &Value, line: &Line<'_>) -> Result<(), DeskError> {
        let only_new = header("if-none-match", "*");
        let called = self.send(Method::Patch, record, vec![only_new], Some(body), line).await?;
        match called.status {
            200..=299 | 412 => Ok(()),
            _ => Err(refused(&called)),
        }
    }

    async fn find(&self, record: &str, line: &Line<'_>) -> Result<Remote, DeskError> {
        let record = format!("{record}?$select=incidentid,ticketnumber,statecode");
        let called = self.send(Method::Get, &record, Vec::new(), None, line).await?;
        if called.status == 404 && is_no_record(&called) {
            return Ok(Remote { standing: Standing::Gone, ..Remote::told() });
        }
        if called.status != 200 {
            return Err(refused(&called));
        }
        let found = body_of(&called);
        let word = |name: &str| found.get(name).and_then(Value::as_str).filter(|word| !word.is_empty());
        let standing = match found.get("statecode").and_then(Value::as_i64) {
            Some(0) => Standing::Open,
            Some(1) => Standing::Solved,
            Some(2) => Standing::Gone,
            _ => return Err(unreadable(SYSTEM)),
        };
        let id = word("incidentid").and_then(|id| Uuid::try_parse(id).ok()).ok_or_else(|| unreadable(SYSTEM))?;
        let mut url = self.organisation.clone();
        url.set_path("/main.aspx");
        url.query_pairs_mut().extend_pairs([
            ("pagetype", "entityrecord"),
            ("etn", "incident"),
            ("id", &id.to_string()),
        ]);
        Ok(Remote {
            id: id.to_string(),
            number: word("ticketnumber").map(str::to_owned),
            url: Some(url.into()),
            standing,
            comments: Vec::new(),
            noted: None,
        })
    }

    /// Asks as the application; where the token is no good any more, once with another one.
    async fn send(
        &self,
        method: Method,
        record: &str,
        more: Vec<Header>,
        body: Option<&Value>,
        line: &Line<'_>,
    ) -> Result<Called, DeskError> {
        let url = self.organisation.join(&format!("/api/data/v9.2/{record}")).map_err(|_| unreadable(SYSTEM))?;
        let mut tries = 2;
        loop {
            let token = self.token(line).await?;
            let mut headers = vec![
                Header::bearer(&token),
                header("accept", "application/json"),
                header("odata-version", "4.0"),
                header("odata-maxversion", "4.0"),
            ];
            headers.extend(more.iter().cloned());
            let body = body.map(|body| Body::Json(body.to_string().into()));
            let called = ask(SYSTEM, Question { method, url: &url, headers, body, key: None }, line).await?;
            tries -= 1;
            if called.status != 401 || tries == 0 {
                return Ok(called);
            }
            *line.token() = None;
        }
    }

    /// By client credentials (RFC 6749, 4.4).
    async fn token(&self, line: &Line<'_>) -> Result<SecretString, DeskError> {
        if let Some(token) = line.token().clone() {
            return Ok(token);
        }
        let secret = self.client_secret.read(SECRET)?.unwrap_or_default();
        let url = self.login.join(&format!("/{}/oauth2/v2.0/token", self.tenant)).map_err(|_| unreadable(SYSTEM))?;
        let form = vec![
            ("grant_type", "client_credentials".into()),
            ("client_id", self.client_id.as_str().into()),
            ("client_secret", secret),
            ("scope", format!("{}/.default", self.organisation.as_str().trim_end_matches('/')).into()),
        ];
        let headers = vec![header("accept", "application/json")];
        let question = Question { method: Method::Post, url: &url, headers, body: Some(Body::Form(form)), key: None };
        let called = ask(SYSTEM, question, line).await?;
        let granted = body_of(&called);
        match granted.get("access_token").and_then(Value::as_str) {
            Some(token) if called.status == 200 => {
                let token = SecretString::from(token);
                *line.token() = Some(token.clone());
                Ok(token)
            }
            _ if called.status == 200 => Err(unreadable(SYSTEM)),
            _ => Err(refusal(SYSTEM, &called, granted.get("error_description").and_then(Value::as_str))),
        }
    }
}

/// `{ "error": { "code", "message" } }`
fn refused(called: &Called) -> DeskError {
    refusal(SYSTEM, called, body_of(called).pointer("/error/message").and_then(Value::as_str))
}

/// `ObjectDoesNotExist`, with or without the key: told from an address that leads nowhere.
fn is_no_record(called: &Called) -> bool {
    let said = body_of(called);
    let code = said.pointer("/error/code").and_then(Value::as_str);
    matches!(code, Some("0x80040217" | "0x80060891"))
}
