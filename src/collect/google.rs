//! What the APIs of Google have in common: a token for a key that stays, and how they say why they refuse.

use std::time::Duration;

use chrono::{Days, NaiveTime};
use chrono_tz::America::Los_Angeles;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::pages::{json, missing};
use super::{CollectError, Round};
use crate::http::{Answer, Body, FetchError, Request};
use crate::mention::Timestamp;
use crate::text;
use crate::tongue::{Said, said};

/// Where tokens are had.
pub(super) const TOKENS: &str = "https://oauth2.googleapis.com/token";

const HINT: Said<&'static str> =
    said("Prüfen Sie die Adresse, die Tokens ausgibt", "check the address that gives tokens");

/// Of what Google says of a refusal, so many characters are shown.
const LONGEST_MESSAGE: usize = 300;

/// A token for an hour, which is longer than a round.
///
/// # Errors
/// Where there is none; [`CollectError::Refused`] where Google says why.
pub(super) async fn token(
    address: &Url,
    form: Vec<(&'static str, SecretString)>,
    round: &Round<'_>,
) -> Result<SecretString, CollectError> {
    let request = Request::new(address.clone(), "application/json", round.allow_private_network);
    let request = Request { body: Some(Body::Form(form)), ..request };
    let token = match round.fetcher.get(&request).await.map_err(|error| refusal(error, round.now))? {
        Answer::Page(page) => json(&page, HINT)?.get("access_token").and_then(Value::as_str).map(SecretString::from),
        Answer::NotModified { .. } => None,
    };
    token.ok_or_else(|| missing("access_token", HINT))
}

/// Why Google refuses, where it says so: in words for people, and with how long it will.
pub(super) fn refusal(error: FetchError, now: Timestamp) -> CollectError {
    let FetchError::Status { status, retry_after, said } = &error else { return error.into() };
    let Some(Refusal { reason, message }) = Refusal::read(said) else { return error.into() };
    CollectError::Refused {
        message: Said {
            german: format!("Google hat mit {status} geantwortet, {reason}{message}"),
            english: format!("Google answered {status}, {reason}{message}"),
        },
        hint: hint(&reason),
        retry_after: if is_daily(&reason) { Some(until_midnight(now)) } else { *retry_after },
    }
}

/// What Google says of it.
struct Refusal {
    /// In one word: `quotaExceeded`, `PERMISSION_DENIED`.
    reason: String,
    /// In a sentence, with a colon before it; empty where there is none.
    message: String,
}

impl Refusal {
    /// `{ "error": { "message", "status", "errors": [{ "reason" }], "details": [{ "reason" }] } }` from APIs,
    /// `{ "error": "…", "error_description": "…" }` where tokens are had.
    fn read(said: &[u8]) -> Option<Self> {
        let said: Value = serde_json::from_slice(said).ok()?;
        let word = |pointer: &str| said.pointer(pointer)?.as_str().filter(|word| !word.is_empty());
        let details = said.pointer("/error/details").and_then(Value::as_array).into_iter().flatten();
        let has_no_access = |detail: &Value| detail.pointer("/metadata/quota_limit_value") == Some(&"0".into());
        let detail = details.clone().find_map(|detail| detail.get("reason")?.as_str());
        let reason = if details.clone().any(has_no_access) { Some(NO_ACCESS) } else { None };
        let reason =
            reason.or(detail).or(word("/error/errors/0/reason")).or(word("/error/status")).or(word("/error"))?;
        let message = word("/error/message").or(word("/error_description"));
        let message = message.map_or_else(String::new, |said| format!(": {}", text::plain(said).replace('\n', " ")));
        Some(Self { reason: text::plain(reason), message: message.chars().take(LONGEST_MESSAGE).collect() })
    }
}

/// A quota of nothing: what those have whose request for access has not been granted.
const NO_ACCESS: &str = "quota 0";

fn hint(reason: &str) -> Option<Said<&'static str>> {
    Some(match reason {
        NO_ACCESS => said(
            "Google hat diesem Projekt den Zugang zur API nicht gewährt: Beantragen Sie ihn in der Google Cloud Console",
            "Google has not granted this project access to the API: ask for it in the Google Cloud console",
        ),
        _ if is_daily(reason) => said(
            "Das Kontingent wird um Mitternacht in Kalifornien erneuert: Fragen Sie seltener, oder beantragen Sie bei \
             Google ein größeres",
            "the quota comes back at midnight in California: ask less often, or ask Google for a larger one",
        ),
        "accessNotConfigured" | "SERVICE_DISABLED" => said(
            "Schalten Sie die API in der Google Cloud Console ein, im Projekt des Schlüssels",
            "switch the API on in the Google Cloud console, in the project of the key",
        ),
        "keyInvalid" | "API_KEY_INVALID" => said("Prüfen Sie den Schlüssel", "check the key"),
        "API_KEY_SERVICE_BLOCKED" | "API_KEY_IP_ADDRESS_BLOCKED" | "ipRefererBlocked" => said(
            "Der Schlüssel ist eingeschränkt: Erlauben Sie ihm diese API und die Adresse dieses Rechners",
            "the key is restricted: allow it this API and the address of this machine",
        ),
        "invalid_client" | "unauthorized_client" => said(
            "Prüfen Sie „client_id“ und das Client-Secret: Sie gehören zusammen",
            "check `client_id` and the client secret: they belong together",
        ),
        "invalid_grant" => said(
            "Der Schlüssel wurde zurückgezogen oder ist abgelaufen (bei Projekten im Test nach 7 Tagen), oder die Uhr \
             dieses Rechners geht falsch",
            "the key was withdrawn or has expired (those of projects that are in testing do after 7 days), or the \
             clock of this machine is wrong",
        ),
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT" | "insufficientPermissions" => said(
            "Das Refresh-Token gilt für etwas anderes: Holen Sie eines für den Scope dieser API",
            "the refresh token is for something else: get one for the scope of this API",
        ),
        "PERMISSION_DENIED" | "forbidden" | "permissionDenied" => said(
            "Das Konto, zu dem der Schlüssel gehört, darf das nicht sehen: Geben Sie ihm das Recht dazu",
            "the account that the key belongs to has no right to see this: give it one",
        ),
        "commentsDisabled" => said(
            "Die Kommentare sind dort abgeschaltet: Entfernen Sie die Quelle",
            "comments are switched off there: remove the source",
        ),
        "channelNotFound" | "videoNotFound" | "NOT_FOUND" | "notFound" | "applicationNotFound" => {
            said("Prüfen Sie die Kennungen der Quelle", "check the ids of the source")
        }
        _ => return None,
    })
}

