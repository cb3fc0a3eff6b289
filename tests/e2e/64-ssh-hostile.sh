#!/bin/sh
# A server that misbehaves: each time the command ends, in time, with 255 and one
# line that names the host.
# shellcheck disable=SC2154 # scratch, status, config and the like are sourced
# shellcheck disable=SC2119 # ed25519 will do

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
on_exit sshserver_hostile_stop
sshclient_start
sshserver_known_hosts '*' >"$known_hosts"
said=$scratch/said
sshclient_seconds=10

# ends NAME WORDS…: the command, at hostile_port, ends as it should.
ends() {
	name=$1
	shift
	began=$(date +%s)
	sshclient_more="-o ConnectTimeout=2 -p $hostile_port"
	status_of run "$@" </dev/null >"$scratch/out" 2>"$said"
	took=$(($(date +%s) - began))
	is "$status" 255 "$name: 255, in time"
	[ "$status" -eq 255 ] || diag "after $took s: $(head -c 500 "$said")"
	one_line "$name"
	is "$(wc -c <"$scratch/out")" 0 "$name: nothing on stdout"
}

# OpenSSH says more than one line now and then, and not always the host; what it
# says is for its own tests.
one_line() {
	if ours; then
		is "$(wc -l <"$said")" 1 "$1: one line on stderr"
		like "$(cat "$said")" '^conda-go: .*127\.0\.0\.1' \
			"$1: which is ours and names the host"
		unlike "$(cat "$said")" '[^[:print:]]' "$1: in plain characters"
	else
		like "$(cat "$said")" . "$1: something on stderr"
	fi
}

# --- the behaviours of hostile_ssh ------------------------------------------

# OpenSSH's own deadline ends with the version, and a byte now and then moves it.
behaviours='silent garbage no-newline endless-version endless-lines ssh-1.99
	ssh-1.5 web drop drop-version drop-kexinit half-kexinit
	huge-packet empty-packet'
! ours || behaviours="$behaviours drip stall-kexinit deaf"
for b in $behaviours; do
	sshserver_hostile -t 15 "$b" || ok 1 "$b starts"
	ends "$b" true
done
sshserver_hostile -t 15 no-common-kex
status_of run true </dev/null >"$scratch/out" 2>"$said"
is "$status" 255 "no-common-kex, which ssh has the last word on: 255"
like "$(cat "$said")" '127\.0\.0\.1' "no-common-kex: it names the host"
sshserver_hostile_stop
ends "nobody listens" true

# --- a real server that is cut off ------------------------------------------

# relay SIDE WHEN ACT, before the real server.
relay() {
	sshserver_hostile -t 15 ${lines:+-l $lines} relay "$sshserver_port" "$@"
}

relay server never close
sshclient_more="-p $hostile_port"
succeeds "a relay that only relays is no trouble" run true </dev/null
lines=20
relay server never close
sshclient_more="-p $hostile_port"
succeeds "nor are lines before the version (RFC 4253, 4.2)" run true </dev/null
lines=

for message in version kexinit kexreply newkeys; do
	relay server $message close
	ends "closed behind the server's $message" true
done
! ours || for message in version kexinit kexreply newkeys; do
	relay server $message freeze
	ends "silent behind the server's $message" true
done

# How much a connection without a command's output comes to; then closed at each
# sixth of it, which is in the middle of logging in, and of what follows.
relay server never close
sshclient_more="-p $hostile_port"
run true </dev/null >"$scratch/out" 2>&1 || :
total=$(sshserver_relayed)
ok $((${total#* } < 1000)) "the relay has counted"
for side in client server; do
	all=${total#* }
	[ $side = server ] || all=${total% *}
	for part in 2 3 4 5; do
		relay $side $((all * part / 6)) close
		ends "closed at $part sixths of what the $side says" 'echo $$'
	done
done

# --- in the middle of data --------------------------------------------------

# Some of it may have come by then.
much='head -c 20000000 /dev/zero; exit 0'
relay server 3000000 close
sshclient_more="-p $hostile_port"
status_of run "$much" </dev/null >"$scratch/out" 2>"$said"
is "$status" 255 "closed in the middle of data: 255"
one_line "closed in the middle of data"
ok $(($(wc -c <"$scratch/out") > 3000000)) "nothing is made up"
relay server 3000000 close
sshclient_more="-p $hostile_port"
status_of run "$much" </dev/null 2>"$said" | { sleep 2; wc -c; } >"$scratch/out"
ok $(($(cat "$scratch/out") < 2900000)) "what came before reaches a slow reader"
relay client 3000000 close
sshclient_more="-p $hostile_port"
head -c 20000000 /dev/zero >"$scratch/in"
status_of run 'cat >/dev/null' <"$scratch/in" >"$scratch/out" 2>"$said"
is "$status" 255 "closed in the middle of what we say: 255"
one_line "closed in the middle of what we say"

# Without ServerAliveInterval OpenSSH waits for ever, and so may we; with it
# nobody may.
silent() {
	relay "$1" 3000000 freeze
	sshclient_more="-p $hostile_port -o ServerAliveInterval=1 \
		-o ServerAliveCountMax=2"
	status_of run "$2" <"$scratch/in" >"$scratch/out" 2>"$said"
	is "$status" 255 "silent in the middle of what the $1 says: 255, in time"
	like "$(cat "$said")" '127\.0\.0\.1' "and the host is named"
}
silent client 'cat >/dev/null'
silent server "$much"

done_testing
