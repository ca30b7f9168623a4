#!/bin/sh
# Builds the TypeScript client and tries it: against the stub of clients/conformance and a
# server of this tree, in Node and in Chromium. Without Node it says that it does not;
# where CI is "true" that is a failure.
set -eu
if ! command -v npm >/dev/null 2>&1; then
	echo "clients: no Node with npm, so the TypeScript client is not tried" >&2
	test "${CI:-}" != true
	exit
fi
client=clients/typescript

# Packages are installed anew only where the lock file changed.
for folder in $client $client/test/readme/next; do
	if ! cmp -s $folder/package-lock.json $folder/node_modules/.installed; then
		npm --prefix $folder ci --silent --no-audit --no-fund
		cp $folder/package-lock.json $folder/node_modules/.installed
	fi
done
rm -rf $client/dist
npm --prefix $client run --silent build
npm --prefix $client run --silent types
go run ./tests/fixtures/server/cmd/withserver go run ./clients/conformance/cmd/withstub npm --prefix $client test --silent
