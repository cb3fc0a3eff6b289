#!/bin/sh
# Servers that are particular about algorithms. What the libssh2 at hand cannot
# do, OpenSSH does, and it gets the command's whole input.
# shellcheck disable=SC2119,SC2154 # status, config and the like are sourced

set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/lib/tap.sh disable=SC1091
. "$top/tests/lib/tap.sh"
# shellcheck source=tests/lib/sshserver.sh disable=SC1091
. "$top/tests/lib/sshserver.sh"
# shellcheck source=tests/lib/sshclient.sh disable=SC1091
. "$top/tests/lib/sshclient.sh"

private_home
on_exit sshserver_stop
sntrup='KexAlgorithms sntrup761x25519-sha512@openssh.com'
servers=0

# enters NAME LINE: the server has this line of configuration.
enters() {
	name=$1
	sshserver_options=$2
	servers=$((servers + 1))
	sshserver_start "$scratch/ss$servers" || exit 1
	sshclient_prepare
	rm -f "$key" "$key.pub"
	sshserver_key "$key" -t ed25519
	sshserver_known_hosts >"$known_hosts"
	sshclient_configure
	: >"$events"
	status=0
	said=$(echo in | GOCONDA_TRACE_EVENT=$events run cat 2>&1) || status=$?
	is "$status:$said" 0:in "$name: logged in, and the input came"
	why=$(handed_over)
	diag "$name: ${why:-our own work}"
	sshserver_stop
}

enters 'Debian, as it is' ''
! ours || is "$why" '' "Debian's: our own work"
enters 'AES-CTR with encrypt-then-MAC' \
	"Ciphers aes256-ctr
	MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com"
enters 'GCM only' 'Ciphers aes256-gcm@openssh.com,aes128-gcm@openssh.com'
enters 'ChaCha20 only' 'Ciphers chacha20-poly1305@openssh.com'
enters 'a key exchange that no libssh2 has' "$sntrup"
! ours || like "$why" "no algorithms in common with 127\.0\.0\.1 port $sshserver_port" \
	"and the trace says why it is OpenSSH's"

done_testing
