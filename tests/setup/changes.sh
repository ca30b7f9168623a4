#!/bin/sh
# Writes the clients' changelog: what each version of the contract has that the one before
# did not have, that of this tree first. With "check" it only fails where the files are not
# current.
set -eu

# The versions that are out, the oldest first.
released() {
	ls openapi/released/[0-9]*.json | sed 's,.*/\(.*\)\.json,\1,' | sort -t. -k1,1n -k2,2n -k3,3n
}

# Headers are on every answer; a line for each would bury what there is to read.
changes() {
	go tool -modfile=tests/lint/go.mod oasdiff changelog "$1" "$2" -f markdown |
		sed -e '1,/^## /d' -e '/the response header `[a-z-]*` was added/d' -e 's/^-  /- /' |
		awk '/^$/ { next } /^##/ { sub(/^##+/, "###"); title = $0; next } title != "" { printf "\n%s\n\n", title; title = "" } { print }'
}

write() {
	echo "# Changelog of the clients"
	echo
	echo "Made from the contract by \`task changes\`: clients of one version fit every server that is no older, and go on working with every newer one."
	newer=gen/openapi.json
	title="$(sed -n 's/^  version: //p' openapi/openapi.yaml), not released yet"
	for version in $(released | sed '1!G;h;$!d'); do
		echo
		echo "## $title"
		echo
		echo "Since $version:"
		changes "openapi/released/$version.json" "$newer"
		newer=openapi/released/$version.json
		title=$version
	done
}

made=$(mktemp)
trap 'rm -f "$made"' EXIT
write >"$made"
for file in clients/CHANGELOG.md clients/typescript/CHANGELOG.md; do
	if test "${1:-}" = check; then
		cmp -s "$made" "$file" || { echo "$file: not what the contract gives; run task changes" >&2; exit 1; }
	else
		cat "$made" >"$file"
	fi
done
