"""Makes small folders with just the files that models for captions have on the hub, and records what they say.

    pip install torch torchvision transformers safetensors pillow
    python tests/parity/captions.py

Writes models/src/test/resources/dev/dragoman/models/captions/NAME.zip for each case: the folder, picture.N.png, and
golden.json with the texts and the mean log-probabilities of greedy search and of beams.
"""

import json
import pathlib
import sys
import tempfile
import zipfile

import numpy as np
import torch
import transformers
from PIL import Image
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/captions"
TEXTS = ["a dog runs on the grass with a red ball", "two people sit at a table and eat soup", "what is in this picture",
         "how many cats are there", "a photo of a cat", "a photo of a dog"] * 3


def byte_level(specials, vocabulary=300):
    """A tokenizer as GPT-2 has it."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=vocabulary, special_tokens=specials, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def word_piece():
    """A tokenizer as BERT has it, with the tokens of BLIP."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "[DEC]", "[ENC]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=90, special_tokens=specials, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return tokenizer


def picture(seed, width, height):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    levels = np.stack([x * 5 % 256, y * 7 % 256, (x + y) * 3 % 256], -1) + random.normal(0, 20, (height, width, 3))
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


PICTURES = [picture(1, 50, 40), picture(2, 33, 47), picture(3, 64, 64)]
EYE = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, image_size=16, patch_size=4)


def randomise(model):
    with torch.no_grad():
        for key, weight in model.named_parameters():
            norm = "norm" in key.lower() or ".ln_" in key
            centre = 1.0 if norm and key.endswith("weight") else 0.0
            weight.copy_(torch.randn_like(weight) * (0.35 if weight.dim() > 1 else 0.4) + centre)
            if "logit_scale" in key:
                weight.fill_(1.5)


def score(model, sequences, scores, indices):
    """The mean of the log-probabilities of what was generated, ends included and padding not."""
    return [float(s) for s in model.compute_transition_scores(sequences, scores, indices, normalize_logits=True)[0]]


def generate(model, prompt, ends, **inputs):
    """Text tokens and the mean log-probability, greedily and with three beams."""
    found = []
    for beams in [1, 3]:
        out = model.generate(**inputs, num_beams=beams, do_sample=False, output_scores=True, return_dict_in_generate=True)
        tokens = out.sequences[0][prompt:]
        count = next((i + 1 for i, t in enumerate(tokens) if int(t) in ends), len(tokens))
        indices = getattr(out, "beam_indices", None)
        steps = model.compute_transition_scores(out.sequences, out.scores, indices, normalize_logits=beams == 1)[0]
        found.append((out.sequences[0], float(steps[:count].mean())))
    return found


def save(name, folder, golden):
    OUT.mkdir(parents=True, exist_ok=True)
    for i, one in enumerate(PICTURES):
        one.save(folder / f"picture.{i}.png")
    (folder / "golden.json").write_text(json.dumps(golden, indent=1) + "\n")
    with zipfile.ZipFile(OUT / f"{name}.zip", "w", zipfile.ZIP_DEFLATED) as zip:
        for file in sorted(folder.iterdir()):
            zip.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)


def reload(model, folder):
    randomise(model)
    model.half().save_pretrained(folder)
    return type(model).from_pretrained(folder, dtype=torch.float32).eval()


def vit_gpt2(folder):
    """As nlpconnect/vit-gpt2-image-captioning."""
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_level(["<|endoftext|>"]), bos_token="<|endoftext|>", eos_token="<|endoftext|>",
        unk_token="<|endoftext|>", model_max_length=1024)
    fast.save_pretrained(folder)
    end = fast.eos_token_id
    pen = transformers.GPT2Config(vocab_size=len(fast), n_embd=20, n_layer=2, n_head=2, n_positions=40,
                                  bos_token_id=end, eos_token_id=end)
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.ViTConfig(**EYE), pen, decoder_start_token_id=end, eos_token_id=end, pad_token_id=end, bos_token_id=end)
    model = transformers.VisionEncoderDecoderModel(config)
    model.generation_config.decoder_start_token_id = end
    model.generation_config.pad_token_id = end
    model = reload(model, folder)
    (folder / "preprocessor_config.json").write_text(json.dumps(dict(
        do_normalize=True, do_resize=True, feature_extractor_type="ViTFeatureExtractor", image_mean=[0.5] * 3,
        image_std=[0.5] * 3, resample=2, size=16)))
    processor = transformers.ViTImageProcessorPil(size=dict(height=16, width=16))
    golden = []
    for one in PICTURES:
        pixels = processor([one], return_tensors="pt")["pixel_values"]
        found = generate(model, 1, [end], pixel_values=pixels)
        golden.append([dict(text=fast.decode(ids, skip_special_tokens=True).strip(), score=s) for ids, s in found])
    return dict(captions=golden)


