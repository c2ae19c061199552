//! The keys of a source: where they are, told by its settings, and what they are, read anew in each round.

use std::path::PathBuf;

use secrecy::SecretString;

use super::CollectError;
use super::pages::format_error;
use crate::secret::SecretPlace;
use crate::tongue::{Said, said};

/// From the settings `{key}_env` and `{key}_file`.
///
/// # Errors
/// Unless exactly one of them is there; the message says what to write.
pub(super) fn place(key: &str, env: Option<String>, file: Option<PathBuf>) -> Result<SecretPlace, String> {
    match (&env, &file) {
        (Some(_), Some(_)) => Err(format!("both `{key}_env` and `{key}_file` are set: keep one of them")),
        (None, None) => {
            let ways =
                format!("`{key}_env` with the name of an environment variable, or `{key}_file` with that of a file");
            Err(format!("`{key}` is missing: write {ways}"))
        }
        _ => Ok(SecretPlace { env, file }),
    }
}

/// As [`place`], of a key that may be left out.
///
/// # Errors
/// If both of them are there.
pub(super) fn place_if_any(
    key: &str,
    env: Option<String>,
    file: Option<PathBuf>,
) -> Result<Option<SecretPlace>, String> {
    if env.is_none() && file.is_none() { Ok(None) } else { place(key, env, file).map(Some) }
}

/// What is at a place; `key` is the setting with its kind, as in `youtube.key`.
///
/// # Errors
/// When it is not there, or unfit for a secret.
pub(super) fn read(key: &'static str, place: &SecretPlace) -> Result<SecretString, CollectError> {
    let missing = || {
        let message = Said {
            german: format!("Nirgends steht, wo „{key}“ zu finden ist"),
            english: format!("nothing says where `{key}` is"),
        };
        format_error(message, said("Nennen Sie eine Variable oder eine Datei", "name a variable or a file"))
    };
    place.read(key)?.ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_exactly_one_place() {
        let (env, file) = (|| Some("KEY".to_owned()), || Some(PathBuf::from("/run/key")));
        assert_eq!(place("key", env(), None), Ok(SecretPlace { env: env(), file: None }));
        assert_eq!(place("key", None, file()), Ok(SecretPlace { env: None, file: file() }));
        let mistakes = [place("key", env(), file()), place("key", None, None)].map(Result::unwrap_err);
        insta::assert_snapshot!(mistakes.join("\n"), @"
        both `key_env` and `key_file` are set: keep one of them
        `key` is missing: write `key_env` with the name of an environment variable, or `key_file` with that of a file
        ");
    }

    #[test]
    fn a_key_that_may_be_left_out_has_one_place_at_most() {
        let (env, file) = (|| Some("KEY".to_owned()), || Some(PathBuf::from("/run/key")));
        assert_eq!(place_if_any("key", None, None), Ok(None));
        assert_eq!(place_if_any("key", env(), None), place("key", env(), None).map(Some));
        assert!(place_if_any("key", env(), file()).is_err());
    }

    #[test]
    fn what_is_there_is_read_and_what_is_not_is_named() {
        use secrecy::ExposeSecret;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "geheim\n").unwrap();
        let there = SecretPlace { env: None, file: Some(file.path().to_owned()) };
        assert_eq!(read("youtube.key", &there).unwrap().expose_secret(), "geheim");
        let error = read("youtube.key", &SecretPlace { env: None, file: Some("/nowhere".into()) }).unwrap_err();
        assert!(matches!(&error, CollectError::Secret(_)));
        assert!(error.to_string().contains("`youtube.key_file`"), "{error}");
    }
}
