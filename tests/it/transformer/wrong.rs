//! Models that cannot be used: each error names the file, what is wrong, and what to do.

use std::path::Path;

use stimmung::transformer::TransformerError;

use super::*;

/// The error and its hint, without the folder.
fn told(folder: &Path, labels: &BTreeMap<String, Label>) -> String {
    let error = Transformer::load(folder, labels).unwrap_err();
    let shown = format!("{error}\n  hint: {}", error.hint().unwrap_or("-"));
    shown.replace(&format!("{}/", folder.display()), "")
}

/// The error of a fixture of which one file was changed.
fn changed(name: &str, file: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
    let folder = copy(name);
    let path = folder.path().join(file);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, change(bytes)).unwrap();
    told(folder.path(), &labels(name))
}

/// The same for a key of `config.json`.
fn configured(name: &str, key: &str, value: serde_json::Value) -> String {
    changed(name, "config.json", |bytes| {
        let mut configuration: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        configuration[key] = value;
        configuration.to_string().into_bytes()
    })
}

#[test]
fn a_missing_file_is_named() {
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        let folder = copy("bert");
        std::fs::remove_file(folder.path().join(file)).unwrap();
        let error = Transformer::load(folder.path(), &BTreeMap::new()).unwrap_err();
        assert!(matches!(&error, TransformerError::Read { path, .. } if path.ends_with(file)), "{error}");
        assert!(error.hint().unwrap().contains("stimmung model fetch"));
    }
}

#[test]
fn a_model_of_another_kind_is_refused() {
    let cases = [
        configured("bert", "model_type", "gpt2".into()),
        configured("bert", "hidden_size", 25.into()),
        configured("bert", "hidden_act", "softmax".into()),
        configured("bert", "position_embedding_type", "relative_key".into()),
        configured("bert", "problem_type", "multi_label_classification".into()),
        configured("bert", "pad_token_id", 4000.into()),
        configured("bert", "id2label", serde_json::json!({"0": "negative"})),
        configured("bert", "id2label", serde_json::json!({"0": "negative", "2": "positive"})),
        configured("bert", "id2label", serde_json::json!({"0": "angry", "1": "fine thanks"})),
        changed("bert", "config.json", |_| b"{}".to_vec()),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn without_names_for_its_labels_a_model_has_two() {
    let folder = copy("distilbert");
    let path = folder.path().join("config.json");
    let mut configuration: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    configuration.as_object_mut().unwrap().shift_remove("id2label");
    std::fs::write(&path, configuration.to_string()).unwrap();
    let hint = told(folder.path(), &BTreeMap::new());
    assert!(hint.contains("LABEL_0 = \"…\", LABEL_1 = \"…\""), "{hint}");
    let labels = BTreeMap::from([("LABEL_0".into(), Label::Negative), ("LABEL_1".into(), Label::Positive)]);
    let model = Transformer::load(folder.path(), &labels).unwrap();
    assert_eq!(model.classify(&["gut"]).unwrap(), load("distilbert").classify(&["gut"]).unwrap());
}

#[test]
fn broken_weights_are_refused() {
    let cases = [
        changed("bert", "model.safetensors", |_| Vec::new()),
        changed("bert", "model.safetensors", |_| b"version https://git-lfs".to_vec()),
        changed("bert", "model.safetensors", |bytes| bytes[..bytes.len() - 1].to_vec()),
        changed("bert", "model.safetensors", |bytes| [bytes, vec![0]].concat()),
        changed("bert", "model.safetensors", |mut bytes| {
            bytes[8] = b'[';
            bytes
        }),
        changed("bert", "model.safetensors", |_| std::fs::read(fixture("roberta").join("model.safetensors")).unwrap()),
        configured("bert", "vocab_size", 1000.into()),
        configured("bert", "num_hidden_layers", 3.into()),
        configured("xlm-roberta", "model_type", "bert".into()),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn a_tokenizer_that_does_not_fit_is_refused() {
    let without = |key: &'static str| {
        move |bytes: Vec<u8>| {
            let mut tokenizer: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            tokenizer[key] = serde_json::Value::Null;
            tokenizer.to_string().into_bytes()
        }
    };
    let cases = [
        changed("bert", "tokenizer.json", |_| b"{}".to_vec()),
        changed("bert", "tokenizer.json", |_| std::fs::read(fixture("roberta").join("tokenizer.json")).unwrap()),
        changed("bert", "tokenizer.json", without("post_processor")),
        configured("bert", "max_position_embeddings", 2.into()),
        configured("roberta", "max_position_embeddings", 2.into()),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn the_tokenizers_own_truncation_and_padding_do_not_count() {
    let folder = copy("bert");
    let path = folder.path().join("tokenizer.json");
    let mut tokenizer: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    tokenizer["truncation"] =
        serde_json::json!({"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0});
    tokenizer["padding"] = serde_json::json!({"strategy": {"Fixed": 30}, "direction": "Left", "pad_to_multiple_of": null,
        "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"});
    std::fs::write(&path, tokenizer.to_string()).unwrap();
    let model = Transformer::load(folder.path(), &BTreeMap::new()).unwrap();
    for expected in expected("bert") {
        assert!(difference(&model.logits(&[&expected.text]).unwrap()[0], &expected.logits) < TOLERANCE);
    }
}

/// Where a tensor lies in a file of weights.
fn place(bytes: &[u8], tensor: &str) -> std::ops::Range<usize> {
    let start = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header: serde_json::Value = serde_json::from_slice(&bytes[8..start]).unwrap();
    let offset = |end: usize| start + usize::try_from(header[tensor]["data_offsets"][end].as_u64().unwrap()).unwrap();
    offset(0)..offset(1)
}

#[test]
fn a_result_that_is_no_number_is_an_error() {
    let folder = copy("bert");
    let path = folder.path().join("model.safetensors");
    let mut bytes = std::fs::read(&path).unwrap();
    let bias = place(&bytes, "classifier.bias");
    bytes[bias].fill(0xff);
    std::fs::write(&path, bytes).unwrap();
    let error = Transformer::load(folder.path(), &BTreeMap::new()).unwrap().classify(&["gut"]).unwrap_err();
    assert!(error.to_string().contains("no finite number"), "{error}");
}

#[test]
fn the_old_names_of_the_norms_are_understood() {
    let folder = copy("bert");
    let path = folder.path().join("model.safetensors");
    let bytes = std::fs::read(&path).unwrap();
    let end = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let header = String::from_utf8(bytes[8..end].to_vec()).unwrap();
    let header = header.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
    let length = (header.len() as u64).to_le_bytes();
    std::fs::write(&path, [&length, header.as_bytes(), &bytes[end..]].concat()).unwrap();
    let model = Transformer::load(folder.path(), &BTreeMap::new()).unwrap();
    for expected in expected("bert") {
        assert!(difference(&model.logits(&[&expected.text]).unwrap()[0], &expected.logits) < TOLERANCE);
    }
}
