"""Makes small random checkpoints of decoders and records what every layer of transformers gives.

    pip install torch transformers safetensors
    python tests/parity/decoders.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/decoders/NAME/: the checkpoint as
transformers saves it, or with a config.json as transformers 4 wrote it, and
golden/model.safetensors with ids.N, hidden.N.LAYER and logits.N. The golden numbers come from the
checkpoint as it is read back from that folder.
"""

import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModel, AutoModelForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig, GPT2Config,
    GPT2LMHeadModel, GPT2Model, LlamaConfig, LlamaForCausalLM, LlamaModel, MistralConfig,
    MistralForCausalLM, Phi3Config, Phi3ForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
    Qwen3ForCausalLM,
)

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/decoders"
)
LENGTHS = [1, 9, 70]
IDS = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)
SMALL = dict(
    vocab_size=41, hidden_size=24, intermediate_size=36, num_hidden_layers=2,
    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=128, **IDS,
)


def rope(kind, **more):
    return dict(rope_parameters=dict(rope_type=kind, rope_theta=10000.0, **more))


def llama(**more):
    return LlamaForCausalLM, LlamaConfig(**{**SMALL, **more})


def mistral(**more):
    return MistralForCausalLM, MistralConfig(**{**SMALL, **more})


def qwen2(**more):
    return Qwen2ForCausalLM, Qwen2Config(**{**SMALL, **more})


def qwen3(**more):
    return Qwen3ForCausalLM, Qwen3Config(**{**SMALL, "head_dim": 10, **more})


def gemma3(**more):
    sizes = dict(SMALL, head_dim=10, num_hidden_layers=3, sliding_window=7, query_pre_attn_scalar=14)
    types = ["sliding_attention", "full_attention", "sliding_attention"]
    return Gemma3ForCausalLM, Gemma3TextConfig(**{**sizes, "layer_types": types, **more})


def phi3(**more):
    return Phi3ForCausalLM, Phi3Config(**{**SMALL, **more})


def gpt2(**more):
    sizes = dict(vocab_size=41, n_embd=24, n_layer=2, n_head=4, n_positions=80, **IDS)
    return GPT2LMHeadModel, GPT2Config(**{**sizes, **more})


LLAMA3 = dict(factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=24)
SHORT = [1.0, 1.1, 1.3]
LONG = [1.5, 4.0, 9.0]
LONG_ROPE = dict(short_factor=SHORT, long_factor=LONG, original_max_position_embeddings=32)


def theta(value, kind=None, **more):
    """What becomes of rope_parameters in a config.json of transformers 4."""
    scaling = dict(rope_type=kind, **more) if kind else None
    return dict(rope_parameters=None, rope_theta=value, rope_scaling=scaling)


