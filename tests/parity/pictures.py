"""Makes the goldens of ImageProcessorTest: what the image processors of transformers make of pictures.

    pip install torch torchvision transformers safetensors pillow
    python tests/parity/pictures.py

Writes models/src/test/resources/dev/dragoman/models/vision/pictures.zip: pictures.safetensors (the pictures, and the
pixel values of each case) and pictures.json (a preprocessor configuration for each case). The processors that run on
Pillow are the reference; how far those that run on torchvision are away from them, in grey levels, goes to standard
output.
"""

import json
import pathlib
import zipfile

import numpy as np
import torch
import transformers
from PIL import Image
from safetensors.torch import save

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/vision/pictures.zip"
PICTURES = {"wide": (61, 37), "tall": (23, 58), "square": (40, 40), "dot": (1, 1), "line": (90, 3)}

# The processor's class, its configuration, and the pictures it is tried on.
CASES = [
    ("ViT", {"size": {"height": 17, "width": 23}}, ["wide", "tall", "square", "dot", "line"]),
    ("ViT", {"size": {"height": 70, "width": 51}, "resample": 3}, ["wide", "dot"]),
    ("ViT", {"size": {"height": 19, "width": 19}, "resample": 0}, ["wide", "tall", "line"]),
    ("ViT", {"size": {"height": 64, "width": 64}, "resample": 0}, ["tall"]),
    ("ViT", {"size": {"height": 18, "width": 31}, "resample": 1}, ["wide", "tall"]),
    ("ViT", {"size": {"height": 21, "width": 13}, "resample": 4}, ["wide"]),
    ("ViT", {"size": {"height": 21, "width": 13}, "resample": 5}, ["wide"]),
    ("ViT", {"size": {"shortest_edge": 16}, "do_rescale": False}, ["wide", "tall"]),
    ("ViT", {"size": {"shortest_edge": 16, "longest_edge": 20}}, ["wide", "tall", "square"]),
    ("ViT", {"size": {"max_height": 15, "max_width": 40}}, ["wide", "tall"]),
    ("ViT", {"do_resize": False, "do_normalize": False}, ["tall"]),
    ("ViT", {"size": {"height": 9, "width": 9}, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.9, 0.8, 0.7],
             "rescale_factor": 0.01}, ["wide"]),
    ("DeiT", {"size": {"height": 30, "width": 30}, "crop_size": {"height": 21, "width": 24}}, ["wide", "tall"]),
    ("CLIP", {"size": {"shortest_edge": 20}, "crop_size": {"height": 20, "width": 20}}, ["wide", "tall", "square"]),
    ("CLIP", {"size": {"shortest_edge": 21}, "crop_size": {"height": 16, "width": 13}}, ["wide", "tall"]),
    ("CLIP", {"size": {"shortest_edge": 10}, "crop_size": {"height": 16, "width": 14}}, ["wide", "square"]),
    ("CLIP", {"do_resize": False, "crop_size": {"height": 50, "width": 30}}, ["wide", "tall"]),
    ("Blip", {"size": {"height": 24, "width": 24}}, ["wide", "tall"]),
    ("Siglip", {"size": {"height": 24, "width": 20}}, ["wide", "tall"]),
    ("Idefics3", {"size": {"longest_edge": 32}, "max_image_size": {"longest_edge": 16}},
     ["wide", "tall", "square", "line", "dot"]),
    ("Idefics3", {"size": {"longest_edge": 45}, "max_image_size": {"longest_edge": 12}}, ["wide"]),
    ("Idefics3", {"size": {"longest_edge": 14}, "max_image_size": {"longest_edge": 16}}, ["wide", "tall"]),
    ("Idefics3", {"size": {"longest_edge": 40}, "max_image_size": {"longest_edge": 14},
                  "do_image_splitting": False}, ["wide"]),
    ("SmolVLM", {"size": {"longest_edge": 32}, "max_image_size": {"longest_edge": 16}}, ["wide"]),
]


def picture(seed, width, height):
    """Shapes with sharp edges on a slope of colours, and noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    levels = np.stack([x * 255 / max(1, width - 1), y * 255 / max(1, height - 1), (x + y) % 256], -1)
    levels[height // 4 : height // 2, width // 3 : width // 2] = [255, 0, 10]
    levels += random.normal(0, 25, levels.shape)
    return np.clip(levels, 0, 255).astype(np.uint8)


def run(name, config, pixels):
    made = getattr(transformers, name)(**config)
    picture = Image.fromarray(pixels)
    tiled = "Idefics3" in name or "SmolVLM" in name
    more = {"return_row_col_info": True} if tiled else {}
    out = made([[picture]] if tiled else [picture], return_tensors="pt", **more)
    values = out["pixel_values"].float()
    grid = [out["rows"][0][0], out["cols"][0][0]] if tiled else [0, 0]
    return made, values[0] if tiled else values, grid


def main():
    pictures = {k: picture(i, *size) for i, (k, size) in enumerate(PICTURES.items())}
    tensors = {f"picture.{k}": torch.from_numpy(v) for k, v in pictures.items()}
    cases = []
    worst = {}
    for family, config, names in CASES:
        for name in names:
            made, values, grid = run(f"{family}ImageProcessorPil", config, pictures[name])
            tensors[f"values.{len(cases)}"] = values.contiguous()
            keep = {k: v for k, v in json.loads(made.to_json_string()).items() if v is not None}
            cases.append({"picture": name, "rows": grid[0], "columns": grid[1], "config": keep})
            try:
                _, other, _ = run(f"{family}ImageProcessor", config, pictures[name])
            except NotImplementedError:
                print(family, config, "torchvision has no such filter")
                continue
            if other.shape != values.shape:
                print(family, config, name, "shapes", tuple(other.shape), tuple(values.shape))
                continue
            level = made.rescale_factor if made.do_rescale else 1
            if made.do_normalize:
                level = level / max(made.image_std)
            away = float((other - values).abs().max()) / level
            worst[family] = max(worst.get(family, 0), away)
            if away > 1.01:
                print(family, config, name, "levels", away)
    print("torchvision, grey levels away at most:", {k: round(v, 3) for k, v in worst.items()})
    with zipfile.ZipFile(OUT, "w", zipfile.ZIP_DEFLATED) as zip:
        for name, content in [("pictures.safetensors", save(tensors)), ("pictures.json", json.dumps(cases, indent=1))]:
            zip.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


main()
