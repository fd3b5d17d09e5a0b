"""Makes small random LoRA adapters on the small checkpoints of decoders.py, and records logits.

    pip install torch transformers safetensors peft
    python tests/parity/lora.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/lora/NAME/: the adapter as peft
saves it, base (the checkpoint's name) and golden/model.safetensors with ids and logits. The golden
numbers come from the adapter as it is read back from that folder.
"""

import json
import pathlib
import shutil
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture"
)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

# A name, its checkpoint, and what LoraConfig is told.
CASES = {
    "llama": ("llama", dict(r=4, lora_alpha=8, target_modules=ALL)),
    "llama-patterns": ("llama", dict(
        r=3, lora_alpha=7, target_modules=ALL,
        rank_pattern={"q_proj": 2, "layers.1.mlp.down_proj": 5, r"model\.layers\.0\.self_attn\.v.*": 1},
        alpha_pattern={"k_proj": 16, "layers.0.mlp.up_proj": 1})),
    "llama-gguf": ("llama-llama3", dict(r=4, lora_alpha=8, target_modules=ALL)),
    "gemma3-rslora": ("gemma3", dict(
        r=5, lora_alpha=6, use_rslora=True, target_modules=r".*\.self_attn\.(q|v|o)_proj")),
    "qwen2-layers": ("qwen2", dict(
        r=2, lora_alpha=4, target_modules=["q_proj", "k_proj", "down_proj"],
        layers_to_transform=[1])),
    "phi3": ("phi3", dict(r=3, lora_alpha=6, target_modules="all-linear")),
    "gpt2": ("gpt2", dict(
        r=4, lora_alpha=8, fan_in_fan_out=True, target_modules=["c_attn", "c_proj", "c_fc"])),
}

for name, (base, told) in CASES.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    torch.manual_seed(len(name))
    folder = OUT / "lora" / name
    shutil.rmtree(folder, ignore_errors=True)

    def checkpoint():
        return AutoModelForCausalLM.from_pretrained(OUT / "decoders" / base, dtype=torch.float32)

    model = get_peft_model(checkpoint(), LoraConfig(task_type="CAUSAL_LM", **told))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if ".lora_" in key:
                parameter.normal_(std=0.3)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = json.loads((folder / "adapter_config.json").read_text())
    config["base_model_name_or_path"] = base
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=1) + "\n")
    plain = checkpoint().eval()
    adapted = PeftModel.from_pretrained(checkpoint(), folder).eval()
    ids = torch.randint(0, 41, (1, 40))
    with torch.no_grad():
        logits = adapted(ids).logits[0]
        away = (logits - plain(ids).logits[0]).abs().max()
    (folder / "golden").mkdir()
    save_file(
        {"ids": ids[0].float(), "logits": logits.contiguous().clone()},
        folder / "golden" / "model.safetensors",
    )
    print(name, "differs from its checkpoint by", float(away), "of", float(logits.abs().max()))
