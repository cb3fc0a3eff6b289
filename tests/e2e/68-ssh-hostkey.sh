#!/bin/sh
# Which host keys are believed: known_hosts as OpenSSH reads it, and nothing is
# written where one is refused.
# shellcheck disable=SC2154 # scratch, status, config and the like are sourced
# shellcheck disable=SC2317 # "succeeds" calls them

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
sshclient_start ed25519 ecdsa-256
said=$scratch/said
global=$scratch/global_known_hosts
other=$known_hosts.other
name="[127.0.0.1]:$sshserver_port"

ssh-keygen -q -t ed25519 -N '' -f "$scratch/wrong"
ssh-keygen -q -t rsa -b 2048 -N '' -f "$scratch/wrong_rsa"
ed25519=$(cut -d ' ' -f 1,2 "$sshserver_dir/host_ed25519.pub")
ecdsa=$(cut -d ' ' -f 1,2 "$sshserver_dir/host_ecdsa-256.pub")
wrong=$(cut -d ' ' -f 1,2 "$scratch/wrong.pub")
wrong_rsa=$(cut -d ' ' -f 1,2 "$scratch/wrong_rsa.pub")

# file LINE…: known_hosts is these lines, and there is no other.
file() {
	printf '%s\n' "$@" >"$known_hosts"
	rm -f "$global"
}

connect() {
	[ ! -f "$global" ] || cp "$global" "$global.before"
	cp "$known_hosts" "$known_hosts.before"
	status_of run true </dev/null >"$said" 2>&1
}

# Neither file is another one than before.
unchanged() {
	cmp "$known_hosts" "$known_hosts.before" &&
		{ [ ! -f "$global" ] || cmp "$global" "$global.before"; }
}

believed() {
	connect
	is "$status" 0 "$1"
	[ "$status" -eq 0 ] || diag "$(cat "$said")"
	succeeds "$1: nothing is written" unchanged
}

# refused NAME PATTERN: what we say is like PATTERN; OpenSSH's words are its own.
refused() {
	connect
	is "$status" 255 "$1"
	succeeds "$1: nothing is written" unchanged
	ours || set -- "$1" '.*'
	like "$(cat "$said")" "$2" "$1: and why is said"
}

# --- what a line means ------------------------------------------------------

file "$name $ed25519"
believed "[host]:port"
file "127.0.0.1 $ed25519"
believed "the host without its port stands for all of its ports"
file "elsewhere.example,$name,[::1]:22 $ed25519 with a comment"
believed "one of several names"
file "[127.0.0.?]:* $ed25519"
believed "a glob"
file "$name $ed25519"
ssh-keygen -q -H -f "$known_hosts" >/dev/null 2>&1
like "$(cat "$known_hosts")" '^\|1\|' "ssh-keygen hashes a name"
believed "a hashed name"
file "*,!$name,!127.0.0.1 $ed25519"
refused "a negated name" '127\.0\.0\.1'
file "$name $ecdsa"
believed "the server is asked for the type that we know"
file "# a comment" '' "$name" "$name ssh-ed25519" "$name ssh-ed25519 AAAA%%" \
	"|1|broken $ed25519" "@nonsense $name $ed25519" "	$name $ed25519"
believed "bad lines beside a good one"
file "$name $wrong" "$name $ed25519"
believed "one of two keys of a type"
file "$name ssh-ed25519 $(echo "$wrong_rsa" | cut -d ' ' -f 2)"
refused "a line whose key is of another type than it says" '127\.0\.0\.1'

# --- which files ------------------------------------------------------------

file ''
echo "$name $ed25519" >"$global"
believed "the system's file"
file "$name $wrong"
echo "$name $ed25519" >"$global"
believed "one file's key is enough"
file ''
echo "$name $ed25519" >"$other"
sshclient_configure "UserKnownHostsFile $scratch/none $known_hosts $other"
believed "the third of a user's files"
sshclient_configure 'HostKeyAlias git.corp.example'
file "git.corp.example $ed25519" "$name $wrong"
believed "HostKeyAlias"
file "$name $ed25519"
refused "HostKeyAlias, and only the address is known" 'git\.corp\.example'
sshclient_configure

# --- what is not believed ---------------------------------------------------

fingerprint=$(ssh-keygen -lf "$sshserver_dir/host_ed25519.pub" | cut -d ' ' -f 2)
file ''
refused "an unknown host" "$(printf '%s' "$fingerprint" | sed 's/[+]/[+]/g')"
file '# one' "$name $wrong"
refused "a changed key" 'known_hosts:2'
file "$name $ed25519" "@revoked * $ed25519" "@revoked * $ecdsa"
refused "a revoked key" 'known_hosts:2'
file "@revoked $name $wrong" "$name $ed25519"
believed "another key is revoked"
file "$name $ecdsa" "@revoked $name $ed25519"
believed "the other type is revoked"
file "$name $wrong_rsa"
refused "only a type that the server does not have is known" '127\.0\.0\.1'
file "127.0.0.1 $wrong"
refused "another key without the port" '127\.0\.0\.1'

# --- StrictHostKeyChecking --------------------------------------------------

for strict in yes ask accept-new no; do
	sshclient_configure "StrictHostKeyChecking $strict"
	file "$name $ed25519"
	believed "$strict: known"
	file ''
	case $strict in
	yes|ask)	refused "$strict: unknown, and nobody to ask" '127\.0\.0\.1' ;;
	*)	connect
		is "$status" 0 "$strict: unknown is believed"
		like "$(cat "$known_hosts")" "^\\[127\\.0\\.0\\.1\\]:$sshserver_port [^ ]+ AAAA" \
			"and written down"
		believed "$strict: it is known from then on" ;;
	esac
	file "$name $wrong"
	if [ $strict = no ]; then
		believed "no: changed"
		like "$(cat "$said")" '[Cc]hanged|CHANGED' "but it is said"
	else
		refused "$strict: changed" 'known_hosts:1'
	fi
	# with "no" OpenSSH goes on, and says so
	[ $strict != no ] || continue
	file "$name $ed25519" "@revoked * $ed25519" "@revoked * $ecdsa"
	refused "$strict: revoked" 'known_hosts:2|REVOKED HOST KEY'
done
sshclient_configure 'StrictHostKeyChecking accept-new' \
	'UserKnownHostsFile /dev/null'
believed "accept-new without a file to write to"

# --- host certificates: OpenSSH's, whoever's work it is ---------------------

ssh-keygen -q -t ed25519 -N '' -f "$scratch/ca"
ssh-keygen -q -s "$scratch/ca" -I host -h -n 127.0.0.1,git.corp.example \
	"$sshserver_dir/host_ed25519.pub"
mv "$sshserver_dir/host_ed25519-cert.pub" "$scratch/host-cert.pub"
sshserver_stop
# shellcheck disable=SC2034 # sshserver.sh's
sshserver_options="HostCertificate $scratch/host-cert.pub"
sshserver_start "$scratch/ss" ed25519
sshclient_configure
file "@cert-authority * $(cat "$scratch/ca.pub")"
believed "a host certificate of a known authority"
file "@cert-authority *.example $(cat "$scratch/ca.pub")"
refused "an authority for other hosts" '127\.0\.0\.1'
file "@cert-authority * $wrong"
refused "another authority" 'Host key verification failed' # OpenSSH's words

done_testing
