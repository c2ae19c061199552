//! Against a provider of our own on loopback, which can lie in every way that matters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::account::{Account, Actor, Name, Role};
use crate::service::now;
use crate::web::login::tests::{Answer, ask};
use crate::web::tests::{World, world_with};

const SECRET: &str = "what only the two of us know";

/// How the provider's token is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    Nonce,
    Audience,
    Issuer,
    Expired,
    Unsigned,
    AnotherKey,
    OurSecretAsKey,
    NoToken,
}

const LIES: [Lie; 8] = [
    Lie::Nonce,
    Lie::Audience,
    Lie::Issuer,
    Lie::Expired,
    Lie::Unsigned,
    Lie::AnotherKey,
    Lie::OurSecretAsKey,
    Lie::NoToken,
];

/// Somebody who has logged in at the provider, and has not come back yet.
struct Waiting {
    challenge: String,
    redirect: String,
    nonce: String,
}

struct Idp {
    issuer: String,
    secret: tempfile::NamedTempFile,
    key: rcgen::KeyPair,
    claims: Mutex<Value>,
    lie: Mutex<Option<Lie>>,
    waiting: Mutex<HashMap<String, Waiting>>,
}

async fn idp() -> Arc<Idp> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let secret = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(secret.path(), SECRET).unwrap();
    let idp = Arc::new(Idp {
        issuer: format!("http://{}", listener.local_addr().unwrap()),
        secret,
        key: rcgen::KeyPair::generate().unwrap(),
        claims: Mutex::new(
            json!({"sub": "7", "email": "erika@example.org", "email_verified": true, "name": "Erika M."}),
        ),
        lie: Mutex::default(),
        waiting: Mutex::default(),
    });
    let app = Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(idp.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    idp
}

async fn configuration(State(idp): State<Arc<Idp>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", idp.issuer);
    Json(json!({
        "issuer": idp.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
    }))
}

async fn keys(State(idp): State<Arc<Idp>>) -> Json<Value> {
    let point = idp.key.public_key_raw();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
    Json(json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "1", "use": "sig", "alg": "ES256", "x": x, "y": y}]}))
}

