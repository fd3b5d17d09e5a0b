"""A student of Marian as Firefox ships it, in NumPy: what the engine's own is compared with.

    pip install numpy sentencepiece safetensors
    python tests/parity/marian_student.py                      # makes the golden files
    python tests/parity/marian_student.py FOLDER < TEXTS       # translates with a real model

Written from Marian's sources (src/models/transformer.h, src/rnn/cells.h, src/common/binary.cpp,
src/data/shortlist.cpp). Singles throughout: whole numbers of 8 bits are turned back first.
"""

import io
import pathlib
import struct
import sys

import numpy as np

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/architecture/students"
)

F32, I8, INTGEMM8, INTGEMM16 = 0x404, 0x101, 0x4101, 0x4102


def read_binary(path):
    data = pathlib.Path(path).read_bytes()
    version, count = struct.unpack_from("<QQ", data, 0)
    assert version == 1
    at = 16
    headers = [struct.unpack_from("<QQQQ", data, at + 32 * i) for i in range(count)]
    at += 32 * count
    names, shapes = [], []
    for header in headers:
        names.append(data[at : at + header[0] - 1].decode())
        at += header[0]
    for header in headers:
        shapes.append(struct.unpack_from(f"<{header[2]}i", data, at))
        at += 4 * header[2]
    at += 8 + struct.unpack_from("<Q", data, at)[0]
    weights, config = {}, ""
    for (_, kind, _, size), name, shape in zip(headers, names, shapes):
        piece, at = data[at : at + size], at + size
        count = int(np.prod(shape))
        if kind == F32:
            weights[name] = np.frombuffer(piece, np.float32, count).reshape(shape)
        elif kind == INTGEMM8:
            factor = np.float32(1) / np.frombuffer(piece, np.float32, 1, offset=count)
            numbers = np.frombuffer(piece, np.int8, count).astype(np.float32) * factor
            rows, columns = shape
            weights[name] = (
                numbers.reshape(shape) if "Wemb" in name else numbers.reshape(columns, rows).T
            )
        elif name == "special:model.yml":
            config = piece.rstrip(b"\0").decode()
    return weights, config


