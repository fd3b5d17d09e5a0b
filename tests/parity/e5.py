"""Records what transformers' BERT gives with the weights of the packed multilingual-e5-small.

    pip install torch transformers
    python tests/parity/e5.py --model e5-small-q4.bin --engine engine.so

The packed file (catalog: multilingual-e5-small) holds Q4_0 blocks, written out as singles here. The
tokens come from the packer's own engine, e5.c beside the file in its package, built with
`cc -O2 -shared -fPIC` after adding a function that gives them:

    int e5_ids(e5_model *m, const char *text, int *out, int cap) {
        out[0] = m->tok.bos; int n = tok_content(&m->tok, text, out + 1, cap);
        out[n + 1] = m->tok.eos; return n + 2; }

Writes tests/src/test/resources/dev/dragoman/tests/parity/e5.jsonl (text, ids with the prompt
"query: ", and the cosine of that engine's vector to this script's) and e5.f16.
"""

import argparse
import ctypes
import json
import pathlib
import struct

import numpy
import texts
import torch
from transformers import BertConfig, BertModel

UNKNOWN = 3
OUT = pathlib.Path(__file__).parents[2] / "tests/src/test/resources/dev/dragoman/tests/parity"
NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
}
EMBEDDINGS = {
    "emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}


def name_of(packed):
    if packed in EMBEDDINGS:
        return "embeddings." + EMBEDDINGS[packed]
    layer, part, kind = packed.split(".")
    return f"encoder.layer.{layer[1:]}.{NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def numbers(data, kind, count, offset, size):
    raw = data[offset : offset + size]
    if kind == 0:
        return numpy.frombuffer(raw, "<f4").copy()
    blocks = numpy.frombuffer(raw, numpy.uint8).reshape(count // 32, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(numpy.float32)
    nibbles = blocks[:, 2:]
    signed = numpy.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(numpy.float32) - 8
    return (signed * scales).reshape(-1)


def model(path):
    data = pathlib.Path(path).read_bytes()
    magic, _, width, layers, heads, inner, vocabulary, positions, types = struct.unpack_from(
        "<9i", data, 0
    )
    assert magic == 0x31533545
    (epsilon,) = struct.unpack_from("<f", data, 36)
    at = 44
    pieces, _, _, _, _, size = struct.unpack_from("<5iq", data, at)
    at += 28 + 4 * (pieces + 1) + 4 * pieces + size
    _, rules = struct.unpack_from("<iI", data, at)
    at += 8 + rules
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    bert = BertModel(
        BertConfig(
            vocab_size=vocabulary, hidden_size=width, num_hidden_layers=layers,
            num_attention_heads=heads, intermediate_size=inner,
            max_position_embeddings=positions, type_vocab_size=types, layer_norm_eps=epsilon,
        ),
        add_pooling_layer=False,
    ).eval()
    state = bert.state_dict()
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = name_of(data[at + 2 : at + 2 + length].decode())
        at += 2 + length
        kind, elements, offset, size = struct.unpack_from("<BIqq", data, at)
        at += 21
        values = torch.from_numpy(numbers(data, kind, elements, offset, size))
        state[name].copy_(values.reshape(state[name].shape))
    return bert


parser = argparse.ArgumentParser()
parser.add_argument("--model", required=True)
parser.add_argument("--engine", required=True)
args = parser.parse_args()

engine = ctypes.CDLL(args.engine)
engine.e5_load.restype = ctypes.c_void_p
engine.e5_ids.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), ctypes.c_int,
]
engine.e5_embed.argtypes = [
    ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_float),
]
packed = engine.e5_load(args.model.encode())
bert = model(args.model)
ids, own = (ctypes.c_int * 4096)(), (ctypes.c_float * 384)()
lines, vectors = [], []
for language in ("nl", "pt", "de", "fr", "es", "pl", "tr", "ar", "hi", "zh"):
    for text in texts.LANGUAGES[language]:
        count = engine.e5_ids(packed, ("query: " + text).encode(), ids, 4000)
        # Hugging Face's tokenizer, with which the model was trained, makes one unknown token of
        # several in a row; the packer's engine does not.
        tokens = [i for n, i in enumerate(ids[:count]) if i != UNKNOWN or ids[n - 1] != UNKNOWN]
        with torch.no_grad():
            hidden = bert(input_ids=torch.tensor([tokens])).last_hidden_state[0]
        vector = torch.nn.functional.normalize(hidden.mean(0), dim=0).numpy()
        engine.e5_embed(packed, text.encode(), 1, own)
        lines.append(
            {"text": text, "ids": tokens, "engine": float(vector @ numpy.array(own[:]))}
        )
        vectors.append(vector)
(OUT / "e5.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "ascii")
(OUT / "e5.f16").write_bytes(numpy.array(vectors).astype("<f2").tobytes())
print(len(lines), min(line["engine"] for line in lines))
