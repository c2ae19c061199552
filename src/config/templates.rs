//! The service team's own templates of replies, in the folder that `templates` under `[outreach]` names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Config, ConfigError, Problem, Problems};
use crate::outreach::draft::{Mistake, Template, Templates};

impl Config {
    /// The templates that come with the program, with the team's own added and in place of their namesakes. Every file
    /// of the folder that ends in `.txt` is read, and none below it.
    ///
    /// # Errors
    /// When it cannot be read, or with everything that is wrong in any of its files.
    pub fn templates(&self) -> Result<Templates, ConfigError> {
        let Some(folder) = &self.outreach.templates else { return Ok(Templates::default()) };
        let unreadable = |path: &Path, source| ConfigError::Templates { path: path.to_owned(), source };
        let (mut own, mut wrong) = (Vec::new(), Vec::new());
        for path in files(folder).map_err(|source| unreadable(folder, source))? {
            let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
            let text = text.trim_start_matches('\u{feff}');
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match Template::parse(&name, text) {
                Ok(template) => own.push(template),
                Err(mistakes) => wrong.push(Problems::new(
                    &path.display().to_string(),
                    text,
                    mistakes.into_iter().map(problem).collect(),
                )),
            }
        }
        if wrong.is_empty() { Ok(Templates::with(own)) } else { Err(ConfigError::WrongTemplates(wrong)) }
    }
}

/// In the order of their names.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    let is_text = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "txt");
    let mut files: Vec<PathBuf> = paths.into_iter().filter(is_text).collect();
    files.sort();
    Ok(files)
}

fn problem(mistake: Mistake) -> Problem {
    let problem = Problem::at(mistake.place, mistake.message);
    if mistake.hint.is_empty() { problem } else { problem.hint(mistake.hint) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Outreach;

    fn templates(files: &[(&str, &str)]) -> Result<Templates, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let config = Config::parse("", "sources.toml").unwrap();
        let outreach = Outreach { templates: Some(folder.path().to_owned()), ..Outreach::default() };
        let read = Config { outreach, ..config }.templates();
        read.map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), "replies/"))
    }

    #[test]
    fn a_teams_own_templates_join_those_that_come_along() {
        let count = Templates::default().all().len();
        let text = "\u{feff}topics: buffet\r\n---\r\n{salutation}\r\n\r\n{apology} {question}\r\n";
        let own = templates(&[("buffet.de.txt", text), ("app.de.txt", text), ("notes.md", "no template")]).unwrap();
        assert_eq!(own.all().len(), count + 1, "one is new, one takes the place of its namesake");
        let versions: Vec<_> = own.all().iter().filter(|one| one.is_own).map(|one| one.version.as_str()).collect();
        let same_text =
            templates(&[("a.de.txt", text.trim_start_matches('\u{feff}').replace("\r\n", "\n").as_str())]).unwrap();
        let version = &same_text.all().iter().find(|one| one.is_own).unwrap().version;
        assert_eq!(versions, [version, version], "line ends are no other version");
    }

    #[test]
    fn every_mistake_in_every_template_is_named_with_its_place() {
        let wrong = "topic: app\n\
                     intents: complaint, anger\n\
                     severities: dire\n\
                     address: Du\n\
                     reason: die App\n\
                     | die Anwendung\n\
                     apology: es tut uns {quote} leid\n\
                     no head\n\
                     ---\n\
                     Hallo {name},\n\
                     \n\
                     [wir bitten um Verzeihung, {quote}.\n\
                     | das | tut} uns leid]. {reason}\n\
                     wie geht es dir? {reason}\n\
                     das [wars {question\n";
        let informal = "address: du\n---\n{salutation}\n\nwie können wir Ihnen helfen, und was hast du vor?\n";
        let english = "address: Sie\ntopics: app\ntopics: price\n---\n{salutation} {question}\n{question} [a|[b|c]]\n";
        let wrong = templates(&[
            ("app.de.txt", wrong),
            ("app.du.de.txt", informal),
            ("app.en.txt", english),
            ("app.txt", "{salutation}\n"),
        ]);
        insta::assert_snapshot!(wrong.unwrap_err());
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_mistake() {
        let config = Config::parse("[outreach]\ntemplates = \"/nowhere/replies\"\n", "sources.toml").unwrap();
        let error = config.templates().unwrap_err();
        assert!(error.to_string().contains("/nowhere/replies") && error.hint().is_some(), "{error}");
    }
}
