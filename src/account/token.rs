//! What opens a door: the token of a session, or of a program. 256 random bits, of which the database has but the hash.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// How tokens of programs begin, so that those who look for lost secrets find them.
const MARK: &str = "stimmung_";

/// So many characters after the mark are shown, to tell one token from another.
const SHOWN: usize = 6;

/// A token; printed as `[REDACTED]`.
#[derive(Clone)]
pub struct Token(SecretString);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[REDACTED]")
    }
}

impl Token {
    /// A new one, for a session or for a state that a browser keeps.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn of_session() -> std::io::Result<Self> {
        random("")
    }

    /// A new one, for a program.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn of_program() -> std::io::Result<Self> {
        random(MARK)
    }

    /// One that somebody brings.
    pub fn brought(text: &str) -> Self {
        Self(text.into())
    }

    /// The token itself, for a cookie or for the one who made it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// By which it is known. A plain hash will do: what has 256 random bits, nobody guesses.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.expose()).into()
    }

    /// How the token of a program begins: too little to guess the rest.
    pub fn prefix(&self) -> String {
        self.expose().chars().take(MARK.len() + SHOWN).collect()
    }
}

fn random(mark: &str) -> std::io::Result<Token> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(std::io::Error::other)?;
    Ok(Token(format!("{mark}{}", URL_SAFE_NO_PAD.encode(bits)).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_show_nothing_of_themselves() {
        let (one, other) = (Token::of_program().unwrap(), Token::of_program().unwrap());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(one.hash(), Token::brought(one.expose()).hash());
        assert_eq!(one.expose().len(), MARK.len() + 43);
        assert_eq!(format!("{one:?}"), "[REDACTED]");
        assert!(one.prefix().starts_with(MARK) && one.prefix().len() == MARK.len() + SHOWN);
    }
}
