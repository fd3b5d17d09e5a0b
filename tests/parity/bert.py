"""Makes small random BERT checkpoints and records what every layer of transformers' BERT gives.

    pip install torch transformers safetensors
    python tests/parity/bert.py

Writes models/src/test/resources/dev/dragoman/models/architecture/bert/NAME/: the checkpoint as
transformers saves it, and golden/model.safetensors with ids.N, types.N and hidden.N.LAYER.
"""

import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertForMaskedLM, BertModel

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/bert"
)
LENGTHS = [1, 2, 5, 17, 33]

CASES = {
    "even": dict(
        vocab_size=50, hidden_size=32, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=40, type_vocab_size=2,
    ),
    "odd": dict(
        vocab_size=37, hidden_size=39, num_hidden_layers=2, num_attention_heads=3,
        intermediate_size=77, max_position_embeddings=33, type_vocab_size=1,
    ),
    "one-head": dict(
        vocab_size=41, hidden_size=24, num_hidden_layers=2, num_attention_heads=1,
        intermediate_size=10, max_position_embeddings=64, type_vocab_size=3, layer_norm_eps=1e-5,
    ),
    "narrow-heads": dict(
        vocab_size=29, hidden_size=70, num_hidden_layers=1, num_attention_heads=35,
        intermediate_size=133, max_position_embeddings=35, type_vocab_size=2, hidden_act="relu",
    ),
    "masked-lm": dict(
        vocab_size=43, hidden_size=64, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=129, max_position_embeddings=36, type_vocab_size=2,
    ),
    "half": dict(
        vocab_size=31, hidden_size=48, num_hidden_layers=2, num_attention_heads=6,
        intermediate_size=96, max_position_embeddings=34, type_vocab_size=2,
    ),
    "sharded-bfloat": dict(
        vocab_size=31, hidden_size=40, num_hidden_layers=2, num_attention_heads=5,
        intermediate_size=90, max_position_embeddings=34, type_vocab_size=2,
    ),
    # As many tokens as the small tokenizers of tokenizer.py know.
    "sentences": dict(
        vocab_size=200, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=20, max_position_embeddings=40, type_vocab_size=2,
    ),
}

for number, (name, sizes) in enumerate(CASES.items()):
    torch.manual_seed(1000 + number)
    config = BertConfig(**sizes, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    masked = name == "masked-lm"
    model = BertForMaskedLM(config) if masked else BertModel(config)
    with torch.no_grad():
        for key, weight in model.named_parameters():
            # Wide enough that attention is not uniform and every bias and gain can be seen.
            scale = 0.35 if weight.dim() > 1 else 0.5
            weight.copy_(torch.randn_like(weight) * scale + (1.0 if "LayerNorm.weight" in key else 0.0))
    if name == "half":
        model = model.half()
    if name == "sharded-bfloat":
        model = model.bfloat16()
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, max_shard_size="20KB" if name == "sharded-bfloat" else "1GB")
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = model.float().eval()
    golden = {}
    for n, length in enumerate(LENGTHS):
        ids = torch.randint(0, sizes["vocab_size"], (1, length))
        types = torch.zeros_like(ids)
        if sizes["type_vocab_size"] > 1:
            types[:, length // 2 :] = 1
        with torch.no_grad():
            states = model(input_ids=ids, token_type_ids=types, output_hidden_states=True)
        golden[f"ids.{n}"] = ids[0].float()
        golden[f"types.{n}"] = types[0].float()
        for layer, hidden in enumerate(states.hidden_states):
            golden[f"hidden.{n}.{layer}"] = hidden[0].contiguous()
    (folder / "golden").mkdir()
    save_file(golden, folder / "golden" / "model.safetensors")
    print(name, sorted(json.loads((folder / "config.json").read_text())))
