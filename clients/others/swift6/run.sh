#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment. By default models with
# an id are Identifiable, which its enums for unions are not.
set -eu
case "$1" in
generate) sh "$ROOT/clients/others/openapi-generator.sh" -g swift6 --additional-properties=identifiableModels=false ;;
esac
