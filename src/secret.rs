//! Secrets, from the environment or from files, never from `sources.toml` itself.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::tongue::Said;

/// No password, token or key is longer; a wrong path may name something without an end.
const LONGEST: u64 = 64 * 1024;

/// A secret and what should be said about where it came from.
#[derive(Clone, Debug)]
pub struct Secret {
    /// The secret itself; printed as `[REDACTED]`.
    pub value: SecretString,
    /// What the operator should mend: the file is readable by others.
    pub warning: Option<String>,
}

/// Why there is no secret. Never contains any of it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Two places for one secret.
    #[error("both `{key}_env` and `{key}_file` are set: keep one of them")]
    Both {
        /// The setting without its ending.
        key: String,
    },
    /// The variable does not exist.
    #[error("the environment variable `{name}` that `{key}_env` names is not set: set it before starting")]
    NotSet {
        /// The setting without its ending.
        key: String,
        /// The variable.
        name: String,
    },
    /// The variable or the file has nothing in it.
    #[error("{} that `{key}_{}` names is empty: put the secret into it", place.words().english, place.ending())]
    Empty {
        /// The setting without its ending.
        key: String,
        /// What is empty.
        place: Place,
    },
    /// The file is something else.
    #[error("the file `{}` that `{key}_file` names is larger than 64 KiB: a secret is one short line", path.display())]
    TooLong {
        /// The setting without its ending.
        key: String,
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read, or is no text.
    #[error("cannot read the file `{}` that `{key}_file` names: it must exist, be readable and hold text", path.display())]
    Unreadable {
        /// The setting without its ending.
        key: String,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What a setting can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A variable of the environment.
    Variable(String),
    /// A file.
    File(PathBuf),
}

impl Place {
    /// How the settings end that name such a place.
    const fn ending(&self) -> &'static str {
        match self {
            Self::Variable(_) => "env",
            Self::File(_) => "file",
        }
    }

    fn words(&self) -> Said {
        match self {
            Self::Variable(name) => Said {
                german: format!("Die Umgebungsvariable „{name}“"),
                english: format!("the environment variable `{name}`"),
            },
            Self::File(path) => Said {
                german: format!("Die Datei „{}“", path.display()),
                english: format!("the file `{}`", path.display()),
            },
        }
    }
}

impl SecretError {
    /// Why there is none, in German; in English it prints itself.
    pub fn german(&self) -> String {
        match self {
            Self::Both { key } => {
                format!("„{key}_env“ und „{key}_file“ sind beide gesetzt: Behalten Sie eines davon")
            }
            Self::NotSet { key, name } => format!(
                "Die Umgebungsvariable „{name}“, die „{key}_env“ nennt, ist nicht gesetzt: Setzen Sie sie vor dem Start"
            ),
            Self::Empty { key, place } => format!(
                "{}, die „{key}_{}“ nennt, ist leer: Dort gehören die Zugangsdaten hinein",
                place.words().german,
                place.ending()
            ),
            Self::TooLong { key, path } => format!(
                "Die Datei „{}“, die „{key}_file“ nennt, ist größer als 64 KiB: Zugangsdaten sind eine kurze Zeile",
                path.display()
            ),
            Self::Unreadable { key, path, .. } => format!(
                "Die Datei „{}“, die „{key}_file“ nennt, ist nicht zu lesen: Sie muss vorhanden und lesbar sein und Text \
                 enthalten",
                path.display()
            ),
        }
    }
}

/// Where a secret is: at most one of them is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretPlace {
    /// A variable of the environment.
    pub env: Option<String>,
    /// A file.
    pub file: Option<PathBuf>,
}

impl SecretPlace {
    /// Reads it; `None` if no place is named. `key` is the setting that names it, without `_env` or `_file`. What the
    /// operator should mend about it is logged.
    ///
    /// # Errors
    /// When it is not there, or unfit for a secret.
    pub fn read(&self, key: &str) -> Result<Option<SecretString>, SecretError> {
        let secret = read(key, self.env.as_deref(), self.file.as_deref(), &|name| std::env::var(name).ok())?;
        if let Some(warning) = secret.as_ref().and_then(|secret| secret.warning.as_deref()) {
            tracing::warn!(warning, "secret");
        }
        Ok(secret.map(|secret| secret.value))
    }

    /// Whether it is there and fit, without a word to the log.
    pub fn is_there(&self, key: &str) -> bool {
        let secret = read(key, self.env.as_deref(), self.file.as_deref(), &|name| std::env::var(name).ok());
        secret.is_ok_and(|secret| secret.is_some())
    }
}

/// Reads the secret of the setting `key` (`mail.smtp.password`) from the variable or the file that `{key}_env` or
/// `{key}_file` names; `None` if neither is set. One line break at the end of a file is not part of the secret.
///
/// `environment` looks up a variable: `|name| std::env::var(name).ok()` outside tests.
fn read(
    key: &str,
    env: Option<&str>,
    file: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, SecretError> {
    match (env, file) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(SecretError::Both { key: key.to_owned() }),
        (Some(name), None) => from_variable(key, name, environment).map(Some),
        (None, Some(path)) => from_file(key, path).map(Some),
    }
}