async fn token(
    State(idp): State<Arc<Idp>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let refused = (StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_grant"})));
    let Some(waiting) = idp.waiting.lock().unwrap().remove(&form["code"]) else { return refused };
    let secret: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
    let basic = format!("Basic {}", STANDARD.encode(format!("stimmung:{secret}")));
    let is_ours = headers.get(header::AUTHORIZATION).is_some_and(|sent| sent.as_bytes() == basic.as_bytes());
    let shown = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    if !is_ours || shown != waiting.challenge || form["redirect_uri"] != waiting.redirect {
        return refused;
    }
    let mut answer = json!({"access_token": "x", "token_type": "Bearer", "expires_in": 300});
    if *idp.lie.lock().unwrap() != Some(Lie::NoToken) {
        answer["id_token"] = idp.id_token(&waiting).into();
    }
    (StatusCode::OK, Json(answer))
}

impl Idp {
    fn id_token(&self, waiting: &Waiting) -> String {
        let lie = *self.lie.lock().unwrap();
        let is = |one| lie == Some(one);
        let mut claims = self.claims.lock().unwrap().clone();
        claims["iss"] = if is(Lie::Issuer) { "https://evil.example".into() } else { self.issuer.clone().into() };
        claims["aud"] = if is(Lie::Audience) { "another".into() } else { "stimmung".into() };
        claims["nonce"] = if is(Lie::Nonce) { "another".into() } else { waiting.nonce.clone().into() };
        claims["iat"] = (now().seconds() - 600).into();
        claims["exp"] = (now().seconds() + if is(Lie::Expired) { -1 } else { 300 }).into();
        if is(Lie::Unsigned) {
            let part = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
            return format!("{}.{}.", part(&json!({"alg": "none"})), part(&claims));
        }
        let (algorithm, key) = match lie {
            Some(Lie::OurSecretAsKey) => (Algorithm::HS256, EncodingKey::from_secret(SECRET.as_bytes())),
            Some(Lie::AnotherKey) => (Algorithm::ES256, ec(&rcgen::KeyPair::generate().unwrap())),
            _ => (Algorithm::ES256, ec(&self.key)),
        };
        let header = Header { kid: Some("1".to_owned()), ..Header::new(algorithm) };
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    }

    fn say(&self, claim: &str, value: impl Into<Value>) {
        self.claims.lock().unwrap()[claim] = value.into();
    }

    /// Somebody who was sent here logs in; the code that they are given, and their state.
    fn log_in(&self, sent: &str) -> (String, String) {
        let url = Url::parse(sent).unwrap();
        assert!(sent.starts_with(&format!("{}/authorize?", self.issuer)), "{sent}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!((asked["client_id"].as_str(), asked["response_type"].as_str()), ("stimmung", "code"));
        assert_eq!(
            (asked["code_challenge_method"].as_str(), asked["scope"].as_str()),
            ("S256", "openid email profile")
        );
        let waiting = Waiting {
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
            nonce: asked["nonce"].clone(),
        };
        let mut all = self.waiting.lock().unwrap();
        let code = format!("code-{}", asked["state"]);
        all.insert(code.clone(), waiting);
        (code, asked["state"].clone())
    }
}

fn ec(key: &rcgen::KeyPair) -> EncodingKey {
    EncodingKey::from_ec_pem(key.serialize_pem().as_bytes()).unwrap()
}

/// A site that this provider leads people to, under these rules.
async fn site(idp: &Idp, rules: &str) -> World {
    let more = format!(
        "[service]\npublic_url = \"http://localhost:8080\"\n[login.oidc]\nissuer = \"{}\"\nclient_id = \"stimmung\"\n\
         client_secret_file = \"{}\"\nallow_private_network = true\nname = \"Beispiel-ID\"\n{rules}\n",
        idp.issuer,
        idp.secret.path().display()
    );
    let world = world_with(&more).await;
    // Somebody is there already, or everybody could come in.
    let (name, hash) = (Name::parse("admin").unwrap(), "$hash".into());
    let new = crate::store::NewAccount {
        name: &name,
        shown_name: "admin",
        role: Role::Admin,
        password: Some(&hash),
        identity: None,
    };
    world.service.store.add_account(&new, &Actor::command_line(), now()).await.unwrap();
    world
}

const READERS: &str = "default_role = \"reader\"";

async fn set_out(world: &World) -> Answer {
    let sent = ask(world, "/login/oidc?back=/?days=7", None, &[]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    sent
}

async fn come_back(world: &World, code: &str, state: &str, cookie: &str) -> Answer {
    let address = format!("/login/oidc/callback?code={code}&state={state}");
    ask(world, &address, None, &[("cookie", cookie), ("sec-fetch-site", "cross-site")]).await
}

/// The whole way.
async fn log_in(world: &World, idp: &Idp) -> Answer {
    let sent = set_out(world).await;
    let (code, state) = idp.log_in(sent.leads_to());
    come_back(world, &code, &state, sent.cookie()).await
}

async fn account(world: &World, name: &str) -> Option<Account> {
    world.service.store.account(&Name::parse(name).unwrap()).await.unwrap().map(|(account, _)| account)
}

/// The session that an answer begins, as a browser sends it back.
fn session(answer: &Answer) -> Option<String> {
    let cookies = answer.headers.get_all(header::SET_COOKIE).into_iter().map(|cookie| cookie.to_str().unwrap());
    cookies.filter_map(|cookie| cookie.split(';').next()).find(|it| it.starts_with("stimmung=")).map(str::to_owned)
}

#[tokio::test]
async fn whom_the_provider_knows_and_a_rule_lets_in_gets_an_account_at_the_first_log_in() {
    let idp = idp().await;
    let world = site(&idp, "role_claim = \"realm_access.roles\"\nroles = { \"mood\" = \"agent\" }").await;
    assert!(ask(&world, "/login", None, &[]).await.html.contains("Beispiel-ID"));
    let refused = log_in(&world, &idp).await;
    assert!(session(&refused).is_none() && refused.html.contains("berechtigt hier zu nichts"), "{}", refused.html);
    idp.say("realm_access", json!({"roles": ["offline_access", "mood"]}));
    let inside = log_in(&world, &idp).await;
    assert_eq!((inside.status, inside.leads_to()), (StatusCode::SEE_OTHER, "/?days=7"));
    let page = ask(&world, "/", None, &[("cookie", &session(&inside).unwrap())]).await;
    assert!(page.status == StatusCode::OK && page.html.contains("Erika M."));
    let first = account(&world, "erika@example.org").await.unwrap();
    assert_eq!((first.role, first.has_password), (Role::Agent, false));
    idp.say("email", "erika.neu@example.org");
    assert!(session(&log_in(&world, &idp).await).is_some(), "whatever they are called now");
    assert_eq!(world.service.store.accounts().await.unwrap().len(), 2);
    let by = Actor::command_line();
    world.service.store.enable(first.id, false, &by, now()).await.unwrap();
    assert!(session(&log_in(&world, &idp).await).is_none(), "a disabled account stays disabled");
}

#[tokio::test]
async fn no_token_that_lies_lets_anybody_in() {
    let idp = idp().await;
    let world = site(&idp, READERS).await;
    for lie in LIES {
        *idp.lie.lock().unwrap() = Some(lie);
        let refused = log_in(&world, &idp).await;
        assert_eq!((refused.status, session(&refused)), (StatusCode::UNPROCESSABLE_ENTITY, None), "{lie:?}");
        assert!(account(&world, "erika@example.org").await.is_none(), "{lie:?}");
    }
    *idp.lie.lock().unwrap() = None;
    assert!(session(&log_in(&world, &idp).await).is_some(), "it was the lies that were refused");
}

#[tokio::test]
async fn nobody_comes_back_by_another_way_than_they_went() {
    let idp = idp().await;
    let world = site(&idp, READERS).await;
    let (mine, theirs) = (set_out(&world).await, set_out(&world).await);
    let ((my_code, my_state), (their_code, their_state)) = (idp.log_in(mine.leads_to()), idp.log_in(theirs.leads_to()));
    let refused = [
        ("a state that nobody has", come_back(&world, &my_code, "another", mine.cookie()).await),
        ("a browser that did not set out", come_back(&world, &my_code, &my_state, theirs.cookie()).await),
        ("no browser", come_back(&world, &my_code, &my_state, "").await),
        (
            "a code that was given to somebody else (PKCE)",
            come_back(&world, &their_code, &my_state, mine.cookie()).await,
        ),
        ("a way that was gone before", come_back(&world, &my_code, &my_state, mine.cookie()).await),
    ];
    for (what, answer) in &refused {
        assert_eq!((answer.status, session(answer)), (StatusCode::UNPROCESSABLE_ENTITY, None), "{what}");
    }
    let gone = come_back(&world, &their_code, &their_state, theirs.cookie()).await;
    assert!(session(&gone).is_none(), "the provider has given out its code already");
    assert!(session(&log_in(&world, &idp).await).is_some());
}

#[tokio::test]
async fn a_mail_address_alone_makes_nobody_the_owner_of_an_account() {
    let idp = idp().await;
    let world = site(&idp, &format!("{READERS}\nallowed_domains = [\"example.org\"]")).await;
    idp.say("email_verified", false);
    assert!(session(&log_in(&world, &idp).await).is_none(), "the provider does not vouch for the address");
    idp.say("email_verified", true);
    idp.say("email", "erika@elsewhere.example");
    assert!(session(&log_in(&world, &idp).await).is_none());
    idp.say("email", Value::Null);
    idp.say("preferred_username", "admin");
    let world = site(&idp, READERS).await;
    let refused = log_in(&world, &idp).await;
    assert!(session(&refused).is_none() && refused.html.contains("schon ein Konto mit Passwort"), "{}", refused.html);
    let acts = world.service.store.acts(None, 1).await.unwrap();
    assert_eq!((acts[0].action.as_str(), acts[0].detail.as_str()), ("failed log-in", "another account has their name"));
}

#[tokio::test]
async fn without_a_provider_nobody_is_sent_anywhere() {
    let world = world_with("").await;
    assert_eq!(ask(&world, "/login/oidc", None, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&world, "/login/oidc/callback?code=1&state=2", None, &[]).await.status, StatusCode::NOT_FOUND);
}
