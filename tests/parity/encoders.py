"""Makes small random checkpoints of every encoder and records what transformers computes with them.

    pip install torch transformers safetensors
    python tests/parity/encoders.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/encoders/NAME.zip for each case:
config.json and model.safetensors as transformers saves them (weights in half precision, to be
small), and golden/model.safetensors with ids.N, types.N, hidden.N.LAYER, last.N and, where the
checkpoint has a head, logits.N.
"""

import json
import pathlib
import sys
import tempfile
import zipfile

import torch
import transformers
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/encoders"
)
LENGTHS = [1, 2, 7, 23]

BERT = dict(
    vocab_size=50, hidden_size=24, num_hidden_layers=2, num_attention_heads=3,
    intermediate_size=40, max_position_embeddings=28, type_vocab_size=2,
)
DISTIL = dict(
    vocab_size=47, dim=20, n_layers=2, n_heads=4, hidden_dim=36, max_position_embeddings=24,
)
ROBERTA = BERT | dict(vocab_size=45, type_vocab_size=1, layer_norm_eps=1e-5)
DEBERTA = dict(
    vocab_size=43, hidden_size=24, num_hidden_layers=2, num_attention_heads=3,
    intermediate_size=40, max_position_embeddings=64, type_vocab_size=0, relative_attention=True,
    max_relative_positions=-1, position_buckets=8, norm_rel_ebd="layer_norm", share_att_key=True,
    pos_att_type=["p2c", "c2p"], position_biased_input=False, layer_norm_eps=1e-7,
)
MODERN = dict(
    vocab_size=46, hidden_size=24, num_hidden_layers=4, num_attention_heads=3,
    intermediate_size=32, max_position_embeddings=64, local_attention=8, pad_token_id=0,
    cls_token_id=1, sep_token_id=2, bos_token_id=1, eos_token_id=2,
)
LABELS = dict(
    id2label={0: "O", 1: "B-PER", 2: "I-PER", 3: "B-LOC", 4: "I-LOC"},
    label2id={"O": 0, "B-PER": 1, "I-PER": 2, "B-LOC": 3, "I-LOC": 4},
)


def four(config):
    """The way transformers 4 writes it."""
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.48.0"


def modern_four(config):
    four(config)
    rope = config.pop("rope_parameters")
    config["global_rope_theta"] = rope["full_attention"]["rope_theta"]
    config["local_rope_theta"] = rope["sliding_attention"]["rope_theta"]
    config["global_attn_every_n_layers"] = 3
    config["reference_compile"] = None
    del config["layer_types"]


# name: class, configuration, what else
CASES = {
    "bert-labels": ("BertForSequenceClassification", BERT | dict(hidden_act="gelu_new", num_labels=4), {}),
    "bert-tokens": ("BertForTokenClassification", BERT | LABELS, {"edit": four}),
    "bert-masked": ("BertForMaskedLM", BERT | dict(hidden_act="gelu_pytorch_tanh"), {}),
    "bert-silu": ("BertModel", BERT | dict(hidden_act="silu", type_vocab_size=3), {}),
    "bert-regression": (
        "BertForSequenceClassification", BERT | dict(num_labels=1, problem_type="regression"), {},
    ),
    "distilbert": ("DistilBertModel", DISTIL | dict(activation="relu"), {}),
    "distilbert-labels": ("DistilBertForSequenceClassification", DISTIL, {"edit": four}),
    "distilbert-tokens": ("DistilBertForTokenClassification", DISTIL | LABELS, {}),
    "distilbert-masked": ("DistilBertForMaskedLM", DISTIL | dict(sinusoidal_pos_embds=True), {}),
    "roberta": ("RobertaModel", ROBERTA, {}),
    "roberta-labels": (
        "RobertaForSequenceClassification",
        ROBERTA | dict(num_labels=3, problem_type="multi_label_classification"),
        {"edit": four},
    ),
    "roberta-masked": ("RobertaForMaskedLM", ROBERTA | dict(type_vocab_size=2), {}),
    "camembert-tokens": ("CamembertForTokenClassification", ROBERTA | LABELS, {}),
    "xlm-roberta": ("XLMRobertaModel", ROBERTA | dict(pad_token_id=3), {}),
    "xlm-roberta-labels": ("XLMRobertaForSequenceClassification", ROBERTA | dict(num_labels=3), {}),
    "deberta": ("DebertaV2Model", DEBERTA, {"lengths": [1, 2, 7, 60]}),
    "deberta-labels": (
        "DebertaV2ForSequenceClassification",
        DEBERTA | dict(share_att_key=False, pos_att_type="p2c|c2p", num_labels=3),
        {"edit": four},
    ),
    "deberta-tokens": (
        "DebertaV2ForTokenClassification",
        DEBERTA | LABELS | dict(
            share_att_key=False, pos_att_type=["c2p"], norm_rel_ebd="none", type_vocab_size=2,
            position_biased_input=True, max_position_embeddings=24,
        ),
        {},
    ),
    "deberta-masked": (
        "DebertaV2ForMaskedLM",
        DEBERTA | dict(position_buckets=-1, max_relative_positions=5, pos_att_type=["p2c"]),
        {},
    ),
    "deberta-masked-new": (
        "DebertaV2ForMaskedLM",
        DEBERTA | dict(relative_attention=False, legacy=False, position_biased_input=True),
        {},
    ),
    "modernbert": ("ModernBertModel", MODERN, {"lengths": [1, 2, 7, 60]}),
    "modernbert-4": ("ModernBertModel", MODERN, {"edit": modern_four}),
    "modernbert-labels": (
        "ModernBertForSequenceClassification",
        MODERN | dict(
            classifier_pooling="mean", norm_bias=True, attention_bias=True, mlp_bias=True,
            classifier_bias=True, num_labels=3, num_hidden_layers=2,
            layer_types=["sliding_attention", "full_attention"],
        ),
        {},
    ),
    "modernbert-first": (
        "ModernBertForSequenceClassification",
        MODERN | dict(
            classifier_pooling="cls", classifier_activation="relu", num_labels=2,
            num_hidden_layers=2, hidden_activation="gelu_pytorch_tanh",
        ),
        {},
    ),
    "modernbert-tokens": (
        "ModernBertForTokenClassification", MODERN | LABELS | dict(num_hidden_layers=2), {},
    ),
    "modernbert-masked": (
        "ModernBertForMaskedLM",
        MODERN | dict(
            num_hidden_layers=2,
            rope_parameters={
                "full_attention": {"rope_type": "linear", "factor": 4.0, "rope_theta": 5000.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 300.0},
            },
        ),
        {},
    ),
    "xlm-roberta-tokens": ("XLMRobertaForTokenClassification", ROBERTA | LABELS, {}),
}


