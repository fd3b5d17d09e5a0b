"""Records what the feature extractor of transformers makes of two sounds.

    pip install torch transformers safetensors
    python tests/parity/speech.py

Writes models/src/test/resources/dev/dragoman/models/speech/features.safetensors with
SOUND.MELS [frames, mels] for the frames of each sound that `frames.SOUND` names. The sounds are
made of the same formula in LogMelTest.
"""

import pathlib

import numpy
import torch
from safetensors.torch import save_file
from transformers import WhisperFeatureExtractor

OUT = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models/speech"
SOUNDS = {"short": 37_921, "full": 480_000}
FRAMES = {
    "short": [0, 1, 2, 17, 60, 118, 200, 236, 237, 238, 239, 700, 2998, 2999],
    "full": [0, 1, 2, 500, 1233, 2100, 2997, 2998, 2999],
}


def sound(length):
    """A rising tone over three steady ones, in bursts, with noise."""
    state = 12345
    samples = numpy.zeros(length, dtype=numpy.float32)
    for i in range(length):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        noise = (state >> 8) / (1 << 24) - 0.5
        second = i / 16000
        burst = 1.0 if int(second * 3) % 3 else 0.01
        tone = numpy.sin(2 * numpy.pi * (200 + 90 * second) * second)
        steady = 0.3 * numpy.sin(2 * numpy.pi * 150 * second)
        steady += 0.2 * numpy.sin(2 * numpy.pi * 1234 * second)
        steady += 0.1 * numpy.sin(2 * numpy.pi * 5600 * second)
        samples[i] = burst * (0.3 * tone + 0.4 * steady) + 0.02 * noise
    return samples


def main():
    tensors = {}
    for name, length in SOUNDS.items():
        samples = sound(length)
        tensors[f"frames.{name}"] = torch.tensor(FRAMES[name], dtype=torch.float32)
        for mels in (80, 128):
            extractor = WhisperFeatureExtractor(feature_size=mels)
            features = extractor(samples, sampling_rate=16000, return_tensors="pt").input_features
            tensors[f"{name}.{mels}"] = features[0, :, FRAMES[name]].T.contiguous()
    save_file(tensors, OUT / "features.safetensors")


if __name__ == "__main__":
    main()
