//! Who wrote an entry: the many ways in which feeds put a name and an address into one field.

use url::Url;

use super::entry::line;
use super::repair::Person;
use crate::mention::Author;

/// Mail addresses that several people share; they tell nobody from anybody.
const SHARED: [&str; 23] = [
    "admin",
    "blog",
    "contact",
    "do-not-reply",
    "donotreply",
    "editor",
    "feedback",
    "hello",
    "info",
    "kontakt",
    "mail",
    "news",
    "newsletter",
    "no-reply",
    "nobody",
    "noreply",
    "office",
    "post",
    "presse",
    "press",
    "redaktion",
    "support",
    "webmaster",
];

/// The author; `None` where there is neither a name nor an address.
pub(super) fn author(person: &Person) -> Option<Author> {
    let given = line(person.name.as_deref().unwrap_or_default());
    let (name, written) = name_and_mail(&given);
    let uri = person.uri.as_deref().map(str::trim);
    let stated = [person.email.as_deref().map(str::trim), uri.and_then(|uri| uri.strip_prefix("mailto:"))];
    let mail = stated.into_iter().flatten().find(|mail| is_mail(mail)).or(written);
    let name = if name.is_empty() { mail?.to_owned() } else { name };
    let key = uri.filter(|uri| is_account(uri)).or(mail.filter(|mail| is_personal(mail)));
    Some(Author { key: key.unwrap_or(&name).to_owned(), name })
}

/// Parts `erika@example.org (Erika Mustermann)`, `Erika Mustermann <erika@example.org>`, `mailto:…` and the like.
fn name_and_mail(given: &str) -> (String, Option<&str>) {
    let outside = |c: char| c.is_whitespace() || "<>()[]（）\"'„“”‚‘’,;".contains(c);
    let mail = given.split(outside).map(|word| word.trim_start_matches("mailto:")).find(|word| is_mail(word));
    let Some(mail) = mail else { return (given.to_owned(), None) };
    let name = given.replace("mailto:", "").replace(mail, " ");
    (name.trim_matches(outside).to_owned(), Some(mail))
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.contains('@'))
}

/// A page of one's own, not the front page of the site that all share.
fn is_account(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| url.has_host() && url.path().len() > 1 && !url.path().ends_with("/noreply"))
}

fn is_personal(mail: &str) -> bool {
    let user = mail.split('@').next().unwrap_or_default();
    !SHARED.iter().any(|shared| user.eq_ignore_ascii_case(shared))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(name: &str) -> String {
        match author(&Person { name: Some(name.into()), ..Person::default() }) {
            Some(author) => format!("{} [{}]", author.name, author.key),
            None => "nobody".into(),
        }
    }

    #[test]
    fn name_and_address_are_told_apart() {
        assert_eq!(written("erika@example.org (Erika Mustermann)"), "Erika Mustermann [erika@example.org]");
        assert_eq!(written("Erika Mustermann <mailto:erika@example.org>"), "Erika Mustermann [erika@example.org]");
        assert_eq!(written("erika@example.org（张三）"), "张三 [erika@example.org]");
        assert_eq!(written("Erika „erika@example.org“"), "Erika [erika@example.org]");
        assert_eq!(written("erika@example.org"), "erika@example.org [erika@example.org]");
        assert_eq!(written("M&uuml;ller, J. <b>Jr</b>"), "Müller, J. Jr [Müller, J. Jr]");
        assert_eq!(written("Erika (aus Köln)"), "Erika (aus Köln) [Erika (aus Köln)]");
        assert_eq!(written(" "), "nobody");
    }

    #[test]
    fn an_address_that_many_share_is_no_key() {
        assert_eq!(written("noreply@example.org (Erika)"), "Erika [Erika]");
        assert_eq!(written("Redaktion@example.org (Erika)"), "Erika [Erika]");
    }

    #[test]
    fn an_account_is_a_key_but_a_front_page_is_none() {
        let person = |uri: &str| Person { name: Some("Erika".into()), uri: Some(uri.into()), email: None };
        assert_eq!(author(&person("https://example.org/@erika")).unwrap().key, "https://example.org/@erika");
        assert_eq!(author(&person("https://example.org/")).unwrap().key, "Erika");
        assert_eq!(author(&person("mailto:erika@example.org")).unwrap().key, "erika@example.org");
    }

    proptest! {
        #[test]
        fn no_name_panics(name in "([<>()@.„“（）a-z ]|mailto:){0,30}") {
            written(&name);
        }
    }
}
