"""Records what sentence-transformers gives for 1,000 sentences.

    pip install sentence-transformers
    python tests/parity/sentences.py --model FOLDER --data DIR

FOLDER is all-minilm-l6-v2 with its modules.json, DIR holds banking77/train.csv (CC BY 4.0) and
goemotions/dev.tsv (Apache-2.0). Writes tests/src/test/resources/dev/dragoman/tests/parity/
sentences.jsonl and sentences.f16 (1,000 x 384 half floats, little-endian).
"""

import argparse
import json
import pathlib

import numpy
import texts
from sentence_transformers import SentenceTransformer

OUT = pathlib.Path(__file__).parents[2] / "tests/src/test/resources/dev/dragoman/tests/parity"

parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--data", required=True)
args = parser.parse_args()

rng = texts.seeded()
banking, comments = texts.read(args.data)
sentences = [sentence for group in texts.LANGUAGES.values() for sentence in group] + texts.ODD
sentences += list(texts.mixed(rng, 60)) + list(texts.shuffled_words(rng, sentences[:100], 40))
for _ in range(100):
    sentences.append(" ".join(rng.sample(comments, rng.randint(2, 25))))
room = 1000 - len(sentences)
sentences += rng.sample(banking, room // 2) + rng.sample(comments, room - room // 2)
assert len(sentences) == 1000

model = SentenceTransformer(args.model, device="cpu")
vectors = model.encode(sentences, normalize_embeddings=True, batch_size=8)
OUT.mkdir(parents=True, exist_ok=True)
(OUT / "sentences.jsonl").write_text("".join(json.dumps(s) + "\n" for s in sentences), "ascii")
(OUT / "sentences.f16").write_bytes(vectors.astype("<f2").tobytes())
print(vectors.shape, model.max_seq_length, numpy.abs(vectors).max())
