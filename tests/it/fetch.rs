//! `stimmung model fetch` against a server on loopback that keeps models as Hugging Face does.

use std::path::PathBuf;

use crate::program::{Program, stderr, stdout};

use self::hub::{Hub, WEIGHTS};

mod hub;

const ARGUMENTS: [&str; 5] = ["model", "fetch", "some-owner/some-model", "--from", "URL"];

async fn fetch(program: &Program, hub: &Hub) -> std::process::Output {
    let url = hub.url();
    program.run_beside(&ARGUMENTS.map(|argument| if argument == "URL" { url.as_str() } else { argument })).await
}

/// The three files, in the folder of the model.
fn folder(program: &Program) -> PathBuf {
    program.folder().join("models/some-owner--some-model")
}

fn weights(program: &Program) -> Vec<u8> {
    std::fs::read(folder(program).join("model.safetensors")).unwrap()
}

fn files(program: &Program) -> Vec<String> {
    let entries = std::fs::read_dir(folder(program)).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_three_files_are_fetched_and_the_setting_to_write_is_shown() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    let output = fetch(&program, &hub).await;
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(files(&program), ["config.json", "model.safetensors", "tokenizer.json"]);
    assert_eq!(weights(&program), WEIGHTS);
    let shown = stdout(&output);
    assert!(shown.contains("[analyse]\ntransformer.folder = \"models/some-owner--some-model\""), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_and_sound_is_not_fetched_again() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    for _ in 0..2 {
        assert!(fetch(&program, &hub).await.status.success());
    }
    assert_eq!(hub.sent("model.safetensors"), [0]);
    std::fs::write(folder(&program).join("model.safetensors"), vec![0; WEIGHTS.len()]).unwrap();
    assert!(fetch(&program, &hub).await.status.success());
    assert_eq!(weights(&program), WEIGHTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_is_taken_up_where_it_ended() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    hub.breaks_after(4000);
    let output = fetch(&program, &hub).await;
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(weights(&program), WEIGHTS);
    assert_eq!(hub.sent("model.safetensors"), [0, 4000, 8000]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_run_goes_on_where_the_first_ended() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    std::fs::create_dir_all(folder(&program)).unwrap();
    std::fs::write(folder(&program).join("model.safetensors.part"), &WEIGHTS[..1234]).unwrap();
    assert!(fetch(&program, &hub).await.status.success());
    assert_eq!((hub.sent("model.safetensors"), weights(&program)), (vec![1234], WEIGHTS.to_vec()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_beginning_of_another_file_is_found_out_and_removed() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    std::fs::create_dir_all(folder(&program)).unwrap();
    std::fs::write(folder(&program).join("model.safetensors.part"), [0; 1234]).unwrap();
    let output = fetch(&program, &hub).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("its SHA-256 is not the one that the server lists"), "{}", stderr(&output));
    assert_eq!(files(&program), ["config.json", "tokenizer.json"]);
    assert!(fetch(&program, &hub).await.status.success());
    assert_eq!(weights(&program), WEIGHTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_brings_nothing_is_given_up_and_what_came_is_kept() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    hub.breaks_after(0);
    let output = fetch(&program, &hub).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("hint: run the command again later"), "{}", stderr(&output));
    assert!(!folder(&program).join("config.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn another_size_than_listed_is_refused() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    hub.lists_more(7);
    let output = fetch(&program, &hub).await;
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stderr(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_not_there_or_lacks_a_file_is_named() {
    let (program, hub) = (Program::with(""), Hub::start().await);
    let url = hub.url();
    let mut told = String::new();
    for arguments in [["some-owner/none", "main"], ["some-owner/pickled", "main"], ["some-owner/some-model", "none"]] {
        let [id, revision] = arguments;
        let output = program.run_beside(&["model", "fetch", id, "--revision", revision, "--from", &url]).await;
        assert_eq!(output.status.code(), Some(1), "{id}");
        told += &stderr(&output);
    }
    insta::assert_snapshot!(told);
    assert!(!program.folder().join("models").exists());
}

#[test]
fn an_id_that_would_lead_elsewhere_is_wrong_use() {
    let output = Program::with("").run(&["model", "fetch", "../../etc"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("owner/name"), "{}", stderr(&output));
}
