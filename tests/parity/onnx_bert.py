"""Exports a small BERT to ONNX in the ways that such files are found.

    pip install torch transformers onnx
    python tests/parity/onnx_bert.py

Takes the checkpoint "sentences" of bert.py. Writes to models/src/test/resources/dev/dragoman/models/
format/onnx/: exported.onnx as PyTorch's exporter writes it, numeric.onnx with the bare numbers for
names that older exporters gave, external.onnx with its numbers in external.bin, and
storage.onnx with a tensor for each way to store one.
"""

import pathlib

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from transformers import BertModel

TEST = pathlib.Path(__file__).parents[2] / "models/src/test/resources/dev/dragoman/models"
OUT = TEST / "format/onnx"


class Plain(BertModel):
    """The model with arguments that the exporter can trace."""

    def forward(self, ids, mask, types):
        return super().forward(
            input_ids=ids, attention_mask=mask, token_type_ids=types, return_dict=False
        )[0]


OUT.mkdir(parents=True, exist_ok=True)
bert = Plain.from_pretrained(TEST / "architecture/bert/sentences", attn_implementation="eager")
ids = torch.arange(5).reshape(1, 5)
names = ["input_ids", "attention_mask", "token_type_ids"]
torch.onnx.export(
    bert.eval(), (ids, torch.ones_like(ids), torch.zeros_like(ids)), str(OUT / "exported.onnx"),
    dynamo=False, opset_version=14, input_names=names,
    dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names},
)

model = onnx.load(OUT / "exported.onnx")
for initializer in model.graph.initializer:
    if initializer.name.startswith("onnx::MatMul_"):
        number = initializer.name.removeprefix("onnx::MatMul_")
        for node in model.graph.node:
            for place, name in enumerate(node.input):
                if name == initializer.name:
                    node.input[place] = number
        initializer.name = number
for number, node in enumerate(model.graph.node):
    node.name = f"{node.op_type}_{number}"
onnx.save(model, OUT / "numeric.onnx")

model = onnx.load(OUT / "exported.onnx")
(OUT / "external.bin").unlink(missing_ok=True)
onnx.save(
    model, OUT / "external.onnx", save_as_external_data=True, location="external.bin",
    size_threshold=100,
)

values = numpy.array([[0.5, -1.25, 3.0], [1e-3, 65504.0, -2.0]], numpy.float32)
half = values.astype(numpy.float16)
upper = (values.view(numpy.uint32) >> 16).astype(numpy.uint16)
shape = list(values.shape)


def raw(name, kind, array):
    return helper.make_tensor(name, kind, shape, array.tobytes(), raw=True)


def coded(name, kind, array):
    tensor = TensorProto(name=name, data_type=kind, dims=shape)
    tensor.int32_data.extend(int(value) for value in array.view(numpy.uint16).ravel())
    return tensor


left = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])
right = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])
tensors = [
    raw("single.raw", TensorProto.FLOAT, values),
    helper.make_tensor("single.list", TensorProto.FLOAT, shape, values.ravel().tolist()),
    raw("half.raw", TensorProto.FLOAT16, half),
    coded("half.list", TensorProto.FLOAT16, half),
    raw("upper.raw", TensorProto.BFLOAT16, upper),
    coded("upper.list", TensorProto.BFLOAT16, upper),
    raw("double.raw", TensorProto.DOUBLE, values.astype(numpy.float64)),
    helper.make_tensor("double.list", TensorProto.DOUBLE, shape, values.ravel().tolist()),
    helper.make_tensor("long.list", TensorProto.INT64, [2], [1, 2]),
    numpy_helper.from_array(numpy.array([3, -4], numpy.int64), "long.raw"),
    helper.make_tensor("words", TensorProto.STRING, [1], [b"word"]),
    raw("77", TensorProto.FLOAT, values),
    raw("78", TensorProto.FLOAT, values),
    numpy_helper.from_array(numpy.zeros(3, numpy.float32), "head.bias"),
    numpy_helper.from_array(numpy.zeros(2, numpy.float32), "tail.bias"),
]
nodes = [
    helper.make_node("Gemm", ["x", "77", "head.bias"], ["y"], "Gemm_1"),
    helper.make_node("Gemm", ["y", "78", "tail.bias"], ["z"], "Gemm_2", transB=1),
]
graph = helper.make_graph(nodes, "storage", [left], [right], tensors)
onnx.save(helper.make_model(graph), OUT / "storage.onnx")
for file in sorted(OUT.iterdir()):
    print(file.name, file.stat().st_size)
