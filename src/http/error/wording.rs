//! The same in German, and what to do about it in both languages; in English each error prints itself.

use super::FetchError;
use crate::tongue::{Said, said};

impl FetchError {
    /// Why there is no page, in German; as in English, without what lies at the bottom.
    pub fn german(&self) -> String {
        match self {
            Self::Setup(_) => "Der HTTP-Client lässt sich nicht einrichten".to_owned(),
            Self::Scheme { url } => format!("„{url}“ ist keine http- oder https-Adresse"),
            Self::PrivateNetwork { host } => format!("„{host}“ liegt nicht im öffentlichen Internet"),
            Self::Dns { host, .. } => format!("Der Name „{host}“ lässt sich nicht auflösen"),
            Self::Connect { host, .. } => format!("„{host}“ ist nicht erreichbar"),
            Self::Tls { host, .. } => {
                format!("Zu „{host}“ lässt sich keine vertrauenswürdige verschlüsselte Verbindung herstellen")
            }
            Self::Timeout { host } => format!("„{host}“ hat zu lange nicht geantwortet"),
            Self::Broken { host, .. } => format!("Die Antwort von „{host}“ ist unvollständig oder beschädigt"),
            Self::Status { status, .. } => format!("Der Server hat mit {status} geantwortet"),
            Self::Gone { url } => format!("„{url}“ wurde endgültig entfernt"),
            Self::TooLarge { url, limit } => {
                let limit = limit.display().si().to_string().replace('.', ",");
                format!("Die Antwort von „{url}“ ist größer als {limit}")
            }
            Self::TooManyRedirects { url, limit } => {
                format!("Auf dem Weg zu „{url}“ liegen mehr als {limit} Weiterleitungen")
            }
            Self::RedirectLoop { url } => format!("Die Weiterleitungen führen über „{url}“ im Kreis"),
            Self::BadRedirect { url } => format!("„{url}“ leitet an keine brauchbare Adresse weiter"),
            Self::InsecureRedirect { url } => {
                format!("Eine Weiterleitung von https auf „{url}“ würde ein Passwort unverschlüsselt senden")
            }
            Self::Robots { url } => format!("robots.txt untersagt Programmen „{url}“"),
            Self::RobotsUnavailable { host, status, .. } => {
                format!("Die robots.txt von „{host}“ ist nicht abrufbar (der Server hat mit {status} geantwortet)")
            }
            Self::Waiting { host, .. } => format!("„{host}“ hat um eine Pause gebeten, die noch nicht vorbei ist"),
        }
    }

    /// What the operator can do about it.
    pub const fn hint(&self) -> Option<Said<&'static str>> {
        Some(match self {
            Self::Setup(_) => said("Siehe [fetch] in sources.toml", "see [fetch] in sources.toml"),
            Self::Scheme { .. } => said(
                "Schreiben Sie eine Adresse, die mit https:// oder http:// beginnt",
                "write an address that begins with https:// or http://",
            ),
            Self::PrivateNetwork { .. } => said(
                "Liegt die Quelle wirklich in Ihrem eigenen Netz, schreiben Sie bei ihr „allow_private_network = true“",
                "if the source really is in your own network, write `allow_private_network = true` at the source",
            ),
            Self::Dns { .. } => said(
                "Prüfen Sie die Schreibweise der Adresse und den Nameserver dieses Rechners",
                "check the spelling of the address, and this machine's name server",
            ),
            Self::Connect { .. } => said(
                "Prüfen Sie Adresse und Port sowie Firewall und Proxy dieses Rechners",
                "check the address and its port, and this machine's firewall and proxy",
            ),
            Self::Tls { .. } => said(
                "Prüfen Sie das Zertifikat der Website und ob dieser Rechner CA-Zertifikate und die richtige Uhrzeit hat",
                "check the site's certificate, and that this machine has CA certificates and the right time",
            ),
            Self::Timeout { .. } => said(
                "Ist die Website langsam, erhöhen Sie „timeout“, „connect_timeout“ oder „read_timeout“ in [fetch]",
                "for a slow site, raise `timeout`, `connect_timeout` or `read_timeout` in [fetch]",
            ),
            Self::Status { status: 401 | 403, .. } => said(
                "Die Website verlangt eine Anmeldung oder weist Programme ab: Fragen Sie den Betreiber",
                "the site wants a login or refuses programs: ask its owner",
            ),
            Self::Status { status: 404, .. } => {
                said("Prüfen Sie die Adresse im Browser", "check the address in a browser")
            }
            Self::Gone { .. } => said(
                "Entfernen Sie die Quelle oder geben Sie ihr die neue Adresse",
                "remove the source, or give it its new address",
            ),
            Self::TooLarge { .. } => said(
                "Prüfen Sie, ob die Adresse stimmt, oder erhöhen Sie „max_body“ in [fetch]",
                "check that the address is the right one, or raise `max_body` in [fetch]",
            ),
            Self::TooManyRedirects { .. } | Self::RedirectLoop { .. } | Self::BadRedirect { .. } => said(
                "Öffnen Sie die Adresse im Browser und geben Sie der Quelle die, bei der Sie ankommen",
                "open the address in a browser, and give the source the address where you end",
            ),
            Self::InsecureRedirect { .. } => said(
                "Geben Sie der Quelle eine Adresse, die bei https bleibt",
                "give the source an address that stays on https",
            ),
            Self::Robots { .. } => said(
                "Bitten Sie den Betreiber der Website um Erlaubnis oder um einen Feed",
                "ask the site's owner for leave, or for a feed",
            ),
            Self::Status { .. } | Self::Broken { .. } | Self::RobotsUnavailable { .. } | Self::Waiting { .. } => {
                return None;
            }
        })
    }
}
