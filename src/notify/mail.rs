//! Mail through an SMTP server, or as `.eml` files where none is configured. With its parts the only user of lettre.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::{Address, AddressError, Attempt, Delivery, Letter, address};

pub use self::folder::file_name;
pub use self::settings::{Settings, Smtp, Tls};

mod compose;
mod folder;
mod settings;
mod smtp;

/// Delivers letters, one at a time or several at once.
#[derive(Debug)]
pub struct Mailer {
    from: Address,
    channel: Channel,
}

#[derive(Debug)]
enum Channel {
    Smtp(smtp::Server),
    Folder(PathBuf),
}

/// Why no mail can be delivered with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    /// The sender's address.
    #[error("`mail.from` {0}")]
    From(AddressError),
    /// The file of certificates does not open.
    #[error("cannot read `{}`, which `mail.smtp.ca_file` names", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file of certificates has none.
    #[error("`{}`, which `mail.smtp.ca_file` names, must hold certificates in PEM: `-----BEGIN CERTIFICATE-----`", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The system's certificates cannot be used.
    #[error("cannot set up TLS: are the certificates of the system (package ca-certificates) installed?")]
    Tls(#[source] lettre::transport::smtp::Error),
}

impl Mailer {
    /// Reads what the settings name, connects to nothing.
    ///
    /// Without `[mail.smtp]`, letters are written into `outbox_folder`, which is created with the first of them.
    /// `password` is what `smtp.password_env` or `smtp.password_file` holds.
    pub fn new(settings: &Settings, outbox_folder: &Path, password: Option<SecretString>) -> Result<Self, MailerError> {
        let from = address(settings.sender()).map_err(MailerError::From)?;
        let channel = match &settings.smtp {
            Some(smtp) => Channel::Smtp(smtp::Server::new(smtp, password)?),
            None => Channel::Folder(outbox_folder.to_owned()),
        };
        Ok(Self { from, channel })
    }

    /// Who writes.
    pub fn sender(&self) -> &Address {
        &self.from
    }

    /// Makes one attempt. The same letter may be given again: it keeps its Message-ID, its date and its file name.
    pub async fn deliver(&self, letter: &Letter) -> Attempt {
        let mail = match compose::compose(letter, &self.from) {
            Ok(mail) => mail,
            Err(error) => return Delivery::Refused { error: error.to_string() }.into(),
        };
        match &self.channel {
            Channel::Smtp(server) => server.deliver(&self.from, &mail).await,
            Channel::Folder(folder) => folder::deliver(folder, letter, mail.content).await.into(),
        }
    }
}