def blip(folder, asked=False):
    """As Salesforce/blip-image-captioning-base and blip-vqa-base."""
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=word_piece(), unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=512)
    fast.save_pretrained(folder)
    sep = fast.sep_token_id
    text = dict(vocab_size=len(fast), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
                max_position_embeddings=48, bos_token_id=fast.convert_tokens_to_ids("[DEC]"), sep_token_id=sep,
                pad_token_id=0, eos_token_id=2)
    config = transformers.BlipConfig(vision_config=EYE, text_config=text)
    kind = transformers.BlipForQuestionAnswering if asked else transformers.BlipForConditionalGeneration
    model = reload(kind(config), folder)
    processor = transformers.BlipImageProcessorPil(size=dict(height=16, width=16))
    processor.save_pretrained(folder)
    golden = dict(captions=[], prompted=[], answers=[])
    for one in PICTURES:
        pixels = processor([one], return_tensors="pt")["pixel_values"]
        if asked:
            ids = fast("how many cats are there", return_tensors="pt")["input_ids"]
            found = []
            with torch.no_grad():
                states = model.vision_model(pixel_values=pixels)[0]
                read = model.text_encoder(input_ids=ids, encoder_hidden_states=states)[0]
            found = generate(model.text_decoder, 1, [sep], input_ids=torch.tensor([[text["bos_token_id"]]]),
                             eos_token_id=sep, pad_token_id=0, encoder_hidden_states=read)
            golden["answers"].append([dict(text=fast.decode(i, skip_special_tokens=True).strip(), score=s) for i, s in found])
            continue
        with torch.no_grad():
            states = model.vision_model(pixel_values=pixels)[0]
        for key, start in [("captions", [[text["bos_token_id"]]]),
                           ("prompted", [[text["bos_token_id"]] + fast("a photo of")["input_ids"][1:-1]])]:
            found = generate(model.text_decoder, len(start[0]), [sep], input_ids=torch.tensor(start), eos_token_id=sep,
                             pad_token_id=0, encoder_hidden_states=states)
            golden[key].append([
                dict(text=fast.decode([t for t in i.tolist() if t != text["bos_token_id"]], skip_special_tokens=True).strip(),
                     score=s) for i, s in found])
    return golden


def smolvlm(folder):
    """As HuggingFaceTB/SmolVLM-256M-Instruct."""
    tiles = [f"<row_{r}_col_{c}>" for r in range(1, 7) for c in range(1, 7)]
    specials = ["<|endoftext|>", "<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<image>",
                "<global-img>"] + tiles
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=byte_level(specials, 360), bos_token="<|im_start|>", eos_token="<end_of_utterance>",
        unk_token="<|endoftext|>", pad_token="<|im_start|>", model_max_length=8192,
        additional_special_tokens=specials[3:])
    template = ("<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type']"
                " == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}{% for line in message['content'] %}{% if line['type'] =="
                " 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
                "<end_of_utterance>\n{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}")
    images = transformers.Idefics3ImageProcessorPil(size=dict(longest_edge=48), max_image_size=dict(longest_edge=16))
    processor = transformers.Idefics3Processor(images, fast, image_seq_len=4, chat_template=template)
    end = fast.eos_token_id
    text = dict(model_type="llama", vocab_size=len(fast), hidden_size=24, num_hidden_layers=2, num_attention_heads=4,
                num_key_value_heads=2, intermediate_size=32, max_position_embeddings=512, pad_token_id=1, bos_token_id=1,
                eos_token_id=end)
    config = transformers.Idefics3Config(
        vision_config=EYE, text_config=text, image_token_id=fast.convert_tokens_to_ids("<image>"), scale_factor=2)
    model = transformers.Idefics3ForConditionalGeneration(config)
    model.generation_config.eos_token_id = end
    model.generation_config.pad_token_id = 1
    model.generation_config.max_new_tokens = 12
    model = reload(model, folder)
    fast.save_pretrained(folder)
    images.save_pretrained(folder)
    (folder / "chat_template.json").write_text(json.dumps(dict(chat_template=template)))
    (folder / "processor_config.json").write_text(json.dumps(dict(image_seq_len=4, processor_class="Idefics3Processor")))
    golden = dict(answers=[], ids=[])
    for one in PICTURES:
        message = [dict(role="user", content=[dict(type="image"), dict(type="text", text="how many cats are there")])]
        prompt = processor.apply_chat_template(message, add_generation_prompt=True)
        inputs = processor(text=prompt, images=[one], return_tensors="pt")
        inputs.pop("mm_token_type_ids", None)
        length = inputs["input_ids"].shape[1]
        found = generate(model, length, [end], **inputs)
        golden["answers"].append(
            [dict(text=fast.decode(i[length:], skip_special_tokens=True).strip(), score=s) for i, s in found])
        golden["ids"].append(length)
    return golden


