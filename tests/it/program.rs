//! The real program, run as a user runs it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a configuration and a place for data.
pub(crate) struct Program {
    folder: TempDir,
}

impl Program {
    /// With this `sources.toml`.
    pub(crate) fn with(configuration: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sources.toml"), configuration).unwrap();
        Self { folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The command, ready to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stimmung"));
        command.args(arguments).current_dir(self.folder.path()).env_remove("RUST_LOG").env("NO_COLOR", "1");
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it to its end on another thread, so that a site of this test can answer meanwhile.
    pub(crate) async fn run_beside(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
    }

    /// Runs it with this on its standard input.
    pub(crate) fn feed(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        output
    }

    /// What `export` writes as JSON Lines.
    pub(crate) fn exported(&self) -> Vec<serde_json::Value> {
        let output = self.run(&["export", "--format", "jsonl"]);
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A brand and these sources: id and address.
pub(crate) fn configuration(sources: &[(&str, String)]) -> String {
    let mut text = "[[brand]]\nname = \"Hellbahn\"\nany = [\"Hellbahn\"]\n".to_owned();
    for (id, url) in sources {
        text += &format!(
            "[[source]]\nid = \"{id}\"\nevery = \"1h\"\nallow_private_network = true\nfrom.feed = {{ url = \"{url}\" }}\n"
        );
    }
    text + "[fetch]\ngap_per_host = \"0s\"\ntimeout = \"2s\"\nmax_body = \"2MB\"\n"
}
