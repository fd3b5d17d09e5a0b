"""Records what ggml's block types mean, and a GGUF file with metadata of every type.

    pip install gguf numpy safetensors
    python tests/parity/gguf_blocks.py

Writes models/src/test/resources/dev/dragoman/models/format/gguf/: blocks.gguf with one tensor of
random blocks for each type (their scales are ordinary halves, everything else is random bits), and
expected.safetensors with what the gguf package unpacks them to.
"""

import pathlib

import gguf
import numpy
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import save_file

OUT = pathlib.Path(__file__).parents[2] / (
    "models/src/test/resources/dev/dragoman/models/format/gguf"
)
# Where the halves are that scale a block.
SCALES = {
    Type.Q8_0: [0], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2],
    Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2],
    Type.Q6_K: [208], Type.IQ4_NL: [0], Type.IQ4_XS: [0],
}
ROWS = 3

rng = numpy.random.default_rng(20)
OUT.mkdir(parents=True, exist_ok=True)
writer = gguf.GGUFWriter(OUT / "blocks.gguf", "llama")
writer.add_string("text", "Grüße, κόσμε, 世界 🌍")
for name, value in [("uint8", 200), ("int8", -100), ("uint16", 60000), ("int16", -30000)]:
    getattr(writer, "add_" + name)(name, value)
for name, value in [("uint32", 4_000_000_000), ("int32", -2_000_000_000)]:
    getattr(writer, "add_" + name)(name, value)
for name, value in [("uint64", 2**63 - 1), ("int64", -(2**63))]:
    getattr(writer, "add_" + name)(name, value)
writer.add_uint64("huge", 2**63)
writer.add_float32("float32", 0.1)
writer.add_float64("float64", 0.1)
writer.add_bool("yes", True)
writer.add_bool("no", False)
writer.add_array("texts", ["one", "", "drei", "四"])
writer.add_array("ints", [1, -2, 3])
writer.add_array("floats", [0.5, -1.5])
writer.add_array("flags", [True, False, True])
writer.add_array("nested", [[1, 2, 3], [4], [5, 6]])

expected = {}
for kind, offsets in SCALES.items():
    block, size = gguf.GGML_QUANT_SIZES[kind]
    blocks_a_row = 2 if block == 256 else 5
    data = rng.integers(0, 256, (ROWS, blocks_a_row, size), dtype=numpy.uint8)
    for offset in offsets:
        scale = rng.normal(0, 0.05, (ROWS, blocks_a_row, 1)).astype(numpy.float16)
        data[:, :, offset : offset + 2] = scale.view(numpy.uint8)
    # One scale is below the normal halves.
    data[0, 0, offsets[0] : offsets[0] + 2] = numpy.array([3e-7], numpy.float16).view(numpy.uint8)
    data = data.reshape(ROWS, -1)
    writer.add_tensor(kind.name, data, raw_dtype=kind)
    expected[kind.name] = gguf.dequantize(data, kind).astype(numpy.float32)

plain = rng.normal(size=(2, 3, 4)).astype(numpy.float32)
writer.add_tensor("F32", plain)
expected["F32"] = plain
writer.add_tensor("F16", plain.astype(numpy.float16))
expected["F16"] = plain.astype(numpy.float16).astype(numpy.float32)
bits = gguf.quantize(plain, Type.BF16)
writer.add_tensor("BF16", bits, raw_dtype=Type.BF16)
expected["BF16"] = gguf.dequantize(bits, Type.BF16).reshape(plain.shape)
writer.add_tensor("vector", plain.reshape(-1)[:7].copy())
expected["vector"] = plain.reshape(-1)[:7].copy()

writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
save_file(expected, OUT / "expected.safetensors")
for file in OUT.iterdir():
    print(file.name, file.stat().st_size)
