#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment.
set -eu
case "$1" in
generate) sh "$ROOT/clients/others/openapi-generator.sh" -g python ;;
compile)
	python3 -m venv venv
	venv/bin/pip install -q --no-deps -r requirements.txt
	venv/bin/python -m compileall -q generated/openapi_client
	PYTHONPATH=generated venv/bin/python -c 'import openapi_client'
	;;
login) PYTHONPATH=generated venv/bin/python login.py ;;
esac
