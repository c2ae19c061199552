//! A `[[channel]]`: where else than by mail people are told. Its body is written when the finding is made, so that the
//! outbox holds what is sent and a retry sends the same. Pure.

use chrono_tz::Tz;
use url::Url;

use super::{slack, teams, webhook};
use crate::alert::{Alert, Mail, UrgentMention, message};
use crate::detect::Development;
use crate::detect::rehearsal::Rehearsal;
use crate::mention::Language;
use crate::secret::SecretPlace;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// As routes call it.
    pub name: String,
    /// In which it is written: German, else English.
    pub language: Language,
    /// It may be on loopback or in a private network, and do without encryption.
    pub allow_private_network: bool,
    /// What it is.
    pub kind: ChannelKind,
}

/// What a channel is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A workflow of Microsoft Teams that begins with a webhook. Its address is its secret.
    Teams(SecretPlace),
    /// An incoming webhook of Slack. Its address is its secret.
    Slack(SecretPlace),
    /// A program of the operator's own, which knows us by our signature.
    Webhook {
        /// Where it listens.
        url: Url,
        /// What both sides know.
        secret: SecretPlace,
    },
}

/// What there is to tell.
#[derive(Clone, Copy, Debug)]
pub enum Told<'a> {
    /// Something was found.
    Found(&'a Alert),
    /// Something was invented, to see that it arrives.
    Sample(&'a Alert),
    /// It is over.
    Over(&'a Alert, &'a Development),
    /// What would have been told of a brand before anybody listened.
    Rehearsed(&'a str, &'a Rehearsal),
    /// These cannot wait.
    Urgent(&'a [UrgentMention]),
}

impl Channel {
    /// Whether an address is encrypted, or in the operator's own network, where it may do without.
    pub fn may_ask(&self, url: &Url) -> bool {
        url.scheme() == "https" || self.allow_private_network
    }

    /// What is sent: the body as the text, with the subject beside it for people who look into the outbox.
    pub fn write(&self, told: Told, zone: Tz) -> Mail {
        let message = match told {
            Told::Found(alert) | Told::Sample(alert) => message::found(alert, self.language, zone),
            Told::Over(alert, over) => message::over(alert, over, self.language, zone),
            Told::Rehearsed(brand, rehearsal) => message::rehearsed(brand, rehearsal, self.language, zone),
            Told::Urgent(mentions) => message::urgent(mentions, self.language, zone),
        };
        let body = match &self.kind {
            ChannelKind::Teams(_) => teams::body(&message),
            ChannelKind::Slack(_) => slack::body(&message),
            ChannelKind::Webhook { .. } => webhook::body(told, &message),
        };
        Mail { subject: message.subject, text: body.to_string(), html: String::new(), picture: None }
    }
}
