"""Trains small SentencePiece models and writes GGUF files of small tokenizers, and records what
SentencePiece makes of a few hundred lines with the former.

    pip install sentencepiece gguf tokenizers
    python tests/parity/tokenizers_files.py --data DIR

Writes NAME.model.gz, NAME.jsonl.gz and NAME.gguf.gz under
models/src/test/resources/dev/dragoman/models/tokenizer/small; to be run after tokenizers_small.py.
What a GGUF file's tokenizer gives is compared with the goldens of the tokenizer it was made of.
"""

import argparse
import gzip
import json
import random
import tempfile

import gguf
import sentencepiece
import texts
import tokenizers_all
import tokenizers_spm
import pathlib

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/tokenizer/small"
MODELS = {
    "spm-bpe": dict(model_type="bpe", byte_fallback=True, user_defined_symbols=["<x>", "foo bar"], normalization_rule_name="identity", remove_extra_whitespaces=False, vocab_size=1400),
    "spm-unigram": dict(model_type="unigram", user_defined_symbols=["<mask>", "the quick"], control_symbols=["<c>"], normalization_rule_name="nmt_nfkc", vocab_size=1400),
}
PRE = {"gpt2": "gpt-2", "llama3": "llama-bpe", "qwen2": "qwen2", "smollm": "smollm", "gpt4o": "gpt-4o", "deepseek": "deepseek-v3"}


def write(name, data):
    with (OUT / name).open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(data)


def gguf_of(name, pre):
    """The vocabulary and merges of a small tokenizer, and no tensor."""
    with gzip.open(OUT / f"{name}.json.gz") as file:
        source = json.load(file)
    vocab = dict(source["model"]["vocab"])
    kinds = {}
    for token in source["added_tokens"]:
        vocab[token["content"]] = token["id"]
        kinds[token["id"]] = gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED
    names = sorted(vocab, key=vocab.get)
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file:
        writer = gguf.GGUFWriter(file.name, "llama")
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre(pre)
        writer.add_token_list(names)
        writer.add_token_types([kinds.get(i, gguf.TokenType.NORMAL) for i in range(len(names))])
        writer.add_token_merges([" ".join(pair) for pair in source["model"]["merges"]])
        writer.add_bos_token_id(0)
        writer.add_eos_token_id(1)
        writer.add_chat_template("{{ messages }}")
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        write(f"{name}.gguf.gz", pathlib.Path(file.name).read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    args = parser.parse_args()
    every = tokenizers_all.lines(args.data)
    rng = random.Random(5)
    some = [tokenizers_all.well_paired(text) for text in rng.sample([text for text in every if len(text) < 200], 160) + texts.ODD[:60:2] + ["a <x> foo bar  foo  bar", "▁the quick<mask> x", "  <c> y  ", "a" * 2000]]
    plain = [line for line in every if len(line) < 400 and line.isprintable() and all(ord(char) < 0x590 for char in line)]
    for name, settings in MODELS.items():
        with tempfile.TemporaryDirectory() as folder:
            sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(plain), model_prefix=f"{folder}/x", character_coverage=0.99, minloglevel=9, num_threads=1, **settings)
            data = pathlib.Path(f"{folder}/x.model").read_bytes()
        write(f"{name}.model.gz", data)
        model = sentencepiece.SentencePieceProcessor(model_proto=data)
        write(f"{name}.jsonl.gz", "".join(tokenizers_spm.record(model, text) + "\n" for text in some).encode("ascii"))
    for name, pre in PRE.items():
        gguf_of(name, pre)
