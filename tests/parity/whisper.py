"""Makes small random checkpoints of Whisper and records what every layer of transformers gives.

    pip install torch transformers safetensors ctranslate2
    python tests/parity/whisper.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/whisper/NAME/: the checkpoint as
transformers saves it, and golden/model.safetensors with features, ids, encoder.LAYER,
decoder.LAYER, logits and cross.LAYER (attention to the sound, [heads, tokens, states]). A
ct2-NAME beside some holds the same weights as CTranslate2 converts them.
"""

import pathlib
import shutil

import sys

import torch
from safetensors.torch import save_file
from transformers import WhisperConfig, WhisperForConditionalGeneration, WhisperModel

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/whisper"
)
SMALL = dict(
    vocab_size=43, num_mel_bins=7, d_model=24, encoder_layers=2, decoder_layers=2,
    encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=36, decoder_ffn_dim=36,
    max_source_positions=31, max_target_positions=19, pad_token_id=1, bos_token_id=1,
    eos_token_id=1, decoder_start_token_id=2, suppress_tokens=None, begin_suppress_tokens=None,
)
CASES = {
    "plain": (WhisperForConditionalGeneration, {}),
    "sides": (
        WhisperForConditionalGeneration,
        dict(encoder_layers=3, decoder_layers=1, encoder_attention_heads=2,
             decoder_attention_heads=3, encoder_ffn_dim=17, decoder_ffn_dim=29,
             max_source_positions=70, scale_embedding=True, activation_function="gelu_new"),
    ),
    "untied": (
        WhisperForConditionalGeneration,
        dict(tie_word_embeddings=False, activation_function="relu", num_mel_bins=11),
    ),
    "headless": (WhisperModel, dict(activation_function="silu")),
}
CONVERTED = {"plain": ["float32"], "sides": ["float16"]}

def randomise(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            scale = 0.6 if "conv" in name or "proj" in name or "fc" in name else 0.3
            parameter.copy_(torch.randn(parameter.shape) * scale)
            if "norm" in name and name.endswith("weight"):
                parameter.add_(1)

def make(name):
    kind, changes = CASES[name]
    config = WhisperConfig(**{**SMALL, **changes})
    torch.manual_seed(len(name))
    model = kind(config).eval()
    randomise(model)
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    model = kind.from_pretrained(folder, attn_implementation="eager").eval()
    features = torch.randn(1, config.num_mel_bins, 2 * config.max_source_positions)
    ids = torch.randint(0, config.vocab_size, (1, 13))
    with torch.no_grad():
        given = model(
            input_features=features, decoder_input_ids=ids, output_hidden_states=True,
            output_attentions=True,
        )
    golden = {"features": features[0], "ids": ids[0].float()}
    for i, hidden in enumerate(given.encoder_hidden_states):
        golden[f"encoder.{i}"] = hidden[0]
    for i, hidden in enumerate(given.decoder_hidden_states):
        golden[f"decoder.{i}"] = hidden[0]
    for i, scores in enumerate(given.cross_attentions):
        golden[f"cross.{i}"] = scores[0]
    if "logits" in given:
        golden["logits"] = given.logits[0]
    (folder / "golden").mkdir()
    save_file({k: v.contiguous() for k, v in golden.items()}, folder / "golden/model.safetensors")
    if name in CONVERTED:
        convert(name, model, config)

def convert(name, model, config):
    """What ctranslate2.converters.TransformersConverter does, without the tokenizer it wants."""
    from ctranslate2.converters.transformers import WhisperLoader

    loader = WhisperLoader()
    for kind in CONVERTED[name]:
        spec = loader.get_model_spec(model)
        spec.register_vocabulary([str(i) for i in range(config.vocab_size)])
        spec.validate()
        spec.optimize(quantization=None if kind == "float32" else kind)
        folder = OUT / f"ct2-{name}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        spec.save(str(folder))
        (folder / "vocabulary.json").unlink()

def main():
    for name in sys.argv[1:] or CASES:
        make(name)

if __name__ == "__main__":
    main()
