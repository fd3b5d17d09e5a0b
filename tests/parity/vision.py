"""Makes small random checkpoints of models that look at pictures and records what transformers computes with them.

    pip install torch transformers safetensors
    python tests/parity/vision.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/vision/NAME.zip for each case: config.json and
model.safetensors as transformers saves them (weights in half precision, to be small), and golden/model.safetensors with
pixels, what goes into the first layer and comes out of each (vision.LAYER, text.N.LAYER), ids.N, question.N, logits.N or
embeds.picture and embeds.text.N.
"""

import json
import pathlib
import sys
import tempfile
import zipfile

import torch
import transformers
from safetensors.torch import save_file

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/architecture/vision"
LAYERS = {
    "vision": ["ViTLayer", "DeiTLayer", "BlipEncoderLayer", "CLIPEncoderLayer", "SiglipEncoderLayer",
               "Idefics3EncoderLayer", "SmolVLMEncoderLayer"],
    "text": ["GPT2Block", "TrOCRDecoderLayer", "BlipTextLayer", "LlamaDecoderLayer", "CLIPEncoderLayer",
             "SiglipEncoderLayer"],
}
EYE = dict(hidden_size=20, num_hidden_layers=2, num_attention_heads=2, intermediate_size=28, image_size=12, patch_size=4)
GPT2 = dict(vocab_size=37, n_embd=12, n_layer=2, n_head=3, n_positions=24, bos_token_id=1, eos_token_id=2)
TROCR = dict(vocab_size=37, d_model=20, decoder_layers=2, decoder_attention_heads=4, decoder_ffn_dim=26,
             max_position_embeddings=24)
BERT = dict(vocab_size=37, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=22,
            max_position_embeddings=24, bos_token_id=1, sep_token_id=3, eos_token_id=2, pad_token_id=0)
TEXT = dict(vocab_size=37, hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=22,
            max_position_embeddings=14, bos_token_id=34, eos_token_id=35, pad_token_id=1)
LLAMA = dict(model_type="llama", vocab_size=37, hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, intermediate_size=24, max_position_embeddings=128, bos_token_id=1, eos_token_id=2)


def writer(eye, pen, **more):
    """An encoder of pictures and a decoder."""
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(eye, pen, **more)
    return transformers.VisionEncoderDecoderModel, config


def vit(**more):
    return transformers.ViTConfig(**{**EYE, **more})


def deit(**more):
    return transformers.DeiTConfig(**{**EYE, **more})


def gpt2(**more):
    return transformers.GPT2Config(**{**GPT2, **more})


def trocr(**more):
    return transformers.TrOCRConfig(**{**TROCR, **more})


def blip(kind, eye={}, text={}, **more):
    config = transformers.BlipConfig(vision_config={**EYE, **eye}, text_config={**BERT, **text}, **more)
    return getattr(transformers, kind), config


def clip(eye={}, text={}, **more):
    config = transformers.CLIPConfig(
        vision_config={**EYE, **eye}, text_config={**TEXT, **text}, **{"projection_dim": 10, **more})
    return transformers.CLIPModel, config


def siglip(eye={}, text={}):
    config = transformers.SiglipConfig(
        vision_config={**EYE, **eye}, text_config={**TEXT, "projection_size": 20, **text})
    return transformers.SiglipModel, config


def idefics3(name="Idefics3", eye={}, text={}, **more):
    config = getattr(transformers, name + "Config")(
        vision_config={**EYE, "image_size": 16, **eye}, text_config={**LLAMA, **text},
        **{"image_token_id": 36, "scale_factor": 2, **more})
    return getattr(transformers, name + "ForConditionalGeneration"), config


CAPTION = "BlipForConditionalGeneration"
ASKED = "BlipForQuestionAnswering"
# What to make, and the height and width of the pictures where they are not those of the configuration.
CASES = {
    "vit-gpt2": (writer(vit(), gpt2()), None),
    "vit-gpt2-oblong": (
        writer(vit(image_size=[12, 20], patch_size=[4, 5], qkv_bias=False, layer_norm_eps=1e-5, hidden_act="gelu_new"),
               gpt2(scale_attn_by_inverse_layer_idx=True, n_inner=30, activation_function="relu")), (12, 20)),
    "vit-gpt2-untied": (writer(vit(hidden_size=12), gpt2(tie_word_embeddings=False, scale_attn_weights=False)), None),
    "deit-gpt2": (writer(deit(image_size=13), gpt2(n_embd=20, n_head=5)), (13, 13)),
    "vit-trocr": (writer(vit(), trocr()), None),
    "vit-trocr-narrow": (
        writer(vit(), trocr(d_model=16, cross_attention_hidden_size=20, scale_embedding=True,
                            activation_function="relu", layernorm_embedding=False)), None),
    "deit-trocr-bridged": (
        writer(deit(), trocr(d_model=14, decoder_attention_heads=2, tie_word_embeddings=False)), None),
    "blip-caption": (blip(CAPTION), None),
    "blip-caption-small": (blip(CAPTION, eye=dict(hidden_act="relu"), tie_word_embeddings=False,
                                text=dict(tie_word_embeddings=False, hidden_act="gelu_new")), (8, 12)),
    "blip-question": (blip(ASKED, text=dict(hidden_size=20, num_attention_heads=2)), None),
    "clip": (clip(), None),
    "clip-old-end": (clip(eye=dict(hidden_act="gelu", image_size=15), text=dict(eos_token_id=2, hidden_act="gelu")),
                     (15, 15)),
    "siglip": (siglip(), None),
    "siglip-wide": (siglip(eye=dict(num_attention_heads=5, hidden_act="gelu"), text=dict(hidden_size=18)), None),
    "idefics3": (idefics3(), (16, 16)),
    "idefics3-tied": (idefics3(tie_word_embeddings=True, text=dict(tie_word_embeddings=True, num_key_value_heads=4),
                               scale_factor=4), (16, 16)),
    "smolvlm": (idefics3("SmolVLM", eye=dict(image_size=24), scale_factor=2), (16, 16)),
}


