"""Makes small random models with a tokenizer and records what sentence-transformers and the
pipelines of transformers make of texts.

    pip install torch transformers sentence-transformers
    python tests/parity/pipelines.py

Writes models/src/test/resources/dev/dragoman/models/pipelines/NAME.zip: the model's folder and
golden.json. The tokenizer is the small one that tokenizer.py made.
"""

import json
import pathlib
import tempfile
import zipfile

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertForTokenClassification,
    BertModel,
    PreTrainedTokenizerFast,
    pipeline,
)

RESOURCES = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models"
TOKENIZER = RESOURCES / "tokenizer/uncased/tokenizer.json"
SIZES = dict(
    vocab_size=200, hidden_size=24, num_hidden_layers=2, num_attention_heads=3,
    intermediate_size=32, max_position_embeddings=48, type_vocab_size=2,
)
TEXTS = [
    "the cafe in the mas",
    "unable",
    "The Café, in a masked cafe; unable 12 in the end!",
    "mas mas the unable the the cafe in in in",
    "a b c d e f g",
    "",
]
SCHEMES = {
    "bio": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"],
    "plain": ["O", "PER", "LOC"],
}


def tokenizer():
    return PreTrainedTokenizerFast(
        tokenizer_file=str(TOKENIZER), cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]",
        unk_token="[UNK]", mask_token="[MASK]", model_max_length=48,
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )


def randomise(model, seed, words=0.35):
    torch.manual_seed(seed)
    with torch.no_grad():
        for key, weight in model.named_parameters():
            gain = weight.dim() == 1 and key.lower().endswith("norm.weight")
            scale = 0.35 if weight.dim() > 1 else 0.5
            scale = words if "word_embeddings" in key or "classifier.w" in key else scale
            weight.copy_((torch.randn_like(weight) * scale + (1.0 if gain else 0.0)).half())
    return model.eval()


def pack(name, folder, golden):
    out = RESOURCES / "pipelines" / f"{name}.zip"
    out.parent.mkdir(exist_ok=True)
    (folder / "golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=True))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix in (".json", ".safetensors"):
                entry = zipfile.ZipInfo(str(file.relative_to(folder)), (2026, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
    print(name, out.stat().st_size)


def sentences(name, seed, modules, prompts=None, default=None):
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        bert = randomise(BertModel(BertConfig(**SIZES)), seed)
        (temp / "bert").mkdir()
        bert.save_pretrained(temp / "bert")
        tokenizer().save_pretrained(temp / "bert")
        transformer = Transformer(str(temp / "bert"))
        torch.manual_seed(seed)
        model = SentenceTransformer(
            modules=[transformer, *modules], prompts=prompts, default_prompt_name=default
        ).eval()
        out = temp / "out"
        model.save(str(out), create_model_card=False)
        golden = {"texts": TEXTS, "embeddings": model.encode(TEXTS, convert_to_numpy=True).tolist()}
        for prompt in prompts or {}:
            golden[prompt] = model.encode(TEXTS, prompt_name=prompt).tolist()
        pack(name, out, golden)


def flat(scores):
    return scores[0] if isinstance(scores[0], list) else scores


def classifier(name, seed, cls, config):
    model = randomise(cls(config), seed)
    words = tokenizer()
    classify = pipeline("text-classification", model=model, tokenizer=words, top_k=None)
    pairs = [[TEXTS[0], TEXTS[1]], [TEXTS[2], TEXTS[3]], [" ".join(TEXTS * 3), TEXTS[4]]]
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        model.save_pretrained(temp)
        words.save_pretrained(temp)
        golden = {
            "texts": TEXTS,
            "scores": [flat(classify(text, truncation=True)) for text in TEXTS],
            "pairs": pairs,
            "pairScores": [
                flat(classify({"text": a, "text_pair": b}, truncation="longest_first"))
                for a, b in pairs
            ],
        }
        pack(name, temp, golden)


def entities(name, labels):
    """The first seed whose model finds something to tell: by chance most call all tokens the same."""
    config = BertConfig(
        **SIZES, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)}
    )
    for seed in range(100, 400):
        model = randomise(BertForTokenClassification(config), seed, words=2.0)
        find = pipeline(
            "token-classification", model=model, tokenizer=tokenizer(),
            aggregation_strategy="simple",
        )
        found = [entity for text in TEXTS[:-1] for entity in find(text)]
        if len(found) > 14 and len({entity["entity_group"] for entity in found}) == 2:
            return record_entities(name, model)
    raise ValueError(name)


def record_entities(name, model):
    words = tokenizer()
    texts = TEXTS[:-1]
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        model.save_pretrained(temp)
        words.save_pretrained(temp)
        golden = {"texts": texts}
        for key, strategy in (("entities", "simple"), ("tokens", "none")):
            find = pipeline(
                "token-classification", model=model, tokenizer=words, aggregation_strategy=strategy,
                ignore_labels=["O"] if strategy == "simple" else [],
            )
            golden[key] = [
                [
                    {
                        "label": found.get("entity_group", found.get("entity")),
                        "score": float(found["score"]),
                        "start": int(found["start"]),
                        "end": int(found["end"]),
                    }
                    for found in find(text)
                ]
                for text in texts
            ]
        pack(name, temp, golden)


sentences("modules-mean", 1, [Pooling(24, "mean"), Normalize()])
sentences(
    "modules-dense",
    2,
    [Pooling(24, ("cls", "mean")), Dense(48, 20), LayerNorm(20), Normalize(),
     Dense(20, 9, bias=False, activation_function=torch.nn.Identity())],
    prompts={"query": "the ", "document": "in a "},
    default="document",
)
sentences("modules-last", 3, [Pooling(24, ("max", "lasttoken", "weightedmean"))])
sentences("modules-sqrt", 4, [Pooling(24, "mean_sqrt_len_tokens"), Dense(24, 7, activation_function=torch.nn.ReLU())])
classifier("classify-single", 5, BertForSequenceClassification, BertConfig(**SIZES, num_labels=3))
classifier(
    "classify-multi", 6, BertForSequenceClassification,
    BertConfig(**SIZES, num_labels=3, problem_type="multi_label_classification"),
)
classifier(
    "classify-regression", 7, BertForSequenceClassification,
    BertConfig(**SIZES, num_labels=1, problem_type="regression"),
)
classifier("classify-one", 8, BertForSequenceClassification, BertConfig(**SIZES, num_labels=1))
for scheme, labels in SCHEMES.items():
    entities(f"entities-{scheme}", labels)


def zero_shot(name, seed):
    labels = ["contradiction", "neutral", "entailment"]
    config = BertConfig(
        **SIZES, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)}
    )
    model = randomise(BertForSequenceClassification(config), seed)
    words = tokenizer()
    classify = pipeline("zero-shot-classification", model=model, tokenizer=words)
    candidates = ["cafe", "unable", "the end"]
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        model.save_pretrained(temp)
        words.save_pretrained(temp)
        golden = {"texts": TEXTS[:-1], "candidates": candidates}
        for key, several in (("one", False), ("several", True)):
            found = classify(TEXTS[:-1], candidates, multi_label=several)
            golden[key] = [dict(zip(f["labels"], f["scores"])) for f in found]
        pack(name, temp, golden)


zero_shot("zero-shot", 30)
