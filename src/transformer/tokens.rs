//! `tokenizer.json`: from texts to the numbers of their tokens.

use std::path::Path;

use candle_core::{Device, Tensor};
use tokenizers::{Tokenizer, TruncationParams};

use super::configuration::Configuration;
use super::error::TransformerError;

/// Texts are read up to this many characters: more than any model has positions for, and few enough that a stranger's
/// endless text costs no time.
const LONGEST_TEXT: usize = 32_000;

const NOT_THIS_MODEL: &str = "check that all three files are of one model, or fetch it again";

/// Cuts texts into tokens, and fills a batch up to one length.
pub(super) struct Tokens {
    tokenizer: Tokenizer,
    padding: u32,
    counts_from_padding: bool,
}

/// Texts × tokens, short texts filled up at their ends.
pub(super) struct Batch {
    pub(super) tokens: Tensor,
    pub(super) positions: Tensor,
    /// What is added to the attention paid to each token: nothing, or so much less that none is left for padding.
    /// Texts × 1 × 1 × tokens, the same for every head and every token that looks.
    pub(super) mask: Tensor,
}

impl Tokens {
    pub(super) fn load(path: &Path, configuration: &Configuration) -> Result<Self, TransformerError> {
        let text = std::fs::read_to_string(path).map_err(TransformerError::read(path))?;
        let tokenizer = fitted(&text, configuration)
            .map_err(|error| TransformerError::wrong(path, error.to_string(), NOT_THIS_MODEL))?;
        let (padding, counts_from_padding) = (configuration.padding(), configuration.counts_from_padding());
        Ok(Self { tokenizer, padding, counts_from_padding })
    }

    /// The numbers of each text's tokens, at least one.
    pub(super) fn of(&self, texts: &[&str]) -> tokenizers::Result<Vec<Vec<u32>>> {
        let texts: Vec<&str> = texts.iter().map(|text| beginning(text)).collect();
        let encoded = self.tokenizer.encode_batch_fast(texts, true)?;
        Ok(encoded.iter().map(|text| text.get_ids().to_vec()).collect())
    }

    pub(super) fn batch(&self, texts: &[&[u32]]) -> candle_core::Result<Batch> {
        let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
        let shape = (texts.len(), longest);
        let filled = |text: &&[u32]| [*text, &vec![self.padding; longest - text.len()]].concat();
        let tokens: Vec<Vec<u32>> = texts.iter().map(filled).collect();
        let positions: Vec<u32> = tokens.iter().flat_map(|text| self.positions(text)).collect();
        let shown = |text: &&[u32]| [vec![0.0; text.len()], vec![f32::MIN; longest - text.len()]].concat();
        let mask: Vec<f32> = texts.iter().flat_map(shown).collect();
        Ok(Batch {
            tokens: Tensor::from_vec(tokens.concat(), shape, &Device::Cpu)?,
            positions: Tensor::from_vec(positions, shape, &Device::Cpu)?,
            mask: Tensor::from_vec(mask, (texts.len(), 1, 1, longest), &Device::Cpu)?,
        })
    }

    /// Where positions count from the padding, a token that is the padding is skipped, even where a text spells it out.
    fn positions(&self, tokens: &[u32]) -> Vec<u32> {
        if !self.counts_from_padding {
            return (0..).take(tokens.len()).collect();
        }
        let mut last = self.padding;
        let position = |&token: &u32| {
            if token == self.padding {
                return token;
            }
            last += 1;
            last
        };
        tokens.iter().map(position).collect()
    }
}

/// The tokenizer of a file, set to what the model can read; or what keeps them from working together.
///
/// The file's own truncation and padding do not count: they are what the trainer used, not what the model can do.
fn fitted(text: &str, configuration: &Configuration) -> tokenizers::Result<Tokenizer> {
    let mut tokenizer: Tokenizer = text.parse()?;
    tokenizer.with_truncation(None)?.with_padding(None);
    let highest = tokenizer.get_vocab(true).into_values().max().unwrap_or(0) as usize;
    let vocabulary = configuration.vocab_size;
    if highest >= vocabulary {
        return Err(format!("it has a token number {highest}, the model only {vocabulary} tokens from 0 on").into());
    }
    let frame = tokenizer.encode_fast("", true)?.len();
    if frame == 0 {
        return Err("it puts no token before the text, and there the model looks for the mood".into());
    }
    let longest = configuration.longest();
    if longest <= frame {
        return Err(format!("of the model's {longest} positions it leaves none for the text").into());
    }
    tokenizer.with_truncation(Some(TruncationParams { max_length: longest, ..TruncationParams::default() }))?;
    Ok(tokenizer)
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(LONGEST_TEXT).map_or(text, |(end, _)| &text[..end])
}
