#!/bin/sh
# Renders the chat templates of a folder and says where the result differs from what transformers rendered.
#
#   tests/parity/chat-templates.sh FOLDER
#
# FOLDER holds cases as *.jsonl or *.jsonl.gz: a template, its context, and what came out or the error
# that was raised. The script fails if any case differs, or if there is none.
set -e
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
mvn -q -Dquick -pl models -am -DskipTests test-compile
mvn -q -Dquick -pl models dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/chat-templates.cp
exec java -Xmx1g -cp "models/target/test-classes:models/target/classes:$(cat models/target/chat-templates.cp)" \
  dev.dragoman.models.template.TemplateCases "$folder"/*.jsonl*
