"""Makes small random models that write a text for a text, with tokenizers, and records what
transformers makes of texts.

    pip install torch transformers sentencepiece tokenizers
    python tests/parity/text_to_text.py [NAME...]

Writes models/src/test/resources/dev/dragoman/models/pipelines/text-NAME.zip: the model's folder as
transformers saves it and golden.json: for each case the texts, the settings, and the ids, texts and
scores that generate() finds.
"""

import json
import pathlib
import sys
import tempfile
import zipfile

import sentencepiece
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BartConfig, BartForConditionalGeneration, BartForSequenceClassification, M2M100Config,
    M2M100ForConditionalGeneration, M2M100Tokenizer, MarianConfig, MarianMTModel, MarianTokenizer,
    PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration,
)

RESOURCES = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models"
TEXTS = [
    "Het internet doet het al drie dagen niet.",
    "Wilt u mij terugbellen? Mijn nummer is 06 12 34.",
    "een rekening",
    "De monteur kwam niet; ik wil mijn geld terug en een nieuwe afspraak voor morgen, zegt hij!",
    "",
]
CORPUS = (TEXTS + [
    "The internet has not worked for three days.", "Would you call me back? My number is 06 12 34.",
    "an invoice", "The engineer did not come; I want my money back and a new appointment.",
    "De klant wil het geld terug van de rekening die niet klopt.", "Wie belt mij morgen terug?",
]) * 3
SIZES = dict(
    d_model=24, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
    decoder_attention_heads=4, encoder_ffn_dim=36, decoder_ffn_dim=28, max_position_embeddings=64,
)


def pieces(folder, name, size, kind="unigram", rule="identity"):
    prefix = folder / name
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_prefix=str(prefix), vocab_size=size, model_type=kind,
        normalization_rule_name=rule,
        bos_id=-1, eos_id=0, unk_id=1, pad_id=-1, hard_vocab_limit=False, minloglevel=2)
    (folder / (name + ".vocab")).unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(prefix) + ".model")


def shaken(model, seed):
    torch.manual_seed(seed)
    for name, parameter in model.named_parameters():
        with torch.no_grad():
            noise = torch.randn_like(parameter) * (0.45 if parameter.dim() > 1 else 0.2)
            norm = parameter.dim() == 1 and "norm" in name and name.endswith("weight")
            parameter.copy_(1 + noise if norm else noise)
    return model.eval()


def marian(folder, choices=()):
    source = pieces(folder, "source", 70, rule="identity" if choices else "nmt_nfkc")
    target = pieces(folder, "target", 62)
    names = ["</s>", "<unk>"] + list(choices)
    for model in (source, target):
        for i in range(model.get_piece_size()):
            if model.id_to_piece(i) not in names:
                names.append(model.id_to_piece(i))
    names.append("<pad>")
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    (folder / "source.model").rename(folder / "source.spm")
    (folder / "target.model").rename(folder / "target.spm")
    pad = len(names) - 1
    tokenizer = MarianTokenizer(
        source_spm=str(folder / "source.spm"), target_spm=str(folder / "target.spm"),
        vocab=str(folder / "vocab.json"), source_lang="nld", target_lang="eng", model_max_length=64)
    model = shaken(MarianMTModel(MarianConfig(
        **SIZES, vocab_size=len(names), pad_token_id=pad, eos_token_id=0, decoder_start_token_id=pad,
        bos_token_id=None, forced_eos_token_id=0, scale_embedding=True,
        activation_function="swish")), 1)
    model.generation_config.num_beams = 3
    model.generation_config.max_length = 40
    model.generation_config.bad_words_ids = [[pad]]
    return model, tokenizer


def m2m(folder):
    spm = pieces(folder, "sentencepiece.bpe", 70, "bpe")
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    names += [spm.id_to_piece(i) for i in range(spm.get_piece_size())
              if spm.id_to_piece(i) not in names]
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    tokenizer = M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model"), src_lang="nl",
        tgt_lang="en", model_max_length=64)
    model = shaken(M2M100ForConditionalGeneration(M2M100Config(
        **SIZES, vocab_size=len(names) + 108, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2)), 2)
    with torch.no_grad():
        # Languages are never written.
        model.model.shared.weight[len(names):] *= 0.05
    model.generation_config.num_beams = 2
    model.generation_config.max_length = 30
    return model, tokenizer


def unigram(folder, specials, template):
    """A fast tokenizer on a trained SentencePiece model."""
    spm = pieces(folder, "trained", 70)
    (folder / "trained.model").unlink()
    vocabulary = [(token, 0.0) for token in specials]
    vocabulary += [(spm.id_to_piece(i), spm.get_score(i)) for i in range(spm.get_piece_size())
                   if spm.id_to_piece(i) not in specials]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=specials.index("<unk>")))
    tokenizer.normalizer = normalizers.Replace("  ", " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template, pair=template + " $B:1 </s>:1",
        special_tokens=[(token, specials.index(token)) for token in specials])
    return tokenizer, len(vocabulary)


