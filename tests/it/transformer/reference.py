"""Makes the fixtures beside this script: for each architecture a tiny classifier with random weights, and the logits
that the reference implementation computes for a batch of texts.

    python -m venv reference && . reference/bin/activate
    pip install "torch>=2.15,<3" "transformers>=5.24,<6"
    python tests/it/transformer/reference.py

The seed is fixed: the same versions give the same files. Python is not needed to run the tests.
"""

import json
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
)

FOLDER = Path(__file__).parent

# So short that two of the texts below must be cut.
LONGEST = 32

TEXTS = [
    "Der Zug war pünktlich und das Personal sehr freundlich!",
    "Nie wieder.",
    "",
    "The train was late again, nobody told us why, and the refund took three months. " * 3,
    "ok",
    "Größte Enttäuschung des Jahres… „Service“\u00a0ist hier ein Fremdwort 😡",
    "Five stars: good food, clean rooms, quiet nights",
    "Was soll ein <pad> oder [PAD] im Text? Nichts, <s>gar</s> nichts [SEP].",
    "1234567890 " * 40,
    "  Leerzeichen   und\tTabulatoren\nund Zeilen  ",
]

WORDS = """
    der die das und ist war nicht sehr gut schlecht zug bahn service personal freundlich pünktlich wieder nie hier
    the and was not very good bad train late again food clean room rooms stars five told refund took three months
""".split()
ENDINGS = ["en", "er", "es", "e", "ung", "lich", "ing", "ed", "s", "t"]
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüß"
MARKS = "0123456789.,:;!?'\"-()„“…"


def word_pieces(lowercase):
    """BERT and DistilBERT: whole words, letters and endings; what has another character is unknown."""
    letters = LETTERS if lowercase else LETTERS + LETTERS[:-1].upper()
    inner = ["##" + piece for piece in [*ENDINGS, *letters, *"0123456789"]]
    words = WORDS if lowercase else WORDS + [word.capitalize() for word in WORDS]
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces = list(dict.fromkeys([*special, *letters, *MARKS, *inner, *words]))
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    return tokenizer


def byte_pairs():
    """RoBERTa: all bytes, and the merges that lead from left to right to each word."""
    merges = []
    for word in ["Ġ" + word for word in WORDS if word.isascii()] + [ending for ending in ENDINGS if len(ending) > 1]:
        merges += [(word[:end], word[end]) for end in range(1, len(word))]
    merges = list(dict.fromkeys(merges))
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = [*special, *dict.fromkeys([*alphabet, *(left + right for left, right in merges)]), "<mask>"]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", vocabulary["</s>"]), ("<s>", vocabulary["<s>"]), add_prefix_space=False
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special + [AddedToken("<mask>", lstrip=True)])
    return tokenizer


