#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment.
set -eu
case "$1" in
generate)
	npm ci --no-audit --no-fund
	npx --no-install openapi-ts --no-log-file
	;;
compile) npx --no-install tsc ;;
login) node compiled/login.js ;;
esac
