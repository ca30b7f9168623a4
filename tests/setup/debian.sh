#!/bin/sh
# Installs what the tests need and the machine lacks, where it may: as root on
# a Debian. Elsewhere it says what will be skipped; where CI is "true" nothing
# may be, so it fails instead.
set -eu

postgres() {
	command -v initdb >/dev/null 2>&1 && return
	for bin in /usr/lib/postgresql/*/bin/initdb; do
		test -x "$bin" && return
	done
	return 1
}

compiler() {
	command -v "${CC:-cc}" >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1
}

missing=""
postgres || missing="$missing postgresql"
compiler || missing="$missing gcc libc6-dev"
test -n "$missing" || exit 0

if test "$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1; then
	echo "setup: installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# shellcheck disable=SC2086 # a list of package names
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
	exit 0
fi
echo "setup: missing$missing (not root on a Debian, so nothing was installed)"
test "${CI:-}" != true || exit 1
postgres || echo "setup: tests on PostgreSQL will be skipped"
compiler || echo "setup: no C compiler, so no race detector"