fn is_daily(reason: &str) -> bool {
    matches!(reason, "quotaExceeded" | "dailyLimitExceeded")
}

/// Google's days end where it is at home.
fn until_midnight(now: Timestamp) -> Duration {
    let here = now.to_utc().with_timezone(&Los_Angeles);
    // There is a midnight on each of its days.
    let midnight = here.date_naive().checked_add_days(Days::new(1)).map(|date| date.and_time(NaiveTime::MIN));
    let midnight = midnight.and_then(|midnight| midnight.and_local_timezone(Los_Angeles).earliest());
    midnight.and_then(|midnight| (midnight - here).to_std().ok()).unwrap_or(Duration::from_hours(24))
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::collect::behaviour::{self, NOW};
    use crate::http::site::Site;

    /// A site that gives tokens to whom brings this.
    pub(in crate::collect) async fn tokens(is_welcome: impl Fn(&str) -> bool + Send + Sync + 'static) -> Site {
        Site::start(move |asked| {
            assert!(asked.method == "POST" && is_welcome(&asked.body), "{} {}", asked.method, asked.body);
            behaviour::json(r#"{"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"}"#)
        })
        .await
    }

    fn refused(status: u16, said: &str) -> CollectError {
        let retry_after = (status == 429).then_some(Duration::from_secs(30));
        refusal(FetchError::Status { status, retry_after, said: said.as_bytes().to_vec() }, NOW)
    }

    #[test]
    fn refusals_are_told_with_what_to_do() {
        let told = include_str!("google/fixtures/refusals.txt").lines().map(|line| {
            let (status, said) = line.split_once(' ').unwrap();
            let error = refused(status.parse().unwrap(), said);
            behaviour::told(&error)
        });
        insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn a_refusal_without_a_reason_stays_what_it_is() {
        for said in ["", "{}", "[]", "{\"error\":{}}", "<html>", "{\"error\":7}"] {
            let error = refused(403, said);
            assert!(matches!(error, CollectError::Fetch(FetchError::Status { status: 403, .. })), "{said}: {error}");
        }
    }

    #[test]
    fn the_quota_comes_back_at_midnight_in_california() {
        let wait = |now: &str| until_midnight(Timestamp::parse_rfc3339(now).unwrap()).as_secs();
        assert_eq!(wait("2026-11-20T12:00:00Z"), 20 * 3600, "04:00 in winter");
        assert_eq!(wait("2026-07-01T06:59:59Z"), 1, "23:59:59 in summer");
        assert_eq!(wait("2026-11-01T07:00:00Z"), 25 * 3600, "the day on which clocks go back");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(said in prop::collection::vec(any::<u8>(), 0..200), words in "\\PC{0,40}") {
            let _ = Refusal::read(&said);
            let error = serde_json::json!({ "error": { "message": words, "errors": [{ "reason": words }] } });
            let _ = Refusal::read(error.to_string().as_bytes());
        }
    }
}
