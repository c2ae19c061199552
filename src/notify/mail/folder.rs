//! Letters as `.eml` files, where no SMTP server is configured: every mail program opens them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::notify::{Delivery, Letter};

/// Writes the letter, unless it is there already.
pub(super) async fn deliver(folder: &Path, letter: &Letter, content: Vec<u8>) -> Delivery {
    let path = folder.join(file_name(letter));
    let mark = format!("Message-ID: <{}@", letter.id);
    let written = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || write(&path, &content, &mark)).await
    };
    match written.map_err(io::Error::other).flatten() {
        Ok(()) => Delivery::Sent,
        Err(error) => Delivery::Later {
            error: format!("cannot write {}: {error}", path.display()),
            hint: Some("the outbox folder must be writable and the disk not full"),
        },
    }
}

/// What the file of a letter is called. Sorts by time, tells letters of one second apart by their id: `20260329T013000Z-17.eml`.
pub fn file_name(letter: &Letter) -> PathBuf {
    format!("{}-{}.eml", letter.written_at.to_utc().format("%Y%m%dT%H%M%SZ"), letter.id).into()
}

/// Under its final name a file is always whole: it is written under another one, forced to the disk, then renamed.
fn write(path: &Path, content: &[u8], mark: &str) -> io::Result<()> {
    if let Some(there) = read_if_exists(path)? {
        let same = there.windows(mark.len()).any(|window| window == mark.as_bytes());
        return if same { Ok(()) } else { Err(io::Error::other("another letter has this name; move it away")) };
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let partial = path.with_extension("partial");
    let mut file = File::create(&partial)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    sync_folder(folder)
}

fn read_if_exists(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the new name survive a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems cannot open a folder as a file, and keep names by themselves.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::alert::Mail;
    use crate::mention::Timestamp;

    use super::*;

    fn letter(id: &str) -> Letter {
        let mail = Mail { subject: "Stimmung".into(), text: "Text".into(), html: "<p>Text</p>".into(), picture: None };
        let written_at = Timestamp::parse_rfc3339("2026-03-29T01:30:00Z").unwrap();
        Letter {
            id: id.into(),
            channel: crate::notify::MAIL.into(),
            to: "erika@example.org".into(),
            mail,
            reply_to_thread: None,
            list: None,
            written_at,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn letters_get_files_of_their_own_and_nothing_is_left_over() {
        let data = tempfile::tempdir().unwrap();
        let outbox = data.path().join("outbox");
        for id in ["2", "1"] {
            let content = format!("Message-ID: <{id}@localhost>\r\n").into_bytes();
            assert_eq!(deliver(&outbox, &letter(id), content).await, Delivery::Sent);
        }
        assert_eq!(names(&outbox), ["20260329T013000Z-1.eml", "20260329T013000Z-2.eml"]);
    }

    #[tokio::test]
    async fn the_same_letter_is_written_once() {
        let outbox = tempfile::tempdir().unwrap();
        for content in ["Message-ID: <1@localhost>\r\nfirst", "Message-ID: <1@localhost>\r\nagain"] {
            assert_eq!(deliver(outbox.path(), &letter("1"), content.into()).await, Delivery::Sent);
        }
        let file = fs::read_to_string(outbox.path().join("20260329T013000Z-1.eml")).unwrap();
        assert!(file.ends_with("first"));
    }

    #[tokio::test]
    async fn what_a_crash_left_half_written_is_replaced() {
        let outbox = tempfile::tempdir().unwrap();
        fs::write(
            outbox.path().join("20260329T013000Z-1.partial"),
            "Message-ID: <1@localhost>\r\nlonger than the letter",
        )
        .unwrap();
        assert_eq!(deliver(outbox.path(), &letter("1"), b"whole".to_vec()).await, Delivery::Sent);
        assert_eq!(names(outbox.path()), ["20260329T013000Z-1.eml"]);
        assert_eq!(fs::read(outbox.path().join("20260329T013000Z-1.eml")).unwrap(), b"whole");
    }

    #[tokio::test]
    async fn another_letter_is_never_overwritten() {
        let outbox = tempfile::tempdir().unwrap();
        let path = outbox.path().join("20260329T013000Z-1.eml");
        fs::write(&path, "Message-ID: <9@localhost>").unwrap();
        let delivery = deliver(outbox.path(), &letter("1"), b"Message-ID: <1@localhost>".to_vec()).await;
        assert!(matches!(delivery, Delivery::Later { .. }), "{delivery:?}");
        assert_eq!(fs::read(&path).unwrap(), b"Message-ID: <9@localhost>");
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_puts_the_letter_off() {
        let data = tempfile::tempdir().unwrap();
        let outbox = data.path().join("outbox");
        fs::write(&outbox, "a file in the place of the folder").unwrap();
        let Delivery::Later { error, hint } = deliver(&outbox, &letter("1"), Vec::new()).await else { panic!() };
        assert!(error.contains("20260329T013000Z-1.eml") && !error.contains("erika"), "{error}");
        assert!(hint.is_some());
    }
}