def randomise(model):
    with torch.no_grad():
        for key, weight in model.named_parameters():
            # Wide enough that attention is not uniform and every bias and gain can be seen.
            norm = "norm" in key.lower() or ".ln_" in key
            centre = 1.0 if norm and key.endswith("weight") else 0.0
            weight.copy_(torch.randn_like(weight) * (0.3 if weight.dim() > 1 else 0.4) + centre)
            if "logit_scale" in key:
                weight.fill_(1.5)


def watch(model, golden, side, only=""):
    """Records what goes into the first layer of a kind and what comes out of each."""
    handles = []
    layers = [(name, module) for name, module in model.named_modules()
              if type(module).__name__ in LAYERS[side] and only in name]
    tensor = lambda value: value[0] if isinstance(value, tuple) else value

    def record(index):
        def hook(module, inputs, kwargs, output):
            if index == 0:
                first = inputs[0] if inputs else kwargs["hidden_states"]
                golden[0] = first.detach().clone()
            golden[index + 1] = tensor(output).detach().clone()
        return hook

    for index, (_, module) in enumerate(layers):
        handles.append(module.register_forward_hook(record(index), with_kwargs=True))
    return handles


def record(model, size):
    """What a model gives for two pictures and two texts."""
    kind = type(model).__name__
    config = model.config
    golden = {}
    tiles = 3 if "Idefics3" in kind or "SmolVLM" in kind else 2
    pixels = torch.randn(tiles, 3, *size)
    golden["pixels"] = pixels
    vision = {}
    towers = "CLIP" in kind or "Siglip" in kind
    side = "vision_model" if not kind.startswith("VisionEncoder") else "encoder"
    handles = watch(model, vision, "vision", side)
    for n, length in enumerate([7, 11]):
        text = {}
        where = "text_model" if towers or tiles == 3 else "decoder"
        more = watch(model, text, "text", where)
        ids = torch.randint(4, 34, (1, length))
        inputs = {}
        if towers:
            ids[0, length - 3] = 35
            inputs = dict(pixel_values=pixels, input_ids=ids)
        elif tiles == 3:
            used = 1 + n
            per = (size[0] // 4) * (size[1] // 4) // config.scale_factor ** 2
            ids = torch.cat([ids[:, :3], torch.full((1, used * per), config.image_token_id), ids[:, 3:]], 1)
            inputs = dict(pixel_values=pixels[None, :used], input_ids=ids)
        elif kind.startswith("VisionEncoder"):
            inputs = dict(pixel_values=pixels, decoder_input_ids=ids.repeat(2, 1))
        elif kind == CAPTION:
            inputs = dict(pixel_values=pixels, input_ids=ids.repeat(2, 1))
        else:
            question = torch.randint(4, 34, (1, 5 + n))
            golden[f"question.{n}"] = question[0].float()
            inputs = dict(pixel_values=pixels, input_ids=question.repeat(2, 1), decoder_input_ids=ids.repeat(2, 1))
        written = {}
        if kind == ASKED:
            more.append(model.text_decoder.register_forward_hook(lambda m, i, o: written.update(logits=o.logits)))
        with torch.no_grad():
            out = model(**inputs)
        golden[f"ids.{n}"] = ids[0].float()
        for layer, hidden in text.items():
            golden[f"text.{n}.{layer}"] = hidden[0]
        if towers:
            golden[f"embeds.text.{n}"] = out.text_embeds[0]
            golden["embeds.picture"] = out.image_embeds
            golden[f"scores.{n}"] = out.logits_per_text[0]
        else:
            golden[f"logits.{n}"] = written.get("logits", out.get("logits"))
        for handle in more:
            handle.remove()
    for layer, hidden in vision.items():
        golden[f"vision.{layer}"] = hidden
    for handle in handles:
        handle.remove()
    return {key: value.float().contiguous().clone() for key, value in golden.items()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for number, (name, ((kind, config), size)) in enumerate(CASES.items()):
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        torch.manual_seed(5000 + number)
        model = kind(config).eval()
        randomise(model)
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            model.half().save_pretrained(folder)
            model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
            (folder / "golden").mkdir()
            save_file(record(model, size or (12, 12)), folder / "golden/model.safetensors")
            with zipfile.ZipFile(OUT / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as zip:
                for file in ["config.json", "model.safetensors", "golden/model.safetensors"]:
                    zip.writestr(zipfile.ZipInfo(file), (folder / file).read_bytes(), zipfile.ZIP_DEFLATED)


main()
