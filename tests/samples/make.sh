#!/bin/sh
# Makes the files in samples/ again. Needs Maven, a JDK 25 and espeak-ng (Debian: apt-get install maven espeak-ng);
# the photographs also pip, which fetches the two packages that hold the originals.
# usage: tests/samples/make.sh [FOLDER]
set -e
cd "$(dirname "$0")/../.."
out=${1:-samples}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m pip download -q --no-deps --only-binary=:all: -d "$work" scikit-learn==1.7.2 scikit-image==0.25.2
for wheel in "$work"/*.whl; do
  python3 - "$wheel" "$work" <<'PY'
import os, sys, zipfile
for entry in zipfile.ZipFile(sys.argv[1]).infolist():
    name = os.path.basename(entry.filename)
    if name in ("china.jpg", "flower.jpg", "astronaut.png"):
        with open(os.path.join(sys.argv[2], name), "wb") as out:
            out.write(zipfile.ZipFile(sys.argv[1]).read(entry))
PY
done
mvn -q -Dquick -pl tests -am -DskipTests test-compile \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath -Dmdep.outputFile=target/classpath
java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
"$java" -Xmx1g -Djava.awt.headless=true -cp "tests/target/test-classes:$(cat tests/target/classpath)" \
  dev.dragoman.tests.samples.MakeSamples "$out" "$work"
