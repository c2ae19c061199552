//! From what the model sees in the first token to a number for each label.

use candle_core::{IndexOp as _, Module as _, Tensor};
use candle_nn::Linear;

use super::configuration::{Architecture, Configuration};
use super::error::TransformerError;
use super::names::Names;
use super::weights::Weights;

/// Two layers in all architectures. In BERT the first one is called the pooler.
pub(super) struct Head {
    dense: Linear,
    bend: Bend,
    output: Linear,
}

/// What lies between the two layers.
#[derive(Clone, Copy)]
enum Bend {
    Tanh,
    /// DistilBERT.
    Relu,
}

impl Head {
    pub(super) fn load(
        weights: &Weights,
        configuration: &Configuration,
        labels: usize,
    ) -> Result<Self, TransformerError> {
        let names = Names::of(configuration.model_type).head;
        let size = configuration.hidden_size;
        let bend = if configuration.model_type == Architecture::DistilBert { Bend::Relu } else { Bend::Tanh };
        let dense = weights.linear(names.dense, size, size)?;
        Ok(Self { dense, bend, output: weights.linear(names.output, size, labels)? })
    }

    /// Texts × labels, from texts × tokens × size.
    pub(super) fn forward(&self, states: &Tensor) -> candle_core::Result<Tensor> {
        let first = states.i((.., 0))?.contiguous()?;
        let dense = self.dense.forward(&first)?;
        let bent = match self.bend {
            Bend::Tanh => dense.tanh()?,
            Bend::Relu => dense.relu()?,
        };
        self.output.forward(&bent)
    }
}