# A name, what to make, and the keys of config.json that are changed to what transformers 4 wrote.
CASES = {
    "llama": (llama(), {}),
    "llama-one-head": (llama(num_attention_heads=1, num_key_value_heads=1), {}),
    "llama-all-heads": (llama(num_attention_heads=4, num_key_value_heads=4), {}),
    "llama-biases": (llama(attention_bias=True, mlp_bias=True, num_key_value_heads=1), {}),
    "llama-wide-heads": (llama(head_dim=16, rms_norm_eps=1e-5), {}),
    "llama-tied": (llama(tie_word_embeddings=True), {}),
    "llama-headless": ((LlamaModel, LlamaConfig(**SMALL)), {}),
    "llama-4": (llama(), dict(theta(500000.0), head_dim=None, mlp_bias=None)),
    "llama-linear": (llama(**rope("linear", factor=2.5)), {}),
    "llama-linear-4": (llama(), theta(10000.0) | dict(rope_scaling=dict(type="linear", factor=4.0))),
    "llama-dynamic": (llama(**rope("dynamic", factor=3.0), max_position_embeddings=32), {}),
    "llama-dynamic-4": (
        llama(max_position_embeddings=40),
        theta(10000.0) | dict(rope_scaling=dict(type="dynamic", factor=2.0)),
    ),
    "llama-llama3": (llama(**rope("llama3", **LLAMA3), head_dim=16), {}),
    "llama-llama3-4": (llama(head_dim=16), theta(500000.0, "llama3", **LLAMA3)),
    "llama-yarn": (llama(**rope("yarn", factor=4.0, original_max_position_embeddings=32)), {}),
    "llama-yarn-factor": (
        llama(head_dim=16, **rope("yarn", factor=4.0, original_max_position_embeddings=32,
                                  attention_factor=0.7, beta_fast=4.0, beta_slow=0.5)), {},
    ),
    "llama-yarn-scales": (
        llama(head_dim=16, **rope("yarn", factor=6.0, original_max_position_embeddings=32,
                                  mscale=1.5, mscale_all_dim=0.8, truncate=False)), {},
    ),
    "llama-yarn-4": (
        llama(), theta(1000.0, "yarn", factor=4.0, original_max_position_embeddings=32),
    ),
    "llama-longrope": (llama(**rope("longrope", **LONG_ROPE)), {}),
    "mistral": (mistral(sliding_window=None), {}),
    "mistral-window": (mistral(sliding_window=8, head_dim=8), {}),
    "qwen2": (qwen2(), {}),
    "qwen2-window": (
        qwen2(use_sliding_window=True, sliding_window=6, max_window_layers=1), dict(layer_types=None),
    ),
    "qwen2-layers": (
        qwen2(use_sliding_window=True, sliding_window=6,
              layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=True), {},
    ),
    "qwen2-yarn-4": (
        qwen2(), theta(1000000.0, "yarn", factor=4.0, original_max_position_embeddings=32)
        | dict(layer_types=None, use_sliding_window=False, sliding_window=32),
    ),
    "qwen3": (qwen3(tie_word_embeddings=True), {}),
    "qwen3-window": (
        qwen3(attention_bias=True, use_sliding_window=True, sliding_window=5, max_window_layers=1), {},
    ),
    "qwen3-4": (qwen3(), dict(theta(1000000.0), layer_types=None)),
    "gemma3": (gemma3(), {}),
    "gemma3-caps": (
        gemma3(final_logit_softcapping=3.0, attn_logit_softcapping=0.5, tie_word_embeddings=False,
               attention_bias=True), {},
    ),
    "gemma3-linear": (
        gemma3(rope_parameters=dict(
            full_attention=dict(rope_type="linear", factor=8.0, rope_theta=100000.0),
            sliding_attention=dict(rope_type="default", rope_theta=5000.0))), {},
    ),
    "gemma3-4": (
        gemma3(),
        dict(rope_parameters=None, rope_theta=1000000.0, rope_local_base_freq=3000.0,
             rope_scaling=dict(rope_type="linear", factor=8.0), layer_types=None,
             sliding_window_pattern=2, _sliding_window_pattern=None),
    ),
    "gemma3-bfloat": (gemma3(), {}),
    "phi3": (phi3(), {}),
    "phi3-partial": (
        phi3(sliding_window=9, tie_word_embeddings=True,
             rope_parameters=dict(rope_type="default", rope_theta=10000.0, partial_rotary_factor=0.7)),
        {},
    ),
    "phi3-long": (
        phi3(original_max_position_embeddings=32,
             rope_parameters=dict(rope_type="longrope", rope_theta=10000.0, short_factor=SHORT,
                                  long_factor=LONG)), {},
    ),
    "phi3-long-4": (
        phi3(original_max_position_embeddings=32, num_attention_heads=3, num_key_value_heads=1),
        dict(rope_parameters=None, rope_theta=10000.0, partial_rotary_factor=0.75,
             rope_scaling=dict(type="longrope", short_factor=SHORT, long_factor=LONG),
             attention_bias=False, mlp_bias=False, lm_head_bias=False, interpolate_factor=1,
             full_attn_mod=1),
    ),
    "gpt2": (gpt2(), dict(n_ctx=80)),
    "gpt2-scaled": (gpt2(scale_attn_by_inverse_layer_idx=True, n_inner=30,
                         activation_function="gelu", reorder_and_upcast_attn=True), {}),
    "gpt2-unscaled": (gpt2(scale_attn_weights=False, tie_word_embeddings=False, n_head=3,
                           activation_function="relu"), {}),
    "gpt2-headless": ((GPT2Model, gpt2()[1]), {}),
}


def randomise(model):
    with torch.no_grad():
        for key, weight in model.named_parameters():
            # Wide enough that attention is not uniform and every bias and gain can be seen.
            norm = "norm" in key or ".ln_" in key
            centre = 1.0 if norm and key.endswith("weight") and "Gemma" not in type(model).__name__ else 0.0
            weight.copy_(torch.randn_like(weight) * (0.3 if weight.dim() > 1 else 0.4) + centre)


def rewrite(path, changes):
    config = json.loads(path.read_text())
    for key, value in changes.items():
        if value is None:
            config.pop(key, None)
        else:
            config[key] = value
    if changes:
        config["torch_dtype"] = config.pop("dtype")
        config["transformers_version"] = "4.51.0"
    path.write_text(json.dumps(config, indent=1) + "\n")


for number, (name, ((kind, config), changes)) in enumerate(CASES.items()):
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    torch.manual_seed(2000 + number)
    model = kind(config)
    randomise(model)
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    full = name == "gemma3"
    (model if full else model.bfloat16()).save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    rewrite(folder / "config.json", changes)
    auto = AutoModel if name.endswith("headless") else AutoModelForCausalLM
    dtype = torch.bfloat16 if name == "gemma3-bfloat" else torch.float32
    if not full and name != "gemma3-bfloat" and name.startswith("gemma3"):
        # Stored in singles, so that the scale of the embeddings is not rounded to a bfloat.
        model.float().save_pretrained(folder)
        (folder / "generation_config.json").unlink(missing_ok=True)
        rewrite(folder / "config.json", changes)
    model = auto.from_pretrained(folder, dtype=dtype, attn_implementation="eager").float().eval()
    golden = {}
    for n, length in enumerate(LENGTHS):
        ids = torch.randint(0, 41, (1, length))
        with torch.no_grad():
            states = model(input_ids=ids, output_hidden_states=True, use_cache=False)
        golden[f"ids.{n}"] = ids[0].float()
        for layer, hidden in enumerate(states.hidden_states):
            golden[f"hidden.{n}.{layer}"] = hidden[0].contiguous()
        if auto is AutoModelForCausalLM:
            golden[f"logits.{n}"] = states.logits[0].contiguous()
    (folder / "golden").mkdir()
    save_file(golden, folder / "golden" / "model.safetensors")
    print(name, sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))
