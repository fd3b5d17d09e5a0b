"""What Hugging Face tokenizers makes of 10,000 lines of every kind.

    pip install tokenizers
    python tests/parity/tokenizers_all.py --data DIR --out FILE.gz TOKENIZER.json

DIR holds banking77/train.csv and goemotions/dev.tsv. The file is read by TokenizerParity (in the
tests of the models module), which compares ids, offsets and decoded text:

    java -cp ... dev.dragoman.models.tokenizer.TokenizerParity TOKENIZER.json FILE.gz
"""

import argparse
import gzip
import json
import random
import re

import texts
from tokenizers import Tokenizer

CODE = [
    "def f(x):\n    return x**2  # squared\n\n\nclass A(B):\n\tpass\n", "for (int i = 0; i < n; ++i) {\n  a[i] += b[i] * 0x1F;\r\n}\r\n",
    "SELECT COUNT(*) FROM t WHERE a_b = 'x''y' AND c >= 10.5e-3;", "#include <stdio.h>\n#define MAX(a,b) ((a)>(b)?(a):(b))", "x = {'k': [1, 2, 3], \"s\": None}  ",
    "<div class=\"a b\">&nbsp;text<br/></div><!-- x -->", "$ curl -sSL https://example.org/a/b?c=d&e=%20f#g | sh -", "public static <T> List<T> of(T... xs) { return List.of(xs); }",
    "```python\nprint('hi')\n```", "\\frac{1}{2} \\sum_{i=0}^{n} x_i^2", "a->b::c()&&d||!e", "2024-05-06T07:08:09.123Z", "192.168.0.1:8080 ::1 fe80::1%eth0",
]
SPACES = [" ", "  ", "   ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", " \n", "\n ", "\u00a0", "\u3000", "\u2028", "\u0085", "\u200b", "\u2009", "\x0b", "\x0c", "\x1c"]
EMOJI = ["👩‍👩‍👧‍👦", "🏳️‍🌈", "🇳🇱", "👍🏽", "❤️", "👨🏿‍🚀", "🫠", "#️⃣", "☺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "😀", "‍", "️", "🇦", "🧑‍💻"]
SPECIALS = [
    "<s>", "</s>", "<unk>", "<pad>", "[CLS]", "[SEP]", "[MASK]", "<mask>", "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<bos>", "<eos>", "<start_of_turn>", "<0x41>", "▁", "Ġ",
    "<|begin_of_text|>", "<|eot_id|>", "<think>", "</think>", "<tool_call>", "<unused7>", "<extra_id_0>", "<left>", "<right>", "<both>", "Normal", "NORMAL", "normal", "word",
]


def contractions(rng):
    word = lambda: rng.choice(["I", "we", "they", "x", "Don", "it", "você", "l", "ſ", "'", "’", "é", "5", ""])
    return "".join(word() + rng.choice(["'s", "'S", "'t", "'re", "'RE", "'Re", "'ve", "'m", "'ll", "'LL", "'d", "'ſ", "'", "’s", "''s", "'x", "'l", "'r", "'v"]) + rng.choice(["", " ", "  ", "\n"]) for _ in range(rng.randint(1, 8)))


def spaced(rng, words):
    return "".join(rng.choice(words)[: rng.randint(0, 8)] + rng.choice(SPACES) * rng.randint(1, 4) for _ in range(rng.randint(1, 12)))


def numbers(rng):
    return "".join(rng.choice(["%d" % rng.randrange(10 ** rng.randint(1, 15)), "%.3f" % rng.random(), "٣٤٥", "१२३", "½²", "Ⅻ", "１２３", "一二三", "𝟙𝟚"]) + rng.choice(["", " ", ",", ".", "-", "/", "%", "€"]) for _ in range(rng.randint(1, 10)))


def marks(rng):
    return "".join(chr(rng.choice([0x61, 0x65, 0x6F, 0xE9, 0x915, 0x1112, 0xAC00, 0x41, 0xFB01, 0x1E9B, 0x3B1, 0x1F600, 0x20])) + "".join(chr(rng.choice([0x300, 0x301, 0x323, 0x327, 0x345, 0x302, 0x315, 0x1AB0, 0x94D, 0x93C, 0x1161, 0x11A8, 0x3099, 0x200D, 0xFE0F, 0x20E3, 0x5B4, 0x64B])) for _ in range(rng.randint(0, 4))) for _ in range(rng.randint(1, 10)))


def broken(rng, sentences):
    data = bytearray(rng.choice(sentences).encode("utf-8"))
    for _ in range(rng.randint(1, 6)):
        if data:
            at = rng.randrange(len(data))
            data[at : at + rng.randint(0, 2)] = bytes(rng.randrange(256) for _ in range(rng.randint(0, 3)))
    return bytes(data).decode("utf-8", errors="replace")


def lines(data, count=10_000):
    rng = random.Random(20)
    banking, comments = texts.read(data)
    own = [sentence for sentences in texts.LANGUAGES.values() for sentence in sentences]
    words = [word for sentence in own for word in sentence.split()]
    out = own + texts.ODD + CODE + EMOJI + SPECIALS
    out += ["\ud800", "a\udc00b", "\udc00\ud800", "x\ud83d", "\ud83dy \ude00", "\ud83d\ud83d\ude00"]
    out += [" " * n for n in range(1, 40)] + ["\n" * n for n in range(1, 20)] + ["x" + " " * n + "y" for n in range(1, 30)] + ["=" * n for n in (2, 7, 33, 200)]
    out += rng.sample(banking, 1500) + rng.sample(comments, 2000)
    out += texts.mixed(rng, 1500)
    out += texts.shuffled_words(rng, own, 1200)
    makers = [
        lambda: contractions(rng), lambda: spaced(rng, words), lambda: numbers(rng), lambda: marks(rng), lambda: broken(rng, own),
        lambda: "".join(rng.choice(EMOJI) + rng.choice(["", "", " ", "a"]) for _ in range(rng.randint(1, 8))),
        lambda: rng.choice(CODE) + rng.choice(SPACES) + rng.choice(CODE)[: rng.randint(1, 40)],
        lambda: "".join(rng.choice([rng.choice(words), rng.choice(SPECIALS)]) + rng.choice(["", " ", "  ", "\n"]) for _ in range(rng.randint(1, 8))),
        lambda: "https://" + ".".join(rng.choice(words) for _ in range(2)) + "/" + "".join(rng.choice("abcXYZ019-._~%/?=&+é") for _ in range(rng.randint(5, 60))),
        lambda: "".join(chr(rng.randrange(0x20)) if rng.random() < 0.3 else rng.choice("ab \x7f\x80\x9f\u200e\ufeff\u00ad") for _ in range(rng.randint(1, 20))),
        lambda: "\n\n".join(rng.sample(own, 3) + rng.sample(comments, 3)),
    ]
    while len(out) < count:
        out.append(makers[len(out) % len(makers)]())
    return out[:count]


def utf16(text):
    places = [0]
    for char in text:
        places.append(places[-1] + (2 if ord(char) > 0xFFFF else 1))
    return places


def record(tokenizer, text):
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text)
    encoding = tokenizer.encode(clean, add_special_tokens=False)
    places = utf16(clean)
    return {
        "text": text,
        "ids": encoding.ids,
        "offsets": [places[x] for pair in encoding.offsets for x in pair],
        "decoded": tokenizer.decode(encoding.ids, skip_special_tokens=False),
        "skipped": tokenizer.decode(encoding.ids, skip_special_tokens=True),
    }


def well_paired(text):
    """As Java holds it: two halves that meet are one character."""
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", lambda m: chr(0x10000 + ((ord(m[0][0]) - 0xD800) << 10) + ord(m[0][1]) - 0xDC00), text)


def write(path, tokenizer, some):
    tokenizer.no_padding()
    tokenizer.no_truncation()
    body = "\n".join(json.dumps(record(tokenizer, well_paired(text))) for text in some) + "\n"
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(body.encode("ascii"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("tokenizer")
    args = parser.parse_args()
    write(args.out, Tokenizer.from_file(args.tokenizer), lines(args.data))
