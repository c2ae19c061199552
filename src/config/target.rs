//! Who is told of a finding.

use super::{Config, Recipient};
use crate::detect::{Finding, FindingKind};
use crate::notify::{Channel, MAIL};

/// `[[route]]`: findings that match are told to these.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// About one of these; `None`: about any.
    pub brands: Option<Vec<String>>,
    /// Of one of these kinds; `None`: of those that are worth a mail.
    pub kinds: Option<Vec<FindingKind>>,
    /// As rare as once in so many days, or rarer.
    pub least_rarity_days: f64,
    /// Who is told.
    pub to: Vec<Target>,
}

/// Somebody to tell, or somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By mail.
    Mail(Recipient),
    /// Through the channel of that name.
    Channel(String),
}

impl Target {
    /// [`MAIL`], or the name of the channel.
    pub fn channel(&self) -> &str {
        match self {
            Self::Mail(_) => MAIL,
            Self::Channel(name) => name,
        }
    }

    /// The mail address, or once more the name of the channel.
    pub fn recipient(&self) -> &str {
        match self {
            Self::Mail(recipient) => &recipient.address,
            Self::Channel(name) => name,
        }
    }

    /// Whether both reach the same: a name before an address makes no other person of it.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Mail(one), Self::Mail(other)) => one.mailbox().eq_ignore_ascii_case(other.mailbox()),
            (Self::Channel(one), Self::Channel(other)) => one == other,
            _ => false,
        }
    }
}

impl Route {
    fn is_about(&self, brand: &str) -> bool {
        self.brands.as_ref().is_none_or(|brands| brands.iter().any(|one| one == brand))
    }

    fn matches(&self, brand: &str, finding: &Finding) -> bool {
        let is_wanted = match &self.kinds {
            Some(kinds) => kinds.contains(&finding.kind),
            None => is_mailed(finding.kind),
        };
        self.is_about(brand) && is_wanted && finding.rarity_days >= self.least_rarity_days
    }
}

impl Config {
    /// Who is told of a finding, each once. With routes nobody else than they say.
    pub fn targets(&self, brand: &str, finding: &Finding) -> Vec<Target> {
        if self.routes.is_empty() {
            return if is_mailed(finding.kind) { self.mailed() } else { Vec::new() };
        }
        let matching = self.routes.iter().filter(|route| route.matches(brand, finding));
        each_once(matching.flat_map(|route| route.to.iter().cloned()))
    }

    /// Who would be told of a shift of a brand's mood, were it rare enough; each once.
    pub fn audience(&self, brand: &str) -> Vec<Target> {
        if self.routes.is_empty() {
            return self.mailed();
        }
        let is_about_mood = |route: &&Route| {
            let named = |kinds: &Vec<FindingKind>| kinds.iter().any(|kind| kind.direction().is_some());
            route.is_about(brand) && route.kinds.as_ref().is_none_or(named)
        };
        each_once(self.routes.iter().filter(is_about_mood).flat_map(|route| route.to.iter().cloned()))
    }

    /// Everybody who could ever be told, each once.
    pub fn all_targets(&self) -> Vec<Target> {
        let routed = self.routes.iter().flat_map(|route| &route.to);
        each_once(self.mailed().into_iter().chain(routed.chain(&self.urgent.to).cloned()))
    }

    /// The channel of that name.
    pub fn channel(&self, name: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == name)
    }

    fn mailed(&self) -> Vec<Target> {
        each_once(self.alert.to.iter().cloned().map(Target::Mail))
    }
}

pub(super) fn each_once(targets: impl Iterator<Item = Target>) -> Vec<Target> {
    let mut once: Vec<Target> = Vec::new();
    for target in targets {
        if !once.iter().any(|known| known.is_same(&target)) {
            once.push(target);
        }
    }
    once
}

/// A burst and another blend are nobody's emergency: they are kept, say why no mail came, and are told to who asks for them.
const fn is_mailed(kind: FindingKind) -> bool {
    match kind {
        FindingKind::MoodDown | FindingKind::MoodUp | FindingKind::Volume | FindingKind::Gap => true,
        FindingKind::Burst | FindingKind::Mix => false,
    }
}
