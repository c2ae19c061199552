//! Classifiers of moods in the layout of Hugging Face: BERT, DistilBERT, RoBERTa and XLM-RoBERTa, from a local folder with
//! `config.json`, `tokenizer.json` and `model.safetensors`. Pure Rust, on the CPU.
//!
//! The four differ in the names of their tensors, in where positions begin and in the head; one encoder serves them all
//! (`names` has the differences). A text is cut into tokens (`tokens`), run through the encoder (`encoder`) and its head
//! (`head`), and the probabilities of the model's labels become those of our three moods (`labels`).

mod configuration;
mod encoder;
mod error;
mod head;
mod labels;
mod names;
mod tokens;
mod weights;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use self::configuration::Configuration;
use self::encoder::Encoder;
use self::head::Head;
use self::tokens::Tokens;
use self::weights::Weights;
use crate::mention::Label;

pub use self::error::TransformerError;

/// So many texts are computed together. More are no faster on a CPU, and need more memory.
const MOST_AT_ONCE: usize = 16;

/// A classifier, loaded and ready. Needs about as much memory as its weights take on the disk, twice that if they are
/// stored in half precision.
pub struct Transformer {
    name: String,
    tokens: Tokens,
    encoder: Encoder,
    head: Head,
    /// What each output of the head means.
    moods: Vec<Label>,
}

impl Transformer {
    /// Reads the three files of a folder.
    ///
    /// `labels` says what the model's labels mean; names that speak for themselves (`negative`, `POS`, `4 stars`) need no
    /// entry.
    ///
    /// # Errors
    /// The first thing that is wrong with the files or the labels.
    pub fn load(folder: &Path, labels: &BTreeMap<String, Label>) -> Result<Self, TransformerError> {
        let path = folder.join("config.json");
        let configuration = Configuration::load(&path)?;
        let moods = labels::moods(&configuration.label_names(), labels, &path)?;
        let tokens = Tokens::load(&folder.join("tokenizer.json"), &configuration)?;
        let weights = Weights::open(&folder.join("model.safetensors"))?;
        let encoder = Encoder::load(&weights, &configuration)?;
        let head = Head::load(&weights, &configuration, moods.len())?;
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { name, tokens, encoder, head, moods })
    }

    /// The name of the folder that the model came from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The probabilities of negative, neutral and positive for each text; they sum to 1.
    ///
    /// Texts may come in any number and order; they are computed in batches of similar length, on all cores. Of a long
    /// text the beginning is read, as far as the model can.
    ///
    /// # Errors
    /// When a text cannot be taken apart, or the computation ends in something that is no number.
    pub fn classify(&self, texts: &[&str]) -> Result<Vec<[f64; 3]>, TransformerError> {
        let logits = self.logits(texts)?;
        Ok(logits.iter().map(|row| labels::probabilities(row, &self.moods)).collect())
    }

    /// What the model itself answers: for each text a number for each of its labels, in the order of its configuration.
    ///
    /// # Errors
    /// As [`Transformer::classify`].
    pub fn logits(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, TransformerError> {
        let tokens = self.tokens.of(texts).map_err(|error| TransformerError::compute(&self.name, error.to_string()))?;
        let mut by_length: Vec<usize> = (0..texts.len()).collect();
        by_length.sort_by_key(|&text| tokens[text].len());
        let mut logits = vec![Vec::new(); texts.len()];
        for chunk in by_length.chunks(MOST_AT_ONCE) {
            let rows: Vec<&[u32]> = chunk.iter().map(|&text| tokens[text].as_slice()).collect();
            for (&text, row) in chunk.iter().zip(self.compute(&rows)?) {
                logits[text] = row;
            }
        }
        Ok(logits)
    }

    fn compute(&self, rows: &[&[u32]]) -> Result<Vec<Vec<f32>>, TransformerError> {
        let computed = || -> candle_core::Result<Vec<Vec<f32>>> {
            let batch = self.tokens.batch(rows)?;
            self.head.forward(&self.encoder.forward(&batch)?)?.to_vec2()
        };
        let logits = computed().map_err(|error| TransformerError::compute(&self.name, error.to_string()))?;
        if logits.iter().flatten().all(|value| value.is_finite()) {
            Ok(logits)
        } else {
            Err(TransformerError::compute(&self.name, "the result is no finite number"))
        }
    }
}

/// Without the millions of numbers.
impl fmt::Debug for Transformer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transformer").field("name", &self.name).field("moods", &self.moods).finish_non_exhaustive()
    }
}
