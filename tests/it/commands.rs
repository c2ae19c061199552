//! The commands that need no network: what they print, what they refuse, and their exit codes.

use crate::program::{Program, configuration, stderr, stdout};

#[test]
fn a_wrong_configuration_is_shown_with_its_lines_and_ends_with_2() {
    let program = Program::with("[[source]]\nid = \"a\"\nevry = \"15m\"\n");
    let output = program.run(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output));
}

#[test]
fn a_missing_configuration_says_what_to_do_and_ends_with_2() {
    let output = Program::with("").run(&["run", "--config", "missing.toml"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output), @"
    error: cannot read missing.toml
    caused by: No such file or directory (os error 2)
    hint: name the file with --config FILE, or run `stimmung demo` to see it work without one
    ");
}

#[test]
fn an_address_that_others_can_reach_is_refused() {
    let output = Program::with("").run(&["run", "--listen", "0.0.0.0:0"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there are no accounts: make one by `stimmung user add NAME`"));
}

#[test]
fn analyse_keeps_the_object_and_adds_what_it_thinks() {
    let input = "{\"id\": 7, \"text\": \"Der Zug ist schon wieder ausgefallen, ich bin so wütend!\"}\n\
                 {\"id\": 8, \"text\": \"I love this app, thank you so much for the great support!\"}\n";
    let output = Program::with("").feed(&["analyse"], input);
    assert!(output.status.success(), "{}", stderr(&output));
    let lines: Vec<serde_json::Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["id"], &lines[0]["lang"], &lines[0]["label"]), (&7.into(), &"de".into(), &"negative".into()));
    assert_eq!((&lines[1]["id"], &lines[1]["lang"], &lines[1]["label"]), (&8.into(), &"en".into(), &"positive".into()));
    assert!(lines[0]["score"].as_f64().unwrap() < 0.0);
    assert!(!lines[0]["why"].as_array().unwrap().is_empty());
    assert!(lines[0]["text"].is_string());
}

#[test]
fn analyse_leaves_out_a_bad_line_and_says_which() {
    let input = "{\"text\": \"gut\"}\n{\"txt\": 1}\n{\"text\": \"schlecht\"}\n";
    let output = Program::with("").feed(&["analyse"], input);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stdout(&output).lines().count(), 2);
    assert!(stderr(&output).contains("line=2"), "{}", stderr(&output));
}

#[test]
fn a_file_imported_twice_is_there_once_and_a_bad_row_is_named() {
    let program = Program::with(&configuration(&[]));
    let csv = "Datum;Sterne;Titel;Kommentar;Autor\n\
               01.10.2026;5,0;Klasse;Die Hellbahn fährt pünktlich.;Jana\n\
               32.10.2026;1,0;Schlecht;Kein Datum.;Tom\n\
               03.10.2026;1,0;Nie wieder;\"Zwei Stunden\nVerspätung.\";Ali\n";
    std::fs::write(program.folder().join("reviews.csv"), csv).unwrap();
    let arguments = ["import", "reviews.csv", "--source", "portal", "--brand", "Hellbahn"];
    let first = program.run(&arguments);
    assert_eq!(first.status.code(), Some(1), "a row was left out");
    assert!(stderr(&first).contains("line=3") || stderr(&first).contains("line 3"), "{}", stderr(&first));
    assert!(stdout(&first).contains("2 new"), "{}", stdout(&first));
    let second = program.run(&arguments);
    assert!(stdout(&second).contains("0 new"), "{}", stdout(&second));
    assert_eq!(program.exported().len(), 2);
}

#[test]
fn an_export_can_be_replayed_and_imported_again() {
    let program = Program::with(&configuration(&[]));
    let csv = "id,date,rating,text\n1,2026-10-01,5,\"Hellbahn, gut\"\n2,2026-10-02,1,=SUM(A1)\n";
    std::fs::write(program.folder().join("a.csv"), csv).unwrap();
    assert!(program.run(&["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"]).status.success());
    let exported = stdout(&program.run(&["export"]));
    assert!(exported.contains("'=SUM(A1)"), "a formula is no formula any more: {exported}");
    let replayed = program.feed(&["replay", "--scored", "-"], &exported);
    assert!(replayed.status.success(), "{}", stderr(&replayed));
    std::fs::write(program.folder().join("b.csv"), &exported).unwrap();
    let again = program.run(&["import", "b.csv", "--source", "portal", "--brand", "Hellbahn"]);
    assert!(stdout(&again).contains("0 new"), "{}{}", stdout(&again), stderr(&again));
}

#[test]
fn an_erased_person_is_gone_and_does_not_come_back_with_the_next_import() {
    let program = Program::with(&configuration(&[]));
    let csv = "id,author,text\n1,Jana,Hellbahn war gut\n2,Tom,Hellbahn war schlecht\n";
    std::fs::write(program.folder().join("a.csv"), csv).unwrap();
    let import = ["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"];
    assert!(program.run(&import).status.success());
    let erased = program.run(&["erase", "--source", "portal", "--author", "Jana"]);
    assert_eq!((stdout(&erased).trim(), erased.status.code()), ("1 mentions erased", Some(0)));
    assert!(stdout(&program.run(&import)).contains("0 new"));
    let authors: Vec<_> = program.exported().iter().map(|record| record["author"].clone()).collect();
    assert_eq!(authors, ["Tom"]);
}

#[test]
fn only_commands_that_send_letters_need_the_secrets_for_it_and_they_say_so_at_once() {
    let mail = "[alert]\nto = [\"mk@example.org\"]\n\
                [mail]\nfrom = \"stimmung@example.org\"\nsmtp.host = \"localhost\"\n\
                smtp.username = \"stimmung\"\nsmtp.password_env = \"STIMMUNG_TEST_PASSWORD\"\n";
    let channel = "[[channel]]\nname = \"chat\"\nteams.url_file = \"nowhere\"\n[[route]]\nto = [\"chat\"]\n";
    for (section, missing) in [(mail, "`STIMMUNG_TEST_PASSWORD`"), (channel, "`nowhere`")] {
        let program = Program::with(&(configuration(&[]) + section));
        std::fs::write(program.folder().join("a.csv"), "id,author,text\n1,Jana,Hellbahn war gut\n").unwrap();
        for arguments in [
            &["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"][..],
            &["erase", "--source", "portal", "--author", "Jana"],
            &["export"],
            &["finding", "list"],
            &["alert", "log"],
            &["model", "card"],
        ] {
            let output = program.run(arguments);
            assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        }
        for arguments in [&["run", "--listen", "127.0.0.1:0"][..], &["collect"], &["alert", "test"], &["check"]] {
            let output = program.run(arguments);
            let shown = stderr(&output);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}: {shown}");
            assert!(
                shown.contains(missing) && (shown.contains("set it before") || shown.contains("must exist")),
                "{shown}"
            );
        }
    }
}
