"""What llama.cpp makes of 10,000 lines of every kind, special tokens included, for TokenizerParity.

    pip install xllamacpp
    python tests/parity/tokenizers_gguf.py --data DIR --out FILE.gz MODEL.gguf
"""

import argparse
import gzip
import http.client
import json
import re
import urllib.parse

import tokenizers_all
import xllamacpp

parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--out", required=True)
parser.add_argument("model")
args = parser.parse_args()
params = xllamacpp.CommonParams()
params.model.path = args.model
params.n_ctx = 64
params.cpuparams.n_threads = 1
server = xllamacpp.Server(params)
address = urllib.parse.urlsplit(server.listening_address)
connection = http.client.HTTPConnection(address.hostname, address.port)


def tokenize(text):
    body = json.dumps({"content": text, "add_special": False, "parse_special": True})
    connection.request("POST", "/tokenize", body, {"Content-Type": "application/json"})
    return json.loads(connection.getresponse().read())["tokens"]


with open(args.out, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
    for text in map(tokenizers_all.well_paired, tokenizers_all.lines(args.data)):
        ids = tokenize(re.sub("[\ud800-\udfff]", "\ufffd", text))
        out.write((json.dumps({"text": text, "ids": ids}) + "\n").encode("ascii"))