class Student:
    def __init__(self, weights, heads, activation="relu"):
        self.w = weights
        self.heads = heads
        self.activation = activation
        words = weights["Wemb"] if "Wemb" in weights else None
        self.source = weights.get("encoder_Wemb", words)
        self.target = weights.get("decoder_Wemb", words)
        self.width = self.source.shape[1]

    def depth(self, prefix):
        layer = 0
        while any(name.startswith(f"{prefix}_l{layer + 1}_") for name in self.w):
            layer += 1
        return layer

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        scale, bias = self.w[name + "_ln_scale"], self.w[name + "_ln_bias"]
        return (x - mean) / np.sqrt(variance + np.float32(1e-6)) * scale + bias

    def affine(self, x, name, bias):
        return x @ self.w[name] + self.w[bias]

    def positions(self, count, start=0):
        half = self.width // 2
        rates = 10000.0 ** (-np.arange(half) / (half - 1))
        angles = np.arange(start, start + count)[:, None] * rates
        return np.concatenate([np.sin(angles), np.cos(angles)], 1).astype(np.float32)

    def embed(self, table, ids, start=0):
        return table[ids] * np.float32(np.sqrt(self.width)) + self.positions(len(ids), start)

    def attention(self, prefix, query, memory):
        def split(x):
            return x.reshape(len(x), self.heads, -1).transpose(1, 0, 2)

        q = split(self.affine(query, prefix + "_Wq", prefix + "_bq"))
        k = split(self.affine(memory, prefix + "_Wk", prefix + "_bk"))
        v = split(self.affine(memory, prefix + "_Wv", prefix + "_bv"))
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1]))
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ v).transpose(1, 0, 2).reshape(len(query), -1)
        out = self.affine(mixed, prefix + "_Wo", prefix + "_bo")
        return self.norm(out + query, prefix + "_Wo"), scores

    def feed_forward(self, prefix, x):
        inner = self.affine(x, prefix + "_W1", prefix + "_b1")
        if self.activation == "relu":
            inner = np.maximum(inner, 0)
        else:
            inner = inner / (1 + np.exp(-inner * {"swish": 1, "gelu": 1.702}[self.activation]))
        out = self.affine(inner, prefix + "_W2", prefix + "_b2")
        return self.norm(out + x, prefix + "_ffn")

    def encode(self, ids):
        x = self.embed(self.source, ids)
        layers = [x]
        for layer in range(1, self.depth("encoder") + 1):
            x, _ = self.attention(f"encoder_l{layer}_self", x, x)
            x = self.feed_forward(f"encoder_l{layer}_ffn", x)
            layers.append(x)
        return layers

    def start(self):
        return [np.zeros(self.width, np.float32) for _ in range(self.depth("decoder"))]

    def step(self, memory, previous, position, cells, seen=None):
        """The state after the last layer, the new cells, the weights of the last attention."""
        if previous is None:
            x = self.positions(1, position)
        else:
            x = self.embed(self.target, [previous], position)
        new = []
        seen = [] if seen is None else seen
        seen.append(x[0])
        for layer, cell in enumerate(cells, 1):
            prefix = f"decoder_l{layer}"
            gate = self.affine(x, prefix + "_rnn_Wf", prefix + "_rnn_bf")
            gate = 1 / (1 + np.exp(-gate))
            cell = gate * cell + (1 - gate) * (x @ self.w[prefix + "_rnn_W"])
            new.append(cell[0])
            x = self.norm(np.maximum(cell, 0) + x, prefix + "_rnn_ffn")
            x, scores = self.attention(prefix + "_context", x, memory)
            x = self.feed_forward(prefix + "_ffn", x)
            seen.append(x[0])
        return x, new, scores

    def logits(self, x, words=slice(None)):
        out = self.w.get("decoder_ff_logit_out_W")
        table = self.target[words].T if out is None else out[:, words]
        bias = self.w.get("decoder_ff_logit_out_b")
        return x @ table + (0 if bias is None else bias[:, words])

    def greedy(self, ids, words, end=0, factor=2.5, unknown=None):
        memory = self.encode(ids)[-1]
        cells, previous, out, total = self.start(), None, [], 0.0
        for position in range(int(factor * len(ids))):
            x, cells, _ = self.step(memory, previous, position, cells)
            logits = self.logits(x, words)[0].astype(np.float64)
            if unknown is not None:
                logits[np.asarray(words) == unknown] = -np.inf
            best = int(np.argmax(logits))
            total += logits[best] - np.log(np.exp(logits - logits.max()).sum()) - logits.max()
            previous = int(words[best])
            out.append(previous)
            if previous == end:
                break
        return out, total / len(out)


class Shortlist:
    def __init__(self, path):
        data = pathlib.Path(path).read_bytes()
        magic, _, self.first, self.best, offsets, ids = struct.unpack_from("<6Q", data)
        assert magic == 0xF11A48D5013417F5
        self.offsets = np.frombuffer(data, np.uint64, offsets, 48)
        self.ids = np.frombuffer(data, np.uint32, ids, 48 + 8 * offsets)

    def words(self, ids, vocabulary, shared):
        chosen = np.zeros(vocabulary, bool)
        chosen[: self.first] = True
        for word in ids:
            chosen[self.ids[int(self.offsets[word]) : int(self.offsets[word + 1])]] = True
            if shared:
                chosen[word] = True
        missing = -int(chosen.sum()) % 8
        free = np.flatnonzero(~chosen[self.first :])[:missing] + self.first
        chosen[free] = True
        return np.flatnonzero(chosen)


def translate(folder):
    import sentencepiece

    folder = pathlib.Path(folder)
    weights, config = read_binary(next(folder.glob("model*.bin")))
    heads = int(config.split("transformer-heads: ")[1].split("\n")[0])
    student = Student(weights, heads)
    pieces = sentencepiece.SentencePieceProcessor(str(next(folder.glob("vocab*.spm"))))
    shortlist = Shortlist(next(folder.glob("lex*.bin")))
    for line in sys.stdin:
        ids = pieces.encode(line.rstrip("\n")) + [pieces.eos_id()]
        words = shortlist.words(ids, len(student.target), True)
        out, score = student.greedy(ids, words, pieces.eos_id())
        print(f"{score:.4f}\t{pieces.decode(out)}", flush=True)