def clip(folder):
    """As openai/clip-vit-base-patch32."""
    tokenizer = byte_level(["<|startoftext|>", "<|endoftext|>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|startoftext|> $A <|endoftext|>", special_tokens=[("<|startoftext|>", 0), ("<|endoftext|>", 1)])
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<|startoftext|>", eos_token="<|endoftext|>", unk_token="<|endoftext|>",
        pad_token="<|endoftext|>", model_max_length=77)
    fast.save_pretrained(folder)
    text = dict(vocab_size=len(fast), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
                max_position_embeddings=77, bos_token_id=0, eos_token_id=1, pad_token_id=1)
    model = reload(transformers.CLIPModel(transformers.CLIPConfig(vision_config=EYE, text_config=text, projection_dim=18)),
                   folder)
    images = transformers.CLIPImageProcessorPil(size=dict(shortest_edge=16), crop_size=dict(height=16, width=16))
    images.save_pretrained(folder)
    labels = ["a photo of a cat", "a photo of a dog", "two people sit at a table"]
    ids = fast(labels, return_tensors="pt", padding=True)
    with torch.no_grad():
        out = model(pixel_values=images(PICTURES, return_tensors="pt")["pixel_values"], **ids)
    return dict(labels=labels, shares=out.logits_per_image.softmax(-1).tolist(), pictures=out.image_embeds.tolist(),
                texts=out.text_embeds.tolist())


def siglip(folder):
    """As google/siglip-base-patch16-224, whose own tokenizer takes case, punctuation and double spaces out of texts."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    letters = [str(chr(c)) for c in range(33, 127)] + ["é", "ß", "ς", "İ", "№"]
    trainer = trainers.UnigramTrainer(vocab_size=170, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>",
                                      initial_alphabet=letters, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>",
                                                pad_token="</s>", model_max_length=64)
    fast.save_pretrained(folder)
    text = dict(vocab_size=len(fast), hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
                max_position_embeddings=64, bos_token_id=2, eos_token_id=1, pad_token_id=1)
    model = reload(transformers.SiglipModel(transformers.SiglipConfig(vision_config=EYE, text_config=text)), folder)
    images = transformers.SiglipImageProcessorPil(size=dict(height=16, width=16))
    images.save_pretrained(folder)
    labels = ["a photo of a cat", "A Photo, of a DOG!", "two\u00a0people  sit\t(at) a \u3000table -- ", " \u2009what's_in: it?\x1c",
              "Stra\u00dfe \u039f\u0394\u039f\u03a3 \u0130 caf\u00c9 \u2116 5", "so... #$%&*+/<=>@[]^`{|}~;\"\\ much", "?!"]
    whole = transformers.SiglipTokenizer.canonicalize_text
    plain = type("Plain", (), dict(do_lower_case=True,
                                   remove_punctuation=transformers.SiglipTokenizer.remove_punctuation))()
    canonical = [whole(plain, label) for label in labels]
    ids = fast(canonical, return_tensors="pt", padding="max_length", max_length=64)["input_ids"]
    with torch.no_grad():
        out = model(pixel_values=images(PICTURES, return_tensors="pt")["pixel_values"], input_ids=ids)
    return dict(labels=labels, canonical=canonical, shares=out.logits_per_image.sigmoid().tolist(),
                pictures=out.image_embeds.tolist(), texts=out.text_embeds.tolist())


def main():
    cases = {"vit-gpt2": vit_gpt2, "blip-caption": blip, "blip-question": lambda f: blip(f, True), "smolvlm": smolvlm,
             "clip": clip, "siglip": siglip}
    for number, (name, make) in enumerate(cases.items()):
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        torch.manual_seed(900 + number)
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            golden = make(folder)
            save(name, folder, golden)
            print(name, sorted(f.name for f in folder.iterdir()), json.dumps(golden)[:1500])


main()