def randomise(model, seed):
    torch.manual_seed(seed)
    with torch.no_grad():
        for key, weight in model.named_parameters():
            gain = weight.dim() == 1 and key.lower().endswith("norm.weight")
            # Wide enough that attention is not uniform and every bias and gain can be seen.
            scale = 0.35 if weight.dim() > 1 else 0.5
            weight.copy_((torch.randn_like(weight) * scale + (1.0 if gain else 0.0)).half())


def record(model, config, extra):
    base = getattr(model, model.base_model_prefix, model)
    states = []
    layers = next(
        m for n, m in base.named_modules() if n in ("encoder.layer", "transformer.layer", "layers")
    )

    def seen(module, inputs, output):
        states.append((output[0] if isinstance(output, tuple) else output).detach())

    hooks = [base.embeddings.register_forward_hook(seen)]
    hooks += [layer.register_forward_hook(seen) for layer in layers]
    golden = {}
    types_known = getattr(config, "type_vocab_size", 0)
    for n, length in enumerate(extra.get("lengths", LENGTHS)):
        ids = torch.randint(0, config.vocab_size, (1, length))
        types = torch.zeros_like(ids)
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if types_known > 1:
            types[:, length // 2 :] = 1
            inputs["token_type_ids"] = types
        states.clear()
        with torch.no_grad():
            last = base(**inputs).last_hidden_state
            hidden = list(states)
            if model is not base:
                golden[f"logits.{n}"] = model(**inputs).logits[0].contiguous()
        golden[f"ids.{n}"] = ids[0].float()
        golden[f"types.{n}"] = types[0].float()
        for layer, value in enumerate(hidden):
            golden[f"hidden.{n}.{layer}"] = value.reshape(length, -1).contiguous().clone()
        golden[f"last.{n}"] = last[0].contiguous().clone()
    for hook in hooks:
        hook.remove()
    return golden


def make(number, name):
    kind, sizes, extra = CASES[name]
    cls = getattr(transformers, kind)
    config = cls.config_class(**sizes)
    config._attn_implementation = "eager"
    model = cls(config).eval()
    randomise(model, 4000 + number)
    if hasattr(model, "tie_weights"):
        model.tie_weights()
    golden = record(model, config, extra)
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        model.half().save_pretrained(temp)
        text = json.loads((temp / "config.json").read_text())
        if "edit" in extra:
            extra["edit"](text)
        (temp / "config.json").write_text(json.dumps(text, indent=1, sort_keys=True) + "\n")
        (temp / "golden").mkdir()
        save_file(golden, temp / "golden" / "model.safetensors")
        with zipfile.ZipFile(OUT / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in ("config.json", "model.safetensors", "golden/model.safetensors"):
                entry = zipfile.ZipInfo(file, (2026, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, (temp / file).read_bytes())
    print(name, (OUT / f"{name}.zip").stat().st_size, sorted(text))


if __name__ == "__main__":
    for number, name in enumerate(CASES):
        if len(sys.argv) < 2 or name in sys.argv[1:]:
            make(number, name)
