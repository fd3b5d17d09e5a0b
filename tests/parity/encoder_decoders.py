"""Makes small random checkpoints of encoder-decoders and records what transformers gives.

    pip install torch transformers safetensors
    python tests/parity/encoder_decoders.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/architecture/encoder-decoders/NAME/: the
checkpoint as transformers saves it and golden/: model.safetensors with source.N, target.N,
encoder.N.LAYER, decoder.N.LAYER and logits.N, and searches.json with what generate() finds for
some settings. The golden numbers come from the checkpoint as it is read back from that folder.
"""

import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModelForSeq2SeqLM, BartConfig, BartForConditionalGeneration, M2M100Config,
    M2M100ForConditionalGeneration, MarianConfig, MarianMTModel, MT5Config,
    MT5ForConditionalGeneration, T5Config, T5ForConditionalGeneration,
)

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/encoder-decoders"
)
SOURCES = [1, 7, 90]
TARGETS = [5, 1, 40]
SMALL = dict(
    vocab_size=43, d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
    decoder_attention_heads=3, encoder_ffn_dim=36, decoder_ffn_dim=28, max_position_embeddings=96,
    pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2,
)
T5_SMALL = dict(
    vocab_size=43, d_model=24, d_kv=5, d_ff=36, num_layers=2, num_heads=4,
    relative_attention_num_buckets=8, relative_attention_max_distance=20, pad_token_id=0,
    eos_token_id=1, decoder_start_token_id=0,
)


def bart(**more):
    return BartForConditionalGeneration(BartConfig(**{**SMALL, **more}))


def marian(**more):
    sizes = dict(SMALL, pad_token_id=42, eos_token_id=0, decoder_start_token_id=42,
                 bos_token_id=None, forced_eos_token_id=0, activation_function="swish")
    return MarianMTModel(MarianConfig(**{**sizes, **more}))


def m2m(**more):
    return M2M100ForConditionalGeneration(M2M100Config(**{**SMALL, **more}))


def t5(**more):
    return T5ForConditionalGeneration(T5Config(**{**T5_SMALL, **more}))


def mt5(**more):
    return MT5ForConditionalGeneration(MT5Config(**{**T5_SMALL, **more}))


CASES = {
    "bart": lambda: bart(),
    "bart-scaled-untied": lambda: bart(scale_embedding=True, tie_word_embeddings=False,
                                       activation_function="relu"),
    "marian": lambda: marian(scale_embedding=True),
    "marian-two-vocabularies": lambda: marian(share_encoder_decoder_embeddings=False,
                                              decoder_vocab_size=37, pad_token_id=36,
                                              decoder_start_token_id=36, activation_function="relu",
                                              d_model=36),
    "m2m": lambda: m2m(),
    "m2m-unscaled-untied": lambda: m2m(scale_embedding=False, tie_word_embeddings=False,
                                       activation_function="gelu"),
    "t5": lambda: t5(),
    "t5-gated-untied": lambda: t5(feed_forward_proj="gated-gelu", tie_word_embeddings=False,
                                  relative_attention_num_buckets=32,
                                  relative_attention_max_distance=128),
    "mt5": lambda: mt5(),
}
SEARCHES = {
    "greedy": dict(num_beams=1),
    "beams": dict(num_beams=4, num_return_sequences=4),
    "beams-long": dict(num_beams=3, num_return_sequences=2, length_penalty=2.0,
                       early_stopping=True, no_repeat_ngram_size=3),
    "beams-never": dict(num_beams=3, num_return_sequences=1, length_penalty=0.6,
                        early_stopping="never", min_new_tokens=5),
    "forced": dict(num_beams=2, num_return_sequences=2, forced_bos_token_id=7,
                   forced_eos_token_id=9, suppress_tokens=[11, 12], repetition_penalty=1.3),
}


def shaken(model, seed):
    """Random numbers large enough that nothing is near zero and layers differ. T5 does not scale
    its scores: larger ones would make the reference's own rounding visible."""
    size = 0.2 if "T5" in type(model).__name__ else 0.4
    torch.manual_seed(seed)
    for name, parameter in model.named_parameters():
        with torch.no_grad():
            scale = size if parameter.dim() > 1 else 0.2
            noise = torch.randn_like(parameter) * scale
            norm = parameter.dim() == 1 and "norm" in name and name.endswith("weight")
            parameter.copy_(1 + noise if norm else noise)
    for name, buffer in model.named_buffers():
        if name == "final_logits_bias":
            buffer.copy_(torch.randn_like(buffer) * 0.5)


def end_often(model, seed):
    """Makes a token that greedy search comes upon the end of a text."""
    torch.manual_seed(200 + seed)
    seen = []
    vocabulary = getattr(model.config, "decoder_vocab_size", None) or model.config.vocab_size
    for length in SOURCES:
        source = torch.randint(3, min(vocabulary, model.config.vocab_size) - 3, (1, length))
        out = model.generate(source, max_new_tokens=12, do_sample=False, num_beams=4,
                             eos_token_id=-1, forced_eos_token_id=None)
        seen += out[0, 5:].tolist()
    end = max(set(seen), key=lambda token: (seen.count(token), token))
    model.config.eos_token_id = end
    model.generation_config.eos_token_id = end


def main(names):
    for seed, (name, make) in enumerate(CASES.items()):
        if names and name not in names:
            continue
        folder = OUT / name
        shutil.rmtree(folder, ignore_errors=True)
        model = make()
        shaken(model, seed)
        end_often(model.eval(), seed)
        model.save_pretrained(folder)
        model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
        config = model.config
        vocabulary = getattr(config, "decoder_vocab_size", None) or config.vocab_size
        golden, searches = {}, {}
        sources = []
        torch.manual_seed(100 + seed)
        for n, (source_length, target_length) in enumerate(zip(SOURCES, TARGETS)):
            source = torch.randint(3, min(vocabulary, config.vocab_size) - 3, (1, source_length))
            target = torch.randint(3, vocabulary - 3, (1, target_length))
            sources.append(source)
            with torch.no_grad():
                out = model(input_ids=source, decoder_input_ids=target, output_hidden_states=True)
            golden[f"source.{n}"] = source[0].float()
            golden[f"target.{n}"] = target[0].float()
            for i, hidden in enumerate(out.encoder_hidden_states):
                golden[f"encoder.{n}.{i}"] = hidden[0]
            for i, hidden in enumerate(out.decoder_hidden_states):
                golden[f"decoder.{n}.{i}"] = hidden[0]
            golden[f"logits.{n}"] = out.logits[0]
        for search, settings in SEARCHES.items():
            found = []
            for source in sources:
                with torch.no_grad():
                    out = model.generate(
                        source, max_new_tokens=30, return_dict_in_generate=True,
                        output_scores=True, do_sample=False, **settings)
                scores = getattr(out, "sequences_scores", None)
                found.append(dict(
                    sequences=out.sequences.tolist(),
                    scores=None if scores is None else scores.tolist()))
            searches[search] = dict(settings=settings, found=found)
        (folder / "golden").mkdir()
        save_file({k: v.contiguous().clone() for k, v in golden.items()},
                  folder / "golden/model.safetensors")
        (folder / "golden/searches.json").write_text(json.dumps(searches))
        print(name, sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()))


main(sys.argv[1:])
