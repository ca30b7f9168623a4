#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment. The generator and what
# its output needs are of the versions that our own module pins.
set -eu
case "$1" in
generate)
	mkdir wire
	here=$PWD
	cd "$ROOT"
	go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen \
		-generate types,client -package wire -o "$here/wire/wire.go" "$DOCUMENT"
	;;
compile)
	cp testdata/login.go "$ROOT/go.sum" .
	cat >go.mod <<-EOF
		module others

		$(sed -n '/^go /p' "$ROOT/go.mod")

		require github.com/lintel-id/lintel v0.0.0

		replace github.com/lintel-id/lintel => $ROOT
	EOF
	go build -mod=mod -o login .
	;;
login) ./login ;;
esac
