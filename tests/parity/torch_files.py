"""Saves small state dicts with PyTorch, and what they hold as safetensors.

    pip install torch transformers safetensors huggingface_hub
    python tests/parity/torch_files.py

Writes models/src/test/resources/dev/dragoman/models/format/torch/: NAME.bin and, beside it,
NAME.safetensors for files that are read; refused/NAME.bin for others; shards/ with an index; and
gpt2/pytorch_model.bin, the checkpoint architecture/decoders/gpt2 of the tests saved again.
"""

import collections
import pathlib
import pickle
import shutil
import tempfile
import zipfile

import torch
from huggingface_hub import save_torch_state_dict
from safetensors.torch import save_file
from transformers import GPT2LMHeadModel

RESOURCES = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models"
OUT = RESOURCES / "format/torch"


class Small(torch.nn.Module):
    """Tied weights, a buffer of whole numbers, and a version in the metadata."""

    def __init__(self):
        super().__init__()
        self.words = torch.nn.Embedding(5, 3)
        self.norm = torch.nn.BatchNorm1d(3)
        self.head = torch.nn.Linear(3, 5)
        self.head.weight = self.words.weight
        self.register_buffer("position_ids", torch.arange(4).unsqueeze(0))


def types():
    return {
        "float": torch.randn(2, 3), "half": torch.randn(5).half(), "bfloat": torch.randn(3, 2).bfloat16(),
        "double": torch.randn(2, 2).double(), "long": torch.tensor([[1, -(2**40)]]), "int": torch.arange(3).int(),
        "short": torch.arange(3).short(), "char": torch.arange(-2, 2).to(torch.int8),
        "byte": torch.arange(3).to(torch.uint8), "bool": torch.tensor([True, False]), "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 7),
    }


def views():
    whole = torch.randn(6, 4)
    cube = torch.randn(2, 3, 4)
    return {
        "whole": whole, "turned": whole.t(), "rows": whole[2:5], "columns": whole[:, 1:3], "every": whole[::2],
        "one": whole[3:4], "cube": cube, "permuted": cube.permute(2, 0, 1), "half": whole.half().t(),
        "part": torch.randn(100)[40:44], "thin": whole[:, 1:2].t(),
    }


def parameters():
    return {"trained": torch.nn.Parameter(torch.randn(2, 2)), "name": "small", "step": 7, "rate": 0.5, "none": None,
            "type": torch.float16}


def golden(state):
    return {name: value.detach().clone().contiguous() for name, value in state.items() if torch.is_tensor(value)}


def wide(source, target):
    """The same archive with all its sizes and places in 64 bits, as for files above 4 GB."""
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 0
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            new.writestr(info.filename, old.read(info))
    zipfile.ZIP64_LIMIT = limit


class Call:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def refused(folder):
    import os

    folder.mkdir()
    ones = torch.ones(2)
    torch.save({"a": ones, "b": Call(os.system, "true")}, folder / "command.bin")
    torch.save({"a": ones, "b": Call(eval, "1")}, folder / "builtin.bin")
    torch.save(torch.nn.Linear(2, 2), folder / "module.bin")
    torch.save({"a": ones.expand(1000, 2)}, folder / "expanded.bin")
    torch.save({"a": ones.to(torch.complex64)}, folder / "complex.bin")
    torch.save({"state_dict": {"a": ones}, "epoch": 3}, folder / "nested.bin")
    torch.save([ones], folder / "list.bin")
    torch.save(ones, folder / "tensor.bin")
    torch.save({0: ones}, folder / "number.bin")
    torch.save({"a": ones.to_sparse()}, folder / "sparse.bin")
    torch.save({"a": ones}, folder / "old.bin", _use_new_zipfile_serialization=False)
    (folder / "pickle.bin").write_bytes(pickle.dumps({"a": 1}))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    torch.manual_seed(77)
    small = Small()
    cases = {"types": types(), "views": views(), "module": small.state_dict(), "parameters": parameters()}
    for name, state in cases.items():
        torch.save(state, OUT / f"{name}.bin")
        save_file(golden(state), OUT / f"{name}.safetensors")
    for protocol in (3, 4, 5):
        torch.save(collections.OrderedDict(small.state_dict()), OUT / f"protocol{protocol}.bin",
                   pickle_protocol=protocol)
        save_file(golden(small.state_dict()), OUT / f"protocol{protocol}.safetensors")
    wide(OUT / "module.bin", OUT / "wide.bin")
    save_file(golden(torch.load(OUT / "wide.bin")), OUT / "wide.safetensors")
    refused(OUT / "refused")
    model = GPT2LMHeadModel.from_pretrained(RESOURCES / "architecture/decoders/gpt2")
    (OUT / "gpt2").mkdir()
    torch.save(model.state_dict(), OUT / "gpt2/pytorch_model.bin")
    (OUT / "shards").mkdir()
    save_torch_state_dict(small.state_dict(), OUT / "shards", safe_serialization=False, max_shard_size=80)
    for file in sorted(OUT.rglob("*")):
        if file.is_file():
            print(file.relative_to(OUT), file.stat().st_size)


main()