def random_weights(random, width, inner, layers, words, untied):
    def matrix(rows, columns):
        return random.normal(0, 1 / np.sqrt(rows), (rows, columns)).astype(np.float32)

    def row(columns, mean=0.0):
        return random.normal(mean, 0.3, (1, columns)).astype(np.float32)

    weights = {"decoder_ff_logit_out_b": row(words)}
    if untied:
        weights["encoder_Wemb"] = matrix(words + 3, width) * np.float32(np.sqrt(words) / 6)
        weights["decoder_Wemb"] = matrix(words, width)
        weights["decoder_ff_logit_out_W"] = matrix(width, words)
    else:
        weights["Wemb"] = matrix(words, width) * np.float32(np.sqrt(words) / 4)

    def norm(name):
        weights[name + "_ln_scale"] = row(width, 1)
        weights[name + "_ln_bias"] = row(width)

    def attention(prefix):
        for which in "qkvo":
            weights[f"{prefix}_W{which}"] = matrix(width, width)
            weights[f"{prefix}_b{which}"] = row(width)
        norm(prefix + "_Wo")

    def feed_forward(prefix):
        weights[prefix + "_W1"], weights[prefix + "_b1"] = matrix(width, inner), row(inner)
        weights[prefix + "_W2"], weights[prefix + "_b2"] = matrix(inner, width), row(width)
        norm(prefix + "_ffn")

    for layer in range(1, layers[0] + 1):
        attention(f"encoder_l{layer}_self")
        feed_forward(f"encoder_l{layer}_ffn")
    for layer in range(1, layers[1] + 1):
        cell = f"decoder_l{layer}_rnn"
        weights[cell + "_W"], weights[cell + "_Wf"] = matrix(width, width), matrix(width, width)
        weights[cell + "_bf"] = row(width)
        norm(cell + "_ffn")
        attention(f"decoder_l{layer}_context")
        feed_forward(f"decoder_l{layer}_ffn")
    return weights


def settings(width, inner, layers, words, heads, activation):
    return f"""bert-train-type-embeddings: true
dec-cell: ssru
dec-cell-base-depth: 2
dec-depth: {layers[1]}
dim-emb: {width}
dim-rnn: 1024
dim-vocabs:
  - {words}
  - {words}
enc-cell: gru
enc-depth: {layers[0]}
input-types: []
layer-normalization: false
lemma-dim-emb: 0
output-omit-bias: false
right-left: false
skip: false
tied-embeddings-all: true
transformer-decoder-autoreg: rnn
transformer-dim-ffn: {inner}
transformer-ffn-activation: {activation}
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-heads: {heads}
transformer-postprocess: dan
transformer-postprocess-emb: d
transformer-postprocess-top: ""
transformer-preprocess: ""
transformer-tied-layers: []
transformer-train-position-embeddings: false
type: transformer
ulr: false
version: v1.9.56
"""


