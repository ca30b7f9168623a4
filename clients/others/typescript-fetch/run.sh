#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment.
set -eu
case "$1" in
generate)
	npm ci --no-audit --no-fund
	sh "$ROOT/clients/others/openapi-generator.sh" -g typescript-fetch --additional-properties=importFileExtension=.js
	;;
compile) npx --no-install tsc ;;
login) node compiled/login.js ;;
esac
