//! `config.json`: which architecture, how large, and what its labels are called.

use std::collections::BTreeMap;
use std::path::Path;

use candle_nn::Activation;
use serde::Deserialize;

use super::error::TransformerError;

const OTHER_MODEL: &str = "take a classifier of the kind BERT, DistilBERT, RoBERTa or XLM-RoBERTa";

/// The architectures that can be run.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Architecture {
    #[serde(rename = "bert")]
    Bert,
    #[serde(rename = "distilbert")]
    DistilBert,
    #[serde(rename = "roberta")]
    Roberta,
    #[serde(rename = "xlm-roberta")]
    XlmRoberta,
}

/// What is read of `config.json`. DistilBERT calls the same sizes by other names; the defaults are those of the reference.
#[derive(Deserialize)]
pub(super) struct Configuration {
    pub(super) model_type: Architecture,
    #[serde(alias = "dim")]
    pub(super) hidden_size: usize,
    #[serde(alias = "n_layers")]
    pub(super) num_hidden_layers: usize,
    #[serde(alias = "n_heads")]
    pub(super) num_attention_heads: usize,
    #[serde(alias = "hidden_dim")]
    pub(super) intermediate_size: usize,
    #[serde(alias = "activation", default)]
    pub(super) hidden_act: Activation,
    pub(super) vocab_size: usize,
    pub(super) max_position_embeddings: usize,
    /// DistilBERT has none.
    #[serde(default)]
    pub(super) type_vocab_size: usize,
    #[serde(default = "smallest_epsilon")]
    pub(super) layer_norm_eps: f64,
    pad_token_id: Option<u32>,
    position_embedding_type: Option<String>,
    problem_type: Option<String>,
    /// Left out of the file where it says `LABEL_0` and `LABEL_1`.
    id2label: Option<BTreeMap<usize, String>>,
}

fn smallest_epsilon() -> f64 {
    1e-12
}

impl Configuration {
    pub(super) fn load(path: &Path) -> Result<Self, TransformerError> {
        let text = std::fs::read_to_string(path).map_err(TransformerError::read(path))?;
        let read: Self = serde_json::from_str(&text)
            .map_err(|error| TransformerError::wrong(path, error.to_string(), OTHER_MODEL))?;
        match read.problem() {
            Some(problem) => Err(TransformerError::wrong(path, problem, OTHER_MODEL)),
            None => Ok(read),
        }
    }

    /// The first thing that cannot be run.
    fn problem(&self) -> Option<String> {
        if self.num_attention_heads == 0 || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            let (heads, size) = (self.num_attention_heads, self.hidden_size);
            return Some(format!("a `hidden_size` of {size} cannot be shared by {heads} attention heads"));
        }
        if let Some(kind) = self.position_embedding_type.as_deref().filter(|&kind| kind != "absolute") {
            return Some(format!("positions of the kind `{kind}` are not supported"));
        }
        if let Some(kind) = self.problem_type.as_deref().filter(|&kind| kind != "single_label_classification") {
            return Some(format!("the model was made for `{kind}`: its labels do not exclude each other"));
        }
        if self.padding() as usize >= self.vocab_size {
            return Some(format!("there is no token with the number {} of the padding", self.padding()));
        }
        let names = self.label_names().len();
        if self.id2label.as_ref().is_some_and(|labels| !labels.keys().copied().eq(0..names)) {
            return Some(format!("`id2label` does not number its labels from 0 to {}", names.saturating_sub(1)));
        }
        (names < 2).then(|| "the model has fewer than two labels".to_owned())
    }

    /// The labels in the order of the outputs.
    pub(super) fn label_names(&self) -> Vec<String> {
        match &self.id2label {
            Some(labels) => labels.values().cloned().collect(),
            None => vec!["LABEL_0".to_owned(), "LABEL_1".to_owned()],
        }
    }

    /// The number that fills up short texts.
    pub(super) fn padding(&self) -> u32 {
        let usual = if self.counts_from_padding() { 1 } else { 0 };
        self.pad_token_id.unwrap_or(usual)
    }

    /// RoBERTa and XLM-RoBERTa: padding has the position of its own number, the first token the one after it.
    pub(super) fn counts_from_padding(&self) -> bool {
        matches!(self.model_type, Architecture::Roberta | Architecture::XlmRoberta)
    }

    /// The greatest number of tokens for which there are positions.
    pub(super) fn longest(&self) -> usize {
        let unused = if self.counts_from_padding() { self.padding() as usize + 1 } else { 0 };
        self.max_position_embeddings.saturating_sub(unused)
    }
}
