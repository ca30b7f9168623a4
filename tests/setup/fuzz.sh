#!/bin/sh
# Gives every fuzz target of the module a little time: TIME (10s) each.
set -eu
grep -rl --include='*_test.go' '^func Fuzz' server storage openapi clients tests 2>/dev/null | sort |
	while read -r file; do
		sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file" | while read -r target; do
			echo "fuzz: $target in $file"
			go test -run '^$' -fuzz "^$target\$" -fuzztime "${TIME:-10s}" "./$(dirname "$file")" </dev/null
		done
	done
