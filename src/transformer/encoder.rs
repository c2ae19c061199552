//! From the numbers of tokens to what the model sees in each of them.

use candle_core::{IndexOp as _, Module as _, Tensor};
use candle_nn::{Activation, Embedding, LayerNorm, Linear, ops};

use super::configuration::Configuration;
use super::error::TransformerError;
use super::names::{LayerNames, Names};
use super::tokens::Batch;
use super::weights::Weights;

/// Embeddings, then one layer after another.
pub(super) struct Encoder {
    embeddings: Embeddings,
    layers: Vec<Layer>,
}

struct Embeddings {
    words: Embedding,
    positions: Embedding,
    /// All our texts are of the first type, so that of this table one row is kept.
    first_type: Option<Tensor>,
    norm: LayerNorm,
}

struct Layer {
    attention: Attention,
    attention_norm: LayerNorm,
    widening: Linear,
    activation: Activation,
    narrowing: Linear,
    norm: LayerNorm,
}

struct Attention {
    heads: usize,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
}

impl Encoder {
    pub(super) fn load(weights: &Weights, configuration: &Configuration) -> Result<Self, TransformerError> {
        let names = Names::of(configuration.model_type);
        let embeddings = Embeddings::load(weights, configuration, names.model)?;
        let layer = |number| {
            let place = format!("{}.{}.{number}", names.model, names.layers);
            Layer::load(weights, configuration, &place, names.layer)
        };
        let layers = (0..configuration.num_hidden_layers).map(layer).collect::<Result<_, _>>()?;
        Ok(Self { embeddings, layers })
    }

    /// Texts × tokens × size.
    pub(super) fn forward(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        let embedded = self.embeddings.forward(batch)?;
        self.layers.iter().try_fold(embedded, |states, layer| layer.forward(&states, &batch.mask))
    }
}

impl Embeddings {
    fn load(weights: &Weights, configuration: &Configuration, model: &str) -> Result<Self, TransformerError> {
        let size = configuration.hidden_size;
        let table = |name, rows| weights.embedding(&format!("{model}.embeddings.{name}"), rows, size);
        let first_type = match configuration.type_vocab_size {
            0 => None,
            rows => Some(first_row(&table("token_type_embeddings", rows)?)),
        };
        Ok(Self {
            words: table("word_embeddings", configuration.vocab_size)?,
            positions: table("position_embeddings", configuration.max_position_embeddings)?,
            first_type: first_type.transpose().map_err(|error| TransformerError::compute(model, error.to_string()))?,
            norm: weights.norm(&format!("{model}.embeddings.LayerNorm"), size, configuration.layer_norm_eps)?,
        })
    }

    fn forward(&self, batch: &Batch) -> candle_core::Result<Tensor> {
        let words = self.words.forward(&batch.tokens)?;
        let mut sum = (words + self.positions.forward(&batch.positions)?)?;
        if let Some(row) = &self.first_type {
            sum = sum.broadcast_add(row)?;
        }
        self.norm.forward(&sum)
    }
}

fn first_row(table: &Embedding) -> candle_core::Result<Tensor> {
    table.embeddings().i(0)
}

impl Layer {
    fn load(
        weights: &Weights,
        configuration: &Configuration,
        place: &str,
        names: &LayerNames,
    ) -> Result<Self, TransformerError> {
        let (size, wide) = (configuration.hidden_size, configuration.intermediate_size);
        let named = |name: &str| format!("{place}.{name}");
        let norm = |name| weights.norm(&named(name), size, configuration.layer_norm_eps);
        let square = |name| weights.linear(&named(name), size, size);
        Ok(Self {
            attention: Attention {
                heads: configuration.num_attention_heads,
                query: square(names.query)?,
                key: square(names.key)?,
                value: square(names.value)?,
                output: square(names.attention_output)?,
            },
            attention_norm: norm(names.attention_norm)?,
            widening: weights.linear(&named(names.widening), size, wide)?,
            activation: configuration.hidden_act,
            narrowing: weights.linear(&named(names.narrowing), wide, size)?,
            norm: norm(names.norm)?,
        })
    }

    fn forward(&self, states: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
        let states = self.attention_norm.forward(&(self.attention.forward(states, mask)? + states)?)?;
        let wide = self.activation.forward(&self.widening.forward(&states)?)?;
        self.norm.forward(&(self.narrowing.forward(&wide)? + states)?)
    }
}

impl Attention {
    fn forward(&self, states: &Tensor, mask: &Tensor) -> candle_core::Result<Tensor> {
        let (texts, tokens, size) = states.dims3()?;
        let split = |linear: &Linear| {
            let whole = linear.forward(states)?;
            whole.reshape((texts, tokens, self.heads, size / self.heads))?.transpose(1, 2)?.contiguous()
        };
        let scale = 1.0 / ((size / self.heads) as f64).sqrt();
        let scores = (split(&self.query)? * scale)?.matmul(&split(&self.key)?.t()?)?;
        let shares = ops::softmax_last_dim(&scores.broadcast_add(mask)?)?;
        let seen = shares.matmul(&split(&self.value)?)?;
        self.output.forward(&seen.transpose(1, 2)?.contiguous()?.reshape((texts, tokens, size))?)
    }
}
