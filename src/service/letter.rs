//! What somebody is told, written for the way on which it goes.

use sha2::{Digest, Sha256};

use crate::alert;
use crate::config::{Config, Recipient, Target};
use crate::mention::Timestamp;
use crate::notify::{Letter, MAIL, Told};
use crate::store::Reader;

/// `None` where the channel is gone from the configuration: nobody knows how to write for it.
pub(super) fn letter(config: &Config, target: &Target, told: Told, id: String, now: Timestamp) -> Option<Letter> {
    let zone = config.alert.time_zone;
    let mail = match (target, told) {
        (Target::Channel(name), _) => config.channel(name)?.write(told, zone),
        (Target::Mail(one), Told::Found(alert) | Told::Sample(alert)) => alert::mail(alert, one.language, zone),
        (Target::Mail(one), Told::Urgent(mentions)) => alert::urgent(mentions, one.language, zone),
        (Target::Mail(one), Told::Over(alert, over)) => alert::recovery(alert, over, one.language, zone),
        (Target::Mail(one), Told::Rehearsed(brand, rehearsal)) => {
            alert::rehearsal(brand, rehearsal, one.language, zone)
        }
    };
    let (channel, to) = (target.channel().to_owned(), target.recipient().to_owned());
    Some(Letter { id, channel, to, mail, reply_to_thread: None, list: None, written_at: now })
}

/// An id made of what a letter is about: the same for the same, whenever it is computed.
pub(super) fn id(kind: &str, about: &str) -> String {
    let digits: String = Sha256::digest(about.as_bytes())[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{kind}-{digits}")
}

/// As the outbox knows them.
pub(super) fn reader(target: &Target) -> Reader {
    Reader { channel: target.channel().to_owned(), recipient: target.recipient().to_owned() }
}

/// As the configuration knows them. Whoever got a letter and stands there no more hears the end of it all the same.
pub(super) fn target(config: &Config, reader: Reader) -> Target {
    let known = config.all_targets().into_iter().find(|target| self::reader(target) == reader);
    match known {
        Some(target) => target,
        None if reader.channel == MAIL => {
            Target::Mail(Recipient { address: reader.recipient, language: config.alert.language })
        }
        None => Target::Channel(reader.channel),
    }
}
