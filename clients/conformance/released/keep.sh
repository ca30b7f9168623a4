#!/bin/sh
# Keeps the clients of this tree as those of the version they have: what is built, and the
# tests that need nothing else. Those of a version that is out stay as they are. Run from the
# root, with the TypeScript client's packages installed.
set -eu
client=clients/typescript
version=$(sed -n 's/^  "version": "\([0-9A-Za-z.-]*\)",$/\1/p' $client/package.json)
to=clients/conformance/released/$version

if test -e "openapi/released/$version.json"; then
	echo "keep: $version is out, and its clients never change" >&2
	exit 1
fi
rm -rf "$to" "$client/dist"
npm --prefix $client run --silent build
mkdir -p "$to/typescript/test/conformance"
cp -r clients/conformance/cases "$to/cases"
cp -r $client/dist $client/package.json "$to/typescript/"
find "$to/typescript/dist" -name '*.d.ts' -delete
cp $client/test/conformance.test.mjs $client/test/flows.test.mjs "$to/typescript/test/"
cp $client/test/conformance/play.mjs "$to/typescript/test/conformance/"

# The Go client is a module of its own, with the suite it was tried with; in the place of a
# server of this tree its tests get the one that LINTEL_SERVER names.
go=$to/go
mkdir -p "$go/clients/go" "$go/clients/conformance"
cp -r clients/go/internal clients/go/wire clients/go/verify "$go/clients/go/"
cp clients/go/*.go "$go/clients/go/"
cp clients/conformance/*.go "$go/clients/conformance/"
find "$go" -name '*_test.go' -delete
for test in conformance flows operations server stub; do
	cp "clients/go/${test}_test.go" "$go/clients/go/"
done
cp clients/conformance/released/serve.txt "$go/clients/go/serve_test.go"
cp -r clients/conformance/cases "$go/clients/conformance/cases"
sed '/^tool /d; /^tool (/,/^)/d' go.mod >"$go/go.mod"
cp go.sum "$go/go.sum"
(cd "$go" && GOWORK=off go mod tidy)
echo "kept $version: $(find "$to" -type f | wc -l) files"
