#!/bin/sh
# Compares the contract with that of every release: within /v1 it only grows.
# Argument: the document of this tree.
set -eu
found=0
for released in openapi/released/*.json; do
	test -e "$released" || continue
	found=$((found + 1))
	go tool -modfile=tests/lint/go.mod oasdiff breaking --fail-on WARN \
		--severity-levels openapi/released/severity.txt "$released" "$1"
done
echo "oasdiff: compared with $found released documents, nothing breaks"
