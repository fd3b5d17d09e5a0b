"""Records what Hugging Face tokenizers gives: ids, and offsets translated to UTF-16.

    pip install tokenizers
    python tests/parity/tokenizer.py --tokenizer FOLDER/tokenizer.json --data DIR

FOLDER is all-minilm-l6-v2 (dragoman model pull), DIR holds banking77/train.csv and
goemotions/dev.tsv. Writes a golden for that tokenizer under tests/src/test/resources, and small
tokenizers in several settings with goldens of their own under models/src/test/resources. Lone
surrogates, which a Java string may hold and Rust's may not, are replaced by U+FFFD before asking.
"""

import argparse
import gzip
import json
import pathlib
import re

import texts
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors

ROOT = pathlib.Path(__file__).parents[2]
BIG = ROOT / "tests/src/test/resources/dev/dragoman/tests/parity/tokenizer.jsonl.gz"
SMALL = ROOT / "models/src/test/resources/dev/dragoman/models/tokenizer"


def record(tokenizer, text):
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text)
    encoding = tokenizer.encode(clean, add_special_tokens=False)
    utf16 = [0]
    for char in clean:
        utf16.append(utf16[-1] + (2 if ord(char) > 0xFFFF else 1))
    offsets = [utf16[x] for pair in encoding.offsets for x in pair]
    return json.dumps({"text": text, "ids": encoding.ids, "offsets": offsets})


def write(path, tokenizer, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    body = "\n".join(record(tokenizer, line) for line in lines) + "\n"
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(body.encode("ascii"))
    print(path.name, len(lines), path.stat().st_size)


parser = argparse.ArgumentParser()
parser.add_argument("--tokenizer", required=True)
parser.add_argument("--data", required=True)
args = parser.parse_args()

rng = texts.seeded()
banking, comments = texts.read(args.data)
own = [sentence for sentences in texts.LANGUAGES.values() for sentence in sentences]
surrogates = ["\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d", "\ud83dy \ude00"]
lines = own + texts.ODD + surrogates
lines += rng.sample(banking, 500) + rng.sample(comments, 500)
lines += texts.mixed(rng, 557)
lines += texts.shuffled_words(rng, own, 250)
lines += [" ".join(rng.sample(comments, 20))]

big = Tokenizer.from_file(args.tokenizer)
big.no_padding()
big.no_truncation()
write(BIG, big, lines)

letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-'!?[]é\u0301ñäßΣσς中文語मा한"
words = ["the", "un", "able", "in", "##ing", "##able", "##a", "CAFE", "cafe", "café", "mas", "##k", "naïve", "ΑΣ", "de", "##e", "İ", "i\u0307"]
vocabulary = {}
for token in ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *("##" + x for x in letters), *words]:
    vocabulary.setdefault(token, len(vocabulary))

few = own[::3] + texts.ODD + surrogates + list(texts.mixed(rng, 60))
few += ["<left> a <left>", "x <right>  y<right>", "word words sword word. (word)", "Naïve CAFÉ naïve", "tag<one>tag <ONE> < one >", "the un-able <both>   <both> end", "ÉCOLE école", "word", "a word", "word a"]
settings = {
    "uncased": dict(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True),
    "cased": dict(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=False),
    "accents": dict(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=True),
    "stripped": dict(clean_text=False, handle_chinese_chars=True, strip_accents=True, lowercase=False),
    "raw": dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False),
}
for name, flags in settings.items():
    small = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=30))
    small.normalizer = normalizers.BertNormalizer(**flags)
    small.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    small.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    small.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    small.add_tokens([
        AddedToken("<left>", lstrip=True), AddedToken("<right>", rstrip=True, normalized=False),
        AddedToken("<both>", lstrip=True, rstrip=True), AddedToken("<one>"),
        AddedToken("word", single_word=True), AddedToken("École", normalized=True),
    ])
    (SMALL / name).mkdir(parents=True, exist_ok=True)
    small.save(str(SMALL / name / "tokenizer.json"), pretty=False)
    write(SMALL / name / "golden.jsonl.gz", small, few)
