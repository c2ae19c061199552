//! `stimmung model …`: corrections, learning, and the card.

use crate::program::{Program, configuration, stderr, stdout};

const IMPORT: [&str; 6] = ["import", "a.csv", "--source", "portal", "--brand", "Hellbahn"];

#[test]
fn corrections_are_taken_in_and_what_is_not_found_is_named_by_its_line() {
    let program = Program::with(&configuration(&[]));
    std::fs::write(program.folder().join("a.csv"), "id,text\n1,Hellbahn war mega stabil\n2,Hellbahn eben\n").unwrap();
    assert!(program.run(&IMPORT).status.success());
    let file = "source,native_id,label\nportal,1,negative\nportal,9,neutral\nportal,2,hmm\n";
    std::fs::write(program.folder().join("c.csv"), file).unwrap();
    let output = program.run(&["model", "correct", "c.csv", "--by", "kim"]);
    assert_eq!((stdout(&output).trim(), output.status.code()), ("c.csv: 1 corrected, 2 left out", Some(1)));
    for line in ["line 3: there is no such mention", "line 4, column `label`: `hmm` is no mood"] {
        assert!(stderr(&output).contains(line), "{}", stderr(&output));
    }
    let exported: String = program.exported().iter().map(|record| format!("{record}\n")).collect();
    std::fs::write(program.folder().join("c.jsonl"), exported).unwrap();
    let output = program.run(&["model", "correct", "c.jsonl"]);
    assert_eq!(stdout(&output).trim(), "c.jsonl: 2 corrected, 0 left out", "an export is a file of corrections");
}
