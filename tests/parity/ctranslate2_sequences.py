"""Converts small random models that write a text for a text with CTranslate2, and records what it
makes of them.

    pip install ctranslate2 torch transformers sentencepiece tokenizers
    python tests/parity/ctranslate2_sequences.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/converted/NAME.zip: the folder as the converter
leaves it in float32 with the files of the tokenizer, and golden.json: what CTranslate2 scores and
finds in tokens, texts included; and NAME-kinds.zip: model.bin in other kinds of weights with golden.json: the scores that
CTranslate2 gives with those weights when it computes in singles, and ("own") in the kind itself
where the machine can. (Of a checkpoint in singles int8_float32 is the same file as int8.)
"""

import json
import pathlib
import random
import sys
import tempfile
import zipfile

import ctranslate2
import text_to_text
from ctranslate2.converters import TransformersConverter
from ctranslate2.converters.transformers import M2M100Loader

OUT = text_to_text.RESOURCES / "converted"
KINDS = ["float16", "bfloat16", "int8", "int8_float16"]
SMALL = dict(d_model=16, encoder_ffn_dim=14, decoder_ffn_dim=18, max_position_embeddings=64)
COPIES = dict(
    marian=["source.spm", "target.spm", "tokenizer_config.json"],
    m2m=["sentencepiece.bpe.model"],
    nllb=["tokenizer.json"],
    bart=["tokenizer.json", "generation_config.json"],
    t5=["tokenizer.json"],
)
LANGUAGES = dict(m2m="__en__", nllb="eng_Latn")
TEXTS = text_to_text.TEXTS[:3] + ["geld terug"]


def marian(folder):
    # Its own rules of normalisation would be most of the file.
    return text_to_text.marian(folder, (">>deu<<", ">>fra<<"))


def bart(folder):
    # The converter asks for a key that transformers 5 has no default for any more.
    return text_to_text.bart(folder, normalize_before=False)


MAKERS = dict(marian=marian, m2m=text_to_text.m2m, nllb=text_to_text.nllb, bart=bart,
              t5=text_to_text.t5)


def vocabulary(loader, model, tokenizer):
    """What the converter lists with a tokenizer of M2M-100 that names its languages as additional
    special tokens, as that of transformers 4 does."""
    listed = {id: token for token, id in tokenizer.get_vocab().items()}
    listed.update({id: token for token, id in getattr(tokenizer, "lang_token_to_id", {}).items()})
    return [listed.get(i, f"madeupword{i}") for i in range(model.config.vocab_size)]


M2M100Loader.get_vocabulary = vocabulary


def scored(folder, cases, compute):
    translator = ctranslate2.Translator(str(folder), device="cpu", compute_type=compute)
    results = translator.score_batch([case["source"] for case in cases],
                                     [case["target"] for case in cases])
    return [result.log_probs for result in results]


def found(translator, tokenizer, name, sources, beams):
    prefix = [[LANGUAGES[name]]] * len(sources) if name in LANGUAGES else None
    results = translator.translate_batch(sources, target_prefix=prefix, beam_size=beams,
                                         max_decoding_length=24, return_scores=True)
    return [dict(tokens=result.hypotheses[0], score=result.scores[0],
                 text=tokenizer.decode(tokenizer.convert_tokens_to_ids(result.hypotheses[0]),
                                       skip_special_tokens=True))
            for result in results]


def sources(tokenizer, name):
    prefix = ">>deu<< " if name == "marian" else "summarize: " if name == "t5" else ""
    return [tokenizer.convert_ids_to_tokens(tokenizer(prefix + text)["input_ids"])
            for text in TEXTS]


def archive(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, data, compresslevel=9)
    print(path.name, path.stat().st_size, sorted(files))


def main(names):
    text_to_text.SIZES.update(SMALL)
    OUT.mkdir(parents=True, exist_ok=True)
    for name, make in MAKERS.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as temp:
            folder = pathlib.Path(temp, "transformers")
            folder.mkdir()
            model, tokenizer = make(folder)
            if name == "marian":
                # What CTranslate2 starts from is zeros; so does transformers, by this row.
                model.model.shared.weight.data[-1] = 0
            model.save_pretrained(folder)
            tokenizer.save_pretrained(folder)
            converter = TransformersConverter(str(folder), copy_files=COPIES[name])
            single = pathlib.Path(temp, "float32")
            converter.convert(str(single), quantization="float32")
            vocabulary = json.loads((single / "shared_vocabulary.json").read_text())
            random.seed(7)
            words = [word for word in vocabulary if not word.startswith("madeup")]
            cases = [dict(source=source, target=random.choices(words, k=3 + 5 * i))
                     for i, source in enumerate(sources(tokenizer, name))]
            translator = ctranslate2.Translator(str(single), device="cpu", compute_type="float32")
            golden = dict(
                texts=TEXTS, cases=cases, scores=scored(single, cases, "float32"),
                greedy=found(translator, tokenizer, name, [c["source"] for c in cases], 1),
                beams=found(translator, tokenizer, name, [c["source"] for c in cases], 4))
            files = {file.name: file.read_bytes() for file in single.iterdir()}
            archive(OUT / f"{name}.zip", {**files, "golden.json": json.dumps(golden)})
            kinds, files = {}, {}
            # T5 has sizes of its own, and takes more room.
            for kind in KINDS if name != "t5" else ["bfloat16", "int8"]:
                other = pathlib.Path(temp, kind)
                TransformersConverter(str(folder)).convert(str(other), quantization=kind)
                files[f"model-{kind}.bin"] = (other / "model.bin").read_bytes()
                if kind == "int8":
                    same = pathlib.Path(temp, "same")
                    TransformersConverter(str(folder)).convert(
                        str(same), quantization="int8_float32")
                    assert (same / "model.bin").read_bytes() == files["model-int8.bin"]
                kinds[kind] = dict(scores=scored(other, cases, "float32"))
                own = ctranslate2.get_supported_compute_types("cpu")
                if kind in own:
                    kinds[kind]["own"] = scored(other, cases, kind)
            archive(OUT / f"{name}-kinds.zip", {**files, "golden.json": json.dumps(kinds)})


if __name__ == "__main__":
    main(sys.argv[1:])
