#!/bin/sh
# Runs the official JSON Schema test suite against the compiler of constraints.
#
#   git clone https://github.com/json-schema-org/JSON-Schema-Test-Suite
#   tests/parity/json-schema.sh JSON-Schema-Test-Suite/tests/draft2020-12 [all]
#
# Each invalid instance of a schema that is supported must be rejected, or the script fails. With
# "all" the refused schemas and the valid instances that are not accepted are listed.
set -e
suite=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
mvn -q -Dquick -pl models -am -DskipTests test-compile
mvn -q -Dquick -pl models dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/json-schema.cp
exec java -Xmx1g -cp "models/target/test-classes:models/target/classes:$(cat models/target/json-schema.cp)" \
  dev.dragoman.models.generate.constrain.JsonSchemaSuite "$suite" ${2:+"$2"}
