"""Turns some of the checkpoints of decoders.py into GGUF files, as llama.cpp's converter would.

    pip install gguf safetensors torch
    python tests/parity/gguf_decoders.py

Names of tensors and keys are those of the gguf package; the order of the rows of Llama's queries
and keys, the 1 that is added to Gemma's gains, GPT-2's turned matrices and the factors of rotary
embeddings are done here as convert_hf_to_gguf.py does them. Writes
models/src/test/resources/dev/dragoman/models/architecture/decoders-gguf/NAME.gguf; the golden
numbers are those beside the checkpoint.
"""

import json
import math
import pathlib

import gguf
import numpy as np
import torch
from safetensors.torch import load_file

BASE = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture"
)
ARCHITECTURES = {
    "llama": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2, "qwen3": gguf.MODEL_ARCH.QWEN3,
    "gemma3_text": gguf.MODEL_ARCH.GEMMA3, "phi3": gguf.MODEL_ARCH.PHI3, "gpt2": gguf.MODEL_ARCH.GPT2,
}


def permute(weight, heads):
    shape = weight.shape
    return weight.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def llama3_factors(rope, dim):
    low = rope["original_max_position_embeddings"] / rope["low_freq_factor"]
    high = rope["original_max_position_embeddings"] / rope["high_freq_factor"]
    factors = []
    for i in range(0, dim, 2):
        wave = 2 * math.pi * rope["rope_theta"] ** (i / dim)
        if wave < high:
            factors.append(1.0)
        elif wave > low:
            factors.append(rope["factor"])
        else:
            smooth = (rope["original_max_position_embeddings"] / wave - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"])
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def convert(name):
    config = json.loads((BASE / "decoders" / name / "config.json").read_text())
    kind = config["model_type"]
    arch = ARCHITECTURES[kind]
    out = BASE / "decoders-gguf" / f"{name}.gguf"
    out.parent.mkdir(exist_ok=True)
    writer = gguf.GGUFWriter(str(out), gguf.MODEL_ARCH_NAMES[arch])
    layers = config.get("num_hidden_layers", config.get("n_layer"))
    heads = config.get("num_attention_heads", config.get("n_head"))
    width = config.get("hidden_size", config.get("n_embd"))
    writer.add_block_count(layers)
    writer.add_embedding_length(width)
    writer.add_head_count(heads)
    writer.add_context_length(config.get("max_position_embeddings", config.get("n_positions")))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if kind == "gpt2":
        writer.add_feed_forward_length(config.get("n_inner") or 4 * width)
        writer.add_layer_norm_eps(config["layer_norm_epsilon"])
    else:
        head = config.get("head_dim", width // heads)
        kv = config["num_key_value_heads"]
        writer.add_head_count_kv(kv)
        writer.add_feed_forward_length(config["intermediate_size"])
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_vocab_size(config["vocab_size"])
        if kind != "phi3":
            writer.add_key_length(head)
            writer.add_value_length(head)
        rope = config["rope_parameters"]
        if kind == "gemma3_text":
            writer.add_sliding_window(config["sliding_window"])
            writer.add_rope_freq_base(rope["full_attention"]["rope_theta"])
        else:
            writer.add_rope_freq_base(rope["rope_theta"])
            turned = int(head * rope.get("partial_rotary_factor", 1.0))
            writer.add_rope_dimension_count(turned)
        if rope.get("rope_type") == "llama3":
            writer.add_tensor("rope_freqs.weight", llama3_factors(rope, head))
        if rope.get("rope_type") == "linear":
            writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
            writer.add_rope_scaling_factor(rope["factor"])
        if rope.get("rope_type") == "yarn":
            writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
            writer.add_rope_scaling_factor(rope["factor"])
            writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
        if rope.get("rope_type") == "longrope":
            original = config["original_max_position_embeddings"]
            scale = config["max_position_embeddings"] / original
            writer.add_rope_scaling_orig_ctx_len(original)
            writer.add_rope_scaling_attn_factors(math.sqrt(1 + math.log(scale) / math.log(original)))
            for which in ("short", "long"):
                factors = np.array(rope[f"{which}_factor"], dtype=np.float32)
                writer.add_tensor(f"rope_factors_{which}.weight", factors)
        if config.get("sliding_window") and kind == "phi3":
            writer.add_sliding_window(config["sliding_window"])
    names = gguf.get_tensor_name_map(arch, layers)
    for key, tensor in load_file(BASE / "decoders" / name / "model.safetensors").items():
        stem, end = key.rsplit(".", 1)
        weight = tensor.float().numpy()
        if kind == "llama" and stem.endswith("q_proj"):
            weight = permute(weight, heads)
        if kind == "llama" and stem.endswith("k_proj"):
            weight = permute(weight, kv)
        if kind == "gemma3_text" and stem.endswith("norm"):
            weight = weight + 1
        if kind == "gpt2" and stem.split(".")[-1] in ("c_attn", "c_proj", "c_fc") and end == "weight":
            weight = np.ascontiguousarray(weight.T)
        writer.add_tensor(names.get_name(stem) + "." + end, np.ascontiguousarray(weight))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(name, out.stat().st_size)


for each in ["llama-biases", "llama-llama3", "llama-linear", "llama-yarn", "qwen2", "qwen3",
             "phi3-partial", "phi3-long", "gpt2"]:
    convert(each)
