#!/usr/bin/env bash
# Feeds a folder of odd and broken files to the main job, and checks that each file became a document or a rejection
# with a code and a reason: tests/corpus/run.sh FOLDER OUT
set -euo pipefail
folder=$(cd "$1" && pwd)
out=$2
home=$(cd "$(dirname "$0")/../.." && pwd)

# A file that hangs would hold the job for ever; what is to be shown is that none does.
timeout 2400 "$home/dragoman" enrich "$folder" --out "$out" --recipe "$home/tests/corpus/recipe.yaml"

"$home/dragoman" sql "$out" 'SELECT source_uri FROM documents' --json >"$out.sources"
"$home/dragoman" sql "$out" 'SELECT source_uri, code, message FROM rejected' --json >"$out.rejected"
python3 - "$folder" "$out" <<'CHECK'
import collections, json, pathlib, sys, urllib.parse

folder, out = sys.argv[1:]
rows = [json.loads(line) for line in open(out + ".sources")]
rejected = [json.loads(line) for line in open(out + ".rejected")]


def outermost(uri):
    return urllib.parse.unquote(uri.split("!")[0].split("#row=")[0])[len("file://"):]


seen = {outermost(row["source_uri"]) for row in rows + rejected}
files = [
    str(path)
    for path in pathlib.Path(folder).rglob("*")
    if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
]
lost = [path for path in files if path not in seen]
speechless = [row for row in rejected if not row["code"] or len(row["message"]) < 15]
report = json.load(open(out + "/run.json"))
balance = report["documents_in"] - report["documents_out"] - report["rejected"]
codes = collections.Counter(row["code"] for row in rejected)
print(f"{len(files)} files, {len(rows)} documents, {len(rejected)} rejections {dict(codes)}")
for path in lost:
    print("lost:", path)
for row in speechless:
    print("without a reason:", row)
internal = [row for row in rejected if row["code"] == "INTERNAL"]
for row in internal:
    print("internal, a bug to look into:", row["source_uri"], row["message"][:200])
if lost or speechless or internal or balance:
    sys.exit("the folder is not accounted for")
print(f"passed: each of {len(files)} files is accounted for")
CHECK