def nllb(folder):
    specials = ["<s>", "<pad>", "</s>", "<unk>", "eng_Latn", "nld_Latn", "zho_Hans", "zho_Hant"]
    tokenizer, size = unigram(folder, specials, "nld_Latn $A </s>")
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        bos_token="<s>", additional_special_tokens=specials[4:], model_max_length=64)
    model = shaken(M2M100ForConditionalGeneration(M2M100Config(
        **SIZES, vocab_size=size + 3, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2)), 3)
    model.generation_config.max_length = 30
    return model, fast


def t5(folder):
    specials = ["<pad>", "</s>", "<unk>"]
    tokenizer, size = unigram(folder, specials, "$A </s>")
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", pad_token="<pad>", unk_token="<unk>",
        model_max_length=48)
    model = shaken(T5ForConditionalGeneration(T5Config(
        vocab_size=size, d_model=24, d_kv=5, d_ff=36, num_layers=2, num_heads=4, pad_token_id=0,
        eos_token_id=1, decoder_start_token_id=0, feed_forward_proj="gated-gelu")), 4)
    model.generation_config.max_length = 25
    return model, fast


def bart(folder, kind=BartForConditionalGeneration, **more):
    specials = ["<s>", "<pad>", "</s>", "<unk>"]
    tokenizer, size = unigram(folder, specials, "<s> $A </s>")
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>",
        unk_token="<unk>", cls_token="<s>", sep_token="</s>", model_max_length=64)
    model = shaken(kind(BartConfig(
        **SIZES, vocab_size=size, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2, forced_eos_token_id=2, forced_bos_token_id=0, **more)), 5)
    if kind is BartForConditionalGeneration:
        model.generation_config.num_beams = 4
        model.generation_config.max_length = 30
        model.generation_config.min_length = 8
        model.generation_config.no_repeat_ngram_size = 3
        model.generation_config.length_penalty = 2.0
        model.generation_config.early_stopping = True
    return model, fast


def generated(model, tokenizer, texts, prefix="", **settings):
    found = []
    for text in texts:
        inputs = tokenizer(prefix + text, return_tensors="pt", truncation=True)
        inputs.pop("token_type_ids", None)
        with torch.no_grad():
            out = model.generate(**inputs, return_dict_in_generate=True, output_scores=True,
                                 **settings)
        ids = out.sequences[0].tolist()
        found.append(dict(source=inputs["input_ids"][0].tolist(), ids=ids,
                          text=tokenizer.decode(ids, skip_special_tokens=True)))
    return dict(texts=texts, found=found)


def entailed(model, tokenizer, texts, labels):
    found = []
    for text in texts:
        scores = []
        for label in labels:
            inputs = tokenizer(text, f"This example is {label}.", return_tensors="pt",
                               truncation="only_first")
            inputs.pop("token_type_ids", None)
            with torch.no_grad():
                scores.append(model(**inputs).logits[0].tolist())
        found.append(scores)
    return dict(texts=texts, labels=labels, logits=found)


def cases():
    yield "marian", marian, lambda m, t: dict(own=generated(m, t, TEXTS),
                                               greedy=generated(m, t, TEXTS, num_beams=1))
    choices = [">>deu<<", ">>fra<<"]
    yield "marian-choice", lambda folder: marian(folder, choices), lambda m, t: dict(
        deu=generated(m, t, TEXTS, prefix=">>deu<< "))
    yield "m2m", m2m, lambda m, t: dict(
        own=generated(m, t, TEXTS, forced_bos_token_id=t.get_lang_id("en")))
    yield "nllb", nllb, lambda m, t: dict(
        own=generated(m, t, TEXTS, forced_bos_token_id=t.convert_tokens_to_ids("eng_Latn")))
    yield "t5", t5, lambda m, t: dict(own=generated(m, t, TEXTS, prefix="summarize: "))
    yield "bart", bart, lambda m, t: dict(own=generated(m, t, TEXTS))
    labels = {0: "contradiction", 1: "neutral", 2: "entailment"}
    yield "bart-mnli", lambda folder: bart(
        folder, BartForSequenceClassification, id2label=labels,
        label2id={v: k for k, v in labels.items()}), lambda m, t: dict(
        own=entailed(m, t, TEXTS[:4], ["rekening", "internet"]))


def main(names):
    for name, make, golden in cases():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as temp:
            folder = pathlib.Path(temp)
            model, tokenizer = make(folder)
            model.save_pretrained(folder)
            model = type(model).from_pretrained(folder).eval()
            tokenizer.save_pretrained(folder)
            (folder / "golden.json").write_text(json.dumps(golden(model, tokenizer)))
            out = RESOURCES / f"pipelines/text-{name}.zip"
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in sorted(folder.iterdir()):
                    entry = zipfile.ZipInfo(file.name, (2026, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, file.read_bytes())
            print(out.name, out.stat().st_size, sorted(f.name for f in folder.iterdir()))


if __name__ == "__main__":
    main(sys.argv[1:])
