"""Lets llama.cpp go on with 20 prompts, and says where this engine would have gone on otherwise.

    pip install xllamacpp gguf transformers
    CLASSPATH=... python tests/parity/greedy.py MODEL.gguf [TOKENS [THREADS]]

CLASSPATH holds models/target/classes and Jackson. Prints, for each prompt, how many tokens are the
same and, where they part, by how much (in log-probability) each engine preferred its own token to
the other's. llama.cpp rounds activations to 8 bits before it multiplies them by quantised weights,
and this engine does not: where two tokens are nearly as good, they may part. At the end the
differences between the log-probabilities of the ten best tokens at all places.
"""

import os
import pathlib
import statistics
import subprocess
import sys

import xllamacpp
from transformers import AutoTokenizer

PROMPTS = [
    "The capital of France is", "Once upon a time, there was a little dragon who",
    "def fibonacci(n):\n", "Water boils at", "The three primary colours are",
    "Dear customer, thank you for", "In 1969, Neil Armstrong",
    "My internet is not working for three days and",
    "Translate to Dutch: Good morning, how are you?", "The best way to learn a language is",
    "A list of five fruits:\n1.", "Why is the sky blue?", "Q: What is 12 + 30?\nA:",
    "The meeting is on Monday at", "SELECT name FROM", "The history of the Roman Empire began",
    "To make bread you need", "He opened the door slowly and", "Der schnellste Weg nach Berlin",
    "import java.util.",
]

path = pathlib.Path(sys.argv[1])
count = int(sys.argv[2]) if len(sys.argv) > 2 else 64
tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
params = xllamacpp.CommonParams()
params.model.path = str(path)
params.n_ctx = 1024
params.n_gpu_layers = 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = (
    int(sys.argv[3]) if len(sys.argv) > 3 else os.cpu_count())
server = xllamacpp.Server(params)

asked, theirs = [], []
for prompt in PROMPTS:
    ids = tokenizer(prompt).input_ids
    if "gemma" in path.name and ids[0] != 2:
        ids = [2] + ids
    answer = server.handle_completions(dict(
        prompt=ids, n_predict=count, temperature=0, n_probs=10, ignore_eos=False,
        cache_prompt=False))
    places = answer["choices"][0]["logprobs"]["content"]
    theirs.append([{t["id"]: t["logprob"] for t in place["top_logprobs"]} for place in places])
    asked.append(" ".join(map(str, ids)) + "|" + " ".join(str(place["id"]) for place in places))
del server

java = subprocess.run(
    ["java", "-Xmx1500m", "--add-modules", "jdk.incubator.vector", "-cp", os.environ["CLASSPATH"],
     str(pathlib.Path(__file__).parent / "Scores.java"), str(path)],
    input="\n".join(asked) + "\n", capture_output=True, text=True)
if java.returncode:
    sys.exit(java.stderr)

errors, same, parted = [], 0, 0
for prompt, line, other, answer in zip(PROMPTS, asked, theirs, java.stdout.splitlines()):
    told = list(map(int, line.split("|")[1].split()))
    places = [dict((int(k), float(v)) for k, v in (p.split(":") for p in place.split(" ")))
              for place in answer.split("\t")]
    first = None
    for n, (ours, them, token) in enumerate(zip(places, other, told)):
        errors += [abs(ours[k] - them[k]) for k in ours.keys() & them.keys()]
        if first is None and max(ours, key=ours.get) != token:
            first, other_token = n, token
            own = max(ours, key=ours.get)
            margins = (ours[own] - ours.get(token, float("-inf")),
                       them[token] - them.get(own, float("-inf")))
    if first is None:
        same += 1
        print(f"{prompt!r}: all {len(told)} tokens the same")
    else:
        parted += 1
        print(f"{prompt!r}: {first} tokens the same, then {own} and {other_token}; "
              f"we prefer ours by {margins[0]:.4f}, they theirs by {margins[1]:.4f}")
errors.sort()
print(f"{same} the same to the end, {parted} part; log-probabilities differ by "
      f"{statistics.median(errors):.4f} (median), {errors[int(len(errors) * .99)]:.4f} (99 %), "
      f"{errors[-1]:.4f} (most), over {len(errors)}")
