#!/bin/sh
# Compares the contract with that of every release: within /v1 it only grows. The event
# catalogues beside them are compared by openapi/tool lint.
# Argument: the document of this tree.
set -eu
found=0
for released in openapi/released/[0-9]*.json; do
	test -e "$released" || continue
	found=$((found + 1))
	accepted=openapi/released/accepted-$(basename "$released" .json).txt
	test -e "$accepted" || accepted=/dev/null
	go tool -modfile=tests/lint/go.mod oasdiff breaking --fail-on WARN \
		--severity-levels openapi/released/severity.txt --err-ignore "$accepted" "$released" "$1"
done
if test "$found" = 0; then
	echo "oasdiff: openapi/released has no document to compare with" >&2
	exit 1
fi
echo "oasdiff: compared with $found released documents, nothing breaks"
