"""Times Hugging Face tokenizers on one thread: documents separated by a line with ---.

    TOKENIZERS_PARALLELISM=false python tests/parity/tokenizers_speed.py TOKENIZER.json TEXT ROUNDS

Prints the tokens of a round, then the seconds of each.
"""

import pathlib
import sys
import time

from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_padding()
tokenizer.no_truncation()
documents = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").split("\n---\n")
for round in range(int(sys.argv[3])):
    start = time.perf_counter()
    count = sum(len(tokenizer.encode(document, add_special_tokens=False)) for document in documents)
    took = time.perf_counter() - start
    if round == 0:
        print(count)
    print(f"{took:.4f}", flush=True)
