//! Tokens that a source signs itself with a private key (RFC 7519).

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::CollectError;
use super::pages::format_error;
use crate::tongue::{Said, said};

const EC_HINT: Said<&'static str> = said(
    "Es muss die Datei sein, wie sie heruntergeladen wurde, mit -----BEGIN PRIVATE KEY----- und einem EC-Schlüssel",
    "it must be the file as it was downloaded, with -----BEGIN PRIVATE KEY----- and an EC key",
);
const RSA_HINT: Said<&'static str> = said(
    "Es muss die Datei sein, wie sie heruntergeladen wurde, mit -----BEGIN PRIVATE KEY----- und einem RSA-Schlüssel",
    "it must be the file as it was downloaded, with -----BEGIN PRIVATE KEY----- and an RSA key",
);

/// A token with these claims. `pem` is an EC key (P-256, PKCS #8) for ES256, an RSA key for RS256; `key` is the setting
/// it comes from.
///
/// # Errors
/// Where it is no such key; nothing of it is shown.
pub(super) fn sign(
    algorithm: Algorithm,
    key_id: Option<&str>,
    claims: &Value,
    pem: &SecretString,
    key: &str,
) -> Result<SecretString, CollectError> {
    let header = Header { kid: key_id.map(str::to_owned), ..Header::new(algorithm) };
    let pem = pem.expose_secret().as_bytes();
    let (read, hint) = match algorithm {
        Algorithm::ES256 => (EncodingKey::from_ec_pem(pem), EC_HINT),
        _ => (EncodingKey::from_rsa_pem(pem), RSA_HINT),
    };
    let signed = read.and_then(|read| jsonwebtoken::encode(&header, claims, &read));
    let message = || Said {
        german: format!("„{key}“ ist kein Schlüssel zum Signieren"),
        english: format!("`{key}` is no key to sign with"),
    };
    // What the library says might hold some of it.
    signed.map(SecretString::from).map_err(|_| format_error(message(), hint))
}

#[cfg(test)]
pub(super) mod tests {
    use jsonwebtoken::{DecodingKey, Validation, decode};
    use proptest::prelude::*;
    use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
    use serde_json::json;

    use super::*;

    /// What is in a token, once it is seen that this key has signed it.
    pub(in crate::collect) fn verified(token: &str, algorithm: Algorithm, key: &KeyPair) -> (Header, Value) {
        let pem = key.public_key_pem();
        let key = match algorithm {
            Algorithm::ES256 => DecodingKey::from_ec_pem(pem.as_bytes()),
            _ => DecodingKey::from_rsa_pem(pem.as_bytes()),
        };
        let mut rules = Validation::new(algorithm);
        (rules.validate_exp, rules.validate_aud) = (false, false);
        let token = decode::<Value>(token, &key.unwrap(), &rules).unwrap();
        (token.header, token.claims)
    }

    pub(in crate::collect) fn rsa() -> KeyPair {
        KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap()
    }

    #[test]
    fn a_token_is_signed_with_the_key_and_names_it() {
        let claims = json!({ "iss": "lerche", "exp": 1_795_176_000 });
        for (algorithm, key) in [(Algorithm::ES256, KeyPair::generate().unwrap()), (Algorithm::RS256, rsa())] {
            let token = sign(algorithm, Some("K1"), &claims, &key.serialize_pem().into(), "key").unwrap();
            let (header, told) = verified(token.expose_secret(), algorithm, &key);
            assert_eq!((header.alg, header.kid.as_deref(), told), (algorithm, Some("K1"), claims.clone()));
        }
    }

    #[test]
    fn a_key_of_another_kind_is_refused_without_being_shown() {
        let elliptic = KeyPair::generate().unwrap().serialize_pem();
        let cut = &elliptic[..elliptic.len() / 2];
        for (algorithm, pem) in [
            (Algorithm::ES256, rsa().serialize_pem().as_str()),
            (Algorithm::RS256, elliptic.as_str()),
            (Algorithm::ES256, cut),
            (Algorithm::ES256, "geheim"),
        ] {
            let error = sign(algorithm, None, &json!({}), &pem.into(), "google_play.account").unwrap_err();
            assert_eq!(error.to_string(), "`google_play.account` is no key to sign with");
            assert!(error.hint().unwrap().english.starts_with("it must be the file as it was downloaded"));
            assert!(!format!("{error:?}").contains("geheim"));
        }
    }

    proptest! {
        #[test]
        fn no_key_makes_it_panic(inside in "[A-Za-z0-9+/=\n]{0,200}") {
            let pem = format!("-----BEGIN PRIVATE KEY-----\n{inside}\n-----END PRIVATE KEY-----\n");
            for algorithm in [Algorithm::ES256, Algorithm::RS256] {
                let _ = sign(algorithm, None, &json!({}), &pem.as_str().into(), "key");
            }
        }
    }
}
