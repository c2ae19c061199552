//! `[[hand_off]]`: the systems where a service department works.

use std::collections::HashSet;
use std::ops::Range;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::Problem;
use super::route::{check_name, checked, language};
use crate::hand_off::{Desk, DeskKind, Dynamics, Teams, Zendesk};
use crate::mention::Language;
use crate::notify;
use crate::outreach::Severity;
use crate::secret::SecretPlace;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HandOffSection {
    name: Spanned<String>,
    dynamics: Option<DynamicsSection>,
    zendesk: Option<ZendeskSection>,
    teams: Option<TeamsSection>,
    language: Option<Spanned<Language>>,
    automatic_from: Option<Spanned<String>>,
    #[serde(default)]
    allow_private_network: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DynamicsSection {
    organisation: Spanned<Url>,
    tenant: Spanned<String>,
    client_id: Spanned<String>,
    client_secret_env: Option<String>,
    client_secret_file: Option<PathBuf>,
    key: Spanned<String>,
    contact_key: Spanned<String>,
    login: Option<Spanned<Url>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZendeskSection {
    url: Spanned<Url>,
    user: Spanned<String>,
    token_env: Option<String>,
    token_file: Option<PathBuf>,
    requester: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamsSection {
    url_env: Option<String>,
    url_file: Option<PathBuf>,
}

/// Where tokens of Microsoft are had.
const LOGIN: &str = "https://login.microsoftonline.com/";

pub(super) fn desks(
    sections: Vec<(HandOffSection, Range<usize>)>,
    usual: Language,
    has_public_url: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Desk> {
    let mut names = HashSet::new();
    let mut desks = Vec::new();
    for (section, _) in sections {
        let (name, span) = (section.name.get_ref().clone(), section.name.span());
        check_name(&section.name, "a desk", problems);
        if !names.insert(name.clone()) {
            let problem = Problem::at(span.clone(), format!("hand-off `{name}` is defined twice"));
            problems.push(problem.hint("give each a name of its own"));
        }
        if section.teams.is_some() && !has_public_url {
            let problem = Problem::at(span.clone(), "nobody could claim a case from the card in Teams");
            problems.push(problem.hint("set `public_url` under [service] to the address of this service"));
        }
        let language = language(section.language.as_ref(), usual, problems);
        let automatic_from = section.automatic_from.as_ref().and_then(|written| severity(written, problems));
        let allow_private_network = section.allow_private_network;
        if let Some(kind) = kind(section, &span, problems) {
            desks.push(Desk { name, language, automatic_from, allow_private_network, kind });
        }
    }
    desks
}

fn severity(written: &Spanned<String>, problems: &mut Vec<Problem>) -> Option<Severity> {
    let severity = Severity::parse(written.get_ref());
    if severity.is_none() {
        let problem = Problem::at(written.span(), format!("there is no severity `{}`", written.get_ref()));
        problems.push(problem.hint(format!("known are {}", Severity::ALL.map(Severity::name).join(", "))));
    }
    severity
}

/// What it is: exactly one of three.
fn kind(section: HandOffSection, span: &Range<usize>, problems: &mut Vec<Problem>) -> Option<DeskKind> {
    let private = section.allow_private_network;
    match (section.dynamics, section.zendesk, section.teams) {
        (Some(written), None, None) => dynamics(written, private, span, problems).map(DeskKind::Dynamics),
        (None, Some(written), None) => zendesk(written, private, span, problems).map(DeskKind::Zendesk),
        (None, None, Some(TeamsSection { url_env, url_file })) => {
            let place = SecretPlace { env: url_env, file: url_file };
            checked(place, "teams.url", span, problems).map(|place| DeskKind::Teams(Teams(place)))
        }
        _ => {
            let message = format!("hand-off `{}` must be exactly one thing", section.name.get_ref());
            let hint = "give it one of `dynamics = { … }`, `zendesk = { … }` or `teams = { url_env = \"…\" }`";
            problems.push(Problem::at(span.clone(), message).hint(hint));
            None
        }
    }
}

fn dynamics(
    written: DynamicsSection,
    private: bool,
    span: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Dynamics> {
    let is_word = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    for (word, more, what) in [
        (&written.tenant, "-.", "tenant: write its id or its domain"),
        (&written.client_id, "-", "id of an application"),
        (&written.key, "_", "column: write its logical name, as in \"new_externalreviewid\""),
        (&written.contact_key, "_", "column: write its logical name, as in \"new_externalauthorid\""),
    ] {
        if !is_word(word.get_ref(), more) {
            problems.push(Problem::at(word.span(), format!("`{}` is no {what}", word.get_ref())));
        }
    }
    let organisation = server(written.organisation, private, problems);
    let login = written.login.map_or_else(|| Url::parse(LOGIN).ok(), |login| server(login, private, problems));
    let place = SecretPlace { env: written.client_secret_env, file: written.client_secret_file };
    let client_secret = checked(place, "dynamics.client_secret", span, problems);
    Some(Dynamics {
        organisation: organisation?,
        login: login?,
        tenant: written.tenant.into_inner(),
        client_id: written.client_id.into_inner(),
        client_secret: client_secret?,
        key: written.key.into_inner(),
        contact_key: written.contact_key.into_inner(),
    })
}

fn zendesk(
    written: ZendeskSection,
    private: bool,
    span: &Range<usize>,
    problems: &mut Vec<Problem>,
) -> Option<Zendesk> {
    for address in std::iter::once(&written.user).chain(&written.requester) {
        if let Err(error) = notify::address(address.get_ref()) {
            problems.push(Problem::at(address.span(), format!("`{}` {error}", address.get_ref())));
        }
    }
    let url = server(written.url, private, problems);
    let place = SecretPlace { env: written.token_env, file: written.token_file };
    let token = checked(place, "zendesk.token", span, problems);
    let (user, requester) = (written.user.into_inner(), written.requester.map(Spanned::into_inner));
    Some(Zendesk { url: url?, user, token: token?, requester })
}

/// The address of a server, without a path, and encrypted unless it is in one's own network.
fn server(written: Spanned<Url>, private: bool, problems: &mut Vec<Problem>) -> Option<Url> {
    let (span, url) = (written.span(), written.into_inner());
    let is_server = url.has_host() && url.username().is_empty() && url.path() == "/" && url.query().is_none();
    let mistake = if !matches!(url.scheme(), "http" | "https") || !is_server {
        ("the address is no server of the web", "write one like \"https://example.crm4.dynamics.com\"")
    } else if url.scheme() != "https" && !private {
        (
            "what is sent there could be read on the way",
            "write https://, or `allow_private_network = true` if it is in your own network",
        )
    } else {
        return Some(url);
    };
    problems.push(Problem::at(span, mistake.0).hint(mistake.1));
    None
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::hand_off::DeskKind;
    use crate::outreach::Severity;

    #[test]
    fn each_system_is_read() {
        let text = "[service]\npublic_url = \"https://stimmung.example\"\n\
                    [[hand_off]]\nname = \"crm\"\nautomatic_from = \"high\"\n\
                    dynamics = { organisation = \"https://lerche.crm4.dynamics.com\", tenant = \"lerche.example\", \
                    client_id = \"1-2\", client_secret_env = \"A\", key = \"new_review\", contact_key = \"new_author\" }\n\
                    [[hand_off]]\nname = \"tickets\"\nlanguage = \"en\"\n\
                    zendesk = { url = \"https://lerche.zendesk.com\", user = \"a@lerche.example\", token_file = \"t\" }\n\
                    [[hand_off]]\nname = \"chat\"\nteams = { url_env = \"T\" }\n";
        let desks = Config::parse(text, "sources.toml").unwrap().desks;
        let told: Vec<_> = desks.iter().map(|desk| (desk.name.as_str(), desk.system(), desk.language.code())).collect();
        assert_eq!(told, [("crm", "Dynamics 365", "de"), ("tickets", "Zendesk", "en"), ("chat", "Teams", "de")]);
        assert_eq!((desks[0].automatic_from, desks[1].automatic_from), (Some(Severity::High), None));
        let DeskKind::Dynamics(dynamics) = &desks[0].kind else { panic!("no Dynamics") };
        assert_eq!(dynamics.login.as_str(), "https://login.microsoftonline.com/");
    }

    #[test]
    fn every_mistake_is_named_with_its_place() {
        let text = "[[hand_off]]\nname = \"CRM\"\nautomatic_from = \"dire\"\n\
                    dynamics = { organisation = \"http://lerche.crm4.dynamics.com\", tenant = \"a/b\", \
                    client_id = \"\", key = \"new review\", contact_key = \"k\", login = \"ftp://a.example\" }\n\
                    [[hand_off]]\nname = \"tickets\"\n\
                    zendesk = { url = \"https://lerche.zendesk.com/api\", user = \"erika\", token_env = \"T\", \
                    token_file = \"t\", requester = \"nobody\" }\n\
                    [[hand_off]]\nname = \"tickets\"\nteams = { url_env = \"T\" }\n\
                    [[hand_off]]\nname = \"nothing\"\n";
        insta::assert_snapshot!(Config::parse(text, "sources.toml").unwrap_err());
    }
}
