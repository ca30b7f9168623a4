#!/bin/sh
# Runs openapi-generator on the document with the given arguments; the jar is fetched once.
# It says much while it works, so it is heard only when it fails.
set -eu
jar="$TOOLS/openapi-generator-cli.jar"
test -e "$jar" || mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy \
	-Dartifact=org.openapitools:openapi-generator-cli:7.25.0 -DoutputDirectory="$TOOLS" -Dmdep.stripVersion=true
java -jar "$jar" generate -i "$DOCUMENT" -o generated "$@"
