#!/bin/sh
# Builds the example login pages, checks that the client which lintel serve carries is
# current, and tries both pages in Chromium. Without Node or Chromium it says that it does
# not; where CI is "true" that is a failure.
set -eu
if ! command -v npm >/dev/null 2>&1 || ! { test -n "${CHROMIUM:-}" || command -v chromium >/dev/null 2>&1; }; then
	echo "examples: no Node with npm or no Chromium, so the example pages are not tried" >&2
	test "${CI:-}" != true
	exit
fi
examples=clients/examples

# Packages are installed anew only where the lock file changed.
for folder in $examples $examples/login-react; do
	if ! cmp -s $folder/package-lock.json $folder/node_modules/.installed; then
		npm --prefix $folder ci --silent --no-audit --no-fund
		cp $folder/package-lock.json $folder/node_modules/.installed
	fi
done
npm --prefix $examples run --silent check
npm --prefix $examples/login-react run --silent build -- --logLevel warn
npm --prefix $examples test --silent
