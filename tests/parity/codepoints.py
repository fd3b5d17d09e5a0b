"""Writes codepoints.txt, categories.txt and compositions.txt under
models/src/main/resources/dev/dragoman/models/tokenizer: what Hugging Face tokenizers does to every
single code point.

    pip install tokenizers regex
    python tests/parity/codepoints.py
"""

import pathlib
import struct
import unicodedata

import regex
from tokenizers import Regex, normalizers, pre_tokenizers

HERE = pathlib.Path(__file__).parents[2] / (
    "models/src/main/resources/dev/dragoman/models/tokenizer"
)
OUT = HERE / "codepoints.txt"
POINTS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
ALL = "".join(map(chr, POINTS))


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


def matched(pattern):
    """The code points that a class of the regular expressions of tokenizers (Oniguruma) holds."""
    rest = set(normalizers.Replace(Regex(pattern), "").normalize_str(ALL))
    return [c for c in POINTS if chr(c) not in rest]


def charsmap():
    """A normalisation table that turns "a" into "b", and a letter that "a" belongs to likewise."""
    offset = 0x62
    root, leaf = offset << 10, 0x61 | 1 << 8 | 1 << 10
    units = [0] * 0x200
    units[0] = root
    units[offset ^ 0x61] = leaf
    units[offset ^ 0x61 ^ 1] = 1 << 31
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + b"b\0"


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

digits, spaces, words = pre_tokenizers.Digits(True), pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Whitespace()
accents, nfkd, joined = normalizers.StripAccents(), normalizers.NFKD(), normalizers.Precompiled(charsmap())
for name in ("numeric", "word", "combining", "plain", "joins", "leads", "breaks"):
    table[name] = []
for point in POINTS:
    char = chr(point)
    if len(digits.pre_tokenize_str(f"{char}a")) == 2:
        table["numeric"].append(point)
    if [word for word, _ in words.pre_tokenize_str(f"{char}a")] == [f"{char}a"]:
        table["word"].append(point)
    assert ([word for word, _ in spaces.pre_tokenize_str(f"{char}a")] == ["a"]) == (point in set(table["space"][:25])), point
    if accents.normalize_str(char) == "":
        table["combining"].append(point)
    if point > 0x7F and nfkd.normalize_str(char) == char:
        table["plain"].append(point)
    if joined.normalize_str(f"a{char}") == "b":
        table["joins"].append(point)
    elif regex.fullmatch(r"\X", f"{char}a"):
        table["leads"].append(point)
    elif not regex.fullmatch(r"\X", f"{char}\u0301"):
        table["breaks"].append(point)

HEADER = "# Made by tests/parity/codepoints.py from Hugging Face tokenizers.\n"
with (HERE / "categories.txt").open("w") as out:
    out.write(HEADER)
    names = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co Cn".split()
    seen = 0
    for name in names:
        points = matched(rf"\p{{{name}}}")
        seen += len(points)
        out.write(f"{name} {ranges(points)}\n")
    assert seen == len(POINTS), seen
    for name, pattern in (("onigWord", r"\w"), ("onigSpace", r"\s"), ("onigDigit", r"\d")):
        out.write(f"{name} {ranges(matched(pattern))}\n")

nfc, nfd = normalizers.NFC(), normalizers.NFD()
with (HERE / "compositions.txt").open("w") as out:
    out.write(HEADER + "# class: code points; then: first second composed\n")
    classes = {}
    for point in POINTS:
        value = unicodedata.combining(chr(point))
        # It moves in front of a mark of the highest class, if the library knows it at all.
        if value and (value == 240 or nfd.normalize_str(f"\u0345{chr(point)}") != f"\u0345{nfd.normalize_str(chr(point))}"):
            classes.setdefault(value, []).append(point)
    for value in sorted(classes):
        out.write(f"{value}: {ranges(classes[value])}\n")
    for point in POINTS:
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            pair = "".join(chr(int(part, 16)) for part in parts)
            if nfc.normalize_str(pair) == chr(point):
                out.write(f"{parts[0].lower()} {parts[1].lower()} {point:x}\n")

with OUT.open("w") as out:
    out.write(HEADER)
    for name, points in table.items():
        out.write(f"{name} {ranges(points)}\n")