def unigrams():
    """XLM-RoBERTa: pieces with scores, after a normalizer in the compiled form that SentencePiece writes."""
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    letters = [(letter, -9.0 - index / 100) for index, letter in enumerate(LETTERS + LETTERS[:-1].upper() + MARKS)]
    words = [("▁" + word, -4.0 - index / 50) for index, word in enumerate(WORDS)]
    endings = [(ending, -6.0 - index / 50) for index, ending in enumerate(ENDINGS) if len(ending) > 1]
    vocabulary = [*special, ("▁", -3.5), *words, *endings, *letters, ("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(compiled_characters())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([name for name, _ in special] + [AddedToken("<mask>", lstrip=True)])
    return tokenizer


def compiled_characters():
    """What SentencePiece compiles from six rules: no-break space to space, … to ..., „ to ", ！ to !, ﬁ to fi, ™ to TM.

    It is the length of a double-array trie, the trie, and the replacements. A free unit of the trie holds its neighbour.
    """
    used = {
        0: 0x30C00, 1: 0x28CC2, 2: 0x5A0, 3: 0x80000000, 4: 0x59E, 5: 0x80000004, 6: 0x80000006, 7: 0x39A2, 8: 0x24880,
        9: 0x8000000A, 10: 0x200AC, 11: 0x1981, 12: 0x2A484, 13: 0x8000000D, 14: 0x581, 15: 0x80000002, 26: 0x254BC,
        33: 0x2A4E2, 44: 0x228EF, 60: 0xE9A6,
    }  # fmt: skip
    trie = b"".join(used.get(unit, unit ^ 1).to_bytes(4, "little") for unit in range(256))
    return len(trie).to_bytes(4, "little") + trie + b" \0!\0\"\0...\0TM\0fi\0"


# Wide enough that every part of a model shows in its logits, unequal enough that no two sizes can be taken for another.
SIZES = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 40,
}
DISTILBERT_SIZES = {"dim": 24, "n_layers": 2, "n_heads": 3, "hidden_dim": 40}


def named(*names):
    """The settings that give a model these labels."""
    return {"id2label": dict(enumerate(names)), "label2id": {name: number for number, name in enumerate(names)}}


def classifiers():
    """Folder, tokenizer, its padding, the model that belongs to it, and the type in which its weights are stored."""
    tokenizer = word_pieces(lowercase=True)
    stars = named("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
    sizes = {**SIZES, "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": LONGEST}
    yield "bert", tokenizer, "[PAD]", BertForSequenceClassification(BertConfig(**sizes, **stars)), torch.float32

    tokenizer = word_pieces(lowercase=False)
    sizes = {**DISTILBERT_SIZES, "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": LONGEST}
    moods = named("NEGATIVE", "POSITIVE")
    model = DistilBertForSequenceClassification(DistilBertConfig(**sizes, **moods))
    yield "distilbert", tokenizer, "[PAD]", model, torch.float32

    # Positions begin behind the number of the padding, 1, so that there are two rows more than positions. The epsilon is
    # large enough to be seen in the logits.
    tokenizer = byte_pairs()
    shape = {"max_position_embeddings": LONGEST + 2, "type_vocab_size": 1, "layer_norm_eps": 1e-3}
    sizes = {**SIZES, **shape, "vocab_size": tokenizer.get_vocab_size()}
    unnamed = named("LABEL_0", "LABEL_1", "LABEL_2")
    config = RobertaConfig(**sizes, **unnamed, hidden_act="gelu_new")
    yield "roberta", tokenizer, "<pad>", RobertaForSequenceClassification(config), torch.float32

    tokenizer = unigrams()
    sizes = {**SIZES, **shape, "vocab_size": tokenizer.get_vocab_size()}
    moods = named("positive", "negative", "neutral")
    config = XLMRobertaConfig(**sizes, **moods)
    yield "xlm-roberta", tokenizer, "<pad>", XLMRobertaForSequenceClassification(config), torch.float16


def randomise(model, generator):
    """Other than a fresh model's: no zero biases, and norms that scale and shift."""
    for name, weights in model.named_parameters():
        noise = torch.randn(weights.shape, generator=generator)
        is_scale = "norm.weight" in name.lower()
        weights.data = 1 + noise / 4 if is_scale else noise * 0.5


def main():
    """Writes one folder for each architecture."""
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(20261126)
    for name, tokenizer, padding, model, stored in classifiers():
        folder = FOLDER / name
        randomise(model, generator)
        model.to(stored).save_pretrained(folder)
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
        model = type(model).from_pretrained(folder, dtype=torch.float32).eval()
        texts = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"), pad_token=padding)
        inputs = texts(TEXTS, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt")
        inputs.pop("token_type_ids", None)
        with torch.no_grad():
            logits = model(**inputs).logits.tolist()
        expected = [{"text": text, "logits": row} for text, row in zip(TEXTS, logits, strict=True)]
        (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n")
        print(name, tuple(inputs["input_ids"].shape), [[round(value, 3) for value in row] for row in logits])


if __name__ == "__main__":
    main()
