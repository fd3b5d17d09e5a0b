"""Converts small random models with CTranslate2, in all its kinds of weights.

    pip install ctranslate2 torch transformers safetensors
    python tests/parity/ctranslate2_files.py

Writes models/src/test/resources/dev/dragoman/models/format/ctranslate2/NAME-KIND.bin and, beside
it, NAME-KIND.safetensors: every weight as the numbers that it stands for, from CTranslate2's own
arrays before they are written.
"""

import copy
import pathlib
import tempfile

import ctranslate2
import numpy as np
import torch
from ctranslate2.converters.transformers import MarianMTLoader, WhisperLoader
from ctranslate2.specs.model_spec import ACCEPTED_MODEL_TYPES
from safetensors.torch import save_file
from transformers import MarianConfig, MarianMTModel, WhisperConfig, WhisperForConditionalGeneration

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/format/ctranslate2"
)


def marian():
    config = MarianConfig(
        vocab_size=9, d_model=8, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=6, decoder_ffn_dim=6, pad_token_id=8,
        eos_token_id=0, decoder_start_token_id=8, max_position_embeddings=12,
    )
    torch.manual_seed(1)
    spec = MarianMTLoader().get_model_spec(MarianMTModel(config))
    words = [f"w{i}" for i in range(spec.get_source_vocabulary_size()[0])]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    return spec


def whisper():
    config = WhisperConfig(
        vocab_size=13, num_mel_bins=4, d_model=8, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=6,
        decoder_ffn_dim=6, max_source_positions=5, max_target_positions=7, pad_token_id=0,
        bos_token_id=0, eos_token_id=0, decoder_start_token_id=1, begin_suppress_tokens=None,
    )
    torch.manual_seed(2)
    spec = WhisperLoader().get_model_spec(WhisperForConditionalGeneration(config))
    spec.register_vocabulary([f"w{i}" for i in range(config.vocab_size)])
    return spec


def numbers(variable):
    """What a stored array says, as singles."""
    return variable.to("float32").numpy().astype(np.float32)


def golden(spec):
    variables = spec.variables()
    aliases = {name: value for name, value in variables.items() if isinstance(value, str)}
    weights = {}
    for name, value in variables.items():
        stored = variables[aliases.get(name, name)]
        scale = variables.get(aliases.get(name, name) + "_scale")
        if stored.is_scalar() or name.endswith("weight_scale"):
            continue
        array = stored.numpy() if stored.dtype.startswith("int") else numbers(stored)
        array = array.astype(np.float32)
        if scale is not None:
            shape = [-1] + [1] * (array.ndim - 1)
            array = array * (np.float32(1) / np.asarray(scale.numpy(), np.float32).reshape(shape))
        weights[name] = torch.from_numpy(np.ascontiguousarray(array))
    return weights


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for make in (marian, whisper):
        for kind in ACCEPTED_MODEL_TYPES:
            spec = make()
            spec.validate()
            spec.optimize(quantization=kind)
            name = f"{make.__name__}-{kind}"
            save_file(golden(spec), OUT / f"{name}.safetensors")
            with tempfile.TemporaryDirectory() as folder:
                copy.copy(spec).save(folder)
                opened = ctranslate2.models.Whisper if make is whisper else ctranslate2.Translator
                opened(folder, device="cpu")
                (OUT / f"{name}.bin").write_bytes(pathlib.Path(folder, "model.bin").read_bytes())


if __name__ == "__main__":
    main()
