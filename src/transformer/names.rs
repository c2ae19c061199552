//! What the tensors are called in each architecture.

use super::configuration::Architecture;

/// The names of one architecture.
pub(super) struct Names {
    /// Of everything but, in part, the head.
    pub(super) model: &'static str,
    /// Within the model: the layers, to be followed by their numbers.
    pub(super) layers: &'static str,
    pub(super) layer: &'static LayerNames,
    pub(super) head: HeadNames,
}

/// Within a layer.
pub(super) struct LayerNames {
    pub(super) query: &'static str,
    pub(super) key: &'static str,
    pub(super) value: &'static str,
    pub(super) attention_output: &'static str,
    pub(super) attention_norm: &'static str,
    pub(super) widening: &'static str,
    pub(super) narrowing: &'static str,
    pub(super) norm: &'static str,
}

/// Complete.
pub(super) struct HeadNames {
    pub(super) dense: &'static str,
    pub(super) output: &'static str,
}

const BERT_LAYER: LayerNames = LayerNames {
    query: "attention.self.query",
    key: "attention.self.key",
    value: "attention.self.value",
    attention_output: "attention.output.dense",
    attention_norm: "attention.output.LayerNorm",
    widening: "intermediate.dense",
    narrowing: "output.dense",
    norm: "output.LayerNorm",
};

const DISTILBERT_LAYER: LayerNames = LayerNames {
    query: "attention.q_lin",
    key: "attention.k_lin",
    value: "attention.v_lin",
    attention_output: "attention.out_lin",
    attention_norm: "sa_layer_norm",
    widening: "ffn.lin1",
    narrowing: "ffn.lin2",
    norm: "output_layer_norm",
};

impl Names {
    pub(super) fn of(architecture: Architecture) -> Self {
        match architecture {
            Architecture::Bert => Self {
                model: "bert",
                layers: "encoder.layer",
                layer: &BERT_LAYER,
                head: HeadNames { dense: "bert.pooler.dense", output: "classifier" },
            },
            Architecture::DistilBert => Self {
                model: "distilbert",
                layers: "transformer.layer",
                layer: &DISTILBERT_LAYER,
                head: HeadNames { dense: "pre_classifier", output: "classifier" },
            },
            Architecture::Roberta | Architecture::XlmRoberta => Self {
                model: "roberta",
                layers: "encoder.layer",
                layer: &BERT_LAYER,
                head: HeadNames { dense: "classifier.dense", output: "classifier.out_proj" },
            },
        }
    }
}
