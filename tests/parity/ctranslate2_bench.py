"""Real sizes of encoder-decoders with random weights, and CTranslate2 running them.

    pip install ctranslate2 torch transformers tokenizers
    python tests/parity/ctranslate2_bench.py make NAME FOLDER
    python tests/parity/ctranslate2_bench.py run FOLDER THREADS

`make` writes FOLDER: the model as transformers saves it with a tokenizer of numbered words,
sources.txt, and ct2/, the same weights in CTranslate2's form (float32). `run` answers lines on
standard input, `BEAMS COUNT TOKENS`, with the seconds that the first COUNT sources took, the better
of one translator on all threads and as many translators as threads.
"""

import pathlib
import random
import sys
import time

SOURCES = 256


def build(name):
    from transformers import (
        BartConfig, BartForConditionalGeneration, MarianConfig, MarianMTModel, T5Config,
        T5ForConditionalGeneration,
    )
    from ctranslate2.converters.transformers import BartLoader, MarianMTLoader, T5Loader

    side = dict(encoder_layers=6, decoder_layers=6)
    if name == "marian":
        config = MarianConfig(
            vocab_size=58101, d_model=512, encoder_attention_heads=8, decoder_attention_heads=8,
            encoder_ffn_dim=2048, decoder_ffn_dim=2048, max_position_embeddings=512,
            activation_function="swish", scale_embedding=True, pad_token_id=58100, eos_token_id=0,
            decoder_start_token_id=58100, forced_eos_token_id=None, **side)
        return MarianMTModel(config), MarianMTLoader()
    if name == "t5":
        config = T5Config(eos_token_id=1, pad_token_id=0, decoder_start_token_id=0)
        return T5ForConditionalGeneration(config), T5Loader()
    config = BartConfig(
        d_model=768, encoder_attention_heads=12, decoder_attention_heads=12, encoder_ffn_dim=3072,
        normalize_before=False, normalize_embedding=True, decoder_ffn_dim=3072, forced_eos_token_id=None, **side)
    return BartForConditionalGeneration(config), BartLoader()


def make(name, folder):
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    torch.manual_seed(1)
    folder.mkdir(parents=True, exist_ok=True)
    model, loader = build(name)
    model.generation_config.forced_eos_token_id = None
    model.save_pretrained(folder)
    spec = loader.get_model_spec(model)
    size = model.config.vocab_size
    end = model.config.eos_token_id
    words = [f"w{i}" for i in range(size)]
    words[end] = "</s>"
    start = words[model.config.decoder_start_token_id]
    words_of_spec = words[: spec.get_source_vocabulary_size()[0]]
    spec.register_source_vocabulary(words_of_spec)
    spec.register_target_vocabulary(words_of_spec)
    spec.config.bos_token = start
    spec.config.eos_token = "</s>"
    spec.config.unk_token = "w3"
    spec.config.decoder_start_token = start
    spec.config.add_source_eos = False
    if name == "bart":
        spec.config.add_source_bos = False
    spec.validate()
    spec.optimize()
    (folder / "ct2").mkdir(exist_ok=True)
    spec.save(str(folder / "ct2"))
    tokenizer = Tokenizer(models.WordPiece({w: i for i, w in enumerate(words)}, unk_token="w3",
                                           max_input_chars_per_word=100))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", end)])
    tokenizer.save(str(folder / "tokenizer.json"))
    source = random.Random(7)
    lines = [" ".join(f"w{source.randrange(10, size - 10)}" for _ in range(source.randint(8, 40)))
             for _ in range(SOURCES)]
    (folder / "sources.txt").write_text("\n".join(lines) + "\n")


def run(folder, threads):
    import ctranslate2

    ways = [dict(intra_threads=threads), dict(intra_threads=1, inter_threads=threads)]
    engines = [ctranslate2.Translator(str(folder / "ct2"), device="cpu", compute_type="float32",
                                      **way) for way in ways]
    sources = [line.split() + ["</s>"]
               for line in (folder / "sources.txt").read_text().splitlines()]
    for line in sys.stdin:
        beams, count, tokens = map(int, line.split())
        best = float("inf")
        for engine in engines:
            started = time.perf_counter()
            out = engine.translate_batch(
                sources[:count], beam_size=beams, max_decoding_length=tokens,
                min_decoding_length=tokens, max_batch_size=1024, batch_type="tokens")
            best = min(best, time.perf_counter() - started)
            assert all(len(one.hypotheses[0]) >= tokens - 1 for one in out)
        print(best, flush=True)


if sys.argv[1] == "make":
    make(sys.argv[2], pathlib.Path(sys.argv[3]))
else:
    run(pathlib.Path(sys.argv[2]), int(sys.argv[3]))
