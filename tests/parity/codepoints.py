"""Writes models/src/main/resources/dev/dragoman/models/tokenizer/codepoints.txt:
what Hugging Face tokenizers does to every single code point.

    pip install tokenizers
    python tests/parity/codepoints.py
"""

import pathlib

from tokenizers import normalizers, pre_tokenizers

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/main/resources/dev/dragoman/models/tokenizer/codepoints.txt"
)


def bert(**flags):
    off = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**(off | flags))


def ranges(points):
    found, points = [], sorted(points)
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in found)


clean, strip, lower = bert(clean_text=True), bert(strip_accents=True), bert(lowercase=True)
words = pre_tokenizers.BertPreTokenizer()
table = {name: [] for name in ("control", "space", "punctuation", "mark", "whole", "caseless")}
for point in range(0x110000):
    if 0xD800 <= point <= 0xDFFF:
        continue
    char = chr(point)
    if clean.normalize_str(char) == "":
        table["control"].append(point)
    pieces = [word for word, _ in words.pre_tokenize_str(f"a{char}b")]
    if pieces == ["a", "b"]:
        table["space"].append(point)
    elif pieces == ["a", char, "b"]:
        table["punctuation"].append(point)
    stripped = strip.normalize_str(char)
    if stripped == "":
        table["mark"].append(point)
    elif stripped == char and point > 0xBF:
        table["whole"].append(point)
    if lower.normalize_str(char) == char and point > 0xBF:
        table["caseless"].append(point)

with OUT.open("w") as out:
    out.write("# Made by tests/parity/codepoints.py from Hugging Face tokenizers.\n")
    for name, points in table.items():
        out.write(f"{name} {ranges(points)}\n")
