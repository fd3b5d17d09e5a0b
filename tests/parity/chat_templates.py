"""Records what transformers renders for small templates of our own, one for each construct.

    pip install transformers jinja2
    python tests/parity/chat_templates.py

Writes models/src/test/resources/dev/dragoman/models/template/constructs.jsonl.gz. The clock stands
at 2026-01-02; where nothing is rendered, the error is recorded as "Type: message".
"""

import datetime
import gzip
import json
import pathlib

from transformers.utils import chat_template_utils as templates

ROOT = pathlib.Path(__file__).parents[2]
OUT = ROOT / "models/src/test/resources/dev/dragoman/models/template/constructs.jsonl.gz"

CONTEXT = {
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is 2+2? <&>\n\n  é🙂\tx", "name": "Zoë"},
        {"role": "assistant", "content": "", "reasoning_content": "add", "tool_calls": [
            {"id": "a1", "type": "function", "function": {"name": "sum", "arguments": {"b": 2, "a": 1.50, "c": [None, True, {"k": "v"}]}}}]},
        {"role": "tool", "content": [{"type": "text", "text": "4"}, {"type": "image", "url": "u"}], "tool_call_id": "a1"},
        {"role": "user", "content": "Thanks"},
    ],
    "tools": [{"type": "function", "function": {"name": "sum", "description": "Adds \"two\"", "parameters": {
        "type": "object", "properties": {"a": {"type": "number", "enum": [1, 2.0, 1e21, 12345678901234567890]}, "b": {"type": ["integer", "null"]}, "items": {"type": "array", "items": {"type": "string"}}}, "required": ["a"]}}}],
    "documents": None,
    "add_generation_prompt": True,
    "bos_token": "<s>",
    "eos_token": "</s>",
    "n": 7,
    "big": 10**30,
    "f": -2.5,
    "nothing": None,
    "empty": [],
    "words": ["pear", "Apple", "fig", "apple", "Fig"],
    "people": [{"name": "Ann", "age": 31, "pet": {"kind": "cat"}}, {"name": "bob", "age": 7}, {"name": "Cid", "age": 31}],
    "map": {"b": 1, "A": 2, "c": None, "items": "i"},
    "html": "<b>\"x\" & 'y'</b>",
}

# Every line is a template. An empty line or one that starts with ## is none. \\n is a line break.
LINES = (pathlib.Path(__file__).parent / "chat_templates.txt").read_text(encoding="utf-8")


class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 1, 2)


def record(template):
    case = {"template": template, "ctx": CONTEXT, "expected": None, "error": None}
    chat = templates._alias_reasoning_fields(CONTEXT["messages"])
    rest = {k: v for k, v in CONTEXT.items() if k not in ("messages", "tools", "documents", "add_generation_prompt")}
    try:
        compiled = templates._compile_jinja_template(template)
        case["expected"], spans = templates._render_with_assistant_indices(
            compiled, chat, CONTEXT["tools"], None, True, **rest
        )
        case["spans"] = [[len(case["expected"][:i].encode("utf-16-le")) // 2 for i in span] for span in spans]
    except Exception as error:
        case["error"] = f"{type(error).__name__}: {error}"
    return case


if __name__ == "__main__":
    templates.datetime = Frozen
    lines = [l.replace("\\\\n", "\n") for l in LINES.split("\n") if l and not l.startswith("##")]
    cases = [record(line) for line in lines]
    # the context is the same in all: it is written once
    body = [json.dumps({"ctx": CONTEXT})] + [
        json.dumps({k: v for k, v in case.items() if k != "ctx"}) for case in cases
    ]
    OUT.parent.mkdir(parents=True, exist_ok=True)
    with OUT.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(("\n".join(body) + "\n").encode("utf-8"))
    failures = sum(case["error"] is not None for case in cases)
    print(len(cases), "templates,", failures, "of them raise,", OUT.stat().st_size, "bytes")
