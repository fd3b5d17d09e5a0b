"""What SentencePiece makes of 10,000 lines of every kind, for TokenizerParity.

    pip install sentencepiece
    python tests/parity/tokenizers_spm.py --data DIR --out FILE.gz MODEL.model
"""

import argparse
import gzip
import json
import re

import sentencepiece
import tokenizers_all


def record(model, text):
    clean = re.sub("[\ud800-\udfff]", "\ufffd", text)
    ids = model.encode(clean)
    row = {"text": text, "ids": ids}
    if model.unk_id() not in ids:
        row["decoded"] = model.decode(ids)
    return json.dumps(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("model")
    args = parser.parse_args()
    model = sentencepiece.SentencePieceProcessor(model_file=args.model)
    with open(args.out, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        for text in map(tokenizers_all.well_paired, tokenizers_all.lines(args.data)):
            out.write((record(model, text) + "\n").encode("ascii"))
