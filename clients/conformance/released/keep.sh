#!/bin/sh
# Keeps the clients of this tree as those of the version they have: what is built, and the
# tests that need nothing else. Run from the root, with the client's packages installed.
set -eu
client=clients/typescript
version=$(sed -n 's/^  "version": "\([0-9A-Za-z.-]*\)",$/\1/p' $client/package.json)
to=clients/conformance/released/$version

rm -rf "$to" "$client/dist"
npm --prefix $client run --silent build
mkdir -p "$to/typescript/test/conformance"
cp -r clients/conformance/cases "$to/cases"
cp -r $client/dist $client/package.json "$to/typescript/"
find "$to/typescript/dist" -name '*.d.ts' -delete
cp $client/test/conformance.test.mjs $client/test/flows.test.mjs "$to/typescript/test/"
cp $client/test/conformance/play.mjs "$to/typescript/test/conformance/"
echo "kept $version: $(find "$to" -type f | wc -l) files"