fn from_variable(key: &str, name: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Secret, SecretError> {
    let key = key.to_owned();
    match environment(name) {
        None => Err(SecretError::NotSet { key, name: name.to_owned() }),
        Some(value) if value.is_empty() => Err(SecretError::Empty { key, place: Place::Variable(name.to_owned()) }),
        Some(value) => Ok(Secret { value: value.into(), warning: None }),
    }
}

fn from_file(key: &str, path: &Path) -> Result<Secret, SecretError> {
    let unreadable = |source| SecretError::Unreadable { key: key.to_owned(), path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let warning = others_can_read(&file).map_err(unreadable)?.then(|| {
        let path = path.display();
        format!("the file `{path}` that `{key}_file` names can be read by other users: run `chmod 600 {path}`")
    });
    let mut value = String::new();
    file.take(LONGEST + 1).read_to_string(&mut value).map_err(unreadable)?;
    if value.len() as u64 > LONGEST {
        return Err(SecretError::TooLong { key: key.to_owned(), path: path.to_owned() });
    }
    let line = value.strip_suffix('\n').map_or(&*value, |rest| rest.strip_suffix('\r').unwrap_or(rest));
    if line.is_empty() {
        return Err(SecretError::Empty { key: key.to_owned(), place: Place::File(path.to_owned()) });
    }
    Ok(Secret { value: line.into(), warning })
}

#[cfg(unix)]
fn others_can_read(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// Other systems have no permission bits to look at.
#[cfg(not(unix))]
fn others_can_read(_file: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    const KEY: &str = "mail.smtp.password";

    fn no_variables(_name: &str) -> Option<String> {
        None
    }

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    fn read_file(content: &[u8]) -> Result<String, SecretError> {
        let secret = read(KEY, None, Some(file(content).path()), &no_variables)?.unwrap();
        Ok(secret.value.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_comes_from_the_environment_as_it_is() {
        let environment = |name: &str| (name == "PASSWORD").then(|| "geheim \n".to_owned());
        let secret = read(KEY, Some("PASSWORD"), None, &environment).unwrap().unwrap();
        assert_eq!(secret.value.expose_secret(), "geheim \n");
        assert_eq!(format!("{secret:?}"), "Secret { value: SecretBox<str>([REDACTED]), warning: None }");
    }

    #[test]
    fn one_line_break_at_the_end_of_a_file_is_no_part_of_the_secret() {
        assert_eq!(read_file(b"geheim").unwrap(), "geheim");
        assert_eq!(read_file(b"geheim\n").unwrap(), "geheim");
        assert_eq!(read_file(b"geheim\r\n").unwrap(), "geheim");
        assert_eq!(read_file(b" geheim \n\n").unwrap(), " geheim \n");
    }

    #[test]
    fn a_setting_that_names_nothing_is_no_secret() {
        assert!(read(KEY, None, None, &no_variables).unwrap().is_none());
    }

    #[test]
    fn errors_name_the_place_and_the_way_out() {
        let empty = |_: &str| Some(String::new());
        let missing = Path::new("/nowhere/password");
        let errors = [
            read(KEY, Some("PASSWORD"), Some(missing), &no_variables),
            read(KEY, Some("PASSWORD"), None, &no_variables),
            read(KEY, Some("PASSWORD"), None, &empty),
            read(KEY, None, Some(missing), &no_variables),
        ];
        let told = |error: SecretError| format!("{error}\n  {}", error.german());
        let errors: Vec<String> = errors.map(|result| told(result.unwrap_err())).into();
        insta::assert_snapshot!(errors.join("\n"), @r#"
        both `mail.smtp.password_env` and `mail.smtp.password_file` are set: keep one of them
          „mail.smtp.password_env“ und „mail.smtp.password_file“ sind beide gesetzt: Behalten Sie eines davon
        the environment variable `PASSWORD` that `mail.smtp.password_env` names is not set: set it before starting
          Die Umgebungsvariable „PASSWORD“, die „mail.smtp.password_env“ nennt, ist nicht gesetzt: Setzen Sie sie vor dem Start
        the environment variable `PASSWORD` that `mail.smtp.password_env` names is empty: put the secret into it
          Die Umgebungsvariable „PASSWORD“, die „mail.smtp.password_env“ nennt, ist leer: Dort gehören die Zugangsdaten hinein
        cannot read the file `/nowhere/password` that `mail.smtp.password_file` names: it must exist, be readable and hold text
          Die Datei „/nowhere/password“, die „mail.smtp.password_file“ nennt, ist nicht zu lesen: Sie muss vorhanden und lesbar sein und Text enthalten
        "#);
    }

    #[test]
    fn a_file_that_holds_no_secret_is_refused_without_showing_it() {
        for content in [&b"\n"[..], b"", &vec![b'x'; 64 * 1024 + 1], b"geheim\xff"] {
            let error = read_file(content).unwrap_err();
            assert!(!format!("{error:?}").contains("geheim"), "{error:?}");
        }
        assert!(matches!(read_file(b"\n"), Err(SecretError::Empty { .. })));
        assert!(matches!(read_file(&vec![b'x'; 64 * 1024 + 1]), Err(SecretError::TooLong { .. })));
        assert!(matches!(read_file(b"\xff"), Err(SecretError::Unreadable { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_warned_about() {
        use std::os::unix::fs::PermissionsExt;
        let file = file(b"geheim");
        let warning_at = |mode| {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            read(KEY, None, Some(file.path()), &no_variables).unwrap().unwrap().warning
        };
        assert_eq!(warning_at(0o600), None);
        let warning = warning_at(0o640).unwrap().replace(&*file.path().to_string_lossy(), "FILE");
        insta::assert_snapshot!(warning, @"the file `FILE` that `mail.smtp.password_file` names can be read by other users: run `chmod 600 FILE`");
    }
}
