#!/bin/sh
# Arguments: the stage. The runner says the rest in the environment. Of this generator's
# many ways retrofit with gson is the one whose unions can be sent and read. With more than
# one API key among the security schemes it imports one name twice, so an app's is left.
set -eu
case "$1" in
generate)
	sh "$ROOT/clients/others/openapi-generator.sh" -g kotlin --library jvm-retrofit2 \
		--openapi-normalizer SECURITY_SCHEMES_FILTER=key:sessionToken \
		--additional-properties=serializationLibrary=gson,generateOneOfAnyOfWrappers=true
	;;
compile) mvn -B -q compile ;;
login) mvn -B -q exec:java ;;
esac
