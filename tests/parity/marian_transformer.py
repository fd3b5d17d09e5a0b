"""Transformers of Marian whose decoders have self-attention, as OPUS-MT publishes them, in NumPy.

    pip install numpy sentencepiece safetensors
    python tests/parity/marian_transformer.py        # makes the golden files

Written from Marian's sources, on marian_student.py. Writes two folders with small random models: one as
OPUS-MT has them (an .npz, decoder.yml, lists of tokens in YAML beside source.spm and target.spm) and one in
the binary form with 8 bits and the pieces' own ids. golden.safetensors has scores of the next token and
what greedy search finds; texts.tsv has texts and their translations.
"""

import pathlib

import marian_student as marian
import numpy as np

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/marian"
)
TEXTS = ["the children play", "a garden is where we play", "play", "we play in the garden in a garden"]


class Transformer(marian.Student):
    def decode(self, memory, previous):
        """The state after the last layer for each word of what was written."""
        table = np.vstack([np.zeros(self.width, np.float32), self.target[previous]])
        x = table * np.float32(np.sqrt(self.width)) + self.positions(len(table))
        for layer in range(1, self.depth("decoder") + 1):
            prefix = f"decoder_l{layer}"
            rows = [self.attention(prefix + "_self", x[i : i + 1], x[: i + 1])[0] for i in range(len(x))]
            x, _ = self.attention(prefix + "_context", np.concatenate(rows), memory)
            x = self.feed_forward(prefix + "_ffn", x)
        return x

    def scores(self, ids, previous):
        return self.logits(self.decode(self.encode(ids)[-1], np.array(previous, np.int64)))

    def find(self, ids, unknown, end, most):
        out = []
        while len(out) < most:
            scores = self.scores(ids, out)[-1]
            scores[unknown] = -np.inf
            out.append(int(np.argmax(scores)))
            if out[-1] == end:
                break
        return out


def weights(random, width, inner, layers, words):
    out = marian.random_weights(random, width, inner, layers, words, True)
    for name in [name for name in out if "_rnn" in name]:
        del out[name]
    for layer in range(1, layers[1] + 1):
        prefix = f"decoder_l{layer}_self"
        for which in "qkvo":
            out[f"{prefix}_W{which}"] = random.normal(0, 1 / np.sqrt(width), (width, width)).astype(np.float32)
            out[f"{prefix}_b{which}"] = random.normal(0, 0.3, (1, width)).astype(np.float32)
        out[f"{prefix}_Wo_ln_scale"] = random.normal(1, 0.3, (1, width)).astype(np.float32)
        out[f"{prefix}_Wo_ln_bias"] = random.normal(0, 0.3, (1, width)).astype(np.float32)
    # What is written depends on what is read, and comes to an end before long.
    for name in out:
        if "_context_W" in name or "decoder" in name and name.endswith("_W2"):
            out[name] = out[name] * np.float32(3)
    out["decoder_ff_logit_out_b"][0, 0] += 1
    return out


def settings(*arguments):
    return (
        marian.settings(*arguments)
        .replace("autoreg: rnn", "autoreg: self-attention")
        .replace("dec-cell: ssru", "dec-cell: gru")
    )


def quoted(token):
    """As marian-vocab writes it: plain where YAML lets it."""
    plain = token.isalpha() or token[:1] == "\u2581" and token[1:].isalpha() or token in ("</s>", "<unk>")
    return token if plain else '"' + token.replace("\\", "\\\\").replace('"', '\\"') + '"'


def make(name, seed, opus):
    import sentencepiece
    from safetensors.numpy import save

    random = np.random.default_rng(seed)
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    marian.vocabulary(folder, 40)
    own = folder / "vocab.enpt.spm"
    pieces = sentencepiece.SentencePieceProcessor(str(own))
    tokens = [pieces.id_to_piece(i) for i in range(pieces.get_piece_size())]
    if opus:
        # Ids of their own: the pieces backwards behind the special tokens, with some that no piece is.
        tokens = ["</s>", "<unk>"] + tokens[:1:-1] + ["1", "true", '"', "null", "~"]
        lines = [f"{quoted(token)}: {i}" for i, token in enumerate(tokens)]
        (folder / "opus.vocab.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "target.spm").write_bytes(own.read_bytes())
        own.rename(folder / "source.spm")
        (folder / "decoder.yml").write_text(
            "models:\n  - opus.model1.npz.best-perplexity.npz\nvocabs:\n  - opus.vocab.yml\n"
            "  - opus.vocab.yml\nbeam-size: 1\nnormalize: 1\n")
    ids = {token: i for i, token in enumerate(tokens)}
    size = len(tokens)
    shape = (20, 28, (2, 3), size, 4, "swish") if opus else (16, 24, (1, 2), size, 2, "relu")
    made = weights(random, *shape[:4])
    config = settings(*shape)
    if opus:
        data = marian.archive(made, config, np.savez)
        (folder / "opus.model1.npz.best-perplexity.npz").write_bytes(data)
    else:
        data = marian.binary(made, config, True)
        (folder / "model.enpt.bin").write_bytes(data)
        made, _ = marian.read_binary(folder / "model.enpt.bin")
    model = Transformer(made, shape[4], shape[5])
    golden, lines = {}, []
    for case, length in enumerate([1, 2, 9]):
        source = np.append(random.integers(2, size, length - 1), 0).astype(np.int32)
        target = random.integers(2, size, 5).astype(np.int32)
        golden[f"ids.{case}"], golden[f"words.{case}"] = source, target
        golden[f"logits.{case}"] = model.scores(source, target)
    for text in TEXTS:
        source = [ids.get(piece, 1) for piece in pieces.encode(text, out_type=str)] + [0]
        found = model.find(source, 1, 0, 24)
        written = [tokens[i] for i in found if i != 0]
        lines.append(f"{text}\t{pieces.decode_pieces(written)}\t{len(source)}\t{len(found)}")
    (folder / "golden.safetensors").write_bytes(
        save({key: np.ascontiguousarray(value) for key, value in golden.items()}))
    (folder / "texts.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    make("opus", 39, True)
    make("eight-bits", 23, False)