def binary(weights, config, eight_bits):
    """The file, as marian-conv writes it."""
    items = []
    for name, value in sorted(weights.items()):
        is_matrix = value.shape[0] > 1
        if eight_bits and is_matrix:
            factor = np.float32(127 / np.abs(value).max())
            stored = value if "Wemb" in name else value.T
            data = np.rint(stored * factor).clip(-127, 127).astype(np.int8).tobytes()
            data += struct.pack("<f", factor)
            kind = INTGEMM8
            scale = struct.pack("<f", 17.5)
            items.append((name + "_QuantMultA", F32, (1, 1), scale + bytes(252)))
        else:
            data, kind = value.tobytes(), F32
        items.append((name, kind, value.shape, data + bytes(-len(data) % 256)))
    text = config.encode() + b"\0"
    items.append(("special:model.yml", I8, (len(text),), text))
    out = struct.pack("<QQ", 1, len(items))
    for name, kind, shape, data in items:
        out += struct.pack("<QQQQ", len(name) + 1, kind, len(shape), len(data))
    out += b"".join(name.encode() + b"\0" for name, *_ in items)
    out += b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    padding = ((len(out) + 8) // 256 + 1) * 256 - len(out) - 8
    return out + struct.pack("<Q", padding) + bytes(padding) + b"".join(i[3] for i in items)


def archive(weights, config, save):
    arrays = dict(weights)
    arrays["special:model.yml"] = np.frombuffer(config.encode() + b"\0", np.int8)
    out = io.BytesIO()
    save(out, **arrays)
    return out.getvalue()


def shortlist(random, sources, targets, first, best):
    lists = [
        sorted(random.choice(targets, random.integers(0, best + 1), replace=False))
        for _ in range(sources)
    ]
    offsets = np.cumsum([0] + [len(each) for each in lists]).astype(np.uint64)
    ids = np.array(sum(([int(i) for i in each] for each in lists), []), np.uint32)
    body = struct.pack("<4Q", first, best, len(offsets), len(ids))
    body += offsets.tobytes() + ids.tobytes()
    seed, mask = 0, 2**64 - 1
    for (value,) in struct.iter_unpack("<Q", body[: len(body) // 8 * 8]):
        seed ^= (value + 0x9E3779B9 + (seed << 6) + (seed >> 2)) & mask
    return struct.pack("<QQ", 0xF11A48D5013417F5, seed) + body


def vocabulary(folder, size):
    import sentencepiece

    texts = ["the children play in the garden", "a garden is where children play in", "we play"]
    # To a file it would write where that file is.
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts * 20), model_writer=trained,
        vocab_size=size, bos_id=-1, eos_id=0, unk_id=1, hard_vocab_limit=False,
        minloglevel=2, num_threads=1, normalization_rule_name="identity",
    )
    (folder / "vocab.enpt.spm").write_bytes(trained.getvalue())


def golden(student, words, random):
    from safetensors.numpy import save

    out = {}
    for case, length in enumerate([1, 2, 7, 70]):
        sources = len(student.source)
        ids = np.append(random.integers(2, sources, length - 1), 0).astype(np.int32)
        targets = random.integers(2, words, 5).astype(np.int32)
        layers = student.encode(ids)
        out[f"ids.{case}"], out[f"words.{case}"] = ids, targets
        for layer, states in enumerate(layers):
            out[f"encoder.{case}.{layer}"] = states
        cells, steps, logits, looked = student.start(), [], [], []
        for position in range(len(targets) + 1):
            seen = []
            previous = None if position == 0 else targets[position - 1]
            x, cells, scores = student.step(layers[-1], previous, position, cells, seen)
            steps.append(seen)
            logits.append(student.logits(x)[0])
            looked.append(scores[0, 0].argmax())
        for layer in range(len(steps[0])):
            out[f"decoder.{case}.{layer}"] = np.stack([step[layer] for step in steps])
        out[f"logits.{case}"] = np.stack(logits)
        out[f"looked.{case}"] = np.array(looked, np.int32)
        found, _ = student.greedy(ids, np.arange(words), unknown=1)
        out[f"greedy.{case}"] = np.array(found, np.int32)
    return save({name: np.ascontiguousarray(value) for name, value in out.items()})


VARIANTS = {
    # width, inner, layers, words, heads, activation, untied, how it is written
    "tiny": (16, 24, (2, 2), 41, 4, "relu", False, "eight bits"),
    "base": (24, 37, (1, 3), 53, 2, "swish", True, "eight bits"),
    "singles": (20, 24, (1, 1), 29, 2, "gelu", False, "singles"),
    "arrays": (20, 24, (1, 2), 29, 5, "relu", False, "npz"),
    "packed": (12, 16, (1, 1), 29, 3, "swish", True, "compressed npz"),
}


def make():
    for seed, (name, variant) in enumerate(VARIANTS.items()):
        width, inner, layers, words, heads, activation, untied, written = variant
        random = np.random.default_rng(seed)
        weights = random_weights(random, width, inner, layers, words, untied)
        config = settings(width, inner, layers, words, heads, activation)
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        if "npz" in written:
            save = np.savez if written == "npz" else np.savez_compressed
            (folder / "model.npz").write_bytes(archive(weights, config, save))
        else:
            data = binary(weights, config, written == "eight bits")
            (folder / "model.enpt.bin").write_bytes(data)
            weights, _ = read_binary(folder / "model.enpt.bin")
        student = Student(weights, heads, activation)
        (folder / "golden.safetensors").write_bytes(golden(student, words, random))
        if name == "tiny":
            vocabulary(folder, words)
            data = shortlist(random, words, words, 6, 4)
            (folder / "lex.6.4.enpt.s2t.bin").write_bytes(data)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        translate(sys.argv[1])
    else:
        make()
