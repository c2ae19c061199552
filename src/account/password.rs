//! Passwords: which are taken, and how they are kept.
//!
//! The rules are those of NIST SP 800-63B: long enough, and none of those that everybody guesses first; nothing about
//! capitals and digits. They are kept as argon2id hashes with the parameters that OWASP asks for (19 MiB, two passes,
//! one lane).

use std::collections::HashSet;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;

use super::Name;

const SHORTEST: usize = 12;
/// Longer than anybody's sentence, and short enough that hashing it costs no more than any other.
const LONGEST: usize = 256;
/// What is left of a password without names must have so many characters, …
const SHORTEST_REST: usize = 8;
/// … and so many different ones.
const FEWEST_DIFFERENT: usize = 5;

/// Those of twelve characters and more that lists of stolen passwords begin with.
const USUAL: [&str; 16] = [
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789101112",
    "0123456789012",
    "abcdefghijkl",
    "qwertyuiop12",
    "qwertyuiopasdf",
    "qwertzuiopasdf",
    "passwordpassword",
    "password1234",
    "passwort1234",
    "passwortpasswort",
    "changeme1234",
    "iloveyou1234",
    "letmein12345",
];

/// A hash of nothing that anybody knows, with the same parameters as all others: who has no account waits for as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3RpbW11bmctbm9ib2R5$V3MMKZz1kJcMoZ5wMdRZGGpWJ0S5dXnWmh4lBM1yAr8";

/// A password, as somebody typed it; printed as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Fewer than 12 characters.
    #[error("the password has fewer than 12 characters")]
    Short,
    /// More than 256 characters.
    #[error("the password has more than 256 characters")]
    Long,
    /// Little more than the name.
    #[error("the password is little more than the name")]
    Name,
    /// One of the first that anybody would try.
    #[error("the password is one of those that are guessed first")]
    Usual,
}

impl Password {
    /// Whatever was typed. The same letters count as the same however a keyboard composes them (NFKC).
    pub fn new(typed: &str) -> Self {
        Self(typed.nfkc().collect::<String>().into())
    }

    /// Whether it may be the password of that account.
    ///
    /// # Errors
    /// The first rule that it breaks.
    pub fn check(&self, name: &Name) -> Result<(), PasswordProblem> {
        let password = self.0.expose_secret().to_lowercase();
        match password.chars().count() {
            ..SHORTEST => return Err(PasswordProblem::Short),
            SHORTEST..=LONGEST => {}
            _ => return Err(PasswordProblem::Long),
        }
        let handle = name.as_str().split('@').next().filter(|handle| handle.chars().count() > 2);
        let names = [Some(name.as_str()), handle, Some("stimmung")];
        let rest = names.into_iter().flatten().fold(password.clone(), |rest, name| rest.replace(name, ""));
        if rest.chars().count() < SHORTEST_REST {
            return Err(PasswordProblem::Name);
        }
        let different: HashSet<char> = password.chars().collect();
        if different.len() < FEWEST_DIFFERENT || USUAL.contains(&password.as_str()) {
            return Err(PasswordProblem::Usual);
        }
        Ok(())
    }

    /// The hash to keep, in the format of PHC. Takes some ten milliseconds: not for the thread of a reactor.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn hash(&self) -> std::io::Result<SecretString> {
        let hash = Argon2::default().hash_password(self.0.expose_secret().as_bytes());
        Ok(hash.map_err(|error| std::io::Error::other(error.to_string()))?.to_string().into())
    }

    /// Whether it is the password of that hash. Without a hash it is not, and takes as long to say so.
    pub fn is_of(&self, hash: Option<&SecretString>) -> bool {
        let known = hash.map_or(NOBODY, |hash| hash.expose_secret());
        let is_right = Argon2::default().verify_password(self.0.expose_secret().as_bytes(), known).is_ok();
        is_right && hash.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(password: &str) -> Result<(), PasswordProblem> {
        Password::new(password).check(&Name::parse("erika.mustermann@example.org").unwrap())
    }

    #[test]
    fn a_password_is_long_and_not_the_first_to_be_guessed() {
        assert_eq!(check("drei Äpfel im Regen"), Ok(()));
        assert_eq!(check("elf Zeichen"), Err(PasswordProblem::Short));
        assert_eq!(check(&"lang ".repeat(60)), Err(PasswordProblem::Long));
        assert_eq!(check("Erika.Mustermann1"), Err(PasswordProblem::Name));
        assert_eq!(check("stimmungstimmung"), Err(PasswordProblem::Name));
        assert_eq!(check("Passwort1234"), Err(PasswordProblem::Usual));
        assert_eq!(check("abababababab"), Err(PasswordProblem::Usual));
    }

    #[test]
    fn a_password_is_known_by_its_hash_however_it_was_composed() {
        let password = Password::new("drei \u{c4}pfel im Regen");
        let hash = password.hash().unwrap();
        assert!(Password::new("drei A\u{308}pfel im Regen").is_of(Some(&hash)));
        assert!(!Password::new("drei Apfel im Regen").is_of(Some(&hash)));
        assert!(hash.expose_secret().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(password.hash().unwrap().expose_secret(), hash.expose_secret(), "each hash has its own salt");
        assert!(!format!("{password:?}").contains("Regen"));
    }

    #[test]
    fn who_has_no_account_waits_for_as_long_as_who_has_one() {
        use argon2::password_hash::phc::PasswordHash;
        let hash = Password::new("drei Äpfel im Regen").hash().unwrap();
        let (known, nobody) = (PasswordHash::new(hash.expose_secret()).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!((known.algorithm, &known.params), (nobody.algorithm, &nobody.params));
        assert_eq!(known.hash.unwrap().len(), nobody.hash.unwrap().len());
        assert!(!Password::new("drei Äpfel im Regen").is_of(None));
    }
}
