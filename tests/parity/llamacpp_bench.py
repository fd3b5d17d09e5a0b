"""Measures llama.cpp for DecodeBenchmark, which starts it and asks for one measurement a line.

    pip install xllamacpp
    python tests/parity/llamacpp_bench.py MODEL.gguf THREADS SLOTS

Prints the seconds from its start to the first token, then, for each line read (prefill N, decode N
or many N STEPS), the seconds of the work, as llama.cpp itself times it; many is timed here.
"""

import sys
import time

started = time.time()

import concurrent.futures

import xllamacpp

model, threads, slots = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
params = xllamacpp.CommonParams()
params.model.path = model
params.n_ctx = 1024 * slots
params.n_parallel = slots
params.n_gpu_layers = 0
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
server = xllamacpp.Server(params)
turn = 0


def complete(count, tokens):
    global turn
    turn += 1
    prompt = [100 + (i * 37 + turn) % 4000 for i in range(count)]
    return server.handle_completions(
        dict(prompt=prompt, n_predict=tokens, temperature=0, cache_prompt=False, ignore_eos=True))


complete(4, 1)
print(time.time() - started, flush=True)
for line in sys.stdin:
    what, *numbers = line.split()
    numbers = list(map(int, numbers))
    if what == "prefill":
        seconds = complete(numbers[0], 1)["timings"]["prompt_ms"] / 1000
    elif what == "decode":
        seconds = complete(8, numbers[0])["timings"]["predicted_ms"] / 1000
    else:
        with concurrent.futures.ThreadPoolExecutor(numbers[0]) as callers:
            before = time.time()
            list(callers.map(lambda _: complete(1, numbers[1]), range(numbers[0])))
            seconds = time.time() - before
    print(seconds, flush=True)
