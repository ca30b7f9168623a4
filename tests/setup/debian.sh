#!/bin/sh
# Installs what the tests need and the machine lacks, where it may: as root on
# a Debian. Whatever is missing then is told with what will be skipped; where CI
# is "true" nothing may be, so it fails instead.
set -eu

postgres() {
	command -v initdb >/dev/null 2>&1 && return
	for bin in /usr/lib/postgresql/*/bin/initdb; do
		test -x "$bin" && return
	done
	return 1
}

# The race detector's; Taskfile.yml asks the same.
compiler() {
	command -v "${CC:-gcc}" >/dev/null 2>&1
}

certificates() {
	for bundle in /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem /etc/pki/tls/certs/ca-bundle.crt; do
		test -s "$bundle" && return
	done
	return 1
}

# The oldest that the TypeScript client is for.
node20() {
	node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null
}

browser() {
	test -n "${CHROMIUM:-}" || command -v chromium >/dev/null 2>&1
}

missing() {
	postgres || printf ' postgresql'
	compiler || printf ' gcc libc6-dev'
	command -v curl >/dev/null 2>&1 || printf ' curl'
	certificates || printf ' ca-certificates'
	command -v strace >/dev/null 2>&1 || printf ' strace'
	# npm is a package of its own, or comes with nodejs and conflicts with that package.
	if ! node20; then printf ' nodejs'; elif ! command -v npm >/dev/null 2>&1; then printf ' npm'; fi
	browser || printf ' chromium'
	command -v openssl >/dev/null 2>&1 || printf ' openssl'
}

install() {
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq || echo "setup: apt-get update failed" >&2
	apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

lacking=$(missing)
test -n "$lacking" || exit 0

if test "$(id -u)" = 0 && command -v apt-get >/dev/null 2>&1; then
	echo "setup: installing$lacking"
	# shellcheck disable=SC2086 # a list of package names
	install $lacking || echo "setup: apt-get install failed" >&2
	lacking=$(missing)
	case $lacking in *npm*)
		install npm || echo "setup: apt-get install npm failed" >&2
		lacking=$(missing)
		;;
	esac
	test -n "$lacking" || exit 0
	echo "setup: still missing$lacking" >&2
else
	echo "setup: missing$lacking (not root on a Debian, so nothing was installed)" >&2
fi
test "${CI:-}" != true || exit 1
postgres || echo "setup: tests on PostgreSQL will be skipped"
compiler || echo "setup: no C compiler (${CC:-gcc}), so no race detector"
command -v curl >/dev/null 2>&1 || echo "setup: the tutorial will not be tried"
certificates || echo "setup: no certificates, so nothing can be fetched over https"
command -v strace >/dev/null 2>&1 || echo "setup: flushes to the disk will not be counted"
{ node20 && command -v npm >/dev/null 2>&1; } || echo "setup: no Node 20 or newer with npm, so the TypeScript client will not be tried"
browser || echo "setup: no Chromium, so no client will be tried in a page"
command -v openssl >/dev/null 2>&1 || echo "setup: no openssl, so passkeys of a related origin will not be tried"
