"""Trains small tokenizers with the settings of real models, and records what Hugging Face
tokenizers makes of a few hundred lines with each.

    pip install tokenizers sentencepiece protobuf
    python tests/parity/tokenizers_small.py --data DIR

DIR holds banking77/train.csv and goemotions/dev.tsv. Writes NAME.json.gz for each tokenizer and
goldens.jsonl.gz for all under models/src/test/resources/dev/dragoman/models/tokenizer/small.
"""

import argparse
import base64
import gzip
import io
import json
import pathlib
import random

import sentencepiece
import texts
import tokenizers_all
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/tokenizer/small"
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
GPT4O = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
DEEPSEEK = [
    r"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
]


def split(pattern, behavior="isolated", invert=False):
    return pre_tokenizers.Split(Regex(pattern), behavior, invert)


def byte_level(lines, pre, normalizer=None, size=1200, special=("<|endoftext|>", "<|im_start|>", "<|im_end|>"), **settings):
    tokenizer = Tokenizer(models.BPE(**settings))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=list(special), show_progress=False)
    tokenizer.train_from_iterator(lines, trainer)
    return tokenizer


def sentence_bpe(lines, normalizer, pre, decoder, size=1500):
    """Bytes that follow each other are learnt with "▁" for a space, as Llama 2 has them."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    tokenizer.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=size, special_tokens=["<unk>", "<s>", "</s>", *bytes_], show_progress=False, limit_alphabet=150))
    written = json.loads(tokenizer.to_str())
    written["added_tokens"] = written["added_tokens"][:3]
    runs = []
    for count in (2, 4, 8):
        written["model"]["vocab"]["▁" * count] = len(written["model"]["vocab"])
        runs.append(["▁" * (count // 2), "▁" * (count // 2)])
    written["model"]["merges"] += runs
    tokenizer = Tokenizer.from_str(json.dumps(written))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoder
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return tokenizer


def charsmap(rule):
    from sentencepiece import sentencepiece_model_pb2

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(["a b c d e"] * 9), model_writer=model, vocab_size=10, normalization_rule_name=rule, minloglevel=9)
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto.normalizer_spec.precompiled_charsmap


def unigram(lines, normalizer, pre, special, template, size=1500, byte_fallback=False):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    extra = [f"<0x{b:02X}>" for b in range(256)] if byte_fallback else []
    lines = [line for line in lines if all(ord(char) < 0x590 for char in line)]
    tokenizer.train_from_iterator(lines, trainers.UnigramTrainer(vocab_size=size, special_tokens=special + extra, unk_token="<unk>", show_progress=False))
    if byte_fallback:
        written = json.loads(tokenizer.to_str())
        written["model"]["byte_fallback"] = True
        written["added_tokens"] = [t for t in written["added_tokens"] if not t["content"].startswith("<0x")]
        tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.decoder = decoders.Metaspace()
    if template:
        ids = [(token, tokenizer.token_to_id(token)) for token in special if token in template[0] + template[1]]
        tokenizer.post_processor = processors.TemplateProcessing(single=template[0], pair=template[1], special_tokens=ids)
    return tokenizer


def build(lines):
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    mapped = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    gpt2 = byte_level(lines, plain)
    gpt2.post_processor = processors.ByteLevel(trim_offsets=False)
    yield "gpt2", gpt2
    roberta = byte_level(lines, pre_tokenizers.ByteLevel(add_prefix_space=True), special=("<s>", "</s>", "<pad>"))
    roberta.add_special_tokens([AddedToken("<mask>", lstrip=True)])
    roberta.add_tokens([AddedToken("<right>", rstrip=True, normalized=False), AddedToken("<both>", lstrip=True, rstrip=True), AddedToken("word", single_word=True)])
    roberta.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0))
    yield "roberta", roberta
    llama3 = byte_level(lines, pre_tokenizers.Sequence([split(LLAMA3), mapped]), ignore_merges=True, special=("<|begin_of_text|>", "<|eot_id|>"))
    llama3.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", special_tokens=[("<|begin_of_text|>", 0)]),
    ])
    yield "llama3", llama3
    qwen2 = byte_level(lines, pre_tokenizers.Sequence([split(QWEN2), mapped]), normalizers.NFC())
    qwen2.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False)
    qwen2.add_tokens([AddedToken("<think>", normalized=False), AddedToken("</think>", normalized=False)])
    yield "qwen2", qwen2
    yield "smollm", byte_level(lines, pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), plain]))
    yield "gpt4o", byte_level(lines, pre_tokenizers.Sequence([split(GPT4O, "removed", True), mapped]))
    yield "deepseek", byte_level(lines, pre_tokenizers.Sequence([*map(split, DEEPSEEK), mapped]))
    llama_decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    yield "llama2", sentence_bpe(lines, normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), None, llama_decoder)
    gemma_decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    yield "gemma", sentence_bpe(lines, normalizers.Replace(" ", "▁"), pre_tokenizers.Split(" ", "merged_with_previous"), gemma_decoder)
    yield "mistral", sentence_bpe(lines, None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False), llama_decoder)

    rules = normalizers.Precompiled(charsmap("nmt_nfkc"))
    specials = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    yield "xlmr", unigram(
        lines, normalizers.Sequence([rules, normalizers.Replace(Regex(" {2,}"), " ")]),
        pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]),
        specials, ("<s> $A </s>", "<s> $A </s> </s> $B </s>"))
    yield "mdeberta", unigram(
        lines, normalizers.Sequence([normalizers.Replace(Regex(r"\s{2,}|[\n\r\t]"), " "), normalizers.Strip(), normalizers.NFC()]),
        pre_tokenizers.Metaspace(), ["[PAD]", "[CLS]", "[SEP]", "<unk>", "[MASK]"], ("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"), byte_fallback=True)
    yield "albert", unigram(
        lines, normalizers.Sequence([normalizers.Replace("``", '"'), normalizers.Replace("''", '"'), normalizers.Nmt(), normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]),
        pre_tokenizers.Metaspace(), ["[CLS]", "[SEP]", "<pad>", "<unk>", "[MASK]"], ("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1"))
    odd = unigram(
        lines, normalizers.Sequence([normalizers.NFKC(), normalizers.Strip(right=False)]),
        pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.Punctuation("merged_with_next"), pre_tokenizers.Digits(False), pre_tokenizers.CharDelimiterSplit("o"), pre_tokenizers.Split("th", "contiguous")]),
        ["<unk>"], None)
    odd.add_tokens([AddedToken("Normal"), AddedToken("ﬁnd", normalized=True)])
    odd.decoder = None
    yield "odd", odd


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    args = parser.parse_args()
    rng = random.Random(4)
    every = tokenizers_all.lines(args.data)
    some = [tokenizers_all.well_paired(text) for text in rng.sample([text for text in every if len(text) < 200], 170) + rng.sample(tokenizers_all.SPECIALS, 12) + texts.ODD[:60:2] + ["say normal Normal NORMAL to ﬁnd find ﬁnd", " a <mask>  b<right>  c <both> d word words"]]
    OUT.mkdir(parents=True, exist_ok=True)
    found = [{"text": text} for text in some]
    pairs = []
    for name, tokenizer in build([text for text in every if len(text) < 400 and text.isprintable()]):
        tokenizer.no_padding()
        tokenizer.no_truncation()
        with (OUT / f"{name}.json.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
            out.write(tokenizer.to_str().encode())
        for line, text in zip(found, some):
            result = tokenizers_all.record(tokenizer, text)
            del result["text"]
            if result["decoded"] == text:
                result["decoded"] = None
            if result["skipped"] == (text if result["decoded"] is None else result["decoded"]):
                result["skipped"] = None
            line[name] = result
        for a, b in (("Hello there", "good bye now"), ("x", "the quick brown fox jumps"), ("a much longer first text than the second", "short")):
            for limit in (100, 12, 9, 7):
                tokenizer.enable_truncation(limit)
                encoding = tokenizer.encode(a, b)
                pairs.append({"name": name, "first": a, "second": b, "limit": limit, "ids": encoding.ids, "types": encoding.type_ids, "offsets": [x for pair in encoding.offsets for x in pair],
                              "texts": [0 if s is None else s + 1 for s in encoding.sequence_ids]})
            tokenizer.no_truncation()
        print(name, tokenizer.get_vocab_size(), sum(len(line[name]["ids"]) for line in found))
    for path, rows in (("goldens", found), ("pairs", pairs)):
        with (OUT / f"{path}.jsonl.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
            out.write("".join(json.dumps(row) + "\n" for row in rows).encode("ascii"))


main()
